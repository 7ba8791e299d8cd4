import DICOM
import NIOCore
import Store

/// The body of an upload: in memory while it is small, else in a file without a name that goes with it.
///
/// `@unchecked`: filled by one task, then only read.
final class BodySpool: @unchecked Sendable {
  private let folder: String
  private var memory: [UInt8] = []
  private var file: SpoolFile?
  private(set) var size = 0

  /// - Parameter folder: where the file goes, if it comes to that.
  init(folder: String) { self.folder = folder }

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
    if file == nil && size <= HTTPLimits.uploadInMemory {
      memory += piece.readableBytesView
      return
    }
    try await Blocking.run { () throws(StoreError) in
      let file = try self.onDisk()
      try piece.withUnsafeReadableBytes { bytes throws(StoreError) in try file.append(bytes) }
    }
  }

  /// From now on everything goes to a file.
  private func onDisk() throws(StoreError) -> SpoolFile {
    if let file { return file }
    let file = try SpoolFile(folder: folder)
    let start = memory
    try start.span.withUnsafeBytes { bytes throws(StoreError) in try file.append(bytes) }
    memory = []
    self.file = file
    return file
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

    /// A file with just this part, there as long as somebody has it.
    func file() async throws -> SpoolFile {
      if range == 0..<spool.size, let whole = spool.file { return whole }
      let folder = spool.folder
      return try await Blocking.run { () throws(StoreError) in
        let copy = try SpoolFile(folder: folder)
        while copy.size < size {
          let piece = try read(at: copy.size, count: 1 << 20)
          if piece.isEmpty { break }
          try piece.span.withUnsafeBytes { bytes throws(StoreError) in try copy.append(bytes) }
        }
        return copy
      }
    }
  }

  private func read(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
    guard let file else { return Array(memory[range]) }
    return try file.read(at: range.lowerBound, count: range.count)
  }
}
