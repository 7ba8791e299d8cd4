import DICOM
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Store

/// An Orthanc's archive moves in, planted row by row.
@Suite struct MoveInTests {
  /// Moves and gives the report with what was told.
  static func move(
    _ archive: Archive, from folder: String,
    isCancelled: @escaping @Sendable (MoveInReport) -> Bool = { _ in false }
  ) async throws -> (MoveInReport, [MoveInFault]) {
    let faults = Mutex<[MoveInFault]>([])
    let last = Mutex(MoveInReport())
    let report = try await archive.moveIn(
      orthanc: folder, progress: { report in last.withLock { $0 = report } },
      told: { fault in faults.withLock { $0.append(fault) } },
      isCancelled: { isCancelled(last.withLock { $0 }) })
    return (report, faults.withLock { $0 })
  }

  static func reference(_ number: Int, _ level: ResourceLevel = .instance) -> ResourceReference {
    ResourceReference(level, PlantedArchive.id(number, level))
  }

  /// What Orthanc kept of an instance until 1.9: it is read as it is, made anew when asked for, and goes when asked for.
  @Test(arguments: [false, true]) func aKeptSummaryComesAlong(isCompressed: Bool) async throws {
    let orthanc = try PlantedOrthanc()
    try orthanc.add(1)
    try orthanc.add(2)
    let old = Array(#"{ "0010,0020" : { "Name" : "Unknown" } }"#.utf8)
    try orthanc.attach(
      old, type: 2, to: try orthanc.resource(1, .instance), isCompressed: isCompressed,
      uuid: "0a1b0000-0000-4000-8000-000000000201")
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder) { $0.compressesStorage = isCompressed }
    defer { withExtendedLifetime(folder) { archive.close() } }
    let (report, faults) = try await Self.move(archive, from: orthanc.path)
    #expect(faults.isEmpty && report.attachments == 1)
    let (instance, other) = (Self.reference(1), Self.reference(2))
    func text() async throws -> [UInt8] {
      try await archive.content(of: .dicomAsJSON, of: instance).read(at: 0, count: 1_000_000)
    }
    #expect(try await text() == old)
    #expect(try await archive.renewKeptSummary(of: instance.id))
    #expect(try await text() == Array(try await archive.summary(of: instance.id).json(.full).utf8))
    #expect(try await archive.attachment(.dicomAsJSON, of: instance).revision == 1)
    #expect(try await archive.verify(.dicomAsJSON, of: instance) == nil)
    // Where none was kept, none begins.
    #expect(try await !archive.renewKeptSummary(of: other.id))
    try await archive.removeAttachment(.dicomAsJSON, expecting: .revision(1), of: instance)
    #expect(try await !archive.renewKeptSummary(of: instance.id))
    #expect(try archive.faults().isEmpty)
  }

  @Test(arguments: [false, true]) func everythingComesAlong(isCompressed: Bool) async throws {
    let orthanc = try PlantedOrthanc()
    for number in PlantedArchive.numbers { try orthanc.add(number, isCompressed: isCompressed) }
    for level in ResourceLevel.allCases {
      let key = try orthanc.resource(1, level)
      try orthanc.execute("INSERT INTO Labels VALUES (?, ?)", [key, "label-\(level.rawValue)"])
      try orthanc.execute("INSERT INTO Metadata VALUES (?, 1024, ?, 3)", [key, "höher \(level.rawValue)"])
    }
    try orthanc.execute(
      "INSERT INTO Metadata VALUES (?, 6, 'an-identifier', 0)", [try orthanc.resource(1, .study)])
    try orthanc.execute(
      "INSERT INTO Metadata VALUES (?, 7, '20210301T010203', 0)", [try orthanc.resource(1, .study)])
    try orthanc.execute(
      "DELETE FROM PatientRecyclingOrder WHERE patientId = ?", [try orthanc.resource(5, .patient)])
    let long = [UInt8](repeating: 7, count: 300_000)
    try orthanc.attach(
      long, type: 1030, to: try orthanc.resource(1, .study), isCompressed: isCompressed,
      uuid: "0a1b0000-0000-4000-8000-000000001030")
    let before = try orthanc.state()

    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let (report, faults) = try await Self.move(archive, from: orthanc.path)
    #expect(faults.isEmpty)
    #expect(try orthanc.state() == before)
    #expect(report.stored == 5 && report.labels == 4 && report.metadata == 5 && report.protectedPatients == 1)
    for number in PlantedArchive.numbers {
      let bytes = try await archive.bytes(of: PlantedArchive.id(number), in: 0..<1_000_000)
      #expect(bytes == PlantedArchive.bytes(number))
    }
    for level in ResourceLevel.allCases {
      let detail = try #require(try await archive.detail(of: Self.reference(1, level)))
      #expect(detail.row.labels == ["label-\(level.rawValue)"])
      let user = try #require(detail.metadata.first { $0.key.rawValue == 1024 })
      #expect(user.value == "höher \(level.rawValue)" && user.revision == 3)
    }
    let instance = try #require(try await archive.detail(of: Self.reference(1)))
    func value(_ detail: ResourceDetail, _ key: MetadataKey) -> String? {
      detail.metadata.first { $0.key == key }?.value
    }
    #expect(value(instance, .receptionDate) == "20200229T235958")
    #expect(value(instance, .remoteAET) == "CT7")
    #expect(value(instance, .origin) == "DicomProtocol")
    let study = try #require(try await archive.detail(of: Self.reference(1, .study)))
    #expect(value(study, .anonymizedFrom) == "an-identifier")
    // The attachment is a change of its own, later than what Orthanc knew.
    #expect(report.attachments == 1)
    let attachment = try await archive.content(
      of: AttachmentType(rawValue: 1030), of: Self.reference(1, .study))
    #expect(try attachment.read(at: 0, count: 1_000_000) == long)
    #expect(try archive.faults().isEmpty)

    let (again, told) = try await Self.move(archive, from: orthanc.path)
    #expect(told.isEmpty)
    #expect(
      again.present == 5 && again.stored == 0 && again.labels == 0 && again.metadata == 0
        && again.attachments == 0)
    #expect(again.protectedPatients == 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/storage/moving-in"))
  }

  @Test func whatWasInterruptedGoesOn() async throws {
    let orthanc = try PlantedOrthanc()
    for number in PlantedArchive.numbers { try orthanc.add(number) }
    try orthanc.execute("INSERT INTO Labels VALUES (?, 'late')", [try orthanc.resource(5, .patient)])
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let (first, _) = try await Self.move(archive, from: orthanc.path) { $0.done >= 2 }
    #expect(first.isInterrupted && first.stored >= 2 && first.labels == 0)
    let (second, faults) = try await Self.move(archive, from: orthanc.path)
    #expect(faults.isEmpty && !second.isInterrupted)
    #expect(second.present == first.stored && second.done == 5 && second.labels == 1)
  }

  @Test func everyFaultIsNamed() async throws {
    let orthanc = try PlantedOrthanc()
    var paths: [Int: String] = [:]
    for number in PlantedArchive.numbers { paths[number] = try orthanc.add(number, isCompressed: number > 3) }
    func content(_ number: Int) throws -> [UInt8] {
      Array(try Data(contentsOf: URL(fileURLWithPath: try #require(paths[number]))))
    }
    func write(_ number: Int, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(fileURLWithPath: try #require(paths[number])))
    }
    try FileManager.default.removeItem(atPath: try #require(paths[1]))
    try write(2, content(2).dropLast())
    var flipped = try content(3)
    flipped[200] ^= 1
    try write(3, flipped)
    var damaged = try content(4)
    damaged[damaged.count / 2] ^= 0x55
    try write(4, damaged)
    // The last one is sound, and what hangs on it is not.
    let key = try orthanc.resource(5, .instance)
    try orthanc.execute("INSERT INTO Labels VALUES (?, 'not allowed'), (?, 'good')", [key, key])
    try orthanc.execute("INSERT INTO Metadata VALUES (?, 2000, x'80FF', 0)", [key])
    try orthanc.execute("INSERT INTO Metadata VALUES (?, 2001, 'lost', 0)", [try orthanc.resource(1, .study)])
    try orthanc.execute(
      "INSERT INTO Resources VALUES (100, 4, 'stray', 999), (101, 4, 'no identifier', ?), (102, 4, ?, ?)",
      [
        try orthanc.resource(5, .series), PlantedArchive.id(1, .series).description,
        try orthanc.resource(5, .series),
      ])
    try orthanc.attach([1, 2, 3], type: 1, to: 101, uuid: "0a1b0000-0000-4000-8000-000000000101")

    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let (report, faults) = try await Self.move(archive, from: orthanc.path)
    func told(_ kind: MoveInFault.Kind, _ text: String) -> Bool {
      faults.contains { $0.kind == kind && $0.description.contains(text) }
    }
    #expect(told(.missingFile, try #require(paths[1])))
    #expect(told(.damagedFile, "instead of"))
    #expect(told(.damagedFile, try #require(paths[2])))
    #expect(told(.damagedFile, try #require(paths[3])))
    #expect(told(.damagedFile, try #require(paths[4])))
    #expect(told(.leftDetail, "not allowed"))
    #expect(told(.leftDetail, "metadata 2000"))
    #expect(told(.leftDetail, PlantedArchive.id(1, .study).description))
    #expect(told(.unreadableRow, "stray"))
    #expect(told(.unreadableRow, "no identifier"))
    #expect(told(.unreadableRow, "names no DICOM file"))
    #expect(report.stored == 1 && report.failed == 7 && report.done == report.ofInstances)
    #expect(report.labels == 1)
    #expect(try archive.faults().isEmpty)
  }

  @Test func whatIsThereStays() async throws {
    let orthanc = try PlantedOrthanc()
    try orthanc.add(1)
    try orthanc.execute(
      "INSERT INTO Metadata VALUES (?, 1024, 'theirs', 0)", [try orthanc.resource(1, .instance)])
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let ours = PlantedArchive.bytes(1, description: "Abdomen")
    try await archive.add(ours)
    _ = try await archive.setMetadata(
      MetadataKey(rawValue: 1024), to: "ours", expecting: .absent, on: Self.reference(1))
    let (report, faults) = try await Self.move(archive, from: orthanc.path)
    #expect(Set(faults.map(\.kind)) == [.otherVersion, .keptValue])
    #expect(report.failed == 1)
    #expect(try await archive.bytes(of: PlantedArchive.id(1), in: 0..<10_000) == ours)
  }

  /// Modalities, peers and what plugins keep come along; versions and counters of Orthanc's own database don't.
  @Test func globalPropertiesComeAlong() async throws {
    let orthanc = try PlantedOrthanc()
    try orthanc.execute(
      """
      INSERT INTO GlobalProperties VALUES (3, '17'), (5, '{}'), (6, '1'), (20, '{"ct":{}}'), (21, '{}'),
        (5468, 'servers'), (100000, 'a plugin''s'), (2000, x'80FF'), (2001, 'theirs')
      """)
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    try await archive.setGlobalProperty(GlobalProperty(rawValue: 2001), to: "ours")
    let (report, faults) = try await Self.move(archive, from: orthanc.path)
    let moved = [20, 21, 5468, 100_000].map { GlobalProperty(rawValue: $0) }
    #expect(report.properties == moved && report.ownProperties == 4)
    #expect(
      faults.map(\.description) == [
        "not taken over: global property 2000: it is no text in UTF-8",
        "another value is there already and stays: global property 2001: 2001",
      ])
    let kept = try await archive.globalProperties()
    #expect(kept.count == 5 && kept[.modalities] == #"{"ct":{}}"#)
    #expect(kept[GlobalProperty(rawValue: 100_000)] == "a plugin's")
    #expect(kept[GlobalProperty(rawValue: 2001)] == "ours")

    let (again, _) = try await Self.move(archive, from: orthanc.path)
    #expect(again.properties == moved && again.faults == 2)
  }

  @Test func otherVersionsAreRefused() async throws {
    let orthanc = try PlantedOrthanc()
    try orthanc.execute("UPDATE GlobalProperties SET value = '5' WHERE property = 1")
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try makeArchive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let error = await #expect(throws: StoreError.self) {
      try await Self.move(archive, from: orthanc.path)
    }
    #expect(error?.message.contains("version 5") == true)
    let missing = await #expect(throws: StoreError.self) {
      try await Self.move(archive, from: orthanc.path + "/nowhere")
    }
    #expect(missing?.code == .notFound)
  }
}
