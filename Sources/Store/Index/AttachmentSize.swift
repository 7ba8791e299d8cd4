import GRDB

/// Bytes of attachments on the disk, and of their contents.
struct AttachmentSize: Equatable, Sendable {
  var onDisk: Int64 = 0
  var ofContent: Int64 = 0
  /// How much of them is no DICOM file.
  var otherOnDisk: Int64 = 0
  var otherOfContent: Int64 = 0

  init() {}

  /// Of DICOM files.
  init(onDisk: Int64, ofContent: Int64) { (self.onDisk, self.ofContent) = (onDisk, ofContent) }

  init(_ type: AttachmentType, onDisk: Int64, ofContent: Int64) {
    self.init(onDisk: onDisk, ofContent: ofContent)
    if type != .dicom { (otherOnDisk, otherOfContent) = (onDisk, ofContent) }
  }

  init(_ type: AttachmentType, _ file: StoredFile) {
    self.init(type, onDisk: file.diskSize, ofContent: file.size)
  }

  var dicomOnDisk: Int64 { onDisk - otherOnDisk }
  var dicomOfContent: Int64 { ofContent - otherOfContent }

  /// In the order of the columns.
  var arguments: StatementArguments { [onDisk, ofContent, otherOnDisk, otherOfContent] }

  static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.onDisk += right.onDisk
    sum.ofContent += right.ofContent
    sum.otherOnDisk += right.otherOnDisk
    sum.otherOfContent += right.otherOfContent
    return sum
  }

  static prefix func - (size: Self) -> Self {
    var negative = Self(onDisk: -size.onDisk, ofContent: -size.ofContent)
    (negative.otherOnDisk, negative.otherOfContent) = (-size.otherOnDisk, -size.otherOfContent)
    return negative
  }

  static func - (left: Self, right: Self) -> Self { left + -right }
}
