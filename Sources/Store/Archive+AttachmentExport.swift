import DICOM

/// Attachments on their way out, of any size, with little memory.
extension Archive {
  /// How much of how much is done, in bytes of content. Called after each piece, from any thread.
  public typealias AttachmentProgress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// Bytes of an attachment's content; fewer than asked for only at its end. Whoever reads one piece by piece takes
  /// `content`, which need not begin anew each time. Throws what `content` throws.
  public func bytes(
    of type: AttachmentType, of resource: ResourceReference, in range: Range<Int>
  ) async throws(StoreError) -> [UInt8] {
    let content = try await content(of: type, of: resource)
    return try await Archive.blocking { () throws(StoreError) in
      try content.read(at: range.lowerBound, count: range.count)
    }
  }

  /// Writes the content of an attachment into a file, which gets its name when it is complete and on the disk. Throws
  /// `StoreError`: what `content` throws, `badValue` when the file is there already and `replaces` is false, `closed`
  /// when its task is cancelled, and when the file can't be written. Then nothing is left behind.
  public func exportAttachment(
    _ type: AttachmentType, of resource: ResourceReference, toFile path: String, replaces: Bool,
    progress: AttachmentProgress
  ) async throws(StoreError) {
    let content = try await content(of: type, of: resource)
    let token = storage.names.next()
    let file = try await Archive.blocking { () throws(StoreError) in
      try ExportFile(path, token: token, replaces: replaces)
    }
    do throws(StoreError) {
      try await content.forEachPieceInTurn(progress) { bytes throws(StoreError) in try file.write(bytes) }
      try await Archive.blocking { () throws(StoreError) in try file.finish() }
    } catch {
      file.discard()
      throw error
    }
  }
}

extension AttachmentContent {
  /// The whole content in order, away from the threads that must not block; between two pieces it can be cancelled.
  /// Throws `StoreError`: `closed` then, and what `read` and `body` throw.
  func forEachPieceInTurn(
    _ progress: Archive.AttachmentProgress, _ body: @escaping @Sendable ([UInt8]) throws(StoreError) -> Void
  ) async throws(StoreError) {
    var offset = 0
    while offset < size {
      if Task.isCancelled {
        throw StoreError(.closed, "it was ended before it was complete: nothing has changed")
      }
      let start = offset
      offset += try await Archive.blocking { () throws(StoreError) in
        let piece = try self.read(at: start, count: Self.chunk)
        if piece.isEmpty {
          throw StoreError(.inputOutput, "\(self.name) ends at byte \(start) of \(self.size)")
        }
        try body(piece)
        return piece.count
      }
      progress(offset, size)
    }
  }
}
