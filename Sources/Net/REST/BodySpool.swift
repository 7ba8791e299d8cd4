import DICOM
import NIOCore
import Store

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The body of an upload: in memory while it is small, else in a file without a name that goes with it.
///
/// `@unchecked`: filled by one task, then only read.
final class BodySpool: @unchecked Sendable {
  private let folder: String
  private var memory: [UInt8] = []
  private var file: Int32 = -1
  private(set) var size = 0

  /// - Parameter folder: where the file goes, if it comes to that.
  init(folder: String) { self.folder = folder }

  deinit { if file >= 0 { close(file) } }

  /// Takes in a body, decompressed where an encoding says so. Throws `RESTError` when it is too long, or its encoding
  /// isn't known or broken.
  func take(_ body: some AsyncSequence<ByteBuffer, any Error>, encoding: String?) async throws {
    var inflater: Inflater?
    switch encoding?.lowercased() {
    case nil, "", "identity": break
    case "gzip", "x-gzip", "deflate":
      var limits = ParserLimits()
      limits.inflatedBytes = HTTPLimits.inflatedUpload
      inflater = Inflater(limits: limits, format: .gzipOrZlib)
    case let other?:
      throw RESTError(
        .badRequest, "the content encoding \(other) is not supported: gzip and deflate are", status: 415)
    }
    for try await piece in body {
      guard let inflater else {
        try await append(piece)
        continue
      }
      var inflated = ByteBuffer()
      do {
        try piece.withUnsafeReadableBytes { bytes in
          try inflater.inflate(bytes) { inflated.writeBytes($0) }
        }
      } catch let error as DataSetError {
        throw RESTError(.badRequest, "the compressed body is broken: \(error.description)")
      }
      try await append(inflated)
    }
    if let inflater, !inflater.isFinished { throw RESTError(.badRequest, "the compressed body is cut off") }
  }

  static let tooLong = RESTError(
    .badRequest, "the file has more than \(HTTPLimits.upload) bytes", status: 413)

  private func append(_ piece: ByteBuffer) async throws {
    size += piece.readableBytes
    if size > HTTPLimits.upload { throw Self.tooLong }
    if file < 0 && size <= HTTPLimits.uploadInMemory {
      memory += piece.readableBytesView
      return
    }
    try await Blocking.run { () throws(StoreError) in
      if self.file < 0 { try self.moveToFile() }
      try piece.withUnsafeReadableBytes { bytes throws(StoreError) in try self.write(bytes) }
    }
  }

  private func moveToFile() throws(StoreError) {
    let path = folder + "/upload-" + String(UInt64.random(in: .min ... .max), radix: 16)
    file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if file < 0 { throw failure() }
    // Without a name, it goes with the last who has it open.
    unlink(path)
    let start = memory
    memory = []
    try start.span.withUnsafeBytes { bytes throws(StoreError) in try write(bytes) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw failure() }
      rest = rest.dropFirst(count)
    }
  }

  private func failure() -> StoreError {
    let reason = String(cString: strerror(errno))
    return StoreError(
      errno == ENOSPC || errno == EDQUOT ? .storageFull : .inputOutput,
      "an upload can't be kept in \(folder): \(reason)")
  }

  /// A part of the body.
  func part(_ range: Range<Int>) -> Part { Part(spool: self, range: range) }

  struct Part: Sendable {
    fileprivate let spool: BodySpool
    let range: Range<Int>

    var size: Int { range.count }

    /// At most `count` bytes from an offset; fewer only at the end. Blocks.
    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
      let start = range.lowerBound + offset
      return try spool.read(start..<max(start, min(range.upperBound, start + count)))
    }

    func starts(with bytes: [UInt8]) -> Bool { (try? read(at: 0, count: bytes.count)) == bytes }

    /// A file with just this part, there as long as the spool of it is.
    func file() async throws -> BodySpool {
      if range == 0..<spool.size && spool.file >= 0 { return spool }
      let copy = BodySpool(folder: spool.folder)
      try await Blocking.run { () throws(StoreError) in
        try copy.moveToFile()
        var offset = 0
        while offset < size {
          let piece = try read(at: offset, count: 1 << 20)
          if piece.isEmpty { break }
          try piece.span.withUnsafeBytes { bytes throws(StoreError) in try copy.write(bytes) }
          offset += piece.count
        }
      }
      copy.size = size
      return copy
    }
  }

  /// Where the file can be opened by name.
  var path: String { "/proc/self/fd/\(file)" }

  private func read(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
    if file < 0 { return Array(memory[range]) }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < range.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(file, buffer.baseAddress! + done, range.count - done, off_t(range.lowerBound + done))
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw failure() }
      if count == 0 { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }
}
