import DICOM

extension Archive {
  /// What Orthanc's JSON shows of an instance (DICOM-as-JSON), made from its file each time: a changed dictionary counts at
  /// once.
  ///
  /// - Parameter ignoredLength: elements whose text is shown however long it is.
  public func summary(
    of instance: PublicID, ignoringLengthOf ignoredLength: Set<Tag> = []
  ) async throws(StoreError) -> DicomSummary {
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    return try await Archive.blocking { () throws(StoreError) in
      do {
        return try DicomSummary.read(size: content.size, ignoringLengthOf: ignoredLength) { offset, count in
          try content.read(at: offset, count: count)
        }
      } catch let error as StoreError {
        throw error
      } catch {
        throw StoreError(.cannotUnderstand, "\(content.name): \(error)")
      }
    }
  }

  /// The file meta information of an instance.
  public func header(of instance: PublicID) async throws(StoreError) -> DicomSummary {
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    return try await Archive.blocking { () throws(StoreError) in
      let start = try content.read(at: 0, count: FileHeader.sufficientLength)
      let end = try Archive.header(start).dataSetOffset
      // Group 2 begins behind the preamble, where there is one, and is in explicit little endian.
      let hasPreamble = start.count >= 132 && start[128..<132].elementsEqual("DICM".utf8)
      return DicomSummary.ofMeta(start[(hasPreamble ? 132 : 0)..<min(end, start.count)])
    }
  }

  /// Makes the summary that an old Orthanc has left with an instance (`dicom-as-json`) anew, by the present dictionary.
  /// False when there is none: no new one begins. Throws `StoreError`: `notFound` when the instance is gone,
  /// `revisionConflict` when somebody changes the summary meanwhile, and when the instance can't be read.
  public func renewKeptSummary(of instance: PublicID) async throws(StoreError) -> Bool {
    let resource = ResourceReference(.instance, instance)
    let kept = try await attachments(of: resource).first { $0.type == .dicomAsJSON }
    guard let kept else { return false }
    let json = Array(try await summary(of: instance).json(.full).utf8)
    let writer = try await beginAttachment(.dicomAsJSON, of: resource)
    try await writer.append(json)
    _ = try await writer.finish(expecting: .revision(kept.revision))
    return true
  }
}
