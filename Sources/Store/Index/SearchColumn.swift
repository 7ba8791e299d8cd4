import DICOM
import Foundation

/// The text that the words of a filter are looked for in.
enum SearchColumn {
  /// - Parameter value: the text of a main tag of the level; nil where there is none.
  static func text(_ level: ResourceLevel, _ value: (Tag) -> String?) -> String {
    fields(level).compactMap(value).map { SearchText.normalized($0) }.joined(separator: "\n")
  }

  private static func fields(_ level: ResourceLevel) -> [Tag] {
    switch level {
    case .patient: [.patientName, .patientID, Tag(0x0010, 0x1000)]
    case .study:
      [
        .patientName, .patientID, .studyDescription, .accessionNumber, .studyID, Tag(0x0008, 0x0080),
        Tag(0x0008, 0x0090), Tag(0x0032, 0x1060), Tag(0x0010, 0x1000),
      ]
    case .series:
      [
        .modality, .seriesDescription, Tag(0x0008, 0x1010), Tag(0x0018, 0x0015), Tag(0x0018, 0x1030),
        .seriesNumber, Tag(0x0008, 0x1070),
      ]
    case .instance: [.sopInstanceUID, .instanceNumber]
    }
  }
}

/// What to call a resource in the list of changes.
enum ChangeTitle {
  static func of(_ instance: PreparedInstance, _ level: ResourceLevel) -> String {
    let name = instance.tag(.patientName)
    switch level {
    case .patient: return name
    case .study: return joined([name, instance.tag(.studyDescription)])
    case .series:
      return joined([
        name, instance.tag(.modality) + " " + instance.tag(.seriesDescription),
      ])
    case .instance:
      return joined([
        name, instance.tag(.seriesDescription), "#" + instance.tag(.instanceNumber),
      ])
    }
  }

  /// The name stands first even when it is empty, so that whoever shows the title knows which part it is.
  static func joined(_ parts: [String]) -> String {
    let rest = parts.dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty && $0 != "#" }
    return ([parts[0]] + rest).joined(separator: " · ")
  }
}
