import Crypto
import DICOM
import Foundation
import GRDB
import Glibc

extension Archive {
  /// Checks every attachment against the index: that its file is there and has its size, and with `deep` that
  /// its MD5 is right; then that no file is unknown, no row hangs in the air and every counter is right. Tells each
  /// fault as it is found.
  ///
  /// Blocks: not for an event loop. Throws `StoreError` when the index can't be read. `isCancelled` ends it between two
  /// steps.
  public func verify(
    deep: Bool, progress: (VerificationProgress) -> Void, fault: (Fault) -> Void,
    isCancelled: () -> Bool = { false }
  ) throws(StoreError) {
    var run = try VerificationRun(self, deep: deep)
    while !isCancelled() {
      guard try run.step(fault) else { break }
      progress(run.progress)
    }
  }

  /// A row of `attachment`.
  struct StoredAttachment {
    var level: Int
    var resource: Int64
    var row: AttachmentRow

    init(_ row: Row) {
      level = row["level"]
      resource = row["resource"]
      self.row = AttachmentRow(row)
    }

    var type: Int { Int(row.type.rawValue) }
    var uuid: String { row.uuid }
    var diskSize: Int64 { row.size.onDisk }
  }

  /// The next thousand attachments behind a place in the order of their keys.
  func attachmentPage(
    after place: (level: Int, resource: Int64, type: Int)
  ) throws(StoreError) -> [StoredAttachment] {
    try index.readNow { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM attachment
          WHERE (level, resource, type) > (?, ?, ?) ORDER BY level, resource, type LIMIT 1000
          """, arguments: [place.level, place.resource, place.type]
      ).map { StoredAttachment($0) }
    }
  }

  /// What is wrong with the file of an attachment, told with the resource that it belongs to.
  func check(_ attachment: StoredAttachment, deep: Bool) throws(StoreError) -> Fault? {
    guard var fault = damage(attachment.row, deep: deep) else { return nil }
    if let owner = try owner(of: attachment) { fault.detail += ", \(owner)" }
    return fault
  }

  private func owner(of attachment: StoredAttachment) throws(StoreError) -> String? {
    guard let level = ResourceLevel(rawValue: attachment.level) else { return nil }
    let row = try index.readNow { db in
      try Row.fetchOne(
        db, sql: "SELECT public_id FROM \(IndexSchema.table(level)) WHERE id = ?",
        arguments: [attachment.resource])
    }
    guard let id = row.flatMap({ try? $0.publicID("public_id") }) else { return nil }
    return "\(level.name.lowercased()) \(id)"
  }

  func damage(_ attachment: AttachmentRow, deep: Bool) -> Fault? {
    let path = storage.path(of: attachment.uuid)
    let expected = attachment.size.onDisk
    var status = stat()
    if stat(path, &status) != 0 {
      let reason = errno
      return reason == ENOENT || reason == ENOTDIR
        ? Fault(kind: .missingFile, subject: path, detail: "\(expected) bytes")
        : Fault(kind: .unreadableFile, subject: path, detail: String(cString: strerror(reason)))
    }
    if status.st_mode & S_IFMT != S_IFREG {
      return Fault(kind: .unreadableFile, subject: path, detail: "no regular file")
    }
    if Int64(status.st_size) != expected {
      return Fault(kind: .wrongSize, subject: path, detail: "\(status.st_size) bytes instead of \(expected)")
    }
    if !deep { return nil }
    do throws(StoreError) {
      return try contentDamage(attachment, path)
        .map { Fault(kind: .wrongContent, subject: path, detail: $0) }
    } catch {
      return Fault(kind: .unreadableFile, subject: path, detail: error.message)
    }
  }

  /// What reading all of a file shows: first the bytes on the disk, then what comes out of a compressed one.
  private func contentDamage(_ attachment: AttachmentRow, _ path: String) throws(StoreError) -> String? {
    func difference(_ digest: [UInt8], _ expected: [UInt8]) -> String? {
      digest == expected ? nil : "MD5 \(Hex.text(digest)) instead of \(Hex.text(expected))"
    }
    if let expected = attachment.diskMD5, let fault = difference(try Self.md5(path), expected) {
      return fault
    }
    guard attachment.isCompressed else { return nil }
    let content = try AttachmentContent(
      OpenFile(path), isCompressed: true, name: path, size: Int(attachment.size.ofContent))
    if let fault = try content.damage() { return fault }
    guard let expected = attachment.md5 else { return nil }
    return difference(try content.md5(), expected).map { "its content has " + $0 }
  }

  static func md5(_ path: String) throws(StoreError) -> [UInt8] {
    let file = try OpenFile(path)
    var digest = Insecure.MD5()
    var offset = 0
    while true {
      let bytes = try file.read(at: offset, count: 1 << 20)
      if bytes.isEmpty { return Array(digest.finalize()) }
      bytes.withUnsafeBytes { digest.update(bufferPointer: $0) }
      offset += bytes.count
    }
  }
}
