import CZlib
import Crypto
import DICOM
import Foundation
import GRDB
import TestSupport

@testable import Store

/// A storage folder as an Orthanc 1.12 leaves it, schema version 6, planted row by row.
struct PlantedOrthanc {
  let folder: TemporaryFolder
  let queue: DatabaseQueue

  var path: String { folder.path + "/orthanc" }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write([], to: "orthanc/indexed-by")
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    queue = try DatabaseQueue(path: folder.path + "/orthanc/index", configuration: configuration)
    try queue.write { db in
      try db.execute(
        sql: """
          CREATE TABLE GlobalProperties(property INTEGER PRIMARY KEY, value TEXT);
          CREATE TABLE Resources(internalId INTEGER PRIMARY KEY AUTOINCREMENT, resourceType INTEGER, publicId TEXT,
            parentId INTEGER REFERENCES Resources(internalId) ON DELETE CASCADE);
          CREATE TABLE Metadata(id INTEGER, type INTEGER, value TEXT, revision INTEGER, PRIMARY KEY(id, type));
          CREATE TABLE AttachedFiles(id INTEGER, fileType INTEGER, uuid TEXT, compressedSize INTEGER,
            uncompressedSize INTEGER, compressionType INTEGER, uncompressedMD5 TEXT, compressedMD5 TEXT,
            revision INTEGER, PRIMARY KEY(id, fileType));
          CREATE TABLE PatientRecyclingOrder(seq INTEGER PRIMARY KEY AUTOINCREMENT, patientId INTEGER);
          \(Self.labels);
          INSERT INTO GlobalProperties VALUES (1, '6');
          """)
    }
  }

  /// As Orthanc 1.12 adds it.
  static let labels = """
    CREATE TABLE IF NOT EXISTS Labels(id INTEGER REFERENCES Resources(internalId) ON DELETE CASCADE,
      label TEXT NOT NULL, PRIMARY KEY(id, label))
    """

  func execute(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
    try queue.write { try $0.execute(sql: sql, arguments: arguments) }
  }

  /// Orthanc's framing: eight bytes with the size, then a zlib stream.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var size = compressBound(UInt(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(size))
    compress2(&output, &size, bytes, UInt(bytes.count), 6)
    var frame: [UInt8] = []
    frame.append(number: UInt64(bytes.count))
    return frame + output[..<Int(size)]
  }

  /// Adds a resource of the planted archive's instance of this number and gives its key; it may be there.
  func resource(_ number: Int, _ level: ResourceLevel) throws -> Int64 {
    let id = PlantedArchive.id(number, level).description
    if let key = try queue.read({
      try Int64.fetchOne($0, sql: "SELECT internalId FROM Resources WHERE publicId = ?", arguments: [id])
    }) {
      return key
    }
    let parent = try level.parent.map { try resource(number, $0) }
    return try queue.write { db in
      try db.execute(
        sql: "INSERT INTO Resources (resourceType, publicId, parentId) VALUES (?, ?, ?)",
        arguments: [level.rawValue, id, parent])
      let key = db.lastInsertedRowID
      if level.parent == nil {
        try db.execute(sql: "INSERT INTO PatientRecyclingOrder (patientId) VALUES (?)", arguments: [key])
      }
      return key
    }
  }

  /// Adds an instance with its file, whose path is returned.
  @discardableResult
  func add(_ number: Int, isCompressed: Bool = false) throws -> String {
    let key = try resource(number, .instance)
    try execute(
      "INSERT INTO Metadata VALUES (?, 2, '20200229T235958', 0), (?, 3, 'CT7', 0), (?, 8, 'DicomProtocol', 0)",
      [key, key, key])
    return try attach(
      PlantedArchive.bytes(number), type: 1, to: key, isCompressed: isCompressed,
      uuid: "0a1b0000-0000-4000-8000-00000000000\(number)")
  }

  @discardableResult
  func attach(
    _ content: [UInt8], type: Int, to key: Int64, isCompressed: Bool = false, uuid: String
  ) throws -> String {
    let bytes = isCompressed ? Self.compressed(content) : content
    let hash = { (bytes: [UInt8]) in Hex.text(Array(Insecure.MD5.hash(data: bytes))) }
    try execute(
      "INSERT INTO AttachedFiles VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
      [key, type, uuid, bytes.count, content.count, isCompressed ? 2 : 1, hash(content), hash(bytes)])
    return try folder.write(
      bytes, to: "orthanc/\(uuid.prefix(2))/\(uuid.dropFirst(2).prefix(2))/\(uuid)")
  }

  /// Every file with its size and times: what reading must not change.
  func state() throws -> [String] { try Self.state(of: path) }

  static func state(of path: String) throws -> [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return try names.sorted().map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
      let date = attributes[.modificationDate] as? Date
      return "\(name) \(attributes[.size] ?? 0) \(date?.timeIntervalSince1970 ?? 0)"
    }
  }
}
