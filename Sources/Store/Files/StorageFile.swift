/// A new file of the storage area that is written as it comes, compressed on the way if that is asked for, and then made
/// durable under its name.
///
/// Not thread-safe.
final class StorageFile {
  let uuid: String
  /// Bytes of the content so far.
  private(set) var size: Int64 = 0
  private let file: LargeFile
  private let storage: StorageArea
  private let packer: Packer?

  /// Compresses content in pieces of a buffer's size, and has its MD5 worked out.
  private final class Packer {
    let deflater = Deflater.take()
    var buffer = PageBuffer()
    let digest: BackgroundDigest?

    init(hasDigest: Bool) { digest = hasDigest ? BackgroundDigest() : nil }

    deinit { deflater.giveBack() }
  }

  /// Begins a file under a name that nobody has. Throws `StoreError`.
  init(storage: StorageArea, isCompressed: Bool, hasDigest: Bool) throws(StoreError) {
    self.storage = storage
    uuid = try storage.takeLastingName()
    do throws(StoreError) {
      file = try LargeFile(
        storage.incomingPath(of: uuid), hasDigest: hasDigest,
        lateStart: isCompressed ? ZlibFraming.prefixLength : 0)
    } catch {
      storage.lastingNames.giveBack(uuid, in: storage)
      throw error
    }
    packer = isCompressed ? Packer(hasDigest: hasDigest) : nil
  }

  /// Takes the next bytes of the content. Throws `StoreError`.
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    size += Int64(bytes.count)
    guard let packer else { return try file.append(bytes) }
    var rest = bytes
    while !rest.isEmpty {
      rest = UnsafeRawBufferPointer(rebasing: rest[packer.buffer.append(rest)...])
      if packer.buffer.isFull { try pack(packer, isLast: false) }
    }
  }

  /// For a moment no more comes: what has come may be written. Throws `StoreError`.
  func flush() throws(StoreError) { try file.flush() }

  /// Writes what is left. Throws `StoreError`.
  func complete() throws(StoreError) {
    guard let packer else { return try file.complete() }
    if size == 0 { return file.completeEmpty() }
    try pack(packer, isLast: true)
    packer.digest?.complete()
    try file.complete(start: ZlibFraming.prefix(size: size))
  }

  private func pack(_ packer: Packer, isLast: Bool) throws(StoreError) {
    let full = packer.buffer
    packer.buffer = PageBuffer()
    if full.count > 0 { packer.digest?.update(full) }
    try packer.deflater.deflate(full.bytes, isLast: isLast) { piece throws(StoreError) in
      try file.append(piece)
    }
  }

  /// Makes the complete file durable under its final name. Throws `StoreError`; then only `discard` may follow.
  func publish() throws(StoreError) -> StoredFile {
    try file.sync()
    file.close()
    guard let packer, size > 0 else { return StoredFile(uuid: uuid, size: size, digest: file.digest) }
    return StoredFile(
      uuid: uuid, size: size, digest: packer.digest.map { .pending($0) },
      packed: StoredFile.Packed(size: Int64(file.size), digest: file.digest))
  }

  /// Removes it under both names.
  func discard() {
    file.close()
    storage.removeUnfinished([uuid])
  }
}
