import DICOM

/// What the journal keeps of an arriving instance: enough to take it in once more.
struct JournalEntry: Equatable {
  var file: StoredFile
  /// What stands before the pixel data, as a file of its own.
  var head: StoredFile?
  var transferSyntax: String
  var dataSetOffset: Int
  var origin: InstanceOrigin
  var date: Int64
  /// The file's MD5 was not known yet when this was written: it is to be worked out from the file.
  var lacksDigest = false

  /// 1 knew neither compressed files nor heads.
  private static let version: UInt8 = 2
  fileprivate static let digestToCome: [UInt8] = [0]

  init(_ instance: PreparedInstance) {
    file = instance.file
    head = instance.head
    transferSyntax = instance.transferSyntax
    dataSetOffset = instance.dataSetOffset
    origin = instance.origin
    date = instance.date
    lacksDigest = Self.known(file.digest) == Self.digestToCome
  }

  /// Every file of the instance.
  var files: [StoredFile] { [file] + (head.map { [$0] } ?? []) }

  /// Appends it to some bytes.
  func encode(to bytes: inout [UInt8]) {
    bytes.append(Self.version)
    Self.append(file.uuid, to: &bytes)
    Self.append(transferSyntax, to: &bytes)
    Self.append(origin.remoteIP, to: &bytes)
    Self.append(origin.remoteAET, to: &bytes)
    Self.append(origin.calledAET, to: &bytes)
    Self.append(origin.httpUsername, to: &bytes)
    bytes.append(UInt8(origin.mechanism.rawValue))
    bytes.append(number: UInt32(dataSetOffset))
    bytes.append(number: date)
    append(file, to: &bytes)
    bytes.append(head == nil ? 0 : 1)
    if let head {
      Self.append(head.uuid, to: &bytes)
      append(head, to: &bytes)
    }
  }

  /// All of a file but its name.
  private func append(_ file: StoredFile, to bytes: inout [UInt8]) {
    bytes.append(number: file.size)
    Self.append(Self.known(file.digest), to: &bytes)
    bytes.append(file.packed == nil ? 0 : 1)
    if let packed = file.packed {
      bytes.append(number: packed.size)
      Self.append(Self.known(packed.digest), to: &bytes)
    }
    bytes.append(file.bytes == nil ? 0 : 1)
    if let content = file.bytes {
      bytes.append(number: UInt32(content.count))
      bytes += content
    }
  }

  /// An MD5, none, or one that is not known yet: nobody waits for it here.
  private static func known(_ digest: StoredFile.Digest?) -> [UInt8] {
    switch digest {
    case nil: []
    case .known(let value): value
    case .pending, .ofBytes: digestToCome
    }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    let field = text.utf8.prefix(Int(UInt16.max))
    bytes.append(number: UInt16(field.count))
    bytes += field
  }

  private static func append(_ field: [UInt8], to bytes: inout [UInt8]) {
    let field = field.prefix(Int(UInt16.max))
    bytes.append(number: UInt16(field.count))
    bytes += field
  }

  /// Nil for what this version did not write.
  init?(_ bytes: [UInt8]) {
    var reader = FieldReader(bytes: bytes)
    guard let version = reader.byte(), (1...Self.version).contains(version) else { return nil }
    var texts: [String] = []
    for _ in 0..<6 {
      guard let field = reader.field() else { return nil }
      texts.append(String(decoding: field, as: UTF8.self))
    }
    guard let mechanism = reader.byte().flatMap({ InstanceOrigin.Mechanism(rawValue: Int($0)) }),
      let offset = reader.number(as: UInt32.self), let date = reader.number(as: Int64.self),
      let (file, lacksDigest) = version == 1 ? reader.firstFile(texts[0]) : reader.file(texts[0])
    else { return nil }
    self.file = file
    self.lacksDigest = lacksDigest
    if version > 1 {
      guard let hasHead = reader.byte() else { return nil }
      if hasHead == 1 {
        guard let name = reader.field(),
          let (head, _) = reader.file(String(decoding: name, as: UTF8.self))
        else { return nil }
        self.head = head
      }
    }
    transferSyntax = texts[1]
    origin = InstanceOrigin(
      mechanism, remoteIP: texts[2], remoteAET: texts[3], calledAET: texts[4], httpUsername: texts[5])
    dataSetOffset = Int(offset)
    self.date = date
  }

  fileprivate static func digest(_ field: [UInt8]) -> StoredFile.Digest? {
    field.count == 16 ? .known(field) : nil
  }
}

/// Takes fields off the front of some bytes.
private struct FieldReader {
  let bytes: [UInt8]
  var position = 0

  mutating func byte() -> UInt8? { number(as: UInt8.self) }

  mutating func number<Number: FixedWidthInteger>(as type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard position + size <= bytes.count else { return nil }
    defer { position += size }
    return bytes.withUnsafeBytes {
      Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Number.self))
    }
  }

  mutating func field() -> [UInt8]? {
    guard let count = number(as: UInt16.self), position + Int(count) <= bytes.count else { return nil }
    defer { position += Int(count) }
    return Array(bytes[position..<position + Int(count)])
  }

  /// What follows a file's name, and whether its MD5 is to be worked out.
  mutating func file(_ uuid: String) -> (StoredFile, lacksDigest: Bool)? {
    guard let size = number(as: Int64.self), let md5 = field(), let isPacked = byte() else { return nil }
    var file = StoredFile(uuid: uuid, size: size, digest: JournalEntry.digest(md5))
    if isPacked == 1 {
      guard let size = number(as: Int64.self), let md5 = field() else { return nil }
      file.packed = StoredFile.Packed(size: size, digest: JournalEntry.digest(md5))
    }
    guard let hasBytes = byte() else { return nil }
    if hasBytes == 1 {
      guard let count = number(as: UInt32.self), position + Int(count) <= bytes.count else { return nil }
      file.bytes = Array(bytes[position..<position + Int(count)])
      position += Int(count)
    }
    return (file, md5 == JournalEntry.digestToCome)
  }

  /// The same as version 1 wrote it: the last thing in a record.
  mutating func firstFile(_ uuid: String) -> (StoredFile, lacksDigest: Bool)? {
    guard let size = number(as: Int64.self), let md5 = field(), let hasBytes = byte() else { return nil }
    let file = StoredFile(
      uuid: uuid, size: size, digest: JournalEntry.digest(md5),
      bytes: hasBytes == 1 ? Array(bytes[position...]) : nil)
    return (file, md5 == JournalEntry.digestToCome)
  }
}
