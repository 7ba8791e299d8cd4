import DICOM
import Synchronization

/// Pieces of some bytes, as if nothing lay between them.
struct PieceSource: ByteSource {
  let source: any ByteSource
  let pieces: [Range<Int>]
  /// Bits of the first byte that belong to what lies before; only with a single piece.
  let shift: Int
  let size: Int
  /// Bits of the last byte that count.
  private let lastMask: UInt8

  init(_ source: any ByteSource, pieces: [Range<Int>]) {
    self.source = source
    self.pieces = pieces
    (shift, lastMask) = (0, .max)
    size = pieces.reduce(0) { $0 + $1.count }
  }

  /// Bits, the lowest of each byte first: what comes out begins with the first of them, and ends with zeroes.
  init(_ source: any ByteSource, bits: Range<Int>, from offset: Int) {
    self.source = source
    pieces = [offset + bits.lowerBound / 8..<offset + (bits.upperBound + 7) / 8]
    shift = bits.lowerBound % 8
    size = (bits.count + 7) / 8
    lastMask = bits.count % 8 == 0 ? .max : 1 << UInt8(bits.count % 8) - 1
  }

  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    var bytes = try unmasked(at: offset, count: min(count, size - offset))
    if lastMask != .max, !bytes.isEmpty, offset + bytes.count == size { bytes[bytes.count - 1] &= lastMask }
    return bytes
  }

  private func unmasked(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    if shift > 0 { return try shifted(at: offset, count: count) }
    var (bytes, place) = ([UInt8](), 0)
    for piece in pieces where bytes.count < count {
      defer { place += piece.count }
      let start = max(0, offset + bytes.count - place)
      if start >= piece.count { continue }
      let wanted = min(count - bytes.count, piece.count - start)
      let part = try source.read(at: piece.lowerBound + start, count: wanted)
      bytes = bytes.isEmpty ? part : bytes + part
      if part.count < wanted { break }
    }
    return bytes
  }

  private func shifted(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    guard let piece = pieces.first, count > 0 else { return [] }
    let bytes = try source.read(
      at: piece.lowerBound + offset, count: min(count + 1, piece.count - offset))
    return (0..<min(count, bytes.count)).map { index in
      let high = index + 1 < bytes.count ? bytes[index + 1] << (8 - UInt8(shift)) : 0
      return bytes[index] >> UInt8(shift) | high
    }
  }
}

/// A deflated data set, inflated on the way (PS3.5 §A.5). Reading forward holds little in memory; going back begins anew.
final class InflatedDataSet: ByteSource {
  /// Nobody knows before its end.
  let size = Int.max
  private let source: any ByteSource
  private let start: Int
  private let state: Mutex<State>

  private struct State {
    var inflater = ZipInflater()
    /// Bytes taken from the source, and bytes that came out.
    var taken = 0
    var position = 0
  }

  private static let chunk = 64 * 1024

  /// - Parameter offset: where the data set begins in its file.
  init(_ source: any ByteSource, at offset: Int) {
    self.source = source
    start = offset
    state = Mutex(State())
  }

  func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
    try state.withLock { state throws(StoreError) -> [UInt8] in
      if offset < state.position { state = State() }
      while state.position < offset {
        if try next(min(Self.chunk, offset - state.position), &state).isEmpty { return [] }
      }
      var bytes: [UInt8] = []
      while bytes.count < count {
        let piece = try next(count - bytes.count, &state)
        if piece.isEmpty { break }
        bytes += piece
      }
      return bytes
    }
  }

  /// Some of what comes next; none at the end.
  private func next(_ count: Int, _ state: inout State) throws(StoreError) -> [UInt8] {
    while true {
      let piece = state.inflater.next(upTo: count)
      state.position += piece.count
      if !piece.isEmpty || state.inflater.isFinished || state.inflater.isDamaged { return piece }
      let more = try source.read(at: start + state.taken, count: Self.chunk)
      if more.isEmpty { return [] }
      state.taken += more.count
      state.inflater.feed(more)
    }
  }
}

extension AttachmentContent: ByteSource {}
