import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

/// DICOM-as-JSON beside what the real Orthanc answers.
@Suite struct OrthancSummaryTests {
  /// Names of private elements are each program's own; the rest must be the same.
  private static func plain(_ value: Any) -> Any {
    if let items = value as? [Any] { return items.map { plain($0) } }
    guard let object = value as? [String: Any] else { return value }
    var result: [String: Any] = [:]
    for (key, value) in object {
      var value = value
      if var element = value as? [String: Any], Tag(hex: key)?.isPrivate == true {
        element["Name"] = nil
        value = element
      }
      result[key] = plain(value)
    }
    return result
  }

  /// Where Orthanc 1.10 is the worse one: a backslash of JIS X 0201 as a yen sign, escape sequences that it does not
  /// follow, creators whose representation is UN, and LUT descriptors in implicit VR; and AGFA's elements, which DCMTK does not know.
  private static let excused = ["¥", ";3ED", "HMC", "SET WINDOW", "/0019,10", "/0028,110"]

  private static func differences(_ ours: Any, _ theirs: Any, _ path: String = "") -> [String] {
    if let ours = ours as? [String: Any], let theirs = theirs as? [String: Any] {
      return Set(ours.keys).union(theirs.keys).sorted().flatMap { key -> [String] in
        guard let one = ours[key] else { return ["\(path)/\(key) missing, \(theirs[key] ?? "")"] }
        guard let other = theirs[key] else { return ["\(path)/\(key) too much, \(one)"] }
        return differences(one, other, path + "/" + key)
      }
    }
    if let ours = ours as? [Any], let theirs = theirs as? [Any], ours.count == theirs.count {
      return zip(ours, theirs).enumerated().flatMap { differences($1.0, $1.1, path + "[\($0)]") }
    }
    return "\(ours)" == "\(theirs)" ? [] : ["\(path): \(ours) instead of \(theirs)"]
  }

  @Test(.enabled(if: OrthancServer.isInstalled, "skipped: Orthanc is not installed"))
  func sameAsOrthanc() async throws {
    let orthanc = try await OrthancServer()
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    var files = [PlantedArchive.bytes(1)]
    for file in try TestData.manifest() {
      let bytes = try TestData.bytes(file.path)
      if bytes.count < 3_000_000 { files.append(bytes) }
    }
    var (compared, lines): (Int, [String]) = (0, [])
    for bytes in files {
      guard let stored = try? await archive.add(bytes), stored.status == .stored,
        (try? await orthanc.send("POST", "/instances", bytes)) != nil,
        let full = try? await orthanc.json("/instances/\(stored.instance)/tags")
      else { continue }
      let summary = try await archive.summary(of: stored.instance)
      func json(_ format: DicomSummary.Format) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(summary.json(format).utf8))
      }
      let short = try await orthanc.json("/instances/\(stored.instance)/tags?short")
      compared += 1
      lines += Self.differences(Self.plain(try json(.full)), Self.plain(full), "\(stored.instance)")
      lines += Self.differences(try json(.short), short, "\(stored.instance) short")
    }
    if let path = ProcessInfo.processInfo.environment["FILMROOM_DIFFERENCES"] {
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
    lines.removeAll { line in Self.excused.contains { line.contains($0) } }
    #expect(compared > 0)
    #expect(lines.isEmpty, "\(compared) compared: \(lines.count) differences, \(lines.prefix(5))")
    // To the byte, where names are the same.
    let id = PlantedArchive.id(1)
    for (format, path) in [
      (DicomSummary.Format.full, "tags"), (.short, "tags?short"), (.simplified, "simplified-tags"),
    ] {
      let theirs = String(decoding: try await orthanc.send("GET", "/instances/\(id)/\(path)"), as: UTF8.self)
      let ours = try await archive.summary(of: id).json(format)
      #expect(ours == theirs)
    }
  }
}
