import DICOM
import Synchronization

extension Archive {
  /// The resources that an identifier names, at whatever level.
  public func resources(named id: PublicID) async throws(StoreError) -> [ResourceReference] {
    await committer.settle()
    return try await index.read { try ExportOperations.resources($0, named: id) }
  }

  /// Writes instances into a new ZIP file. Never more of it than a few megabytes is in memory. The file gets its name when it is complete; when this throws there is none.
  ///
  /// - Parameters:
  ///   - path: absolute, or from the current folder.
  ///   - replaces: whether a file of that name may be there already. Else `StoreError.badValue` is thrown.
  ///   - token: tells this export from others to the same path.
  ///   - progress: hears how far it is between two instances and within large ones. What it throws ends the export.
  public func export(
    _ selection: ExportSelection, layout: ExportLayout = .folders, to path: String, replaces: Bool,
    token: String,
    progress: @Sendable (ExportProgress) async throws -> Void
  ) async throws -> ExportSummary {
    let plan = try await exportPlan(selection)
    let file = try ExportFile(path, token: token, replaces: replaces)
    defer { file.discard() }
    let writer = ZipWriter { bytes throws(StoreError) in try file.write(bytes) }
    let state = try await zip(plan, layout, into: writer, progress)
    try await Archive.blocking { () throws(StoreError) in
      try writer.finish()
      try file.finish()
    }
    return ExportSummary(
      path: path, instances: state.instances, bytes: state.bytes, archiveSize: Int64(writer.size),
      gone: state.gone)
  }

  /// What a ZIP file of some instances will hold. Throws `StoreError.notFound` when that is nothing.
  public func zipStream(
    of selection: ExportSelection, layout: ExportLayout = .folders
  ) async throws(StoreError) -> ZipStream {
    ZipStream(archive: self, plan: try await exportPlan(selection), layout: layout)
  }

  /// A ZIP file that goes out as it is made, for a connection.
  public struct ZipStream: Sendable {
    let archive: Archive
    let plan: ExportPlan
    let layout: ExportLayout

    /// Hands on the bytes piece by piece, and tells between them how far it is. Throws what the bodies throw, and
    /// `StoreError`; what has gone out by then is no whole file.
    @discardableResult
    public func write(
      to write: ([UInt8]) async throws -> Void, progress: (ExportProgress) async throws -> Void = { _ in }
    ) async throws -> ExportProgress {
      let buffer = Mutex<[UInt8]>([])
      let writer = ZipWriter { bytes throws(StoreError) in buffer.withLock { $0 += bytes } }
      func drain() async throws {
        let bytes = buffer.withLock { waiting in
          defer { waiting = [] }
          return waiting
        }
        if !bytes.isEmpty { try await write(bytes) }
      }
      let last = try await archive.zip(plan, layout, into: writer) {
        try await drain()
        try await progress($0)
      }
      try writer.finish()
      try await drain()
      return last
    }
  }

  private func zip(
    _ plan: ExportPlan, _ layout: ExportLayout, into writer: ZipWriter,
    _ progress: (ExportProgress) async throws -> Void
  ) async throws -> ExportProgress {
    var state = ExportProgress()
    (state.ofInstances, state.ofBytes) = (plan.instances, plan.bytes)
    var names = try ExportNames(layout, folder: uploadFolder)
    try await progress(state)
    for series in names.order(plan) {
      names.begin(series, tags: names.isMedia ? try await directoryTags(of: series) : [:])
      var place = ExportInstance.Place.start
      while true {
        let page = try await exportPage(of: series, after: place)
        guard let last = page.last else { break }
        place = last.place
        for instance in page where series.chosen?.contains(instance.id) ?? true {
          if let start = try await write(instance, names.next, into: writer, &state, progress) {
            try names.wrote(instance, start: start)
          }
          try await progress(state)
        }
      }
    }
    try await names.finish(into: writer) { try await progress(state) }
    return state
  }

  private func directoryTags(of series: ExportSeries) async throws(StoreError) -> [Tag: String] {
    try await index.read { try ExportOperations.directoryTags($0, series: series.key) }
  }

  private func exportPlan(_ selection: ExportSelection) async throws(StoreError) -> ExportPlan {
    await committer.settle()
    return try await index.read { db in
      var plan = ExportPlan()
      switch selection {
      case .all: plan.add(try ExportOperations.series(db, of: nil))
      case .resources(let resources):
        for resource in resources { plan.add(try ExportOperations.series(db, of: resource)) }
      }
      // Whoever asks for nothing gets an empty file, as from Orthanc.
      if plan.instances == 0 && selection != .resources([]) {
        throw StoreError(.notFound, "there is nothing to export")
      }
      return plan
    }
  }

  private func exportPage(
    of series: ExportSeries, after place: ExportInstance.Place
  ) async throws(StoreError) -> [ExportInstance] {
    try await index.read { try ExportOperations.instances($0, of: series.key, after: place, limit: 500) }
  }

  /// An instance up to this size is one piece in memory.
  private static let exportPiece = 4 << 20

  /// Returns the first bytes of the file; nil when it is gone.
  private func write(
    _ instance: ExportInstance, _ name: String, into writer: ZipWriter, _ state: inout ExportProgress,
    _ progress: (ExportProgress) async throws -> Void
  ) async throws -> [UInt8]? {
    let size = Int(instance.size)
    let method: ZipWriter.Method = instance.isCompressed ? .stored : .deflated
    let first: [UInt8]
    do throws(StoreError) {
      first = try await bytes(of: instance.id, in: 0..<min(size, Self.exportPiece))
    } catch {
      // Deleted meanwhile: an archive without it is what was wanted.
      guard error.code == .notFound else { throw error }
      state.gone += 1
      return nil
    }
    try Self.check(first.count, min(size, Self.exportPiece), instance)
    if first.count == size {
      try await Archive.blocking { () throws(StoreError) in
        try writer.add(name, date: instance.date, bytes: first, method: method)
      }
    } else {
      try await Archive.blocking { () throws(StoreError) in
        try writer.begin(name, date: instance.date, expectedSize: size, method: method)
        try writer.append(first)
      }
      var offset = first.count
      while offset < size {
        var told = state
        told.bytes += Int64(offset)
        try await progress(told)
        let end = min(size, offset + Self.exportPiece)
        let piece = try await bytes(of: instance.id, in: offset..<end)
        try Self.check(piece.count, end - offset, instance)
        try await Archive.blocking { () throws(StoreError) in try writer.append(piece) }
        offset = end
      }
      try await Archive.blocking { () throws(StoreError) in try writer.end() }
    }
    state.instances += 1
    state.bytes += instance.size
    return first
  }

  private static func check(_ count: Int, _ expected: Int, _ instance: ExportInstance) throws(StoreError) {
    if count == expected { return }
    throw StoreError(
      .inputOutput,
      "the file of instance \(instance.id) is shorter than the index says: `filmroom verify` tells more")
  }
}
