/// How a data set is laid out in bytes (PS3.5 §10, Annex A).
public struct TransferSyntax: Hashable, Sendable, CustomStringConvertible {
  public let uid: UID

  public init(_ uid: UID) { self.uid = uid }

  public static let implicitLittleEndian = TransferSyntax("1.2.840.10008.1.2")
  public static let explicitLittleEndian = TransferSyntax("1.2.840.10008.1.2.1")
  public static let deflatedExplicitLittleEndian = TransferSyntax("1.2.840.10008.1.2.1.99")
  public static let explicitBigEndian = TransferSyntax("1.2.840.10008.1.2.2")

  /// JPIP Referenced Deflate and its HTJ2K twin deflate the data set too (PS3.5 A.9, A.11).
  private static let deflated: Set<UID> = [
    "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205",
  ]

  public var isImplicitVR: Bool { uid == Self.implicitLittleEndian.uid }
  public var isBigEndian: Bool { uid == Self.explicitBigEndian.uid }
  public var isDeflated: Bool { Self.deflated.contains(uid) }

  public var description: String { uid.value }
}
