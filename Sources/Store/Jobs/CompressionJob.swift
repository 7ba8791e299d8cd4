import DICOM

/// Compresses every attachment, or lays every one on the disk as it is. Those that are so already are passed over, so
/// that a job that begins anew goes on where it was.
extension Archive {
  func compressionJob(_ isCompressed: Bool, _ control: JobControl) async throws -> JobOutcome {
    await committer.settle()
    let total = try await index.read { try CompressionOperations.count($0, isCompressed: !isCompressed) }
    var (seen, changed) = (0, 0)
    var faults: [String] = []
    var last = CompressionOperations.Place()
    while true {
      let page = try await index.read { [last] in
        try CompressionOperations.next($0, after: last, isCompressed: !isCompressed)
      }
      guard let end = page.last else { break }
      last = end
      for place in page {
        do throws(StoreError) {
          if try await rewrite(place, isCompressed: isCompressed) { changed += 1 }
        } catch {
          // Some may have been deleted or replaced meanwhile; what can't be read is told, and the rest goes on.
          switch error.code {
          case .notFound, .revisionConflict: break
          case .inputOutput, .cannotUnderstand: faults.append(error.message)
          default: throw error
          }
        }
        seen += 1
        try await control.stop(JobProgress(done: seen, total: max(total, seen), unit: "attachments"))
      }
    }
    let text = "\(changed) attachments \(isCompressed ? "compressed" : "uncompressed")"
    if faults.isEmpty { return JobOutcome(text: text) }
    return JobOutcome(
      error: .corruptedFile, text: text + ", \(faults.count) could not be read",
      details: Array(faults.prefix(Job.detailLimit)))
  }

  private func rewrite(_ place: CompressionOperations.Place, isCompressed: Bool) async throws(StoreError)
    -> Bool
  {
    guard let owner = place.owner else { return false }
    let type = AttachmentType(rawValue: UInt16(clamping: place.type))
    return isCompressed
      ? try await compressAttachment(type, of: owner) : try await uncompressAttachment(type, of: owner)
  }
}
