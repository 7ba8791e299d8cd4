import DICOM
import Logging
import TestSupport

@testable import Store

/// In tests a tag is DICOM's, not the testing library's.
typealias Tag = DICOM.Tag

/// An archive in a folder of its own.
func makeArchive(
  _ folder: TemporaryFolder, _ adjust: (inout ArchiveConfiguration) -> Void = { _ in }
) throws -> Archive {
  var configuration = ArchiveConfiguration(storageFolder: folder.path + "/storage")
  adjust(&configuration)
  return try Archive(configuration, logger: makeLogger())
}

/// A logger that nobody hears.
func makeLogger() -> Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

extension Archive {
  @discardableResult
  func add(_ bytes: [UInt8]) async throws -> StoreResult {
    try await store(bytes, origin: InstanceOrigin(.localFile))
  }

  func rows(_ level: ResourceLevel, parent: ResourceReference? = nil, filter: String = "") async throws
    -> [ResourceRow]
  {
    let query = ListQuery(level: level, parent: parent, filter: ListFilter(parsing: filter))
    return try await window(query, anchor: .start, limit: 1000).rows
  }

  func faults(deep: Bool = true) throws -> [Fault] {
    var faults: [Fault] = []
    try verify(deep: deep, progress: { _ in }, fault: { faults.append($0) })
    return faults
  }
}
