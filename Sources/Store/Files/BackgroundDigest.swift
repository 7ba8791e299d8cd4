import Dispatch
import Synchronization

/// The MD5 of a file that is being written, worked out beside the writing and the answer, together with those of
/// other files (`DigestLanes`). One caller at a time adds to it.
final class BackgroundDigest: Sendable {
  private struct State {
    /// RFC 1321 §3.3.
    var words: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    var length: UInt64 = 0
    /// What is still to be hashed, in order.
    var waiting: [PageBuffer] = []
    /// Blocks of the first buffer that are hashed.
    var hashed = 0
    /// Bytes behind the last whole block.
    var rest: [UInt8] = []
    var isComplete = false
  }

  private let lanes: DigestLanes
  private let state = Mutex(State())
  private let done = DispatchSemaphore(value: 0)

  init(_ lanes: DigestLanes = .shared) { self.lanes = lanes }

  // MARK: The file's side

  /// Takes the next bytes, which must not change any more; all but the last are whole blocks. Waits while too much
  /// is to be hashed.
  func update(_ buffer: PageBuffer) {
    state.withLock { state in
      precondition(state.rest.isEmpty && !state.isComplete, "bytes behind the last ones")
      state.length += UInt64(buffer.count)
      state.rest = Array(buffer.bytes[(buffer.count / 64 * 64)...])
    }
    if buffer.count >= 64 { add(buffer) }
  }

  /// There will be no more bytes.
  func complete() {
    let end = state.withLock { state -> [UInt8]? in
      if state.isComplete { return nil }
      state.isComplete = true
      // The last bytes and the padding (RFC 1321 §3.1–3.2).
      var end = state.rest + [0x80]
      end += [UInt8](repeating: 0, count: (end.count <= 56 ? 56 : 120) - end.count)
      withUnsafeBytes(of: (state.length &* 8).littleEndian) { end += $0 }
      return end
    }
    guard let end else { return }
    let buffer = PageBuffer(capacity: end.count)
    _ = end.withUnsafeBytes(buffer.append)
    add(buffer)
  }

  private func add(_ buffer: PageBuffer) {
    lanes.waitForRoom()
    let isFirst = state.withLock { state in
      state.waiting.append(buffer)
      return state.waiting.count == 1
    }
    lanes.enqueue(isFirst ? self : nil)
  }

  /// The MD5 of all bytes, sixteen of them. Waits for what is still to be hashed.
  func value() -> [UInt8] {
    complete()
    lanes.whileWanted { done.wait() }
    done.signal()
    return state.withLock { state in
      state.words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }
  }

  // MARK: The lanes' side

  /// What comes next, how much of it is hashed, and the state so far.
  var next: (buffer: PageBuffer, hashed: Int, words: [UInt32]) {
    state.withLock { ($0.waiting[0], $0.hashed, $0.words) }
  }

  /// Notes that some blocks were hashed. Returns whether a buffer is done with, and whether others wait.
  func advance(_ blocks: Int, _ words: [UInt32]) -> (isThrough: Bool, hasMore: Bool) {
    let (isThrough, hasMore, isOver) = state.withLock { state in
      state.words = words
      state.hashed += blocks
      guard state.hashed == state.waiting[0].count / 64 else { return (false, true, false) }
      state.hashed = 0
      let last = state.waiting.removeFirst()
      return (true, !state.waiting.isEmpty, last.capacity < PageBuffer.size)
    }
    if isOver { done.signal() }
    return (isThrough, hasMore)
  }
}
