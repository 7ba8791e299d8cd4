/// A part of the screen that a click does something with.
struct Hit: Equatable, Sendable {
  enum Target: Equatable, Sendable {
    /// As if the key had been pressed.
    case key(Key)
    /// The row with this number of the window in front.
    case row(Int)
  }

  var part: Rectangle
  var target: Target
}
