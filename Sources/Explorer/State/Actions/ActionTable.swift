/// The one table of what can be done where, with which key.
enum ActionTable {
  static let all: [Action] = moving + lists + acting + tree + screens + program + windows

  /// What a key does in a context.
  static func action(for key: Key, in context: Context) -> Action? { byContext[context]?[key] }

  static func action(_ id: ActionID, in context: Context? = nil) -> Action? {
    all.first { $0.id == id && (context == nil || $0.contexts.contains(context ?? .studies)) }
  }

  static func actions(in context: Context) -> [Action] { all.filter { $0.contexts.contains(context) } }

  private static let byContext: [Context: [Key: Action]] = {
    var table: [Context: [Key: Action]] = [:]
    for action in all {
      for context in action.contexts {
        for key in action.keys where table[context]?[key] == nil {
          table[context, default: [:]][key] = action
        }
      }
    }
    return table
  }()

  private static func key(_ character: Character) -> Key { .character(character) }

  private static let moving = [
    Action(.down, [key("j"), .down], "down", "one row down", in: Context.scrolling.subtracting([.help])),
    Action(.up, [key("k"), .up], "up", "one row up", in: Context.scrolling.subtracting([.help])),
    Action(.pageDown, [.pageDown, .control("f")], "page", "one page down", in: Context.scrolling),
    Action(.pageUp, [.pageUp, .control("b")], "page", "one page up", in: Context.scrolling),
    Action(.halfPageDown, [.control("d")], "half page", "half a page down", in: Context.scrolling),
    Action(.halfPageUp, [.control("u")], "half page", "half a page up", in: Context.scrolling),
    Action(
      .top, [key("g"), .home], "first", "to the first row (gg works too)",
      in: Context.scrolling.subtracting([.help])),
    Action(
      .bottom, [key("G"), .end], "last", "to the last row", in: Context.scrolling.subtracting([.help])),
    Action(
      .down, [.down, .control("n")], "down", "one row down", in: [.help, .labels, .metadata, .attachments]),
    Action(.up, [.up, .control("p")], "up", "one row up", in: [.help, .labels, .metadata, .attachments]),
    Action(.open, [.enter, .right], "open", "open what the cursor is on", in: Context.lists, hint: 1),
    Action(
      .back, [.backspace, .left, key("h")], "up", "to the level above",
      in: Context.lists.union([.activity, .jobs, .storage, .log])),
    Action(
      .goBack, [.escape], "back", "take back the marks, then the filter, then one level; never quits",
      in: Context.screens, hint: 19),
  ]

  private static let lists = [
    Action(
      .filter, [key("/")], "filter",
      "show only what matches, while you type: words, mod:CT label:urgent aet:CT1 id:P-42 "
        + "date:20240301-20240331 protected:yes, a hyphen in front excludes", in: Context.lists, hint: 2,
      command: "filter", argument: "WORDS"),
    Action(.next, [key("n")], "next new", "to the next arrival", in: Context.lists),
    Action(.previous, [key("N")], "previous new", "to the previous arrival", in: Context.lists),
    Action(
      .sort, [key("s")], "sort", "choose the column to sort by", in: Context.lists, hint: 9, command: "sort",
      argument: "COLUMN"),
    Action(.reverse, [key("S")], "reverse", "turn the order round", in: Context.lists, command: "reverse"),
    Action(
      .mark, [key(" ")], "mark", "mark or unmark the row and go down; marked rows take actions together",
      in: Context.lists, hint: 8),
    Action(
      .markRange, [key("v")], "range", "mark from here; again: mark up to here", in: Context.lists),
    Action(
      .markAll, [key("*")], "mark all", "mark everything the list shows; again: unmark all",
      in: Context.lists, command: "mark all"),
  ]

  private static let acting = [
    Action(
      .labels, [key("l")], "labels", "labels of the marked rows", in: Context.lists, hint: 3,
      command: "label", argument: "LABEL"),
    Action(
      .metadata, [key("m")], "meta", "metadata of the marked rows", in: Context.lists, hint: 4,
      command: "metadata"),
    Action(
      .attachments, [key("a")], "attached", "attachments of the row under the cursor", in: Context.lists,
      hint: 10, command: "attachments"),
    Action(
      .protect, [key("p")], "protect", "protect the patients of the marked rows from recycling, or no longer",
      in: Context.lists, hint: 5, command: "protect"),
    Action(
      .delete, [key("d"), .delete], "delete", "delete the marked rows, after a question", in: Context.lists,
      hint: 6, command: "delete"),
    Action(
      .export, [key("w")], "write ZIP", "write the marked rows into a ZIP file, in the background",
      in: Context.lists, command: "export", argument: "FILE"),
    Action(
      .undo, [key("u")], "undo",
      "take back the last change of protection, labels or metadata; deletions stay", in: Context.lists,
      command: "undo"),
  ]

  private static let tree = [
    Action(
      .fold, [.enter, key(" ")], "fold", "open or close a sequence; show a long value whole", in: [.tags],
      hint: 1),
    Action(.unfold, [.right], "open", "open a sequence", in: [.tags]),
    Action(
      .foldOrParent, [.left, key("h")], "close", "close a sequence, or go to what this lies in, or back",
      in: [.tags]),
    Action(.foldAll, [key("z")], "fold all", "open or close all sequences", in: [.tags]),
    Action(.back, [.backspace], "up", "to the instances", in: [.tags]),
    Action(.back, [.backspace, .left, key("h"), key("x")], "tags", "back to the tags", in: [.hex], hint: 1),
    Action(
      .search, [key("/")], "search", "look in tags, names and values", in: [.tags], hint: 2,
      command: "search", argument: "TEXT"),
    Action(.next, [key("n")], "next", "to the next match", in: [.tags]),
    Action(.previous, [key("N")], "previous", "to the previous match", in: [.tags]),
    Action(.copy, [key("y")], "copy value", "copy the value to the clipboard (OSC 52)", in: [.tags], hint: 3),
    Action(
      .copy, [key("y")], "copy identifier", "copy the resource's identifier to the clipboard",
      in: Context.lists),
    Action(.hex, [key("x")], "hex", "the value's bytes", in: [.tags], hint: 4),
    Action(.explain, [key("e")], "explain", "what the dictionary says about the tag", in: [.tags], hint: 5),
    Action(
      .previousInstance, [key("[")], "previous instance", "the same place in the previous instance",
      in: [.tags], hint: 6),
    Action(
      .nextInstance, [key("]")], "next instance", "the same place in the next instance", in: [.tags], hint: 7),
  ]

  private static let screens = [
    Action(
      .jump, [.enter, .right], "go there", "show the resource, or the job, that the line is about",
      in: [.activity], hint: 1),
    Action(.showLine, [.enter, .right], "whole line", "the line with all its text", in: [.log], hint: 1),
    Action(.showJob, [.enter, .right], "details", "everything about the job", in: [.jobs], hint: 1),
    Action(
      .pauseJob, [key("p")], "pause", "let the job rest, or go on where it was", in: [.jobs], hint: 2),
    Action(.cancelJob, [key("c"), .delete], "cancel", "end the job", in: [.jobs], hint: 3),
    Action(
      .resubmitJob, [key("a")], "again", "let a failed job begin again", in: [.jobs], hint: 4),
    Action(.raiseJob, [key("+")], "priority", "one higher: the highest goes first", in: [.jobs], hint: 5),
    Action(.lowerJob, [key("-")], "lower", "one lower", in: [.jobs]),
    Action(
      .verifyArchive, [key("V")], "verify", "compare all files with the index; :verify deep reads them too",
      in: [.jobs], hint: 6),
    Action(
      .showPatient, [.enter, .right], "go there", "show the patient in the list", in: [.storage], hint: 1),
    Action(
      .protect, [key("p")], "protect", "protect the patient from recycling, or no longer", in: [.storage],
      hint: 2),
    Action(.undo, [key("u")], "undo", "take back the last change", in: [.storage], hint: 3),
    Action(
      .logFilter, [key("/")], "filter", "show only lines with a text", in: [.log], hint: 2),
    Action(
      .studies, [key("1")], "studies", "all studies", in: Context.screens, hint: 12, command: "studies"),
    Action(
      .patients, [key("2")], "patients", "all patients", in: Context.screens, hint: 13, command: "patients"),
    Action(
      .activity, [key("3")], "activity", "the changes as they come", in: Context.screens, hint: 14,
      command: "activity"),
    Action(
      .jobs, [key("4")], "jobs", "what goes on in the background", in: Context.screens, hint: 15,
      command: "jobs"),
    Action(
      .storage, [key("5")], "storage", "how full the archive is, and who goes next", in: Context.screens,
      hint: 15, command: "storage"),
    Action(.log, [key("9")], "log", "the program's log", in: Context.screens, hint: 15, command: "log"),
    Action(
      .pane, [.tab], "pane", "to the pane and back; in a narrow terminal it takes the list's place",
      in: Context.lists, hint: 7, command: "pane"),
    Action(
      .hidePane, [key("\\")], "hide pane", "hide or show the pane", in: Context.lists, command: "set pane"),
    Action(
      .refresh, [key("r")], "refresh", "read the screen's content again", in: Context.screens,
      command: "refresh"),
  ]

  private static let program = [
    Action(
      .importFolder, [key("i")], "import", "import a file or folder of this machine",
      in: [.studies, .patients], command: "import", argument: "PATH"),
    Action(
      .demo, [key("D")], "demo studies",
      "write synthetic studies to try things with; again: delete them, after a question",
      in: [.studies, .patients], command: "demo"),
    Action(
      .stopWork, [.control("x")], "stop",
      "end the import that is under way, after the files it is at; or an attachment's way in or out",
      in: Context.screens.union([.attachments]), command: "stop"),
    Action(.command, [key(":")], "command", "type a command", in: Context.screens, hint: 16),
    Action(
      .help, [key("?"), .function(1)], "help", "all keys; type to find one, Enter runs it",
      in: Context.screens, hint: 17, command: "help"),
    Action(
      .suspend, [.control("z")], "suspend", "back to the shell, fg returns; asks while the listener is on",
      in: Context.screens, command: "suspend"),
    Action(.redraw, [.control("l")], "redraw", "draw the screen anew", in: Context.screens),
    Action(
      .quit, [key("q"), .control("c")], "quit", "end the program; asks only while something is under way",
      in: Context.screens, hint: 18, command: "quit"),
  ]

  private static let windows = [
    Action(
      .toggleLabel, [key(" ")], "toggle", "put the label on, take it off, leave it", in: [.labels], hint: 1),
    Action(
      .completeLabel, [.tab], "complete", "complete the new label from those in use", in: [.labels], hint: 2),
    Action(.applyLabels, [.enter], "apply", "add what is typed, else apply", in: [.labels], hint: 3),
    Action(.addMetadata, [key("a")], "add", "a new value, by name or number", in: [.metadata], hint: 1),
    Action(.editMetadata, [.enter], "edit", "change the value in place", in: [.metadata], hint: 2),
    Action(
      .editExternally, [key("E")], "in $EDITOR", "change the value in your editor", in: [.metadata], hint: 3),
    Action(.removeMetadata, [key("d"), .delete], "remove", "remove the value", in: [.metadata], hint: 4),
    Action(
      .viewAttachment, [.enter, .right], "show", "the beginning of a text or of JSON, at most 64 kB",
      in: [.attachments], hint: 1),
    Action(
      .addAttachment, [key("a")], "add", "a new attachment, by name or number, from a file",
      in: [.attachments],
      hint: 2),
    Action(
      .exportAttachment, [key("w")], "write", "write it into a file", in: [.attachments], hint: 3),
    Action(
      .replaceAttachment, [key("r")], "replace", "with the content of a file", in: [.attachments], hint: 4),
    Action(
      .removeAttachment, [key("d"), .delete], "delete", "delete it, after a question", in: [.attachments],
      hint: 5),
    Action(
      .verifyAttachment, [key("V")], "verify", "read it whole and compare it with what was stored",
      in: [.attachments], hint: 6),
    Action(
      .openAttachment, [key("o")], "open", "open a copy of it on the desktop (xdg-open)", in: [.attachments],
      hint: 7),
    Action(
      .pageAttachment, [key("P")], "in $PAGER", "show a copy of it in your pager", in: [.attachments], hint: 8
    ),
    Action(
      .keepMine, [key("k")], "keep mine", "after a conflict: yours over theirs",
      in: [.metadata, .attachments]),
    Action(
      .takeTheirs, [key("t")], "take theirs", "after a conflict: leave theirs", in: [.metadata, .attachments]),
    Action(
      .keepAllMine, [key("K")], "all mine", "after several conflicts: yours, in all that are left",
      in: [.metadata]),
    Action(
      .takeAllTheirs, [key("T")], "all theirs", "after several conflicts: theirs, in all that are left",
      in: [.metadata]),
    Action(
      .switchButton, [.tab, .backTab, .left, .right], "choose", "to the other button",
      in: [.deletion, .question], hint: 1),
    Action(.confirm, [.enter], "do it", "what the button says", in: [.deletion, .question], hint: 2),
    Action(.yes, [key("y")], "yes", "yes", in: [.question, .deletion], hint: 3),
    Action(.no, [key("n")], "no", "no", in: [.question, .deletion], hint: 4),
    Action(.pick, [.enter], "run", "run what the cursor is on", in: [.help], hint: 1),
    Action(.pick, [.enter], "sort", "sort by what the cursor is on", in: [.sort], hint: 1),
    Action(.accept, [.enter], "accept", "accept the line", in: [.prompt], hint: 1),
    Action(.complete, [.tab], "complete", "complete, or show what is possible", in: [.prompt], hint: 2),
    Action(
      .close, [.escape], "back", "close the window and change nothing",
      in: [.labels, .metadata, .attachments, .deletion, .question, .help, .sort, .note, .prompt], hint: 9),
    Action(
      .close, [key("q"), .enter, key(" ")], "close", "close the window", in: [.note]),
    Action(.close, [key("q")], "close", "close the window", in: [.attachments]),
  ]
}
