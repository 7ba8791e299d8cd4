import DICOM

/// An instance ready to be indexed: everything that needs no database. What only the first instance of a series
/// needs is worked out when it is asked for.
///
/// A class, since it passes through many hands on its way, and never changes.
final class PreparedInstance: Sendable {
  let identity: InstanceIdentity
  let summary: InstanceSummary
  let mainTags: MainDicomTags
  let transferSyntax: String
  let origin: InstanceOrigin
  let pixelDataOffset: Int?
  let pixelDataVR: String?
  let file: StoredFile
  /// What stands in the file before the pixel data, as a file of its own; nil when there is none.
  let head: StoredFile?
  /// Where the data set starts in the file.
  let dataSetOffset: Int
  /// When it was received: seconds since 1970, UTC.
  let date: Int64

  init(
    _ identity: InstanceIdentity, summary: InstanceSummary, mainTags: MainDicomTags, transferSyntax: String,
    origin: InstanceOrigin, pixelDataOffset: Int?, pixelDataVR: String?, file: StoredFile, head: StoredFile?,
    dataSetOffset: Int, date: Int64
  ) {
    self.identity = identity
    self.summary = summary
    self.mainTags = mainTags
    self.transferSyntax = transferSyntax
    self.origin = origin
    self.pixelDataOffset = pixelDataOffset
    self.pixelDataVR = pixelDataVR
    self.file = file
    self.head = head
    self.dataSetOffset = dataSetOffset
    self.date = date
  }

  /// PatientID, then the UIDs of study, series and instance.
  var identifiers: [String] { identity.identifiers }
  var sopClass: String { identity.sopClass }

  /// Every file of it.
  var files: [StoredFile] { [file] + (head.map { [$0] } ?? []) }

  var size: AttachmentSize {
    AttachmentSize(.dicom, file) + (head.map { AttachmentSize(.dicomUntilPixelData, $0) } ?? AttachmentSize())
  }

  /// Bytes that its files take on the disk.
  var diskSize: Int64 { size.onDisk }

  /// The identifier of the instance, or of what it lies in.
  func id(_ level: ResourceLevel) -> PublicID {
    PublicID(dicomIdentifiers: Array(identifiers[..<level.rawValue]))
  }

  /// A main DICOM tag as UTF-8; empty when absent.
  func tag(_ tag: Tag) -> String { summary.text(tag) ?? "" }

  /// The same; nil when absent or empty.
  func value(_ tag: Tag) -> String? { summary.text(tag).flatMap { $0.isEmpty ? nil : $0 } }

  /// The main DICOM tags of a level as UTF-8; absent and empty ones left out.
  func tags(_ level: ResourceLevel) -> [Tag: String] {
    var values: [Tag: String] = [:]
    for tag in mainTags.all(level) {
      if let text = value(tag) { values[tag] = text }
    }
    return values
  }
}
