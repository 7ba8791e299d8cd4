import DICOM

/// What the journal keeps of an arriving instance: enough to take it in once more.
struct JournalEntry: Equatable {
  var file: StoredFile
  var transferSyntax: String
  var dataSetOffset: Int
  var origin: InstanceOrigin
  var date: Int64
  /// The file's MD5 was not known yet when this was written: it is to be worked out from the file.
  var lacksDigest = false

  private static let version: UInt8 = 1
  private static let digestToCome: [UInt8] = [0]

  init(_ instance: PreparedInstance) {
    file = instance.file
    transferSyntax = instance.transferSyntax
    dataSetOffset = instance.dataSetOffset
    origin = instance.origin
    date = instance.date
    if case .pending = file.digest { lacksDigest = true }
  }

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256 + (file.bytes?.count ?? 0))
    bytes.append(Self.version)
    for text in [
      file.uuid, transferSyntax, origin.remoteIP, origin.remoteAET, origin.calledAET, origin.httpUsername,
    ] {
      Self.append(Array(text.utf8), to: &bytes)
    }
    bytes.append(UInt8(origin.mechanism.rawValue))
    bytes.append(number: UInt32(dataSetOffset))
    bytes.append(number: date)
    bytes.append(number: file.size)
    Self.append(lacksDigest ? Self.digestToCome : file.md5 ?? [], to: &bytes)
    bytes.append(file.bytes == nil ? 0 : 1)
    bytes += file.bytes ?? []
    return bytes
  }

  private static func append(_ field: [UInt8], to bytes: inout [UInt8]) {
    let field = field.prefix(Int(UInt16.max))
    bytes.append(number: UInt16(field.count))
    bytes += field
  }

  /// Nil for what this version did not write.
  init?(_ bytes: [UInt8]) {
    var reader = FieldReader(bytes: bytes)
    guard reader.byte() == Self.version else { return nil }
    var texts: [String] = []
    for _ in 0..<6 {
      guard let field = reader.field() else { return nil }
      texts.append(String(decoding: field, as: UTF8.self))
    }
    guard let mechanism = reader.byte().flatMap({ InstanceOrigin.Mechanism(rawValue: Int($0)) }),
      let offset = reader.number(as: UInt32.self), let date = reader.number(as: Int64.self),
      let size = reader.number(as: Int64.self), let md5 = reader.field(), let hasBytes = reader.byte()
    else { return nil }
    lacksDigest = md5 == Self.digestToCome
    file = StoredFile(
      uuid: texts[0], size: size, digest: md5.count == 16 ? .known(md5) : nil,
      bytes: hasBytes == 1 ? reader.rest() : nil)
    transferSyntax = texts[1]
    origin = InstanceOrigin(
      mechanism, remoteIP: texts[2], remoteAET: texts[3], calledAET: texts[4], httpUsername: texts[5])
    dataSetOffset = Int(offset)
    self.date = date
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

  func rest() -> [UInt8] { Array(bytes[position...]) }
}
