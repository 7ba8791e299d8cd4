/// What the run loop needs of a terminal.
@UI
protocol Terminal: AnyObject {
  var size: Size { get }
  var isUTF8: Bool { get }
  /// To be polled for input; nil for one without.
  var inputDescriptor: Int32? { get }

  func start() throws
  /// Everything that was typed up to now.
  func readEvents() -> [InputEvent]
  /// Asks for the size anew.
  func updateSize() -> Size
  /// Shows a grid; `previous` is what is shown now, nil when that is unknown.
  func draw(_ grid: Grid, over previous: Grid?)
  /// Forgets what is shown: the next drawing draws all.
  func invalidate()
  /// To the clipboard of whoever sits at the terminal.
  func copy(_ text: String)
  /// Back to the shell until it continues us.
  func suspend()
  /// Lets the person edit a text in their editor; nil when that failed.
  func edit(_ text: String, editor: String) -> String?
  /// Lets a program that uses the terminal show a file.
  func show(_ path: String, with program: String) -> ExternalProgram.Ending
  /// Leaves the terminal as it was.
  func stop()
  /// The terminal is gone.
  func abandon()
}
