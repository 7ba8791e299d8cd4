import DICOM

/// What the files of an export are called, and what is written behind them.
struct ExportNames {
  private var folders = ZipLayout()
  private let directory: MediaDirectory?
  private var series: ExportSeries?
  private var tags: [Tag: String] = [:]
  private var folder = ""
  private var number = 0

  /// - Parameter folder: where a DICOMDIR takes room while it grows.
  init(_ layout: ExportLayout, folder: String) throws(StoreError) {
    switch layout {
    case .folders: directory = nil
    case .media(let isExtended): directory = try MediaDirectory(folder: folder, isExtended: isExtended)
    }
  }

  var isMedia: Bool { directory != nil }

  func order(_ plan: ExportPlan) -> [ExportSeries] { isMedia ? plan.grouped : plan.series }

  /// - Parameter tags: what a DICOMDIR says of it.
  mutating func begin(_ series: ExportSeries, tags: [Tag: String]) {
    self.series = series
    self.tags = tags
    if !isMedia {
      folder = folders.folder(of: series)
      number = 0
    }
  }

  /// The name of the next file.
  var next: String {
    if let directory { return MediaLayout.path(directory.count).joined(separator: "/") }
    return folder + ZipLayout.fileName(modality: series?.modality ?? "", number: number)
  }

  /// A file of that name has been written.
  mutating func wrote(_ instance: ExportInstance, start: [UInt8]) throws(StoreError) {
    number += 1
    if let directory, let series { try directory.add(instance, of: series, tags: tags, start: start) }
  }

  /// - Parameter pause: called between two pieces of what is written behind the files.
  func finish(into zip: ZipWriter, pause: () async throws -> Void) async throws {
    try await directory?.finish(into: zip, date: Archive.now(), pause: pause)
  }
}
