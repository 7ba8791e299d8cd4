import Glibc

/// One of the journal's files. What is appended goes past the page cache where the file system can do that, in whole pages:
/// a sync has less to do then. A page that is not full is written again with what comes next, its old bytes unchanged.
///
/// Not thread-safe.
final class JournalSegment {
  private let file: Int32
  private let path: String
  /// Where the next bytes go. It may be set back to where the last append began, or to the start.
  var position = 0
  /// Whole pages of the file that have their blocks.
  private var size: Int
  /// From the page on in which the last append began, what was written.
  private var memory: UnsafeMutableRawPointer
  private var room = JournalSegment.keptRoom
  /// Where `memory` begins in the file.
  private var start = 0

  private static let page = PageBuffer.pageSize
  private static let keptRoom = 256 << 10
  /// It grows by zeros, so that later syncs have no new blocks to write down.
  private static let growth = 1 << 20

  /// Opens or creates a file. Throws `StoreError`.
  init(_ path: String) throws(StoreError) {
    self.path = path
    file = try DirectFile.open(path, O_RDWR | O_CREAT)
    var status = stat()
    fstat(file, &status)
    size = Self.pages(Int(status.st_size))
    memory = .allocate(byteCount: room, alignment: Self.page)
  }

  deinit {
    memory.deallocate()
    close(file)
  }

  /// Writes bytes behind the others; durable after `sync`. Throws `StoreError`; then they count as not written.
  func append(_ bytes: [UInt8]) throws(StoreError) {
    let first = Self.pages(position)
    let (before, end) = (position - first, position + bytes.count)
    let count = Self.pages(end - first + Self.page - 1)
    try grow(to: first + count)
    keep(before, from: first, room: count)
    bytes.withUnsafeBytes {
      if let bytes = $0.baseAddress { (memory + before).copyMemory(from: bytes, byteCount: $0.count) }
    }
    memset(memory + before + bytes.count, 0, count - before - bytes.count)
    try write(memory, count: count, at: first)
    position = end
  }

  /// Makes what was appended durable. Throws `StoreError`.
  func sync() throws(StoreError) { if fdatasync(file) != 0 { throw SystemError.last("sync", path) } }

  /// Makes the file begin with zeros, and everything that comes next begin there. Throws `StoreError`.
  func clear() throws(StoreError) {
    (position, start) = (0, 0)
    memset(memory, 0, Self.page)
    try write(memory, count: Self.page, at: 0)
    try sync()
  }

  /// Leaves in `memory` so many bytes from a place in the file on, which the last append has written or found, and makes
  /// room for more.
  private func keep(_ count: Int, from first: Int, room wanted: Int) {
    let wanted = max(wanted, Self.keptRoom)
    let kept = memory + (count > 0 ? first - start : 0)
    if wanted == room {
      memory.copyMemory(from: kept, byteCount: count)
    } else {
      let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: Self.page)
      larger.copyMemory(from: kept, byteCount: count)
      memory.deallocate()
      (memory, room) = (larger, wanted)
    }
    start = first
  }

  private func grow(to end: Int) throws(StoreError) {
    if end <= size { return }
    let zeros = UnsafeMutableRawPointer.allocate(byteCount: Self.growth, alignment: Self.page)
    defer { zeros.deallocate() }
    memset(zeros, 0, Self.growth)
    while size < end {
      // What lies behind the last whole page of a file that was cut off is no record that counts.
      try write(zeros, count: Self.growth, at: size)
      size += Self.growth
    }
  }

  private func write(_ pages: UnsafeMutableRawPointer, count: Int, at offset: Int) throws(StoreError) {
    try WholeWrite.write(UnsafeRawBufferPointer(start: pages, count: count), to: file, at: offset, path)
  }

  /// As much of some bytes as makes whole pages.
  private static func pages(_ count: Int) -> Int { count / page * page }
}
