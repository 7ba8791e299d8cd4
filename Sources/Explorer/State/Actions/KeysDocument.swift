/// `docs/keys.md`, written from the action table.
public enum KeysDocument {
  public static func markdown() -> String {
    var text = """
      # Keys

      Written from the explorer's action table, as `?` in the program is: don't edit it by hand.

      """
    for (title, contexts) in sections {
      text += "\n## \(title)\n\n| key | does |\n|---|---|\n"
      for action in ActionTable.all where isListed(action, in: contexts) {
        let keys = action.keys.map { "`\(escaped($0.name))`" }.joined(separator: " ")
        text += "| \(keys) | \(escaped(action.help)) |\n"
      }
    }
    text += "\n## Commands\n\n| `:` | does |\n|---|---|\n"
    for action in ActionTable.all {
      guard let command = action.command else { continue }
      let argument = action.argument.map { " " + $0 } ?? ""
      text += "| `:\(command)\(argument)` | \(escaped(action.help)) |\n"
    }
    text += "| `:unlabel LABEL` | take a label off the marked rows |\n"
    text += "| `:compress`, `:uncompress` | compress every attachment, or lay each on the disk as it is |\n"
    text += "| `:verify`, `:verify deep` | compare all files with the index; deep reads them too |\n"
    text += "| `:set pane`, `:set nopane` | show or hide the pane |\n"
    text += "| `:set names=GROUP` | which part of a name stands first: alphabetic, ideographic, phonetic |\n"
    text += mouse
    return text
  }

  private static let sections: [(String, [Context])] = [
    ("Everywhere", Array(Context.screens)),
    ("Lists: studies, patients, series, instances", Array(Context.lists)),
    ("Only in studies and patients", [.studies, .patients]),
    ("Tag tree", [.tags]), ("Bytes of a value", [.hex]), ("Activity", [.activity]), ("Jobs", [.jobs]),
    ("Storage", [.storage]), ("Log", [.log]),
    ("Labels window", [.labels]), ("Metadata window", [.metadata]), ("Attachments window", [.attachments]),
    ("Deletion window and questions", [.deletion, .question]), ("Sort menu", [.sort]),
    ("Help", [.help]), ("Something to read", [.note]), ("A line being typed", [.prompt]),
  ]

  /// Each action stands in the widest section that it belongs to, and only there.
  private static func isListed(_ action: Action, in contexts: [Context]) -> Bool {
    guard action.contexts.isSuperset(of: contexts) else { return false }
    let earlier = sections.prefix { Set($0.1) != Set(contexts) }
    return !earlier.contains {
      action.contexts.isSuperset(of: $0.1) && !$0.1.isEmpty && $0.1.count >= contexts.count
        && Set($0.1).isSuperset(of: contexts)
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }

  private static let mouse = """

    ## Mouse

    A click goes to a row, a click on the row one is on opens it; a click on a column title sorts, a second one
    reverses; a click on a hint in the bottom line does it, so does one on a button; in a window it picks
    the row, or puts a label on and off; the wheel scrolls.

    """
}
