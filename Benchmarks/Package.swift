// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "FilmroomBenchmarks",
  dependencies: [
    .package(name: "Filmroom", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  ],
  targets: [
    .executableTarget(
      name: "filmroom-bench",
      dependencies: [
        .product(name: "DICOM", package: "Filmroom"), .product(name: "Store", package: "Filmroom"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
