import DICOM

/// Searching.
extension Archive {
  /// What matches a query, in its order. Throws `StoreError.notFound` when the parent that it names is gone.
  ///
  /// - Parameter readsFiles: whether files are read for tags that the index doesn't keep; else those are passed over.
  public func find(_ query: ResourceQuery, readsFiles: Bool = true) async throws(StoreError) -> [PublicID] {
    let operations = FindOperations(query, mainTags: mainTags)
    if operations.rest.isEmpty || !readsFiles {
      return try await read { db in
        try InfoOperations.ids(
          db, query.level, keys: try operations.keys(db, since: query.since, limit: query.limit))
      }
    }
    var found: [PublicID] = []
    try await forEachMatch(operations) { id in
      found.append(id)
      return query.limit.map { found.count < query.since + $0 } ?? true
    }
    return Array(found.dropFirst(query.since))
  }

  /// How many resources match a query; since and limit don't count.
  public func count(_ query: ResourceQuery, readsFiles: Bool = true) async throws(StoreError) -> Int {
    let operations = FindOperations(query, mainTags: mainTags)
    if operations.rest.isEmpty || !readsFiles { return try await read { try operations.count($0) } }
    var count = 0
    try await forEachMatch(operations) { _ in
      count += 1
      return true
    }
    return count
  }

  /// Candidates read at once.
  private static let candidates = 200

  /// What the index lets through and a file confirms, until `body` says no.
  private func forEachMatch(
    _ operations: FindOperations, _ body: (PublicID) -> Bool
  ) async throws(StoreError) {
    let level = operations.query.level
    var since = 0
    while true {
      let start = since
      let ids = try await read { db in
        try InfoOperations.ids(
          db, level, keys: try operations.keys(db, since: start, limit: Archive.candidates))
      }
      for id in ids where try await fits(ResourceReference(level, id), operations) {
        if !body(id) { return }
      }
      if ids.count < Archive.candidates { return }
      since += ids.count
    }
  }

  /// One of its instances speaks for all.
  private func fits(
    _ resource: ResourceReference, _ operations: FindOperations
  ) async throws(StoreError) -> Bool {
    guard let instance = try await oneInstance(of: resource) else { return false }
    let summary: DicomSummary
    do throws(StoreError) {
      summary = try await self.summary(of: instance, ignoringLengthOf: Set(operations.rest.keys))
    } catch {
      // Gone meanwhile, or damaged: it matches nothing.
      return false
    }
    return operations.rest.allSatisfy { tag, match in
      let value = summary.elements.first { $0.tag == tag }?.value
      return match.matches(value?.text, isExact: operations.query.isExact)
    }
  }

  /// The resources whose own DICOM identifier this is: PatientID, or a UID.
  public func lookup(_ identifier: String) async throws(StoreError) -> [ResourceReference] {
    let identifiers: [(ResourceLevel, Tag)] = [
      (.patient, .patientID), (.study, .studyInstanceUID), (.series, .seriesInstanceUID),
      (.instance, .sopInstanceUID),
    ]
    var found: [ResourceReference] = []
    for (level, tag) in identifiers {
      var query = ResourceQuery(level: level)
      query.tags[tag] = .single(identifier)
      found += try await find(query).map { ResourceReference(level, $0) }
    }
    return found
  }
}

extension DicomSummary.Value {
  fileprivate var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
}
