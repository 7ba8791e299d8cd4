import DICOM

/// Gets the content out of a compressed attachment without its archive, as far as it goes.
public enum AttachmentRecovery {
  /// What a file turned out to hold.
  public struct Found: Equatable, Sendable {
    public enum Ending: Equatable, Sendable {
      /// All of it, and its checksum is right.
      case complete
      /// The file ends too soon.
      case truncated
      /// The compressed data make no sense any more, or their checksum is wrong.
      case damaged
      /// It ends in good order, but not where its start says.
      case otherSize
    }

    public var ending: Ending
    /// Bytes that were recovered, and how many there were once.
    public var bytes: Int64
    public var announced: Int64
    /// Whether what was recovered starts as a DICOM file does.
    public var isDICOM: Bool
  }

  private static let chunk = 256 * 1024

  /// Reads a compressed attachment and hands its content out piece by piece. Throws `StoreError`: `badValue` when the file
  /// is no compressed attachment, what reading it and `output` throw.
  public static func recover(
    _ path: String, output: ([UInt8]) throws(StoreError) -> Void
  ) throws(StoreError) -> Found {
    let file = try OpenFile(path)
    let start = try file.read(at: 0, count: ZlibFraming.prefixLength + 2)
    guard ZlibFraming.isPossible(start), let announced = ZlibFraming.size(start) else {
      throw StoreError(
        .badValue, notCompressed(path, try isDICOM(file.read(at: 0, count: FileHeader.sufficientLength))))
    }
    let stream = InflatedStream(file)
    var first: [UInt8] = []
    // What belongs to the content, should the stream go on behind it.
    while stream.end == nil && stream.position < announced {
      let bytes = try stream.read(
        at: stream.position, count: min(chunk, Int(announced) - stream.position))
      if first.count < FileHeader.sufficientLength {
        first += bytes.prefix(FileHeader.sufficientLength - first.count)
      }
      if !bytes.isEmpty { try output(bytes) }
    }
    let recovered = Int64(stream.position)
    // The checksum stands behind the last byte.
    if stream.end == nil { _ = try stream.read(at: stream.position, count: 1) }
    let ending: Found.Ending =
      switch stream.end {
      case .truncated: .truncated
      case .damaged: .damaged
      case .complete where stream.position == announced: .complete
      case .complete, nil: .otherSize
      }
    return Found(ending: ending, bytes: recovered, announced: announced, isDICOM: isDICOM(first))
  }

  private static func notCompressed(_ path: String, _ isDICOM: Bool) -> String {
    isDICOM
      ? "\(path) is not compressed: it is a DICOM file and can be used as it is"
      : "\(path) is no compressed attachment: it does not start with a size and a zlib stream"
  }

  private static func isDICOM(_ start: [UInt8]) -> Bool { (try? Archive.header(start)) != nil }
}
