import CNcurses

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The real terminal, by ncurses. A thin driver: it knows nothing of what is shown.
@UI
final class NcursesTerminal: Terminal {
  private(set) var size = Size(80, 24)
  private(set) var isUTF8 = false
  let inputDescriptor: Int32? = 0

  private let environment: [String: String]
  private let usesMouse: Bool
  private var painter: NcursesPainter?
  private var hasStarted = false
  private var decoder = KeyDecoder()
  /// Reads that found nothing although there was something to read: the terminal is gone.
  private var emptyReads = 0

  init(environment: [String: String], usesMouse: Bool) {
    self.environment = environment
    self.usesMouse = usesMouse
  }

  func start() throws {
    chooseLocale()
    cn_save_terminal()
    guard cn_start(terminalName) == 0 else {
      throw ExplorerStartError(
        .startFailed, "The terminal could not be set up. On a machine without one use: filmroom serve")
    }
    hasStarted = true
    cn_arm_crash_handlers()
    cbreak()
    noecho()
    nonl()
    cn_take_suspend_key()
    keypad(cn_standard_screen(), true)
    nodelay(cn_standard_screen(), true)
    set_escdelay(25)
    // Else a key that comes meanwhile would leave the picture half painted.
    typeahead(-1)
    curs_set(0)
    startColors()
    startMouseAndPaste()
    size = Size(Int(cn_columns()), Int(cn_rows()))
  }

  /// The user's locale; plain UTF-8 where they ask for UTF-8 in a language that this machine lacks.
  private func chooseLocale() {
    let wish = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    if setlocale(LC_ALL, "") == nil, wish.lowercased().replacing("-", with: "").hasSuffix("utf8") {
      setlocale(LC_ALL, "C.UTF-8")
    }
    isUTF8 = nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } == "UTF-8"
  }

  /// Many terminals call themselves plain `xterm` and know 256 colours: these say so elsewhere.
  private var terminalName: String? {
    let signs = ["COLORTERM", "XTERM_VERSION", "VTE_VERSION", "KONSOLE_VERSION"]
    guard environment["TERM"] == "xterm", signs.contains(where: { environment[$0]?.isEmpty == false }),
      cn_terminal_is_known("xterm-256color") == 1
    else { return nil }
    return "xterm-256color"
  }

  private func startColors() {
    var theme = Theme(depth: .none)
    var hasDefaultColors = false
    if has_colors() {
      start_color()
      hasDefaultColors = use_default_colors() == OK
      theme = Theme(depth: ColorDepth(colors: Int(cn_colors()), environment: environment))
    }
    painter = NcursesPainter(theme: theme, isUTF8: isUTF8, hasDefaultColors: hasDefaultColors)
  }

  private func startMouseAndPaste() {
    if usesMouse {
      mousemask(cn_mouse_events(), nil)
      mouseinterval(0)
    }
    define_key("\u{1B}[200~", KeyDecoder.pasteStart)
    define_key("\u{1B}[201~", KeyDecoder.pasteEnd)
    send(brackets: true)
  }

  private var knowsBracketedPaste: Bool {
    let term = environment["TERM"] ?? ""
    return ["xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "wezterm", "vte", "konsole"]
      .contains { term.hasPrefix($0) }
  }

  private func send(brackets: Bool) {
    if knowsBracketedPaste { send(brackets ? "\u{1B}[?2004h" : "\u{1B}[?2004l") }
  }

  /// Straight to the terminal, past curses.
  private func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
      if written < 0 && errno != EINTR && errno != EAGAIN { return }
      bytes = bytes.dropFirst(max(0, written))
    }
  }

  // MARK: Input

  func readEvents() -> [InputEvent] {
    var events: [InputEvent] = []
    var key: UInt32 = 0
    var count = 0
    while true {
      let kind = cn_read_key(&key)
      if kind == ERR { break }
      count += 1
      if kind == KEY_CODE_YES {
        let code = Int32(bitPattern: key)
        if code == KEY_RESIZE { continue }
        if let event = code == KEY_MOUSE ? mouseEvent() : decoder.event(code: code) { events.append(event) }
      } else if let event = decoder.event(character: key) {
        events.append(event)
      }
    }
    emptyReads = count == 0 ? emptyReads + 1 : 0
    // Something was to be read and nothing came, again and again: end of file.
    return emptyReads > 20 ? [.lost] : events
  }

  private func mouseEvent() -> InputEvent? {
    var event = MEVENT()
    guard getmouse(&event) == OK else { return nil }
    let position = Point(Int(event.x), Int(event.y))
    let state = mmask_t(event.bstate)
    if state & cn_wheel_up() != 0 { return .mouse(MouseEvent(kind: .wheelUp, position: position)) }
    if state & cn_wheel_down() != 0 { return .mouse(MouseEvent(kind: .wheelDown, position: position)) }
    if state & cn_button1_double() != 0 { return .mouse(MouseEvent(kind: .doubleClick, position: position)) }
    if state & cn_button1() != 0 { return .mouse(MouseEvent(kind: .click, position: position)) }
    return nil
  }

  func updateSize() -> Size {
    var rows: Int32 = 0
    var columns: Int32 = 0
    if cn_window_size(&rows, &columns) == 0 { resizeterm(rows, columns) }
    size = Size(Int(cn_columns()), Int(cn_rows()))
    return size
  }

  // MARK: Output

  func draw(_ grid: Grid, over previous: Grid?) { painter?.draw(grid, over: previous, size: size) }

  func invalidate() { cn_redraw_everything() }

  /// OSC 52. Terminals bound it; ours is the bound of xterm.
  func copy(_ text: String) {
    let bytes = Array(text.utf8.prefix(74_000))
    send("\u{1B}]52;c;" + Base64.encode(bytes) + "\u{07}")
  }

  // MARK: Leaving

  func suspend() {
    leave()
    cn_stop_until_continued()
    comeBack()
  }

  func edit(_ text: String, editor: String) -> String? {
    leave()
    defer { comeBack() }
    return ExternalEditor.edit(text, editor: editor)
  }

  func show(_ path: String, with program: String) -> ExternalProgram.Ending {
    leave()
    defer { comeBack() }
    return ExternalProgram.run(program, on: path)
  }

  private func leave() {
    send(brackets: false)
    endwin()
    cn_disarm_crash_handlers()
  }

  private func comeBack() {
    cn_arm_crash_handlers()
    // First the modes that were ours; taking the key saves what it finds as such.
    reset_prog_mode()
    cn_take_suspend_key()
    send(brackets: true)
    _ = updateSize()
    invalidate()
  }

  func stop() {
    guard hasStarted else { return }
    hasStarted = false
    leave()
  }

  func abandon() {
    hasStarted = false
    cn_disarm_crash_handlers()
    cn_leave_terminal()
  }
}
