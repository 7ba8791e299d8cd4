/// UIDs with wildcards, as Orthanc's `AcceptedTransferSyntaxes` has them.
public enum TransferSyntaxPattern {
  /// Whether a UID fits a pattern, in which `*` stands for anything and `?` for one character.
  ///
  /// Linear in the text for each `*`: remembers the last star only.
  public static func matches(_ uid: String, pattern: String) -> Bool {
    let text = Array(uid.utf8)
    let pattern = Array(pattern.utf8)
    var position = 0
    var inPattern = 0
    var restart: (text: Int, pattern: Int)?
    while position < text.count {
      if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
        inPattern += 1
        restart = (position, inPattern)
      } else if inPattern < pattern.count,
        pattern[inPattern] == text[position] || pattern[inPattern] == UInt8(ascii: "?")
      {
        position += 1
        inPattern += 1
      } else if let last = restart {
        restart = (last.text + 1, last.pattern)
        position = last.text + 1
        inPattern = last.pattern
      } else {
        return false
      }
    }
    return pattern[inPattern...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
