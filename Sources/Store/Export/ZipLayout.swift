/// Names in an exported archive, as Orthanc lays them out: a folder a patient (`ID Name`), in it one a study (`Accession
/// Description`), in it one a series (`Modality Description`), in it `CT000000.dcm` and so on. They can be read, every
/// file system takes them, and no two are equal, not even where case doesn't count.
struct ZipLayout {
  private var patients: [Int64: String] = [:]
  private var studies: [Int64: String] = [:]
  /// Lower-case paths that are taken.
  private var taken: Set<String> = []

  /// Bytes of a folder's name; three of them and a file stay below what Windows allows a path.
  private static let longestName = 64

  /// The folder of a series, for which it is asked once.
  mutating func folder(of series: ExportSeries) -> String {
    let patient =
      patients[series.patient]
      ?? unique("\(series.patientID) \(series.patientName)", otherwise: "Unknown Patient", in: "")
    patients[series.patient] = patient
    let study =
      studies[series.study]
      ?? unique(
        "\(series.accessionNumber) \(series.studyDescription)", otherwise: "Unknown Study", in: patient)
    studies[series.study] = study
    return unique("\(series.modality) \(series.seriesDescription)", otherwise: "Unknown Series", in: study)
  }

  /// Two letters of the modality and a number.
  static func fileName(modality: String, number: Int) -> String {
    let letters = Array(modality.utf8.prefix(2))
    let isUsable = letters.count == 2 && letters.allSatisfy { (65...90).contains($0 & 0xDF) }
    let digits = String(number)
    let prefix = isUsable ? String(decoding: letters.map { $0 & 0xDF }, as: UTF8.self) : ""
    let width = isUsable ? 6 : 8
    return prefix + String(repeating: "0", count: max(0, width - digits.count)) + digits + ".dcm"
  }

  private mutating func unique(_ text: String, otherwise: String, in parent: String) -> String {
    let name = Self.sanitized(text)
    let base = parent + (name.isEmpty ? otherwise : name)
    var candidate = base
    var number = 2
    while !taken.insert(candidate.lowercased()).inserted {
      candidate = "\(base)-\(number)"
      number += 1
    }
    return candidate + "/"
  }

  /// Without what file systems or terminals take amiss.
  static func sanitized(_ text: String) -> String {
    var words: [String] = [""]
    for scalar in text.unicodeScalars {
      switch scalar {
      case " ", "^", "=": if words.last?.isEmpty == false { words.append("") }
      case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": words[words.count - 1] += "_"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
          break
        default: words[words.count - 1].unicodeScalars.append(scalar)
        }
      }
    }
    var name = ""
    for character in words.filter({ !$0.isEmpty }).joined(separator: " ") {
      if name.utf8.count + character.utf8.count > longestName { break }
      name.append(character)
    }
    // Windows drops these at the end, and keeps some names for devices.
    while name.last == "." || name.last == " " { name.removeLast() }
    let stem = name.prefix { $0 != "." }.uppercased()
    let isDevice =
      ["CON", "PRN", "AUX", "NUL"].contains(stem)
      || stem.count == 4 && (stem.hasPrefix("COM") || stem.hasPrefix("LPT"))
    return isDevice ? "_" + name : name
  }
}
