import Glibc

/// A file that is read from beginning to end on whatever thread stores it; remembers whether it was at fault itself.
///
/// `@unchecked`: one caller at a time uses it.
final class MoveInSource: @unchecked Sendable {
  private let path: String
  private let attachment: OrthancAttachment
  private var content: OrthancContent?
  private(set) var hasFailed = false
  private(set) var isMissing = false

  init(_ path: String, _ attachment: OrthancAttachment) {
    self.path = path
    self.attachment = attachment
  }

  func open() throws(StoreError) {
    do throws(StoreError) {
      content = try OrthancContent(path, attachment)
    } catch {
      hasFailed = true
      isMissing = access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)
      throw error
    }
  }

  func read(_ count: Int) throws(StoreError) -> [UInt8] {
    do throws(StoreError) {
      return try content?.read(count: count) ?? []
    } catch {
      hasFailed = true
      throw error
    }
  }

  func forEachPiece(_ body: ([UInt8]) throws(StoreError) -> Void) throws(StoreError) {
    try open()
    while true {
      let piece = try read(1 << 18)
      if piece.isEmpty { return }
      try body(piece)
    }
  }
}
