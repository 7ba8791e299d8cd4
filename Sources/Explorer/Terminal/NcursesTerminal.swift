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
  private var theme = Theme(depth: .none)
  private var hasDefaultColors = false
  private var hasStarted = false
  private var pairs: [Int32: Int32] = [:]
  private var looks: [Int: (look: Look, attributes: attr_t, pair: Int32)] = [:]
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
    guard has_colors() else { return }
    start_color()
    hasDefaultColors = use_default_colors() == OK
    theme = Theme(depth: ColorDepth(colors: Int(cn_colors()), environment: environment))
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

  func draw(_ grid: Grid, over previous: Grid?) {
    let old = previous.flatMap { $0.size == grid.size ? $0 : nil }
    if old == nil { erase() }
    for y in 0..<min(grid.size.height, size.height) {
      let row = grid.row(y)
      let before = old?.row(y)
      if let before, before.elementsEqual(row) { continue }
      let painted = PaintedRow(row) { look(of: $0).look }
      // curses blanks the other half of a wide character that is written over: draw such rows whole.
      let isWhole = row.contains(where: \.isTail) || before?.contains(where: \.isTail) == true
      var columns = Array(painted.styles.indices)
      if let before, !isWhole { columns = painted.changes(from: PaintedRow(before) { look(of: $0).look }) }
      for x in columns where x < size.width {
        let cell = row[row.startIndex + x]
        if cell.isTail && isUTF8 { continue }
        put(cell, painted.styles[x], x: x, y: y)
      }
    }
    if let caret = grid.caret {
      wmove(cn_standard_screen(), Int32(caret.y), Int32(caret.x))
    }
    curs_set(grid.caret == nil ? 0 : 1)
    cn_refresh()
  }

  private func put(_ cell: Cell, _ style: Style, x: Int, y: Int) {
    let (_, attributes, pair) = look(of: style)
    var text: (wchar_t, wchar_t, wchar_t, wchar_t) = (
      wchar_t(bitPattern: drawable(cell)), isUTF8 ? wchar_t(bitPattern: cell.firstMark) : 0,
      isUTF8 ? wchar_t(bitPattern: cell.secondMark) : 0, 0
    )
    withUnsafePointer(to: &text) { pointer in
      pointer.withMemoryRebound(to: wchar_t.self, capacity: 4) { text in
        _ = cn_put_cell(Int32(y), Int32(x), text, attributes, pair)
      }
    }
  }

  /// What the C library believes to have another width than we do would shift the row: a question mark
  /// then, in both columns.
  private func drawable(_ cell: Cell) -> UInt32 {
    if cell.scalar < 0x7F && !cell.isTail { return cell.scalar }
    guard isUTF8, let scalar = Unicode.Scalar(cell.scalar) else { return UInt32(UInt8(ascii: "?")) }
    let believed = cn_width(cell.scalar)
    return believed == Int32(DisplayWidth.of(scalar)) ? cell.scalar : UInt32(UInt8(ascii: "?"))
  }

  private func look(of style: Style) -> (look: Look, attributes: attr_t, pair: Int32) {
    let key = Int(style.role.rawValue) * 2 + (style.isCursor ? 1 : 0)
    if let known = looks[key] { return known }
    let look = theme.look(of: style)
    var attributes: attr_t = 0
    if look.isBold { attributes |= cn_bold() }
    if look.isDim { attributes |= cn_dim() }
    if look.isReversed { attributes |= cn_reverse() }
    if look.isUnderlined { attributes |= cn_underline() }
    let pair = pair(look.foreground, look.background)
    looks[key] = (look, attributes, pair)
    return (look, attributes, pair)
  }

  private func pair(_ foreground: Int16, _ background: Int16) -> Int32 {
    if foreground < 0 && background < 0 || theme.depth == .none { return 0 }
    let key = Int32(foreground) * 1000 + Int32(background)
    if let known = pairs[key] { return known }
    let number = Int32(pairs.count + 1)
    guard number < cn_color_pairs() else { return 0 }
    let front = foreground < 0 && !hasDefaultColors ? 7 : Int32(foreground)
    let back = background < 0 && !hasDefaultColors ? 0 : Int32(background)
    guard init_extended_pair(number, front, back) == OK else { return 0 }
    pairs[key] = number
    return number
  }

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
