import DICOM

/// Moves an Orthanc's archive in, patient by patient, in the order in which Orthanc would recycle them: ours is the
/// same then.
struct MoveIn: Sendable {
  let archive: Archive
  let orthanc: OrthancFolder
  let index: OrthancIndex
  let tally: MoveInTally
  let isCancelled: @Sendable () -> Bool

  /// Instances at once: their disk syncs run side by side and share commits.
  private static let parallel = 8
  private static let page = 256

  init(
    _ archive: Archive, _ orthanc: OrthancFolder, _ index: OrthancIndex,
    progress: @escaping @Sendable (MoveInReport) -> Void, told: @escaping @Sendable (MoveInFault) -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.archive = archive
    self.orthanc = orthanc
    self.index = index
    self.isCancelled = isCancelled
    tally = MoveInTally(progress: progress, told: told)
  }

  func run() async throws(StoreError) -> MoveInReport {
    let count = try index.countInstances()
    tally.update { $0.ofInstances = count }
    for patient in try index.patients() {
      if isCancelled() { break }
      try await move(patient)
    }
    for stray in try index.strays() {
      tally.tell(
        .unreadableRow, Self.name(stray), "it belongs to nothing (row \(stray.key))",
        isInstance: stray.level == .instance)
    }
    if !isCancelled() { try await MoveInProperties(self).move() }
    if isCancelled() { tally.update { $0.isInterrupted = true } }
    return tally.report
  }

  static func name(_ resource: OrthancResource) -> String {
    "\(resource.level.name.lowercased()) \(resource.publicID)"
  }

  private func move(_ patient: OrthancPatient) async throws(StoreError) {
    let details = MoveInDetails(self)
    var last: Int64 = 0
    while !isCancelled() {
      let page = try index.instances(of: patient.key, after: last, limit: Self.page)
      guard let end = page.last else { break }
      last = end.resource.key
      let placed = try await move(page)
      try await details.move(placed)
    }
    // An interrupted one is finished by the next run.
    if isCancelled() { return }
    var branches: [PlacedResource] = []
    for resource in try index.branches(of: patient) {
      branches.append(
        PlacedResource(resource, PublicID(resource.publicID), try index.details(of: resource.key)))
    }
    try await details.move(branches)
    try await details.protect(patient)
  }

  /// Moves some instances side by side. Gives those that are here, under which identifier.
  private func move(_ instances: [OrthancInstance]) async throws(StoreError) -> [PlacedResource] {
    do {
      return try await withThrowingTaskGroup(of: PlacedResource?.self) { group in
        var placed: [PlacedResource] = []
        var next = instances.makeIterator()
        for _ in 0..<Self.parallel {
          if let instance = next.next() { group.addTask { try await move(instance) } }
        }
        while let result = try await group.next() {
          if let result { placed.append(result) }
          if !isCancelled(), let instance = next.next() { group.addTask { try await move(instance) } }
        }
        return placed
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.closed, "the move was ended")
    }
  }

  private func move(_ instance: OrthancInstance) async throws(StoreError) -> PlacedResource? {
    let resource = instance.resource
    let details = try index.details(of: resource.key)
    guard let file = instance.file, let path = orthanc.file(file.uuid) else {
      let reason = instance.file.map { "its file has the name \($0.uuid), which is none of Orthanc's" }
      tally.tell(
        .unreadableRow, Self.name(resource), reason ?? "the index names no DICOM file for it",
        isInstance: true)
      return nil
    }
    guard let expected = PublicID(resource.publicID) else {
      tally.tell(
        .unreadableRow, Self.name(resource), "“\(resource.publicID)” is no identifier of Orthanc's",
        isInstance: true)
      return nil
    }
    if let held = try archive.index.readNow({ try MoveInOperations.held($0, expected) }) {
      if isSame(held, file, path) {
        tally.update { $0.present += 1 }
        return PlacedResource(resource, expected, details)
      }
      if !archive.configuration.overwriteInstances {
        tellOtherVersion(path, resource)
        return PlacedResource(resource, expected, details)
      }
    }
    guard let result = try await take(path, file, resource, details) else { return nil }
    let id = result.instance
    if id != expected {
      tally.tell(.otherIdentifier, Self.name(resource), "here it is \(id)", isInstance: false)
    }
    switch result.status {
    case .stored: tally.update { $0.stored += 1 }
    case .overwritten: tally.update { $0.overwritten += 1 }
    case .alreadyStored:
      // Under another identifier, or it came from elsewhere meanwhile.
      let held = try archive.index.readNow { try MoveInOperations.held($0, id) }
      if let held, isSame(held, file, path) {
        tally.update { $0.present += 1 }
      } else {
        tellOtherVersion(path, resource)
      }
    }
    return PlacedResource(resource, id, details)
  }

  private func tellOtherVersion(_ path: String, _ resource: OrthancResource) {
    tally.tell(
      .otherVersion, Self.name(resource), "\(path) was left out. OverwriteInstances set to true takes it",
      isInstance: true)
  }

  /// Whether the archive has what Orthanc has. A file that had no meta information has been given it here.
  private func isSame(_ held: MoveInOperations.Held, _ file: OrthancAttachment, _ path: String) -> Bool {
    if let ours = held.md5, let theirs = file.md5, ours == theirs { return true }
    if (held.md5 == nil || file.md5 == nil) && held.size == file.size { return true }
    guard let content = try? OrthancContent(path, file), let start = try? content.read(count: 132) else {
      return false
    }
    return start.count < 132 || !start[128...].elementsEqual("DICM".utf8)
  }

  /// Stores one file. Nil where it could not be, which has been told.
  private func take(
    _ path: String, _ file: OrthancAttachment, _ resource: OrthancResource, _ details: OrthancDetails
  ) async throws(StoreError) -> StoreResult? {
    let source = MoveInSource(path, file)
    do throws(StoreError) {
      try source.open()
      return try await archive.store(
        size: Int(file.size), origin: details.origin, date: details.date(.instance)
      ) { _, count throws(StoreError) in try source.read(count) }
    } catch {
      try note(error, source, path, resource)
      return nil
    }
  }

  /// Tells why an instance did not come in. Throws what concerns the archive and not the instance.
  private func note(
    _ error: StoreError, _ source: MoveInSource, _ path: String, _ resource: OrthancResource
  ) throws(StoreError) {
    if source.hasFailed {
      let kind = source.isMissing ? MoveInFault.Kind.missingFile : .damagedFile
      return tally.tell(kind, path, "\(error.message), \(Self.name(resource))", isInstance: true)
    }
    switch error.code {
    case .storageFull, .storageUnusable, .storageInUse, .closed, .inputOutput: throw error
    case .cannotUnderstand, .dataSetMismatch, .notFound, .badValue, .readOnly, .revisionConflict:
      tally.tell(.refusedInstance, Self.name(resource), "\(error.message), \(path)", isInstance: true)
    }
  }
}
