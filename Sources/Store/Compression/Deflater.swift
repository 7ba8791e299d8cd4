import CIsal
import CZlib
import Synchronization

/// Writes zlib streams (RFC 1950) piece by piece: with ISA-L where it is installed, which is four times as fast, else
/// with zlib.
///
/// `@unchecked`: one owner at a time uses it; `Deflater.use` hands it from one to the next.
final class Deflater: @unchecked Sendable {
  enum Engine: CaseIterable, Sendable { case isal, zlib }

  /// The best that this machine has.
  static let preferred: Engine = isAvailable(.isal) ? .isal : .zlib

  private enum Stream {
    case isal(OpaquePointer)
    case zlib(UnsafeMutablePointer<z_stream>)
  }

  private let stream: Stream
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)

  /// zlib's fastest: level 6, which Orthanc uses, makes CT images smaller by two parts in a hundred and takes six times
  /// as long.
  private static let zlibLevel = Z_BEST_SPEED

  /// Nil where the engine is not installed.
  init?(_ engine: Engine) {
    switch engine {
    case .isal:
      guard let isal = filmroom_isal_create() else { return nil }
      stream = .isal(isal)
    case .zlib:
      let zlib = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      zlib.initialize(to: z_stream())
      deflateInit_(zlib, Self.zlibLevel, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      stream = .zlib(zlib)
    }
  }

  deinit {
    switch stream {
    case .isal(let isal): filmroom_isal_destroy(isal)
    case .zlib(let zlib):
      deflateEnd(zlib)
      zlib.deinitialize(count: 1)
      zlib.deallocate()
    }
    room.deallocate()
  }

  // MARK: Those at hand

  /// Kept, since making one costs more than compressing a small file.
  private static let spare = Mutex<[Deflater]>([])
  private static let spareLimit = 16

  /// One at the start of a stream, for as long as its owner needs it; then `giveBack`.
  static func take() -> Deflater {
    if let kept = spare.withLock({ $0.popLast() }) { return kept }
    guard let made = Deflater(preferred) ?? Deflater(.zlib) else {
      preconditionFailure("zlib is always there")
    }
    return made
  }

  /// Its stream is complete, or given up: whoever took it does not use it any more.
  func giveBack() {
    reset()
    Self.spare.withLock { if $0.count < Self.spareLimit { $0.append(self) } }
  }

  /// Begins a new stream.
  func reset() {
    switch stream {
    case .isal(let isal): filmroom_isal_reset(isal)
    case .zlib(let zlib): deflateReset(zlib)
    }
  }

  /// Whether an engine is installed and does what it should.
  static func isAvailable(_ engine: Engine) -> Bool {
    guard let deflater = Deflater(engine) else { return false }
    let sample = (0..<1000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    guard let packed = try? deflater.all(sample) else { return false }
    var (back, length) = ([UInt8](repeating: 0, count: sample.count), UInt(sample.count))
    return uncompress(&back, &length, packed, UInt(packed.count)) == Z_OK && back == sample
  }

  // MARK: Compressing

  /// Takes the next bytes, and with `isLast` ends the stream; calls `body` with what comes out, a piece at a time.
  func deflate(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    var rest = bytes
    repeat {
      // Both engines count in 32 bits.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
      switch stream {
      case .isal(let isal): try step(isal, part, isLast: isLast && rest.isEmpty, body)
      case .zlib(let zlib): try step(zlib, part, isLast: isLast && rest.isEmpty, body)
      }
    } while !rest.isEmpty
  }

  /// A whole stream.
  func all(_ bytes: [UInt8]) throws(StoreError) -> [UInt8] {
    var packed: [UInt8] = []
    packed.reserveCapacity(bytes.count / 2 + 64)
    try bytes.span.withUnsafeBytes { buffer throws(StoreError) in
      try deflate(buffer, isLast: true) { piece throws(StoreError) in packed.append(contentsOf: piece) }
    }
    return packed
  }

  private func step(
    _ isal: OpaquePointer, _ bytes: UnsafeRawBufferPointer, isLast: Bool,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    var input = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    var inputLength = UInt32(bytes.count)
    var left: UInt32
    repeat {
      var output = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
      left = UInt32(room.count)
      let status = filmroom_isal_deflate(isal, &input, &inputLength, &output, &left, isLast)
      if status != 0 { throw StoreError(.inputOutput, "compressing failed (ISA-L's error \(status))") }
      try hand(out: left, body)
    } while left == 0 || inputLength > 0
  }

  private func step(
    _ zlib: UnsafeMutablePointer<z_stream>, _ bytes: UnsafeRawBufferPointer, isLast: Bool,
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    zlib.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    zlib.pointee.avail_in = UInt32(bytes.count)
    repeat {
      zlib.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
      zlib.pointee.avail_out = UInt32(room.count)
      let status = CZlib.deflate(zlib, isLast ? Z_FINISH : Z_NO_FLUSH)
      if status == Z_STREAM_ERROR {
        throw StoreError(.inputOutput, "compressing failed (zlib's error \(status))")
      }
      try hand(out: zlib.pointee.avail_out, body)
    } while zlib.pointee.avail_out == 0 || zlib.pointee.avail_in > 0
  }

  private func hand(
    out left: UInt32, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
  ) throws(StoreError) {
    let count = room.count - Int(left)
    if count > 0 { try body(UnsafeRawBufferPointer(rebasing: room[..<count])) }
  }
}
