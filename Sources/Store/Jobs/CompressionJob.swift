import DICOM
import GRDB

/// Compresses every attachment, or lays every one on the disk as it is. Those that are so already are passed over, so
/// that a job that begins anew goes on where it was.
extension Archive {
  /// An attachment that is not as it is to be.
  private struct Place: Sendable {
    var level: Int
    var resource: Int64
    var type: Int
    /// Nil when what it is attached to is gone.
    var owner: ResourceReference?
  }

  private static let compressionPage = 200

  func compressionJob(_ isCompressed: Bool, _ control: JobControl) async throws -> JobOutcome {
    await committer.settle()
    let present = isCompressed ? 1 : 2
    let total = try await index.read { db in
      try Int.fetchOne(db, sql: "SELECT count(*) FROM attachment WHERE compression = ?", arguments: [present])
        ?? 0
    }
    var (seen, changed) = (0, 0)
    var faults: [String] = []
    var last = Place(level: 0, resource: 0, type: 0)
    while true {
      let page = try await compressionPage(after: last, present)
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

  private func rewrite(_ place: Place, isCompressed: Bool) async throws(StoreError) -> Bool {
    guard let owner = place.owner else { return false }
    let type = AttachmentType(rawValue: place.type)
    return isCompressed
      ? try await compressAttachment(type, of: owner) : try await uncompressAttachment(type, of: owner)
  }

  private func compressionPage(after last: Place, _ compression: Int) async throws(StoreError) -> [Place] {
    try await index.read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT level, resource, type FROM attachment
          WHERE (level, resource, type) > (?, ?, ?) AND compression = ?
          ORDER BY level, resource, type LIMIT \(Self.compressionPage)
          """, arguments: [last.level, last.resource, last.type, compression])
      return try rows.map { row in
        var place = Place(level: row["level"], resource: row["resource"], type: row["type"])
        if let level = ResourceLevel(rawValue: place.level) {
          let owner = try Row.fetchOne(
            db, sql: "SELECT public_id FROM \(IndexSchema.table(level)) WHERE id = ?",
            arguments: [place.resource])
          // One that is out of sight has no id any more.
          place.owner = try? owner.map { ResourceReference(level, try $0.publicID("public_id")) }
        }
        return place
      }
    }
  }
}
