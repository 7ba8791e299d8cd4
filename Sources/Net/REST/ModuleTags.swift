import DICOM

/// The attributes of a level's module (PS3.3 §C.7.1.1, C.7.2.1, C.7.3.1, C.12.1).
enum ModuleTags {
  static func of(_ level: ResourceLevel) -> Set<Tag> {
    switch level {
    case .patient: patient
    case .study: study
    case .series: series
    case .instance: instance
    }
  }

  private static let patient = tags(
    0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_0040, 0x0008_1120, 0x0010_0032, 0x0010_1000, 0x0010_1001,
    0x0010_1002, 0x0010_2160, 0x0010_4000, 0x0010_2201, 0x0010_2202, 0x0010_2292, 0x0010_2293, 0x0010_2294,
    0x0010_2295, 0x0010_2296, 0x0010_2297, 0x0010_2298, 0x0010_2299, 0x0012_0062, 0x0012_0063, 0x0012_0064)

  private static let study = tags(
    0x0020_000D, 0x0008_0020, 0x0008_0030, 0x0008_0090, 0x0008_0096, 0x0020_0010, 0x0008_0050, 0x0008_1030,
    0x0008_1048, 0x0008_1049, 0x0008_1060, 0x0008_1062, 0x0008_1110, 0x0008_1032)

  private static let series = tags(
    0x0008_0060, 0x0020_000E, 0x0020_0011, 0x0020_0060, 0x0008_0021, 0x0008_0031, 0x0008_1050, 0x0008_1052,
    0x0018_1030, 0x0008_103E, 0x0008_1070, 0x0008_1072, 0x0008_1111, 0x0008_1250, 0x0018_0015, 0x0018_5100,
    0x0028_0108, 0x0028_0109, 0x0040_0275, 0x0040_0253, 0x0040_0244, 0x0040_0245, 0x0040_0254, 0x0040_0260)

  private static let instance = tags(
    0x0008_0016, 0x0008_0018, 0x0008_0005, 0x0008_0012, 0x0008_0013, 0x0008_0014, 0x0008_001A, 0x0008_001B,
    0x0008_0110, 0x0008_0201, 0x0018_A001, 0x0018_9330, 0x0020_0013, 0x0100_0410, 0x0100_0420, 0x0100_0424,
    0x0100_0426, 0x0400_0561, 0x0040_A390, 0x0400_0600, 0x0028_0303)

  private static func tags(_ numbers: UInt32...) -> Set<Tag> { Set(numbers.map { Tag(rawValue: $0) }) }
}
