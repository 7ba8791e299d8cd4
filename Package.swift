// swift-tools-version:6.2
import PackageDescription

/// Warnings stop the build where FILMROOM_STRICT is set (as .ci/run does), so that a newer compiler's
/// new warnings don't stop a user's build.
let strict: [SwiftSetting] =
  Context.environment["FILMROOM_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// Where FILMROOM_FUZZ is set (scripts/fuzz), what is fuzzed counts the paths that inputs take.
let isFuzzing = Context.environment["FILMROOM_FUZZ"] != nil
let fuzzed: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])] : []

/// The parser is generic over who reads along: without this what stands in another module would run it unspecialized, a tenth
/// of all that an arriving instance costs.
let optimized: [SwiftSetting] = [
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpServer = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpServerTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "Filmroom",
  products: [
    .executable(name: "filmroom", targets: ["filmroom"]),
    .library(name: "DICOM", targets: ["DICOM"]),
    .library(name: "Store", targets: ["Store"]),
    // Loaded in front of the program by the tests that cut the power.
    .library(name: "PowerCutTrace", type: .dynamic, targets: ["PowerCutTrace"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  ],
  targets: [
    .target(
      name: "CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib"),
    .target(name: "CLinux"),
    .target(name: "CDigest"),
    .target(name: "CIsal", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "DICOM", dependencies: ["CZlib"], swiftSettings: strict + fuzzed + optimized),
    .target(
      name: "Store", dependencies: ["DICOM", "CZlib", "CLinux", "CDigest", "CIsal", grdb, crypto, logging],
      swiftSettings: strict + optimized),
    .target(
      name: "Net",
      dependencies: ["DICOM", "Store", nioCore, nioPosix, httpServer, httpServerTLS, crypto, logging],
      swiftSettings: strict + fuzzed + optimized),
    .target(name: "Explorer", dependencies: ["DICOM", "Store", "CLinux", "CNcurses"], swiftSettings: strict),
    .executableTarget(
      name: "filmroom", dependencies: ["DICOM", "Store", "Net", "Explorer", "CLinux", arguments, logging],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["DICOM", "CLinux", "CZlib"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .target(name: "PowerCutTrace", path: "Tests/PowerCutTrace"),
    .testTarget(name: "DICOMTests", dependencies: ["DICOM", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "StoreTests", dependencies: ["Store", "TestSupport", grdb], swiftSettings: strict),
    .testTarget(
      name: "NetTests", dependencies: ["Net", "TestSupport", nioEmbedded, nioPosix],
      swiftSettings: strict),
    .testTarget(
      name: "ExplorerTests", dependencies: ["Explorer", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["filmroom", "Store", "TestSupport", "DICOM"],
      exclude: ["REST/clients.py"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

if isFuzzing {
  for (name, folder, modules) in [
    ("fuzz-parser", "Parser", ["DICOM"]), ("fuzz-pdu", "PDU", ["DICOM", "Net"]),
    ("fuzz-character-sets", "CharacterSets", ["DICOM"]),
  ] {
    package.targets.append(
      .executableTarget(
        name: name, dependencies: modules.map { .init(stringLiteral: $0) } + [nioCore],
        path: "Tests/Fuzz/\(folder)",
        swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
  }
}
