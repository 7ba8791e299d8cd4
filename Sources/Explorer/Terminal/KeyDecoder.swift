import CNcurses

/// Turns what curses reads into keys, and pasted text into pastes.
struct KeyDecoder {
  /// Codes that we gave to the terminal's own marks around pasted text.
  static let pasteStart: Int32 = 0x7001
  static let pasteEnd: Int32 = 0x7002
  /// Pasted text is cut here.
  static let pasteLimit = 65_536

  private var paste: String?

  /// A function key; nil for one that means nothing to us.
  mutating func event(code: Int32) -> InputEvent? {
    switch code {
    case Self.pasteStart:
      paste = ""
      return nil
    case Self.pasteEnd:
      defer { paste = nil }
      return paste.map { .paste($0) }
    default:
      guard paste == nil else { return nil }
      return Self.key(code).map { .key($0) }
    }
  }

  mutating func event(character: UInt32) -> InputEvent? {
    guard let scalar = Unicode.Scalar(character) else { return nil }
    if paste != nil {
      if (paste?.utf8.count ?? 0) < Self.pasteLimit {
        paste?.unicodeScalars.append(scalar == "\r" ? "\n" : scalar)
      }
      return nil
    }
    return .key(Self.key(scalar))
  }

  static func key(_ scalar: Unicode.Scalar) -> Key {
    switch scalar.value {
    case 9: return .tab
    case 10, 13: return .enter
    case 27: return .escape
    case 8, 127: return .backspace
    case 1...26: return .control(Character(Unicode.Scalar(UInt8(scalar.value + 96))))
    case 0...31: return .control(Character(Unicode.Scalar(UInt8(scalar.value + 64))))
    default: return .character(Character(scalar))
    }
  }

  private static func key(_ code: Int32) -> Key? {
    if let key = names[code] { return key }
    for number in 1...12 where code == cn_function_key(Int32(number)) { return .function(number) }
    return nil
  }

  private static let names: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right, KEY_HOME: .home, KEY_END: .end,
    KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_ENTER: .enter, KEY_BACKSPACE: .backspace, KEY_DC: .delete,
    KEY_IC: .insert, KEY_BTAB: .backTab, KEY_FIND: .home, KEY_SELECT: .end, KEY_A1: .home, KEY_C1: .end,
    KEY_A3: .pageUp, KEY_C3: .pageDown,
  ]
}
