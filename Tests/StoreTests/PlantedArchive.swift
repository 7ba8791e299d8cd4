import DICOM
import Foundation
import GRDB
import TestSupport

@testable import Store

/// A closed archive of five known instances, and what can be done to it from outside: four of one patient in two
/// series, the fourth a large one; the fifth of another patient.
struct PlantedArchive {
  let folder: TemporaryFolder
  let storeMD5: Bool

  static let numbers = 1...5

  static func bytes(_ number: Int, description: String = "Chest") -> [UInt8] {
    let isOther = number == 5
    return DataSetSamples.file(
      patientID: isOther ? "P2" : "P1", study: isOther ? "1.2.4" : "1.2.3", series: series(number),
      instance: "1.2.3.4.\(number)", number: number, description: description,
      pixels: number == 4 ? 100_000 : 32)
  }

  private static func series(_ number: Int) -> String {
    switch number {
    case 5: "1.2.4.1"
    case 4: "1.2.3.5"
    default: "1.2.3.4"
    }
  }

  static func id(_ number: Int, _ level: ResourceLevel = .instance) -> PublicID {
    let isOther = number == 5
    let names = [isOther ? "P2" : "P1", isOther ? "1.2.4" : "1.2.3", series(number), "1.2.3.4.\(number)"]
    return PublicID(dicomIdentifiers: Array(names[..<level.rawValue]))
  }

  /// SQL that picks the row of an instance, or of what it lies in.
  static func key(_ number: Int, _ level: ResourceLevel = .instance) -> String {
    "public_id = x'\(id(number, level).description.filter { $0 != "-" })'"
  }

  init(storeMD5: Bool = true) async throws {
    folder = try TemporaryFolder()
    self.storeMD5 = storeMD5
    let archive = try open()
    for number in Self.numbers { try await archive.add(Self.bytes(number)) }
    archive.close()
  }

  var storage: String { folder.path + "/storage" }

  func open(_ adjust: (inout ArchiveConfiguration) -> Void = { _ in }) throws -> Archive {
    try makeArchive(folder) {
      $0.storeMD5 = storeMD5
      adjust(&$0)
    }
  }

  /// What `verify` finds in it.
  func faults(deep: Bool) throws -> [Fault] {
    let archive = try open()
    defer { archive.close() }
    return try archive.faults(deep: deep)
  }

  func sql(_ statements: String) throws {
    let queue = try DatabaseQueue(path: storage + "/filmroom.index")
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      try db.execute(sql: statements)
    }
    try queue.close()
  }

  func value(_ query: String) throws -> DatabaseValue? {
    let queue = try DatabaseQueue(path: storage + "/filmroom.index")
    defer { try? queue.close() }
    return try queue.read { try DatabaseValue.fetchOne($0, sql: query) }
  }

  /// Where the file of an instance lies according to the index.
  func path(_ number: Int) throws -> String {
    let queue = try DatabaseQueue(path: storage + "/filmroom.index")
    defer { try? queue.close() }
    let uuid = try queue.read {
      try String.fetchOne(
        $0,
        sql: """
          SELECT uuid FROM attachment WHERE level = 4 AND type = 1
          AND resource = (SELECT id FROM instance WHERE public_id = ?)
          """, arguments: [Self.id(number).data])
    }
    guard let uuid else { throw StoreError(.notFound, "instance \(number) has no file") }
    return StorageArea(root: storage).path(of: uuid)
  }

  func content(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  func write(_ bytes: [UInt8], to path: String) throws {
    try folder.write(bytes, to: String(path.dropFirst(folder.path.utf8.count + 1)))
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }

  func flipBit(of path: String) throws {
    var bytes = try content(path)
    bytes[bytes.count - 5] ^= 4
    try write(bytes, to: path)
  }

  func truncate(_ path: String) throws { try write(content(path).dropLast(7), to: path) }

  /// A file that no row knows; its name is one that the archive could have given.
  @discardableResult
  func stray(_ bytes: [UInt8], name: String = "abcd0000-0000-4000-8000-000000000001") throws -> String {
    let path = StorageArea(root: storage).path(of: name)
    try write(bytes, to: path)
    return path
  }
}
