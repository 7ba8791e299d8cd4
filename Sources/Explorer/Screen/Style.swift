/// What a cell means; the theme says how that looks.
enum Role: UInt8, CaseIterable, Sendable {
  case plain
  /// Less important than what stands beside it.
  case faint
  /// Where am I.
  case title
  /// Column headers and section names.
  case heading
  /// A thing to notice that is no warning: the sort column, an active filter.
  case accent
  /// Arrived since the person looked.
  case fresh
  case warning
  case danger
  /// A label of a resource.
  case label
  /// A key in a hint.
  case key
  /// What a search found.
  case match
  /// Lines between parts.
  case border
  /// Where text is typed.
  case input
}

/// A role, perhaps in the cursor's row.
struct Style: Equatable, Sendable {
  var role: Role
  /// The one row (or button) that keys act on.
  var isCursor: Bool

  init(_ role: Role, isCursor: Bool = false) {
    self.role = role
    self.isCursor = isCursor
  }

  static let plain = Style(.plain)
}
