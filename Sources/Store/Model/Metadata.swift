/// Key of a metadata value: core ones below 1024, user-defined ones from 1024 to 65535.
public struct MetadataKey: Hashable, Comparable, Sendable, RawRepresentable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static func < (left: MetadataKey, right: MetadataKey) -> Bool { left.rawValue < right.rawValue }

  public static let indexInSeries = MetadataKey(rawValue: 1)
  public static let receptionDate = MetadataKey(rawValue: 2)
  public static let remoteAET = MetadataKey(rawValue: 3)
  public static let expectedNumberOfInstances = MetadataKey(rawValue: 4)
  public static let modifiedFrom = MetadataKey(rawValue: 5)
  public static let anonymizedFrom = MetadataKey(rawValue: 6)
  public static let lastUpdate = MetadataKey(rawValue: 7)
  public static let origin = MetadataKey(rawValue: 8)
  public static let transferSyntax = MetadataKey(rawValue: 9)
  public static let sopClassUID = MetadataKey(rawValue: 10)
  public static let remoteIP = MetadataKey(rawValue: 11)
  public static let calledAET = MetadataKey(rawValue: 12)
  public static let httpUsername = MetadataKey(rawValue: 13)
  public static let pixelDataOffset = MetadataKey(rawValue: 14)
  public static let mainDicomTagsSignature = MetadataKey(rawValue: 15)
  public static let mainDicomSequences = MetadataKey(rawValue: 16)
  public static let pixelDataVR = MetadataKey(rawValue: 17)

  /// Keys that people may set.
  public static let userDefined: ClosedRange<UInt16> = 1024...65535

  public var isUserDefined: Bool { Self.userDefined.contains(rawValue) }

  /// Orthanc's name of a core key; nil for any other.
  public var coreName: String? { Self.coreNames[rawValue] }

  /// Whether a name belongs to a core key.
  public static func isCoreName(_ name: String) -> Bool { coreNames.values.contains(name) }

  static let coreNames: [UInt16: String] = [
    1: "IndexInSeries", 2: "ReceptionDate", 3: "RemoteAET", 4: "ExpectedNumberOfInstances",
    5: "ModifiedFrom", 6: "AnonymizedFrom", 7: "LastUpdate", 8: "Origin", 9: "TransferSyntax",
    10: "SopClassUid", 11: "RemoteIP", 12: "CalledAET", 13: "HttpUsername", 14: "PixelDataOffset",
    15: "MainDicomTagsSignature", 16: "MainDicomSequences", 17: "PixelDataVR",
  ]
}

/// One metadata value of one resource.
public struct MetadataEntry: Equatable, Sendable {
  /// Bytes of UTF-8; a longer value is taken with the advice to keep it as an attachment, as Orthanc's documents give it.
  public static let advisedSize = 1024

  public var key: MetadataKey
  /// Its name: a core one, one from `UserMetadata`, else the number.
  public var name: String
  public var value: String
  /// Counts up from 0 with every change; core metadata stay at 0.
  public var revision: Int

  public init(key: MetadataKey, name: String, value: String, revision: Int) {
    self.key = key
    self.name = name
    self.value = value
    self.revision = revision
  }
}
