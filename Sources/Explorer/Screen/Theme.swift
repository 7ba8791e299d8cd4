/// How many colours the terminal has.
enum ColorDepth: Sendable, CaseIterable {
  case none, eight, sixteen, many

  /// `NO_COLOR`, set to anything but nothing, asks for none (no-color.org).
  init(colors: Int, environment: [String: String]) {
    if let wish = environment["NO_COLOR"], !wish.isEmpty {
      self = .none
    } else {
      self = colors >= 256 ? .many : colors >= 16 ? .sixteen : colors >= 8 ? .eight : .none
    }
  }
}

/// How a cell looks: colour numbers of the terminal (-1: its own default) and attributes.
struct Look: Hashable, Sendable {
  var foreground: Int16 = -1
  var background: Int16 = -1
  var isBold = false
  var isDim = false
  var isReversed = false
  var isUnderlined = false
}

extension Look {
  /// Whether a blank looks the same either way: nothing of a letter's colour or weight shows in it.
  func isAlikeWhenBlank(_ other: Look) -> Bool {
    background == other.background && isReversed == other.isReversed && isUnderlined == other.isUnderlined
      && (!isReversed || foreground == other.foreground)
  }
}

/// Turns roles into looks. The colours of the 256 are chosen to be legible on black and on white: we don't know
/// which one lies behind.
struct Theme: Sendable {
  let depth: ColorDepth

  func look(of style: Style) -> Look {
    if style.isCursor { return cursorLook(style.role) }
    switch depth {
    case .none: return monochrome(style.role)
    case .eight: return colored(style.role, palette: .eight)
    case .sixteen: return colored(style.role, palette: .sixteen)
    case .many: return colored(style.role, palette: .many)
    }
  }

  private struct Palette {
    var faint: Int16
    var accent: Int16
    var fresh: Int16
    var warning: Int16
    var danger: Int16

    // Of the eight only red and magenta are legible on black and on white: what is new is bold, with its mark.
    static let eight = Palette(faint: -1, accent: 5, fresh: -1, warning: 1, danger: 1)
    static let sixteen = Palette(faint: 8, accent: 5, fresh: -1, warning: 1, danger: 1)
    static let many = Palette(faint: 243, accent: 31, fresh: 28, warning: 130, danger: 160)
  }

  private func colored(_ role: Role, palette: Palette) -> Look {
    switch role {
    case .plain: Look()
    case .faint, .border: Look(foreground: palette.faint)
    case .title: Look(isBold: true)
    case .heading: Look(foreground: palette.faint, isBold: palette.faint < 0)
    case .accent, .label: Look(foreground: palette.accent)
    case .fresh: Look(foreground: palette.fresh, isBold: true)
    case .warning: Look(foreground: palette.warning, isBold: true)
    case .danger: Look(foreground: palette.danger, isBold: true)
    case .key: Look(foreground: palette.accent, isBold: true)
    case .match: Look(foreground: palette.accent, isBold: true, isUnderlined: true)
    case .input: Look(isUnderlined: true)
    }
  }

  /// One look for the whole row, so that nothing in it becomes illegible; marks and words keep the meaning.
  private func cursorLook(_ role: Role) -> Look {
    let isStrong = [.title, .fresh, .warning, .danger, .match].contains(role)
    switch depth {
    case .none: return Look(isBold: isStrong, isReversed: true)
    case .eight: return Look(foreground: 7, background: 4, isBold: true)
    case .sixteen: return Look(foreground: 15, background: 4, isBold: isStrong)
    case .many: return Look(foreground: 231, background: 24, isBold: isStrong)
    }
  }

  private func monochrome(_ role: Role) -> Look {
    switch role {
    case .plain, .faint, .border, .label: Look()
    case .title, .heading, .accent, .fresh, .key: Look(isBold: true)
    case .warning, .danger: Look(isBold: true)
    case .match, .input: Look(isUnderlined: true)
    }
  }
}
