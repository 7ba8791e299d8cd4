import DICOM
import Store

/// `EventHooks`: a command for each kind of event, as a list of program and arguments or as a line for `/bin/sh -c`.
enum EventHookOption {
  static func read(_ object: [String: JSONValue]) throws(ConfigurationError) -> [EventHook] {
    var hooks: [EventHook] = []
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      guard EventHook.names.contains(name) else {
        throw ConfigurationError(
          "EventHooks.\(name) is no event: allowed are " + EventHook.names.sorted().joined(separator: ", "))
      }
      hooks.append(EventHook(name: name, command: try command(value, name)))
    }
    return hooks
  }

  private static func command(_ value: JSONValue, _ name: String) throws(ConfigurationError) -> [String] {
    let wrong = ConfigurationError(
      option: "EventHooks.\(name)", value: value,
      allowed: "[ \"program\", \"argument\" … ], or a line for the shell")
    switch value {
    case .text(let line) where !line.isEmpty: return ["/bin/sh", "-c", line]
    case .array(let items):
      var words: [String] = []
      for item in items {
        guard case .text(let word) = item else { throw wrong }
        words.append(word)
      }
      if words.first?.isEmpty ?? true { throw wrong }
      return words
    case .null, .boolean, .number, .text, .object: throw wrong
    }
  }
}
