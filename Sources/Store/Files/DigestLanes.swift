import CDigest
import Dispatch
import Synchronization

/// Hashes several files at once: the steps of one MD5 wait for each other, but a processor takes eight of them in the
/// time of one. So it begins when enough files have something to be hashed, or somebody wants a result.
final class DigestLanes: Sendable {
  static let shared = DigestLanes()

  private struct State {
    /// Files that have something to be hashed, in the order in which they came.
    var ready: [BackgroundDigest] = []
    var waitingBuffers = 0
    /// How many wait for a result.
    var wanted = 0
    var isRunning = false

    var mustBegin: Bool {
      ready.count >= lanes || waitingBuffers >= enoughBuffers || wanted > 0 && !ready.isEmpty
    }

    var mayStop: Bool {
      ready.isEmpty || wanted == 0 && ready.count < lanes / 2 && waitingBuffers < enoughBuffers / 2
    }
  }

  private static let lanes = Int(FILMROOM_MD5_LANES)
  /// Buffers of all files that may wait; then the writers wait too.
  private static let mostBuffers = 72
  /// So many are hashed however few files they belong to.
  private static let enoughBuffers = 48
  /// Blocks of each file between two looks at what there is.
  private static let blocksAtOnce = 1024

  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: DigestLanes.mostBuffers)
  private let thread = DispatchQueue(label: "filmroom.digest")

  func waitForRoom() { room.wait() }

  /// One more buffer, for which there was room; the file is nil where it is known to have others already.
  func enqueue(_ digest: BackgroundDigest?) {
    change { state in
      if let digest { state.ready.append(digest) }
      state.waitingBuffers += 1
    }
  }

  /// Hashes everything there is while the body waits for some of it.
  func whileWanted(_ body: () -> Void) {
    change { $0.wanted += 1 }
    body()
    change { $0.wanted -= 1 }
  }

  private func change(_ body: (inout State) -> Void) {
    let mustStart = state.withLock { state in
      body(&state)
      if state.isRunning || !state.mustBegin { return false }
      state.isRunning = true
      return true
    }
    if mustStart { thread.async { self.run() } }
  }

  private func run() {
    while true {
      let digests = state.withLock { state -> [BackgroundDigest] in
        if state.mayStop {
          state.isRunning = false
          return []
        }
        return Array(state.ready.prefix(Self.lanes))
      }
      if digests.isEmpty { return }
      hash(digests)
    }
  }

  /// One round for up to eight files.
  private func hash(_ digests: [BackgroundDigest]) {
    let inputs = digests.map { $0.next }
    let blocks = inputs.reduce(Self.blocksAtOnce) { min($0, $1.buffer.count / 64 - $1.hashed) }
    var words = [UInt32](repeating: 0, count: 4 * Self.lanes)
    var data = [UnsafePointer<UInt8>?](repeating: nil, count: Self.lanes)
    for lane in 0..<Self.lanes {
      // A lane without a file of its own hashes the first one's bytes, for nothing.
      let input = inputs[lane < inputs.count ? lane : 0]
      for word in 0..<4 { words[word * Self.lanes + lane] = input.words[word] }
      data[lane] = input.buffer.bytes.baseAddress?.advanced(by: input.hashed * 64)
        .assumingMemoryBound(to: UInt8.self)
    }
    // The buffers keep what the addresses point to.
    withExtendedLifetime(inputs) { filmroom_md5_lanes(&words, data, blocks) }
    for (lane, digest) in digests.enumerated() {
      let (isThrough, hasMore) = digest.advance(blocks, (0..<4).map { words[$0 * Self.lanes + lane] })
      if isThrough { leave(hasMore ? nil : digest) }
    }
  }

  /// A buffer is done with; with a file, it was the file's last one for now.
  private func leave(_ digest: BackgroundDigest?) {
    state.withLock { state in
      state.waitingBuffers -= 1
      // The first: when more of it has come just now, it is in there again.
      if let place = state.ready.firstIndex(where: { $0 === digest }) { state.ready.remove(at: place) }
    }
    room.signal()
  }
}
