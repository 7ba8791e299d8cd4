import Crypto
import Dispatch
import Synchronization

/// The MD5 of a file that is being written, worked out beside the writing: it takes about as long as the disk does.
///
/// One caller at a time. Buffers are hashed in the order in which they come.
final class BackgroundDigest: Sendable {
  private let digest = Mutex(Insecure.MD5())
  private let queue = DispatchQueue(label: "filmroom.digest", target: BackgroundDigest.threads)

  private let room = DispatchSemaphore(value: BackgroundDigest.waitingBuffers)

  /// Buffers that may wait; then the writer waits too.
  private static let waitingBuffers = 4
  private static let threads = DispatchQueue(label: "filmroom.digests", attributes: .concurrent)

  /// Takes the next bytes, which must not change any more.
  func update(_ buffer: PageBuffer) {
    room.wait()
    queue.async { [self] in
      digest.withLock { $0.update(bufferPointer: buffer.bytes) }
      room.signal()
    }
  }

  /// Waits for what is still to be hashed.
  func finish() -> [UInt8] {
    queue.sync { digest.withLock { Array($0.finalize()) } }
  }
}
