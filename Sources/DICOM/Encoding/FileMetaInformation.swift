/// What stands in front of a data set in a file (PS3.10 §7.1).
public struct FileMetaInformation: Equatable, Sendable {
  public var mediaStorageSOPClass: UID?
  public var mediaStorageSOPInstance: UID?
  public var transferSyntax: TransferSyntax
  public var implementationClass: UID?
  public var implementationVersion: String?
  /// AE title that the file came from (0002,0016).
  public var sourceAETitle: String?

  public init(
    sopClass: UID?, sopInstance: UID?, transferSyntax: TransferSyntax, implementationClass: UID? = nil,
    implementationVersion: String? = nil, sourceAETitle: String? = nil
  ) {
    mediaStorageSOPClass = sopClass
    mediaStorageSOPInstance = sopInstance
    self.transferSyntax = transferSyntax
    self.implementationClass = implementationClass
    self.implementationVersion = implementationVersion
    self.sourceAETitle = sourceAETitle
  }

  /// Preamble, prefix and group 2, in explicit VR little endian: everything up to the data set.
  public func encoded() -> [UInt8] {
    var bytes = Self.beginning
    bytes.reserveCapacity(512)
    let start = bytes.count
    Self.append(0x0001, .OB, 2, to: &bytes)
    bytes.append(0)
    bytes.append(1)
    Self.append(0x0002, .UI, mediaStorageSOPClass?.value ?? "", to: &bytes)
    Self.append(0x0003, .UI, mediaStorageSOPInstance?.value ?? "", to: &bytes)
    Self.append(0x0010, .UI, transferSyntax.uid.value, to: &bytes)
    Self.append(0x0012, .UI, (implementationClass ?? Self.ourImplementationClass).value, to: &bytes)
    Self.append(0x0013, .SH, implementationVersion ?? Self.ourImplementationVersion, to: &bytes)
    if let sourceAETitle, !sourceAETitle.isEmpty { Self.append(0x0016, .AE, sourceAETitle, to: &bytes) }
    let length = UInt32(bytes.count - start)
    for place in 0..<4 { bytes[start - 4 + place] = UInt8(truncatingIfNeeded: length >> (8 * place)) }
    return bytes
  }

  /// All that stands before the first element that may differ, with a group length still to be filled in.
  private static let beginning: [UInt8] =
    [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + [2, 0, 0, 0] + Array("UL".utf8)
    + [4, 0, 0, 0, 0, 0]

  private static func append(_ element: UInt16, _ vr: VR, _ text: String, to bytes: inout [UInt8]) {
    let isOdd = text.utf8.count % 2 == 1
    append(element, vr, text.utf8.count + (isOdd ? 1 : 0), to: &bytes)
    bytes.append(contentsOf: text.utf8)
    if isOdd { bytes.append(vr == .UI ? 0 : 0x20) }
  }

  /// An element's header.
  private static func append(_ element: UInt16, _ vr: VR, _ length: Int, to bytes: inout [UInt8]) {
    func append(_ number: UInt16) {
      bytes.append(UInt8(truncatingIfNeeded: number))
      bytes.append(UInt8(truncatingIfNeeded: number >> 8))
    }
    append(2)
    append(element)
    append(vr.rawValue)
    if vr.hasLongLength { append(0) }
    append(UInt16(truncatingIfNeeded: length))
    if vr.hasLongLength { append(UInt16(truncatingIfNeeded: length >> 16)) }
  }

  /// Our own Implementation Class UID (PS3.7 D.3.3.2), made from a random UUID.
  public static let ourImplementationClass: UID = "2.25.289349172862384123904471529301846655231"
  public static let ourImplementationVersion = "FILMROOM_0_1"
}
