import DICOM

/// An instance ready to be indexed: everything worked out that needs no database.
struct PreparedInstance: Sendable {
  /// Identifiers of the four levels, the patient first.
  let ids: [ResourceLevel: PublicID]
  /// Main DICOM tags of each level as UTF-8; absent and empty ones left out.
  let tags: [ResourceLevel: [Tag: String]]
  let sopClass: String
  let transferSyntax: String
  let origin: InstanceOrigin
  let pixelDataOffset: Int?
  let pixelDataVR: String?
  let indexInSeries: Int?
  let expectedInstances: Int?
  let file: StoredFile
  /// Where the data set starts in the file.
  let dataSetOffset: Int
  /// When it was received: seconds since 1970, UTC.
  let date: Int64

  func id(_ level: ResourceLevel) -> PublicID { ids[level]! }
  func tag(_ tag: Tag, _ level: ResourceLevel) -> String { tags[level]?[tag] ?? "" }
}

/// A file of the storage area, as the index remembers it.
struct StoredFile: Equatable, Sendable {
  var uuid: String
  var size: Int64
  /// MD5 of the content, sixteen bytes; nil when `StoreMD5ForAttachments` is off.
  var md5: [UInt8]?
  /// The whole file, where it is small: it is written once the journal has it. Nil: it lies in the storage area.
  var bytes: [UInt8]?
}
