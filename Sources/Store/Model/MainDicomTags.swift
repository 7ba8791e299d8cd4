import DICOM

/// The tags that the index keeps for each level: Orthanc 1.12.5's list, and what `ExtraMainDicomTags` adds.
public struct MainDicomTags: Equatable, Sendable {
  /// Tags beyond the built-in ones, per level, in ascending order.
  public let extra: [ResourceLevel: [Tag]]

  public init(extra: [ResourceLevel: [Tag]] = [:]) {
    self.extra = extra.reduce(into: [:]) { result, entry in
      let builtIn = Set(Self.builtIn(entry.key))
      result[entry.key] = Set(entry.value).subtracting(builtIn).sorted()
    }
  }

  /// Orthanc's own list for a level. A study's ends with its copy of its patient's tags.
  public static func builtIn(_ level: ResourceLevel) -> [Tag] {
    switch level {
    case .patient: patient
    case .study: study
    case .series: series
    case .instance: instance
    }
  }

  /// Everything kept for a level, in ascending order.
  public func all(_ level: ResourceLevel) -> [Tag] { (Self.builtIn(level) + (extra[level] ?? [])).sorted() }

  /// Orthanc's `MainDicomTagsSignature`: the tags of a level as `gggg,eeee`, joined by semicolons.
  public func signature(_ level: ResourceLevel) -> String {
    all(level).map(\.orthancDescription).joined(separator: ";")
  }

  /// Every tag of every level, ascending: what is collected while an instance streams by.
  public var collected: [Tag] { Set(ResourceLevel.allCases.flatMap { all($0) }).sorted() }

  private static let patient: [Tag] = [
    .patientName, .patientID, .patientBirthDate, .patientSex, Tag(0x0010, 0x1000),
  ]

  private static let study: [Tag] =
    [
      .studyDate, .studyTime, .accessionNumber, Tag(0x0008, 0x0080), Tag(0x0008, 0x0090),
      Tag(0x0008, 0x0201), .studyDescription, .studyInstanceUID, .studyID, Tag(0x0032, 0x1032),
      Tag(0x0032, 0x1060),
    ] + patient

  private static let series: [Tag] = [
    .seriesDate, .seriesTime, .modality, Tag(0x0008, 0x0070), Tag(0x0008, 0x0201), Tag(0x0008, 0x1010),
    .seriesDescription, Tag(0x0008, 0x1070), Tag(0x0018, 0x0010), Tag(0x0018, 0x0015), Tag(0x0018, 0x0024),
    Tag(0x0018, 0x1030), Tag(0x0018, 0x1090), Tag(0x0018, 0x1400), .seriesInstanceUID, .seriesNumber,
    Tag(0x0020, 0x0037), Tag(0x0020, 0x0105), Tag(0x0020, 0x1002), Tag(0x0040, 0x0244), Tag(0x0040, 0x0245),
    Tag(0x0040, 0x0254), Tag(0x0040, 0x0275), Tag(0x0054, 0x0081), Tag(0x0054, 0x0101), Tag(0x0054, 0x1000),
  ]

  private static let instance: [Tag] = [
    Tag(0x0008, 0x0012), Tag(0x0008, 0x0013), .sopInstanceUID, .acquisitionNumber, .instanceNumber,
    Tag(0x0020, 0x0032), Tag(0x0020, 0x0037), Tag(0x0020, 0x0100), Tag(0x0020, 0x4000), .numberOfFrames,
    Tag(0x0054, 0x1330),
  ]
}

extension Tag {
  /// The column of a built-in main tag, named after its hexadecimal number so that none can clash.
  var column: String {
    let digits = String(rawValue, radix: 16)
    return "t" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
