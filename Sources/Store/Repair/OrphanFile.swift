import Crypto
import DICOM
import Glibc

/// A file that no row knows, read whole: what the index wants to know of it.
struct OrphanFile {
  let path: String
  /// Bytes of the content; what lies on the disk may be it compressed.
  let size: Int64
  let md5: [UInt8]
  private let packed: StoredFile.Packed?
  /// When it was last written: seconds since 1970, UTC; never in the future.
  let date: Int64
  private let summary: InstanceSummary
  private let header: FileHeader

  private static let chunk = 256 * 1024

  /// Throws `StoreError` with the reason when it is no whole DICOM file of an instance.
  init(_ path: String, tags: CollectedTags) throws(StoreError) {
    var status = stat()
    if lstat(path, &status) != 0 { throw SystemError.last("read", path) }
    let file = try OpenFile(path)
    let content = try Self.content(of: file, path)
    let start = try content.read(at: 0, count: max(FileHeader.sufficientLength, Self.chunk))
    let header = try Archive.header(start)
    if let sopClass = header.meta?.mediaStorageSOPClass { try IngestRules.checkClass(sopClass) }
    var stream = DataSetStream(
      sink: InstanceSummary(tags: tags, syntax: header.transferSyntax), syntax: header.transferSyntax,
      offset: header.dataSetOffset, end: content.size)
    var digest = Insecure.MD5()
    var (offset, chunk) = (0, start)
    do throws(DataSetError) {
      while !chunk.isEmpty {
        digest.update(data: chunk)
        let part = chunk[min(chunk.count, max(0, header.dataSetOffset - offset))...]
        try part.span.withUnsafeBytes { bytes throws(DataSetError) in try stream.feed(bytes) }
        offset += chunk.count
        chunk = Self.next(content, offset)
      }
      try stream.finish()
    } catch {
      throw StoreError(.cannotUnderstand, error.description, tag: error.path.last)
    }
    if offset < content.size { throw StoreError(.inputOutput, "can't be read behind byte \(offset)") }
    if let damage = try content.damage() { throw StoreError(.cannotUnderstand, damage) }
    try IngestRules.check(InstanceIdentity(stream.sink))
    self.path = path
    self.header = header
    size = Int64(content.size)
    md5 = Array(digest.finalize())
    packed =
      content.isCompressed
      ? StoredFile.Packed(size: Int64(file.size), digest: .known(try Archive.md5(path))) : nil
    date = min(Int64(status.st_mtim.tv_sec), Archive.now())
    summary = stream.sink
  }

  /// What it holds, inflated if it is compressed: nothing but trying shows which.
  private static func content(of file: OpenFile, _ path: String) throws(StoreError) -> AttachmentContent {
    let start = try file.read(at: 0, count: ZlibFraming.prefixLength + 2)
    if ZlibFraming.isPossible(start),
      let content = try? AttachmentContent(file, isCompressed: true, name: path),
      let inflated = try? content.read(at: 0, count: FileHeader.sufficientLength),
      (try? Archive.header(inflated)) != nil
    {
      return content
    }
    return try AttachmentContent(file, isCompressed: false, name: path)
  }

  /// Nothing where it can't be read: that shows in what is missing then.
  private static func next(_ content: AttachmentContent, _ offset: Int) -> [UInt8] {
    (try? content.read(at: offset, count: chunk)) ?? []
  }

  /// Whether it describes an image that it does not hold: what is kept of a compressed instance for reading its tags
  /// (`dicom-until-pixel-data`) is a DICOM file of its own otherwise.
  var isHead: Bool { summary.describesPixels && !summary.hasPixels }

  var instance: PublicID { PublicID(dicomIdentifiers: summary.identifiers) }

  /// Whether it is a file as the archive writes them, with its meta information.
  var isProper: Bool { header.meta != nil && header.dataSetOffset >= 132 }

  /// As the index takes it in, under a name of the storage area. Where it came from nobody knows any more; when, its
  /// date tells.
  func prepared(uuid: String, tags: MainDicomTags, hasMD5: Bool) -> PreparedInstance {
    IngestRules.prepare(
      summary, tags: tags, syntax: header.transferSyntax, origin: InstanceOrigin(.unknown),
      file: stored(uuid: uuid, hasMD5: hasMD5),
      dataSetOffset: header.dataSetOffset,
      date: date)
  }

  /// As the index remembers it.
  func stored(uuid: String, hasMD5: Bool) -> StoredFile {
    var packed = packed
    if !hasMD5 { packed?.digest = nil }
    return StoredFile(uuid: uuid, size: size, digest: hasMD5 ? .known(md5) : nil, packed: packed)
  }
}
