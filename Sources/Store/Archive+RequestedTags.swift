import DICOM

/// Tags that the REST API is asked for beside those that it shows anyway (Orthanc's `requested-tags`).
extension Archive {
  /// Tags that are counted or collected and stand in no file (PS3.4 §C.6).
  private static let modalitiesInStudy = Tag(0x0008, 0x0061)
  private static let sopClassesInStudy = Tag(0x0008, 0x0062)
  private static let instanceAvailability = Tag(0x0008, 0x0056)
  private static let patientRelatedStudies = Tag(0x0020, 0x1200)
  private static let patientRelatedSeries = Tag(0x0020, 0x1202)
  private static let patientRelatedInstances = Tag(0x0020, 0x1204)
  private static let studyRelatedSeries = Tag(0x0020, 0x1206)
  private static let studyRelatedInstances = Tag(0x0020, 0x1208)
  private static let seriesRelatedInstances = Tag(0x0020, 0x1209)

  /// The values of some tags for a resource: its own, those of what it belongs to, those that are counted, and, where
  /// `readsFile` says so, others from the file of one of its instances. Sequences are DICOM-as-JSON.
  public func requestedTags(
    _ tags: [Tag], of info: ResourceInfo, readsFile: Bool
  ) async throws(StoreError) -> [DicomSummary.Element] {
    var found: [Tag: DicomSummary.Value] = [:]
    for (tag, text) in info.mainTags.merging(info.patientTags, uniquingKeysWith: { own, _ in own })
    where tags.contains(tag) {
      found[tag] = .text(text)
    }
    var missing = tags.filter { found[$0] == nil }
    if !missing.isEmpty { try await addCounted(missing, info, to: &found) }
    missing = missing.filter { found[$0] == nil }
    var level = info.row.level
    while !missing.isEmpty, let above = level.parent {
      let parent = try await self.info(above: info.reference, at: above)
      for tag in missing { if let text = parent.mainTags[tag] { found[tag] = .text(text) } }
      missing = missing.filter { found[$0] == nil }
      level = above
    }
    // What only a file has, and main tags of levels below, where one instance speaks for all.
    if readsFile && !missing.isEmpty, let instance = try await oneInstance(of: info.reference) {
      for element in try await summary(of: instance, ignoringLengthOf: Set(missing)).elements
      where missing.contains(element.tag) {
        found[element.tag] = element.value
      }
    }
    return found.map { tag, value in
      DicomSummary.Element(
        tag: tag, name: DataDictionary.entry(for: tag)?.keyword ?? DataDictionary.name(of: tag),
        privateCreator: nil, value: value)
    }
  }

  /// Any instance below a resource, or itself.
  public func oneInstance(of resource: ResourceReference) async throws(StoreError) -> PublicID? {
    if resource.level == .instance { return resource.id }
    var current = resource
    while let below = current.level.child {
      guard let first = try await info(of: current).children.first else { return nil }
      current = ResourceReference(below, first)
    }
    return current.id
  }

  private func addCounted(
    _ tags: [Tag], _ info: ResourceInfo, to found: inout [Tag: DicomSummary.Value]
  ) async throws(StoreError) {
    let row = info.row
    for tag in tags {
      switch (tag, row.level) {
      case (Self.modalitiesInStudy, .study): found[tag] = .text(row.modalities.joined(separator: "\\"))
      case (Self.studyRelatedSeries, .study): found[tag] = .text(String(row.series))
      case (Self.studyRelatedInstances, .study): found[tag] = .text(String(row.instances))
      case (Self.seriesRelatedInstances, .series): found[tag] = .text(String(row.instances))
      case (Self.patientRelatedStudies, .patient): found[tag] = .text(String(row.studies))
      case (Self.patientRelatedSeries, .patient): found[tag] = .text(String(row.series))
      case (Self.patientRelatedInstances, .patient): found[tag] = .text(String(row.instances))
      case (Self.instanceAvailability, .instance): found[tag] = .text("ONLINE")
      case (Self.sopClassesInStudy, .study):
        found[tag] = .text(try await sopClasses(of: row.reference).joined(separator: "\\"))
      default: continue
      }
    }
  }

  private func sopClasses(of study: ResourceReference) async throws(StoreError) -> [String] {
    try await read { try InfoOperations.sopClasses($0, study: try ArchiveIndex.existingKey($0, study)) }
  }
}
