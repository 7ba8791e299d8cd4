/// How a compressed attachment lies on the disk, as Orthanc has it: the size of its content in eight bytes, little-endian,
/// then a zlib stream. An empty one is an empty file.
enum ZlibFraming {
  static let prefixLength = 8

  static func prefix(size: Int64) -> [UInt8] {
    withUnsafeBytes(of: UInt64(size).littleEndian) { Array($0) }
  }

  /// The size that a file's start announces; nil where it is too short or can't be a size.
  static func size(_ start: [UInt8]) -> Int64? {
    if start.count < prefixLength { return nil }
    let size = start.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    return size > 0 ? Int64(exactly: size) : nil
  }

  /// Whether a file that starts like this may be a compressed one: a size, and the header of a zlib stream (RFC 1950 §2.2).
  static func isPossible(_ start: [UInt8]) -> Bool {
    guard start.count >= prefixLength + 2, let size = size(start) else { return false }
    let (method, flags) = (start[prefixLength], start[prefixLength + 1])
    return method & 0x0F == 8 && method >> 4 <= 7 && (Int(method) << 8 | Int(flags)) % 31 == 0
      && flags & 0x20 == 0 && size < 1 << 50
  }

  /// A whole attachment, compressed.
  static func compressed(_ content: [UInt8]) throws(StoreError) -> [UInt8] {
    if content.isEmpty { return [] }
    let deflater = Deflater.take()
    defer { deflater.giveBack() }
    return prefix(size: Int64(content.count)) + (try deflater.all(content))
  }
}
