import DICOM
import Store

/// The tags that lists and the pane show.
enum ShownTag {
  static let patientName = Tag(0x0010, 0x0010)
  static let patientID = Tag(0x0010, 0x0020)
  static let birthDate = Tag(0x0010, 0x0030)
  static let sex = Tag(0x0010, 0x0040)
  static let studyDate = Tag(0x0008, 0x0020)
  static let seriesDate = Tag(0x0008, 0x0021)
  static let studyTime = Tag(0x0008, 0x0030)
  static let accessionNumber = Tag(0x0008, 0x0050)
  static let modality = Tag(0x0008, 0x0060)
  static let manufacturer = Tag(0x0008, 0x0070)
  static let institution = Tag(0x0008, 0x0080)
  static let referringPhysician = Tag(0x0008, 0x0090)
  static let stationName = Tag(0x0008, 0x1010)
  static let studyDescription = Tag(0x0008, 0x1030)
  static let seriesDescription = Tag(0x0008, 0x103E)
  static let bodyPart = Tag(0x0018, 0x0015)
  static let protocolName = Tag(0x0018, 0x1030)
  static let studyInstanceUID = Tag(0x0020, 0x000D)
  static let seriesInstanceUID = Tag(0x0020, 0x000E)
  static let studyID = Tag(0x0020, 0x0010)
  static let seriesNumber = Tag(0x0020, 0x0011)
  static let acquisitionNumber = Tag(0x0020, 0x0012)
  static let instanceNumber = Tag(0x0020, 0x0013)
  static let imagePosition = Tag(0x0020, 0x0032)
  static let numberOfFrames = Tag(0x0028, 0x0008)
  static let sopInstanceUID = Tag(0x0008, 0x0018)
}

/// What to call a resource in lists, breadcrumbs and messages.
extension ResourceRow {
  /// A tag's value; empty when it has none.
  func text(_ tag: Tag) -> String { tags[tag] ?? "" }

  var patientName: String {
    let name = PersonNameText.display(text(ShownTag.patientName))
    if !name.isEmpty { return name }
    let identifier = text(ShownTag.patientID)
    return identifier.isEmpty ? "(no name)" : "(no name) " + identifier
  }

  var modalityText: String { modalities.joined(separator: "/") }

  var description: String {
    switch level {
    case .patient: ""
    case .study: text(ShownTag.studyDescription)
    case .series:
      text(ShownTag.seriesDescription).isEmpty
        ? text(ShownTag.protocolName) : text(ShownTag.seriesDescription)
    case .instance: ""
    }
  }

  /// A short name below its parent: `DOE, JANE`, `CT Chest 2024-03-02`, `3 Lung 1.0`, `117`.
  var shortTitle: String {
    switch level {
    case .patient: return patientName
    case .study:
      return words([modalityText, description, TimeText.date(text(ShownTag.studyDate))], or: "study")
    case .series: return words([text(ShownTag.seriesNumber), description], or: modalityText + " series")
    case .instance: return words([text(ShownTag.instanceNumber)], or: "instance")
    }
  }

  private func words(_ parts: [String], or fallback: String) -> String {
    let text = parts.filter { !$0.isEmpty }.joined(separator: " ")
    return text.isEmpty ? fallback : text
  }

  /// For the title of a window: `DOE, JANE · CT Chest 2024-03-02`, `series 3 Lung 1.0`.
  func windowTitle(_ dot: String) -> String {
    switch level {
    case .patient: patientName
    case .study: patientName + dot + shortTitle
    case .series, .instance: LevelText.one(level) + " " + shortTitle
    }
  }

  /// One line for a question: `DOE, JANE · CT Chest 2024-03-02 · 512 instances`.
  func longTitle(_ dot: String) -> String {
    let amount = LevelText.count(instances, .instance)
    switch level {
    case .patient: return patientName + dot + LevelText.count(studies, .study) + dot + amount
    case .study: return patientName + dot + shortTitle + dot + amount
    case .series: return [modalityText, shortTitle, amount].filter { !$0.isEmpty }.joined(separator: dot)
    case .instance:
      return (shortTitle == "instance" ? shortTitle : "instance " + shortTitle) + dot
        + NumberText.size(diskSize)
    }
  }
}

/// Names of the transfer syntaxes that one meets; the identifier for any other.
enum TransferSyntaxText {
  static func name(_ uid: String) -> String { names[uid] ?? uid }

  private static let names: [String: String] = [
    "1.2.840.10008.1.2": "Implicit VR LE", "1.2.840.10008.1.2.1": "Explicit VR LE",
    "1.2.840.10008.1.2.1.99": "Deflated", "1.2.840.10008.1.2.2": "Explicit VR BE",
    "1.2.840.10008.1.2.4.50": "JPEG baseline", "1.2.840.10008.1.2.4.51": "JPEG extended",
    "1.2.840.10008.1.2.4.57": "JPEG lossless", "1.2.840.10008.1.2.4.70": "JPEG lossless",
    "1.2.840.10008.1.2.4.80": "JPEG-LS lossless", "1.2.840.10008.1.2.4.81": "JPEG-LS near",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless", "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.100": "MPEG-2", "1.2.840.10008.1.2.4.102": "MPEG-4",
    "1.2.840.10008.1.2.4.103": "MPEG-4 BD", "1.2.840.10008.1.2.4.201": "HTJ2K lossless",
    "1.2.840.10008.1.2.4.203": "HTJ2K", "1.2.840.10008.1.2.5": "RLE lossless",
  ]
}
