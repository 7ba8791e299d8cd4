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
}
