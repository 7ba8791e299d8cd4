/// What a record of a DICOMDIR is of (PS3.3 §F.3.2.2, Directory Record Type).
public enum DirectoryRecordKind: String, CaseIterable, Sendable {
  case patient = "PATIENT"
  case study = "STUDY"
  case series = "SERIES"
  case image = "IMAGE"
  case rtDose = "RT DOSE"
  case rtStructureSet = "RT STRUCTURE SET"
  case rtPlan = "RT PLAN"
  case rtTreatmentRecord = "RT TREAT RECORD"
  case presentation = "PRESENTATION"
  case waveform = "WAVEFORM"
  case report = "SR DOCUMENT"
  case keyObjects = "KEY OBJECT DOC"
  case spectroscopy = "SPECTROSCOPY"
  case rawData = "RAW DATA"
  case registration = "REGISTRATION"
  case fiducial = "FIDUCIAL"
  case document = "ENCAP DOC"
  case valueMap = "VALUE MAP"
  case stereometric = "STEREOMETRIC"
  case measurement = "MEASUREMENT"
  case surface = "SURFACE"
  case surfaceScan = "SURFACE SCAN"
  case tract = "TRACT"
  case assessment = "ASSESSMENT"

  /// That of an instance (PS3.3 Table F.4-1). What is not known is called an image.
  public init(sopClass: String) {
    let root = "1.2.840.10008.5.1.4.1.1."
    self = sopClass.hasPrefix(root) ? Self.ofStorage(String(sopClass.dropFirst(root.count))) : .image
  }

  private static func ofStorage(_ number: String) -> DirectoryRecordKind {
    switch number {
    case "4.2": .spectroscopy
    case "66": .rawData
    case "66.1", "66.3": .registration
    case "66.2": .fiducial
    case "66.5": .surface
    case "66.6": .tract
    case "67": .valueMap
    case "68.1", "68.2": .surfaceScan
    case "77.1.5.3": .stereometric
    case "79.1", "80.1": .measurement
    case "88.59": .keyObjects
    case "90.1": .assessment
    case "481.2": .rtDose
    case "481.3": .rtStructureSet
    case "481.5", "481.8": .rtPlan
    case "481.4", "481.6", "481.7", "481.9": .rtTreatmentRecord
    case _ where number.hasPrefix("9."): .waveform
    case _ where number.hasPrefix("11."): .presentation
    case _ where number.hasPrefix("78."): .measurement
    case _ where number.hasPrefix("88."): .report
    case _ where number.hasPrefix("104."): .document
    default: .image
    }
  }

  /// What a record of an instance tells beside its number, in ascending order (PS3.3 §F.5).
  public var keys: [Key] {
    let contentDates: [Key] = [.required(Tag(0x0008, 0x0023)), .required(Tag(0x0008, 0x0033))]
    let identification: [Key] = [
      .required(Tag(0x0070, 0x0080)), .mayBeEmpty(Tag(0x0070, 0x0081)), .mayBeEmpty(Tag(0x0070, 0x0084)),
    ]
    let concept = Key.required(Tag(0x0040, 0xA043))
    switch self {
    case .patient, .study, .series, .image: return []
    case .rtDose: return [.required(Tag(0x3004, 0x000A))]
    case .rtStructureSet:
      return [
        .required(Tag(0x3006, 0x0002)), .mayBeEmpty(Tag(0x3006, 0x0008)), .mayBeEmpty(Tag(0x3006, 0x0009)),
      ]
    case .rtPlan:
      return [
        .required(Tag(0x300A, 0x0002)), .mayBeEmpty(Tag(0x300A, 0x0006)), .mayBeEmpty(Tag(0x300A, 0x0007)),
      ]
    case .rtTreatmentRecord: return [.mayBeEmpty(Tag(0x3008, 0x0250)), .mayBeEmpty(Tag(0x3008, 0x0251))]
    case .presentation:
      return identification.dropLast() + [.required(Tag(0x0070, 0x0082)), .required(Tag(0x0070, 0x0083))]
        + identification.suffix(1)
    case .report:
      return contentDates + [
        .ifPresent(Tag(0x0040, 0xA030)), concept, .required(Tag(0x0040, 0xA491)),
        .required(Tag(0x0040, 0xA493)),
      ]
    case .keyObjects: return contentDates + [concept]
    case .document:
      return [
        .mayBeEmpty(Tag(0x0008, 0x0023)), .mayBeEmpty(Tag(0x0008, 0x0033)), .mayBeEmpty(Tag(0x0040, 0xA043)),
        .ifPresent(Tag(0x0040, 0xE001)), .mayBeEmpty(Tag(0x0042, 0x0010)), .required(Tag(0x0042, 0x0012)),
      ]
    case .spectroscopy:
      return [.required(Tag(0x0008, 0x0008))] + contentDates
        + [
          .required(.numberOfFrames), .required(.rows), .required(.columns), .required(Tag(0x0028, 0x9001)),
          .required(Tag(0x0028, 0x9002)),
        ]
    case .waveform, .rawData, .measurement: return contentDates
    case .registration, .fiducial, .valueMap, .stereometric, .surface, .surfaceScan, .tract, .assessment:
      return contentDates + identification
    }
  }

  /// An element of a record.
  public enum Key: Equatable, Sendable {
    /// It must have a value; where the file has none, it stands there empty all the same.
    case required(Tag)
    case mayBeEmpty(Tag)
    case ifPresent(Tag)

    public var tag: Tag {
      switch self {
      case .required(let tag), .mayBeEmpty(let tag), .ifPresent(let tag): tag
      }
    }
  }
}
