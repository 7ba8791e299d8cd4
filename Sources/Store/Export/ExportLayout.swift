/// How an exported ZIP file is laid out.
public enum ExportLayout: Codable, Equatable, Sendable {
  /// Folders that can be read: patient, study, series.
  case folders
  /// As on a disc for patients: short names, and a DICOMDIR that says what is what (PS3.10). An extended one also has what
  /// the standard does not ask for.
  case media(isExtended: Bool)
}

/// Names on a disc: at most eight capitals and digits a folder or file (PS3.10 §8.2).
enum MediaLayout {
  /// `IMAGES/IM0`, and another folder after a million: all names stay short.
  static func path(_ number: Int) -> [String] {
    let folder = number / 1_000_000
    return ["IMAGES" + (folder == 0 ? "" : String(folder)), "IM\(number % 1_000_000)"]
  }

  static let directoryName = "DICOMDIR"
  static let fileSetID = "FILMROOM"
}
