/// Writes a ZIP archive from front to back, for a file as for a connection: nothing that is written is looked at again.
/// Of the entries only their records in the central directory stay in memory, some hundred bytes each.
///
/// `@unchecked`: one caller at a time uses it, in order.
final class ZipWriter: @unchecked Sendable {
  typealias Sink = @Sendable ([UInt8]) throws(StoreError) -> Void

  /// How an entry is kept.
  enum Method: Sendable {
    case stored
    case deflated
  }

  private struct Entry {
    var name: [UInt8]
    var time: ZipTime
    var method: UInt16
    var flags: UInt16
    var checksum: UInt32 = 0
    var compressedSize = 0
    var size = 0
    var offset: Int
    /// Whether its sizes have eight bytes where it lies.
    var isLarge: Bool
  }

  /// An entry that is being written.
  private struct Open {
    var entry: Entry
    var checksum = ZipChecksum()
    var deflater: ZipDeflater
  }

  private let sink: Sink
  private let forces64: Bool
  private var open: Open?
  private var directory: [UInt8] = []
  private(set) var entryCount = 0
  /// Bytes handed to the sink so far.
  private(set) var size = 0

  /// - Parameter forces64: writes ZIP64 structures where plain ones would do, for tests.
  init(forces64: Bool = false, sink: @escaping Sink) {
    self.sink = sink
    self.forces64 = forces64
  }

  private func write(_ bytes: [UInt8]) throws(StoreError) {
    try sink(bytes)
    size += bytes.count
  }

  // MARK: Entries

  /// An entry that is in memory whole: its sizes stand in front of it. Deflating that gains nothing is left out.
  func add(_ name: String, date: Int64, bytes: [UInt8], method: Method) throws(StoreError) {
    var content = bytes
    var isDeflated = false
    if method == .deflated {
      let deflated = try ZipDeflater(compresses: true).deflate(bytes, isLast: true)
      isDeflated = deflated.count < bytes.count
      if isDeflated { content = deflated }
    }
    var checksum = ZipChecksum()
    checksum.add(bytes)
    let entry = Entry(
      name: Array(name.utf8), time: ZipTime(date), method: isDeflated ? ZipFormat.deflated : ZipFormat.stored,
      flags: ZipFormat.isUTF8, checksum: checksum.value, compressedSize: content.count, size: bytes.count,
      offset: size, isLarge: forces64 || bytes.count >= ZipFormat.elsewhere32)
    try write(localHeader(entry) + content)
    note(entry)
  }

  /// Begins an entry whose bytes come piece by piece; its sizes follow it. One that is to be stored is kept in
  /// deflate's own uncompressed blocks: readers of streams could not tell where it ends otherwise.
  func begin(_ name: String, date: Int64, expectedSize: Int, method: Method) throws(StoreError) {
    // Deflate may add a little.
    let largest = expectedSize + expectedSize / 1000 + 65_536
    let entry = Entry(
      name: Array(name.utf8), time: ZipTime(date), method: ZipFormat.deflated,
      flags: ZipFormat.isUTF8 | ZipFormat.hasDescriptor, offset: size,
      isLarge: forces64 || largest >= Int(ZipFormat.elsewhere32))
    try write(localHeader(entry))
    open = Open(entry: entry, deflater: ZipDeflater(compresses: method == .deflated))
  }

  func append(_ bytes: [UInt8]) throws(StoreError) {
    guard let deflater = open?.deflater else { return }
    open?.checksum.add(bytes)
    open?.entry.size += bytes.count
    try pass(try deflater.deflate(bytes, isLast: false))
  }

  func end() throws(StoreError) {
    guard let deflater = open?.deflater else { return }
    try pass(try deflater.deflate([], isLast: true))
    guard var entry = open?.entry, let checksum = open?.checksum.value else { return }
    open = nil
    entry.checksum = checksum
    if !entry.isLarge, max(entry.size, entry.compressedSize) >= ZipFormat.elsewhere32 {
      throw StoreError(.badValue, "an entry of a ZIP archive became larger than it was announced")
    }
    var descriptor: [UInt8] = []
    descriptor.append32(ZipFormat.descriptor)
    descriptor.append32(entry.checksum)
    for size in [entry.compressedSize, entry.size] {
      if entry.isLarge { descriptor.append64(size) } else { descriptor.append32(UInt32(size)) }
    }
    try write(descriptor)
    note(entry)
  }

  private func pass(_ deflated: [UInt8]) throws(StoreError) {
    if deflated.isEmpty { return }
    open?.entry.compressedSize += deflated.count
    try write(deflated)
  }

  private func localHeader(_ entry: Entry) -> [UInt8] {
    let isKnown = entry.flags & ZipFormat.hasDescriptor == 0
    var header: [UInt8] = []
    header.append32(ZipFormat.localHeader)
    header.append16(entry.isLarge ? ZipFormat.version64 : ZipFormat.plainVersion)
    header.append16(entry.flags)
    header.append16(entry.method)
    header.append16(entry.time.time)
    header.append16(entry.time.date)
    header.append32(entry.checksum)
    for size in [entry.compressedSize, entry.size] {
      header.append32(entry.isLarge ? ZipFormat.elsewhere32 : isKnown ? UInt32(size) : 0)
    }
    header.append16(UInt16(entry.name.count))
    header.append16(entry.isLarge ? 20 : 0)
    header += entry.name
    if entry.isLarge {
      header.append16(ZipFormat.extra64)
      header.append16(16)
      header.append64(entry.size)
      header.append64(entry.compressedSize)
    }
    return header
  }

  // MARK: The central directory

  private func note(_ entry: Entry) {
    var extra: [UInt8] = []
    func field(_ value: Int) -> UInt32 {
      if !forces64 && value < ZipFormat.elsewhere32 { return UInt32(value) }
      extra.append64(value)
      return ZipFormat.elsewhere32
    }
    let sizes = (field(entry.size), field(entry.compressedSize))
    let offset = field(entry.offset)
    let version = extra.isEmpty && !entry.isLarge ? ZipFormat.plainVersion : ZipFormat.version64
    directory.append32(ZipFormat.centralHeader)
    directory.append16(ZipFormat.unix | version)
    directory.append16(version)
    directory.append16(entry.flags)
    directory.append16(entry.method)
    directory.append16(entry.time.time)
    directory.append16(entry.time.date)
    directory.append32(entry.checksum)
    directory.append32(sizes.1)
    directory.append32(sizes.0)
    directory.append16(UInt16(entry.name.count))
    directory.append16(UInt16(extra.isEmpty ? 0 : extra.count + 4))
    // No comment, first disk, binary content.
    for _ in 0..<3 { directory.append16(0) }
    // A regular file that its owner may read and write.
    directory.append32(0o100600 << 16)
    directory.append32(offset)
    directory += entry.name
    if !extra.isEmpty {
      directory.append16(ZipFormat.extra64)
      directory.append16(UInt16(extra.count))
      directory += extra
    }
    entryCount += 1
  }

  /// Writes the directory. Nothing may follow.
  func finish() throws(StoreError) {
    let start = size
    try write(directory)
    let length = size - start
    var end: [UInt8] = []
    let is64 =
      forces64 || entryCount >= ZipFormat.elsewhere16 || max(start, length) >= ZipFormat.elsewhere32
    if is64 { end = end64(start: start, length: length) }
    let count = is64 ? ZipFormat.elsewhere16 : UInt16(entryCount)
    end.append32(ZipFormat.end)
    end.append32(0)
    end.append16(count)
    end.append16(count)
    end.append32(is64 ? ZipFormat.elsewhere32 : UInt32(length))
    end.append32(is64 ? ZipFormat.elsewhere32 : UInt32(start))
    end.append16(0)
    try write(end)
  }

  private func end64(start: Int, length: Int) -> [UInt8] {
    var end: [UInt8] = []
    end.append32(ZipFormat.end64)
    end.append64(ZipFormat.end64Size - 12)
    end.append16(ZipFormat.unix | ZipFormat.version64)
    end.append16(ZipFormat.version64)
    end.append32(0)
    end.append32(0)
    end.append64(entryCount)
    end.append64(entryCount)
    end.append64(length)
    end.append64(start)
    end.append32(ZipFormat.locator64)
    end.append32(0)
    end.append64(start + length)
    end.append32(1)
    return end
  }
}
