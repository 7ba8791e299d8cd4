import Glibc
import Synchronization

/// Memory that starts at a page boundary, as writing past the page cache wants it.
///
/// `@unchecked`: one owner fills it, and from then on it is only read.
final class PageBuffer: @unchecked Sendable {
  static let pageSize = 4096
  /// Small enough that little is left to be written when the last byte comes.
  static let size = 128 * 1024

  let capacity: Int
  private let memory: UnsafeMutableRawPointer
  private(set) var count = 0

  /// The memory of sixteen buffers lies in one huge page, if the system has them: what lies in one piece is written in one
  /// piece too, which takes a fifth less of the processor. It is kept, since fresh pages cost more than the copy into
  /// them. Whoever needs more than these gets memory of its own, for as long as it has it.
  private static let hugePage = 2 << 20
  /// As many as wait to be hashed (`DigestLanes`), and those that are being filled.
  private static let hugePageLimit = 6

  private struct Spare {
    var buffers: [Int] = []
    var hugePages = 0
  }

  private static let spare = Mutex(Spare())
  /// Whether the memory goes back to those that are kept.
  private let isKept: Bool

  /// - Parameter capacity: how many bytes there is room for.
  init(capacity: Int = PageBuffer.size) {
    self.capacity = capacity
    let kept = capacity == Self.size ? Self.takeKept() : nil
    isKept = kept != nil
    memory = kept ?? .allocate(byteCount: capacity, alignment: Self.pageSize)
  }

  deinit {
    if isKept {
      Self.spare.withLock { $0.buffers.append(Int(bitPattern: memory)) }
    } else {
      memory.deallocate()
    }
  }

  /// Nil where as much as may be kept is in use.
  private static func takeKept() -> UnsafeMutableRawPointer? {
    spare.withLock { spare in
      if spare.buffers.isEmpty && spare.hugePages < hugePageLimit, let page = mapHugePage() {
        spare.hugePages += 1
        spare.buffers = stride(from: 0, to: hugePage, by: size).map { Int(bitPattern: page) + $0 }
      }
      return spare.buffers.popLast().flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
    }
  }

  /// Straight from the system: what `malloc` aligns so far leaves holes beside it that fill up.
  private static func mapHugePage() -> UnsafeMutableRawPointer? {
    let room = mmap(nil, 2 * hugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let room, room != MAP_FAILED else { return nil }
    let page = room.alignedUp(toMultipleOf: hugePage)
    let before = page - room
    if before > 0 { munmap(room, before) }
    munmap(page + hugePage, hugePage - before)
    // Where it can't be, it is many small pages.
    _ = madvise(page, hugePage, MADV_HUGEPAGE)
    return page
  }

  var isFull: Bool { count == capacity }

  /// Takes as many bytes as there is room for, and returns how many those were.
  func append(_ bytes: UnsafeRawBufferPointer) -> Int {
    let taken = min(bytes.count, capacity - count)
    if let start = bytes.baseAddress { memory.advanced(by: count).copyMemory(from: start, byteCount: taken) }
    count += taken
    return taken
  }

  /// Writes over the first bytes. Nobody may have been given them yet.
  func replaceStart(with bytes: [UInt8]) {
    precondition(bytes.count <= count)
    bytes.withUnsafeBytes {
      if let start = $0.baseAddress { memory.copyMemory(from: start, byteCount: $0.count) }
    }
  }

  /// What has been taken in.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }
}
