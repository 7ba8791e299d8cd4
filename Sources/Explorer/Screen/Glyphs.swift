/// The signs the screens are drawn with: Unicode, or ASCII where the locale has nothing else.
struct Glyphs: Equatable, Sendable {
  var protected: Unicode.Scalar
  var arrived: Unicode.Scalar
  var arriving: Unicode.Scalar
  var marked: Unicode.Scalar
  var faulty: Unicode.Scalar
  var unread: Unicode.Scalar
  var ellipsis: Unicode.Scalar
  var descending: Unicode.Scalar
  var ascending: Unicode.Scalar
  var folded: Unicode.Scalar
  var unfolded: Unicode.Scalar
  var horizontal: Unicode.Scalar
  var vertical: Unicode.Scalar
  var topLeft: Unicode.Scalar
  var topRight: Unicode.Scalar
  var bottomLeft: Unicode.Scalar
  var bottomRight: Unicode.Scalar
  /// A line down that meets one across, from above and from both sides.
  var crossDown: Unicode.Scalar
  /// Between breadcrumbs, and between facts.
  var crumb: String
  var dot: String
  var isASCII: Bool

  static let unicode = Glyphs(
    protected: "◆", arrived: "+", arriving: "…", marked: "✓", faulty: "!", unread: "·", ellipsis: "…",
    descending: "▾", ascending: "▴", folded: "▸", unfolded: "▾", horizontal: "─", vertical: "│",
    topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", crossDown: "┤", crumb: " › ",
    dot: " · ", isASCII: false)

  static let ascii = Glyphs(
    protected: "P", arrived: "+", arriving: ".", marked: "*", faulty: "!", unread: ".", ellipsis: "~",
    descending: "v", ascending: "^", folded: ">", unfolded: "v", horizontal: "-", vertical: "|",
    topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", crossDown: "+", crumb: " > ",
    dot: " - ", isASCII: true)
}
