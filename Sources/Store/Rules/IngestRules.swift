import DICOM

/// Which instances may come in.
enum IngestRules {
  /// Checks what the hierarchy needs and what the sender announced. Throws `StoreError`.
  ///
  /// - Parameter identity: that of the summary.
  static func check(
    _ identity: InstanceIdentity, announcedClass: UID? = nil, announcedInstance: UID? = nil
  ) throws(StoreError) {
    let sopClass = UID(identity.sopClass)
    try checkClass(sopClass)
    for (position, tag) in Self.needed {
      let uid = UID(identity.identifiers[position])
      if uid.isValid { continue }
      let fault = uid.value.isEmpty ? "missing" : "no valid UID"
      throw StoreError(.dataSetMismatch, "\(DataDictionary.name(of: tag)) \(tag) is \(fault)", tag: tag)
    }
    if let announcedClass, announcedClass != sopClass {
      throw StoreError(
        .dataSetMismatch, "the data set is of another SOP class than was announced", tag: .sopClassUID)
    }
    if let announcedInstance, announcedInstance.value != identity.identifiers[3] {
      throw StoreError(
        .dataSetMismatch, "the data set is another SOP instance than was announced", tag: .sopInstanceUID)
    }
  }

  /// Throws `StoreError` for what is DICOM but no instance of a patient.
  static func checkClass(_ sopClass: UID) throws(StoreError) {
    if sopClass == mediaStorageDirectory {
      throw StoreError(
        .cannotUnderstand, "a DICOMDIR: it lists files and is no image itself", tag: .sopClassUID)
    }
  }

  /// What must be a UID, and where it stands among the identifiers.
  private static let needed = [(1, Tag.studyInstanceUID), (2, .seriesInstanceUID), (3, .sopInstanceUID)]
  private static let mediaStorageDirectory: UID = "1.2.840.10008.1.3.10"

  /// Works out what the index stores of an instance.
  ///
  /// - Parameter identity: the summary's, where it is known already.
  static func prepare(
    _ summary: InstanceSummary, _ identity: InstanceIdentity? = nil, tags mainTags: MainDicomTags,
    syntax: TransferSyntax, origin: InstanceOrigin,
    file: StoredFile, head: StoredFile? = nil, dataSetOffset: Int, date: Int64
  ) -> PreparedInstance {
    PreparedInstance(
      identity ?? InstanceIdentity(summary), summary: summary, mainTags: mainTags,
      transferSyntax: syntax.uid.value, origin: origin,
      // A deflated data set has no place in the file where its pixel data would start.
      pixelDataOffset: syntax.isDeflated ? nil : summary.pixelDataOffset,
      pixelDataVR: summary.pixelDataVR?.description, file: file, head: head, dataSetOffset: dataSetOffset,
      date: date)
  }

  /// Instance Number, else Image Index (PET).
  static func indexInSeries(_ instance: PreparedInstance) -> Int? {
    (instance.value(.instanceNumber) ?? instance.value(Tag(0x0054, 0x1330))).flatMap { Int($0) }
  }

  /// How many instances the modality says that the series has: temporal positions times images, slices times
  /// time slices, or cardiac images, in Orthanc's order. Nil when it doesn't say.
  static func expectedInstances(_ instance: PreparedInstance) -> Int? {
    func number(_ group: UInt16, _ element: UInt16) -> Int? {
      instance.value(Tag(group, element)).flatMap { Int($0) }.flatMap { $0 > 0 && $0 < 1 << 31 ? $0 : nil }
    }
    if let images = number(0x0020, 0x1002), let positions = number(0x0020, 0x0105) {
      return images * positions
    }
    if let slices = number(0x0054, 0x0081) { return slices * (number(0x0054, 0x0101) ?? 1) }
    return number(0x0018, 0x1090)
  }
}
