/// The look of every style, worked out once: painting asks for it for each cell.
struct LookTable: Sendable {
  private let looks: [Look]

  init(_ theme: Theme) { looks = Style.all.map { theme.look(of: $0) } }

  subscript(style: Style) -> Look { looks[style.number] }
}

extension Style {
  /// Styles are counted through, for tables.
  var number: Int { Int(role.rawValue) * 2 + (isCursor ? 1 : 0) }

  /// All of them, in the order of their numbers.
  static let all = Role.allCases.flatMap { [Style($0), Style($0, isCursor: true)] }
}
