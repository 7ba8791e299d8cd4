import DICOM
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// The real Orthanc's archive moves in whole.
@Suite struct OrthancMoveInTests {
  /// What Orthanc said of its resources while it ran.
  private struct Record {
    var files: [String: [UInt8]] = [:]
    var metadata: [ResourceLevel: [String: [String: String]]] = [:]
  }

  private static let paths: [ResourceLevel: String] = [
    .patient: "patients", .study: "studies", .series: "series", .instance: "instances",
  ]

  private static func fill(_ orthanc: OrthancServer) async throws -> Record {
    for number in PlantedArchive.numbers {
      try await orthanc.send("POST", "/instances", PlantedArchive.bytes(number))
    }
    for file in try TestData.manifest().prefix(40) {
      // What Orthanc refuses is not in its archive.
      _ = try? await orthanc.send("POST", "/instances", TestData.bytes(file.path))
    }
    var record = Record()
    for (level, path) in paths {
      for id in try await orthanc.json("/\(path)") as? [String] ?? [] {
        try await orthanc.send("PUT", "/\(path)/\(id)/metadata/1024", Array("über \(id)".utf8))
        record.metadata[level, default: [:]][id] =
          try await orthanc.json("/\(path)/\(id)/metadata?expand") as? [String: String]
        if level == .instance { record.files[id] = try await orthanc.send("GET", "/instances/\(id)/file") }
      }
    }
    let protected = PlantedArchive.id(5, .patient)
    try await orthanc.send("PUT", "/patients/\(protected)/protected", Array("1".utf8))
    return record
  }

  /// Killed: the index has a log that holds the last of it.
  @Test(
    .enabled(if: OrthancServer.isInstalled, "skipped: Orthanc is not installed"),
    arguments: [(false, false), (true, false), (true, true)])
  func wholeArchive(isCompressed: Bool, isCrash: Bool) async throws {
    let orthanc = try await OrthancServer([
      "StorageCompression": isCompressed, "DicomModalitiesInDatabase": true, "OrthancPeersInDatabase": true,
    ])
    try await orthanc.send("PUT", "/modalities/ct", Array(#"["CT1", "10.0.0.17", 104, "GE"]"#.utf8))
    try await orthanc.send("PUT", "/peers/other", Array(#"["http://10.0.0.9/", "alice", "secret"]"#.utf8))
    let record = try await Self.fill(orthanc)
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    let refusal = await #expect(throws: StoreError.self) {
      try await MoveInTests.move(archive, from: orthanc.storage)
    }
    #expect(refusal?.code == .storageInUse)
    try await orthanc.stop(isCrash: isCrash)
    if !isCrash { try plantLabels(orthanc.storage) }
    let before = try PlantedOrthanc.state(of: orthanc.storage)

    let (report, faults) = try await MoveInTests.move(archive, from: orthanc.storage)
    #expect(try PlantedOrthanc.state(of: orthanc.storage) == before)
    // Two files of the real ones may be one instance to us where Orthanc can't read the identifiers.
    let others = faults.filter { $0.kind != .otherIdentifier && $0.kind != .otherVersion }
    #expect(others.isEmpty, "\(others)")
    #expect(report.done == record.files.count)
    let renamed = faults.filter { $0.kind == .otherIdentifier }.map(\.subject)
    for (id, file) in record.files where !renamed.contains("instance \(id)") {
      let bytes = try await archive.bytes(of: try #require(PublicID(id)), in: 0..<file.count + 1)
      #expect(bytes == file, "\(id)")
    }
    for (level, resources) in record.metadata {
      for (id, expected) in resources where !renamed.contains("instance \(id)") {
        try await compare(archive, level, id, expected, mayMiss: !renamed.isEmpty)
      }
    }
    #expect(report.properties == [.modalities, .peers] && report.ownProperties > 0)
    let modalities = try JSONParser.parse(try #require(try await archive.globalProperty(.modalities)))
    #expect(modalities["ct"]?["AET"] == .text("CT1") && modalities["ct"]?["Manufacturer"] == .text("GE"))
    #expect(try await archive.globalProperty(.peers)?.contains("secret") == true)
    let protected = try await archive.rows(.patient).filter(\.isProtected).map(\.id)
    #expect(protected == [PlantedArchive.id(5, .patient)])
    if !isCrash {
      let detail = try #require(try await archive.detail(of: MoveInTests.reference(1, .study)))
      #expect(detail.row.labels == ["urgent"])
    }
    #expect(try archive.faults().isEmpty)
  }

  private func plantLabels(_ storage: String) throws {
    let queue = try DatabaseQueue(path: storage + "/index")
    try queue.write { db in
      try db.execute(sql: PlantedOrthanc.labels)
      try db.execute(
        sql: "INSERT OR IGNORE INTO Labels SELECT internalId, 'urgent' FROM Resources WHERE publicId = ?",
        arguments: [PlantedArchive.id(1, .study).description])
    }
    try queue.close()
  }

  private func compare(
    _ archive: Archive, _ level: ResourceLevel, _ id: String, _ expected: [String: String], mayMiss: Bool
  ) async throws {
    let reference = ResourceReference(level, try #require(PublicID(id)))
    guard let detail = try await archive.detail(of: reference) else {
      #expect(mayMiss, "\(id) is missing")
      return
    }
    let ours = Dictionary(uniqueKeysWithValues: detail.metadata.map { ($0.name, $0.value) })
    for name in [
      "1024", "ReceptionDate", "LastUpdate", "Origin", "RemoteIP", "HttpUsername", "TransferSyntax",
    ] {
      guard let value = expected[name] else { continue }
      #expect(ours[name] == value, "\(name) of \(id)")
    }
  }
}
