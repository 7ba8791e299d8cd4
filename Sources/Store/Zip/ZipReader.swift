/// How much a ZIP archive may ask for.
public struct ZipLimits: Sendable {
  /// Bytes of the central directory, which is read whole.
  public var directoryBytes = 1 << 30
  /// What all entries inflate to may be so many times the archive's own size …
  public var inflationRatio = 200
  /// … and in any case so many bytes.
  public var inflationAllowance = 1 << 30

  public init() {}
}

/// One entry of a ZIP archive, as its central directory tells.
public struct ZipEntry: Sendable {
  /// As it stands there, for messages: nothing is ever written under it.
  public var name: String
  /// Bytes of the content.
  public var size: Int
  var compressedSize: Int
  var checksum: UInt32
  var method: UInt16
  var flags: UInt16
  /// Where its header is, and where whatever lies behind it begins.
  var offset: Int
  var limit: Int
  var nameLength: Int

  public var isFolder: Bool { name.hasSuffix("/") }
}

/// Reads a ZIP archive on the disk by its central directory. Its entries may neither overlap nor inflate beyond
/// `ZipLimits`; each one's size and checksum are compared while it is read.
public final class ZipReader: Sendable {
  public let path: String
  /// In the order in which they lie in the file.
  public let entries: [ZipEntry]
  let file: OpenFile

  /// Whether a file begins like a ZIP archive and not like DICOM, whose first 128 bytes may be anything.
  public static func isArchive(_ path: String) -> Bool {
    guard let file = try? OpenFile(path), let start = try? file.read(at: 0, count: 132) else { return false }
    let isDICOM = start.count == 132 && start[128...].elementsEqual("DICM".utf8)
    return !isDICOM
      && (start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6]))
  }

  /// Throws `StoreError`: `cannotUnderstand` for what is no ZIP archive, is damaged, or is beyond the limits.
  public init(_ path: String, limits: ZipLimits = ZipLimits()) throws(StoreError) {
    self.path = path
    file = try OpenFile(path)
    entries = try ZipDirectory(file, path: path, limits: limits).entries()
  }

  /// An entry's content from its start. Throws `StoreError` for one that is encrypted, or compressed in a way that
  /// only few programs know.
  func stream(_ entry: ZipEntry) throws(StoreError) -> ZipEntryStream {
    try ZipEntryStream(entry, of: self)
  }
}
