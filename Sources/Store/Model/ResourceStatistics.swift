/// How much lies in a resource, as Orthanc's `/statistics` of it says. An instance counts itself.
public struct ResourceStatistics: Equatable, Sendable {
  public var studies: Int
  public var series: Int
  public var instances: Int
  /// Bytes of all attachments at it and below, on the disk and before compression.
  public var diskSize: Int64
  public var uncompressedSize: Int64
  /// The same of the DICOM files alone.
  public var dicomDiskSize: Int64
  public var dicomUncompressedSize: Int64

  public init(
    studies: Int, series: Int, instances: Int, diskSize: Int64, uncompressedSize: Int64,
    dicomDiskSize: Int64, dicomUncompressedSize: Int64
  ) {
    self.studies = studies
    self.series = series
    self.instances = instances
    self.diskSize = diskSize
    self.uncompressedSize = uncompressedSize
    self.dicomDiskSize = dicomDiskSize
    self.dicomUncompressedSize = dicomUncompressedSize
  }
}
