/// Kind of an attachment: 1 is the DICOM file; user-defined ones from 1024 to 65535.
public struct AttachmentType: Hashable, Comparable, Sendable, RawRepresentable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static func < (left: AttachmentType, right: AttachmentType) -> Bool {
    left.rawValue < right.rawValue
  }

  public static let dicom = AttachmentType(rawValue: 1)
  public static let dicomAsJSON = AttachmentType(rawValue: 2)
  public static let dicomUntilPixelData = AttachmentType(rawValue: 3)

  /// Types that people may set.
  public static let userDefined: ClosedRange<UInt16> = 1024...65535

  public var isUserDefined: Bool { Self.userDefined.contains(rawValue) }

  /// Whether people may delete it: their own, and what is made from the DICOM file.
  public var isDeletable: Bool { isUserDefined || self == .dicomAsJSON || self == .dicomUntilPixelData }

  /// Orthanc's name of a core attachment; nil for any other.
  public var coreName: String? { Self.coreNames[rawValue] }

  /// Whether a name belongs to a core attachment.
  public static func isCoreName(_ name: String) -> Bool { coreNames.values.contains(name) }

  static let coreNames: [UInt16: String] = [1: "dicom", 2: "dicom-as-json", 3: "dicom-until-pixel-data"]

  /// Orthanc's name of a core attachment, else the number.
  public var name: String { coreName ?? String(rawValue) }
}

/// What `UserContentType` says of a name.
public struct UserAttachmentType: Equatable, Sendable {
  public var type: AttachmentType
  public var mimeType: String

  /// MIME type of content of which nothing is known.
  public static let unknownMIMEType = "application/octet-stream"

  public init(_ type: AttachmentType, mimeType: String = Self.unknownMIMEType) {
    self.type = type
    self.mimeType = mimeType
  }
}

/// What the index knows of one attachment.
public struct AttachmentInfo: Equatable, Sendable {
  public var type: AttachmentType
  /// Orthanc's name of a core one, one from `UserContentType`, one of the registry, else the number.
  public var name: String
  public var mimeType: String
  /// Name of the file in the storage area, a random UUID in Orthanc's spelling.
  public var uuid: String
  /// Bytes on the disk, and of the content.
  public var diskSize: Int64
  public var uncompressedSize: Int64
  /// MD5 of the bytes on the disk, and of the content, lower-case hexadecimal; nil where none was kept.
  public var diskMD5: String?
  public var md5: String?
  public var isCompressed: Bool
  /// Counts up from 0 with every change of the content.
  public var revision: Int

  public init(
    type: AttachmentType, name: String? = nil, mimeType: String = UserAttachmentType.unknownMIMEType,
    uuid: String, diskSize: Int64, uncompressedSize: Int64, diskMD5: String? = nil, md5: String?,
    isCompressed: Bool, revision: Int
  ) {
    self.type = type
    self.name = name ?? type.name
    self.mimeType = mimeType
    self.uuid = uuid
    self.diskSize = diskSize
    self.uncompressedSize = uncompressedSize
    self.diskMD5 = diskMD5
    self.md5 = md5
    self.isCompressed = isCompressed
    self.revision = revision
  }
}

/// Names and MIME types of attachments, the user-defined ones from `UserContentType`.
struct AttachmentNames: Sendable {
  let types: [String: UserAttachmentType]
  private let named: [AttachmentType: (name: String, mimeType: String)]

  init(_ types: [String: UserAttachmentType]) {
    self.types = types
    named = Dictionary(
      types.map { ($0.value.type, ($0.key, $0.value.mimeType)) }, uniquingKeysWith: { first, _ in first })
  }

  func name(of type: AttachmentType) -> String {
    type.coreName ?? named[type]?.name ?? NumberRegistry.name(ofAttachment: type) ?? type.name
  }

  func mimeType(of type: AttachmentType) -> String {
    switch type {
    case .dicom: "application/dicom"
    case .dicomAsJSON: "application/json"
    default: named[type]?.mimeType ?? UserAttachmentType.unknownMIMEType
    }
  }

  /// The type behind a name or a number. Throws `StoreError.badValue`.
  func type(named text: String) throws(StoreError) -> AttachmentType {
    if let user = types[text] { return user.type }
    if let number = UInt16(text), number > 0 { return AttachmentType(rawValue: number) }
    if let core = AttachmentType.coreNames.first(where: { $0.value == text }) {
      return AttachmentType(rawValue: core.key)
    }
    throw StoreError(
      .badValue,
      "“\(text)” is no attachment: give a number from 1024 to 65535 or a name from UserContentType")
  }

  func info(_ row: AttachmentRow) -> AttachmentInfo {
    AttachmentInfo(
      type: row.type, name: name(of: row.type), mimeType: mimeType(of: row.type), uuid: row.uuid,
      diskSize: row.size.onDisk, uncompressedSize: row.size.ofContent, diskMD5: row.diskMD5.map(Hex.text),
      md5: row.md5.map(Hex.text), isCompressed: row.isCompressed, revision: row.revision)
  }
}
