import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

@testable import Net
@testable import filmroom

/// What the Activity screen has of writes and of who was not let in.
@Suite struct AuditTrailTests {
  private func record(_ uri: String, isRefused: Bool = false) throws -> AuditRecord {
    var record = AuditRecord(
      try RESTRequest(
        method: .delete, target: uri, headers: HTTPFields(), body: RequestBody(buffer: ByteBuffer())),
      status: isRefused ? 401 : 200)
    record.isRefused = isRefused
    return record
  }

  @Test func refusedOnesDoNotDriveOutTheOthers() throws {
    let trail = AuditTrail()
    trail.append(try record("/changes"))
    for number in 0..<2000 { trail.append(try record("/jobs/\(number)", isRefused: true)) }
    let writes = trail.writes(after: 0)
    #expect(writes.first?.uri == "/changes" && writes.count == 101)
    #expect(writes.last?.uri == "/jobs/1999" && writes.last?.status == 401)
    #expect(trail.writes(after: 2000).map(\.number) == [2001])
  }

  @Test func othersAreCountedInTheLine() throws {
    let trail = AuditTrail()
    var refused = try record("/changes", isRefused: true)
    refused.others = 7
    trail.append(refused)
    #expect(trail.writes(after: 0).map(\.uri) == ["/changes (and 7 more)"])
  }
}
