/// A bar that is filled up to a share of it.
enum BarView {
  static func draw(
    _ share: Double, x: Int, y: Int, width: Int, _ role: Role = .accent, on grid: inout Grid
  ) {
    let filled = filled(share, width: width)
    for column in 0..<max(0, width) {
      let isFilled = column < filled
      let sign: Unicode.Scalar = grid.glyphs.isASCII ? (isFilled ? "#" : "-") : (isFilled ? "█" : "░")
      grid.put(sign, x: x + column, y: y, Style(isFilled ? role : .faint))
    }
  }

  /// Full only when it is.
  private static func filled(_ share: Double, width: Int) -> Int {
    guard share > 0, width > 0 else { return 0 }
    return min(width, Int(min(1, share) * Double(width) + 1e-9))
  }
}
