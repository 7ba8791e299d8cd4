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

  /// Memory that was in use before and is kept, since fresh pages cost more than the copy into them.
  private static let spare = Mutex<[Int]>([])
  private static let spareLimit = 48

  /// - Parameter capacity: how many bytes there is room for.
  init(capacity: Int = PageBuffer.size) {
    self.capacity = capacity
    if capacity == Self.size, let kept = Self.spare.withLock({ $0.popLast() }),
      let memory = UnsafeMutableRawPointer(bitPattern: kept)
    {
      self.memory = memory
    } else {
      memory = .allocate(byteCount: capacity, alignment: Self.pageSize)
    }
  }

  deinit {
    let isKept = Self.spare.withLock { spare in
      guard capacity == Self.size, spare.count < Self.spareLimit else { return false }
      spare.append(Int(bitPattern: memory))
      return true
    }
    if !isKept { memory.deallocate() }
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
