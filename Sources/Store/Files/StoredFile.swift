import Crypto

/// A file of the storage area, as the index remembers it.
struct StoredFile: Equatable, Sendable {
  /// The MD5 of a file, which for a large one may still be worked out when the file is durable, and for a small one is
  /// when it is indexed: no answer waits for it.
  enum Digest: Equatable, Sendable {
    case known([UInt8])
    case pending(BackgroundDigest)
    case ofBytes([UInt8])

    static func == (one: Digest, other: Digest) -> Bool { one.value() == other.value() }

    /// Sixteen bytes. Waits for them.
    func value() -> [UInt8] {
      switch self {
      case .known(let value): value
      case .pending(let digest): digest.value()
      case .ofBytes(let bytes): Array(Insecure.MD5.hash(data: bytes))
      }
    }
  }

  /// What lies on the disk of a compressed file.
  struct Packed: Equatable, Sendable {
    var size: Int64
    var digest: Digest?
  }

  var uuid: String
  /// Bytes of the content.
  var size: Int64
  /// Of the content; nil when `StoreMD5ForAttachments` is off.
  var digest: Digest?
  /// Nil: the content lies on the disk as it is.
  var packed: Packed?
  /// The whole file as it is to lie on the disk, where it is small: it is written once the journal has it. Nil: it lies in
  /// the storage area.
  var bytes: [UInt8]?

  init(uuid: String, size: Int64, digest: Digest?, packed: Packed? = nil, bytes: [UInt8]? = nil) {
    self.uuid = uuid
    self.size = size
    self.digest = digest
    self.packed = packed
    self.bytes = bytes
  }

  /// A file that is still in memory. Throws `StoreError` when it can't be compressed.
  init(uuid: String, content: [UInt8], isCompressed: Bool, hasDigest: Bool) throws(StoreError) {
    self.init(
      uuid: uuid, size: Int64(content.count), digest: hasDigest ? .ofBytes(content) : nil, bytes: content)
    if isCompressed && !content.isEmpty {
      let packed = try ZlibFraming.compressed(content)
      bytes = packed
      // What it takes to hash them is little beside what it took to compress them; and they are not kept twice.
      let value = hasDigest ? Digest.ofBytes(packed).value() : nil
      digest = digest.map { .known($0.value()) }
      self.packed = Packed(size: Int64(packed.count), digest: value.map { .known($0) })
    }
  }

  var isCompressed: Bool { packed != nil }

  /// Bytes on the disk.
  var diskSize: Int64 { packed?.size ?? size }

  /// MD5 of the content, sixteen bytes. Waits for it.
  var md5: [UInt8]? { digest?.value() }

  /// MD5 of the bytes on the disk. Waits for it.
  var diskMD5: [UInt8]? { packed.map { $0.digest?.value() } ?? md5 }
}
