/// How it went when another program was to show an attachment.
enum HandedOnText {
  /// The file's name in a path.
  static func name(_ path: String) -> String {
    VisibleText.string(path.split(separator: "/").last.map(String.init) ?? path)
  }

  static func problem(pager: String, _ ending: ExternalProgram.Ending) -> String? {
    switch ending {
    case .fine: nil
    case .failed: "The pager \(pager) ended with an error"
    case .notRun: "The pager \(pager) could not be run: set $PAGER to one that is there"
    }
  }

  static func problem(desktop name: String, _ ending: ExternalProgram.Ending) -> String? {
    switch ending {
    case .fine: nil
    case .failed: "The desktop has no program for \(name), or it failed: w writes it into a file"
    case .notRun: "xdg-open could not be run: w writes \(name) into a file"
    }
  }
}
