import DICOM

/// One resource as the REST API shows it: what a list shows of it, and who is above and below.
public struct ResourceInfo: Equatable, Sendable {
  public var row: ResourceRow
  /// The main DICOM tags of its level that it has.
  public var mainTags: [Tag: String]
  /// A study's own copy of the main DICOM tags of its patient; empty at other levels.
  public var patientTags: [Tag: String]
  /// The resources one level below, in the order in which they came.
  public var children: [PublicID]
  /// Of an instance: its DICOM file.
  public var file: File?
  /// Of an instance: its place in its series, where the modality said so.
  public var indexInSeries: Int?
  /// Of a series: whether it has all that was announced.
  public var status: SeriesStatus?

  public struct File: Equatable, Sendable {
    /// Bytes of the content.
    public var size: Int64
    public var uuid: String
  }

  public var reference: ResourceReference { row.reference }
}
