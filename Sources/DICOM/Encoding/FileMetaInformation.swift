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
    var elements: [UInt8] = []
    func append(_ element: UInt16, _ vr: VR, _ value: [UInt8]) {
      var value = value
      if value.count % 2 == 1 { value.append(vr == .UI ? 0 : 0x20) }
      elements += [2, 0, UInt8(truncatingIfNeeded: element), UInt8(truncatingIfNeeded: element >> 8)]
      elements += Array(vr.description.utf8)
      let length = UInt32(value.count)
      if vr.hasLongLength {
        elements += [0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      } else {
        elements += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
      }
      elements += value
    }
    append(0x0001, .OB, [0, 1])
    append(0x0002, .UI, Array((mediaStorageSOPClass?.value ?? "").utf8))
    append(0x0003, .UI, Array((mediaStorageSOPInstance?.value ?? "").utf8))
    append(0x0010, .UI, Array(transferSyntax.uid.value.utf8))
    append(0x0012, .UI, Array((implementationClass ?? Self.ourImplementationClass).value.utf8))
    append(0x0013, .SH, Array((implementationVersion ?? Self.ourImplementationVersion).utf8))
    if let sourceAETitle, !sourceAETitle.isEmpty { append(0x0016, .AE, Array(sourceAETitle.utf8)) }
    let length = UInt32(elements.count)
    var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    bytes += [2, 0, 0, 0] + Array("UL".utf8) + [4, 0]
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    return bytes + elements
  }

  /// Our own Implementation Class UID (PS3.7 D.3.3.2), made from a random UUID.
  public static let ourImplementationClass: UID = "2.25.289349172862384123904471529301846655231"
  public static let ourImplementationVersion = "FILMROOM_0_1"
}
