import DICOM

/// The members of a modality's or a peer's JSON object. Whatever is of another kind is a `NodeFault`; null is nothing.
struct NodeMembers {
  private let members: [String: JSONValue]

  init(_ members: [String: JSONValue]) { self.members = members }

  subscript(name: String) -> JSONValue? {
    let value = members[name]
    return value == .null ? nil : value
  }

  func text(_ name: String, otherwise: String = "") throws(NodeFault) -> String {
    guard let value = self[name] else { return otherwise }
    guard case .text(let text) = value else { throw NodeFault(value, of: name, allowed: "a text in quotes") }
    return text
  }

  func boolean(_ name: String, otherwise: Bool) throws(NodeFault) -> Bool {
    guard let value = self[name] else { return otherwise }
    guard case .boolean(let isTrue) = value else {
      throw NodeFault(value, of: name, allowed: "true or false")
    }
    return isTrue
  }

  func seconds(_ name: String) throws(NodeFault) -> Int {
    guard let value = self[name] else { return 0 }
    guard case .number(let seconds) = value, seconds == seconds.rounded(), (0...1e6).contains(seconds) else {
      throw NodeFault(value, of: name, allowed: "a whole number of seconds")
    }
    return Int(seconds)
  }

  func texts(_ name: String) throws(NodeFault) -> [String: String] {
    guard let value = self[name] else { return [:] }
    guard case .object(let object) = value else {
      throw NodeFault(value, of: name, allowed: "an object of texts")
    }
    let found = object.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
    if found.count < object.count { throw NodeFault(value, of: name, allowed: "an object of texts") }
    return found
  }

  /// Those that are texts and have none of these names.
  func texts(except known: Set<String>) -> [String: String] {
    members.compactMapValues { if case .text(let text) = $0 { text } else { nil } }.filter {
      !known.contains($0.key)
    }
  }
}
