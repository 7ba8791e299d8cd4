import DICOM
import Net

/// `DicomModalities`: `[AET, host, port]`, perhaps with a manufacturer, or an object with rights.
enum ModalityOption {
  static func read(_ object: [String: JSONValue]) throws(ConfigurationError) -> [KnownModality] {
    var modalities: [KnownModality] = []
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .array(let items): modalities.append(try read(items, name, value))
      case .object(let members): modalities.append(try read(members, name, value))
      case .null, .boolean, .number, .text: throw wrong(name, value)
      }
    }
    return modalities
  }

  /// Members that Orthanc knows and that have no effect here yet, with what each may be.
  ///
  /// `UseDicomTls` stops nothing: it protects connections that we open, and we open none.
  private static let inactive: [String: MemberKind] = [
    "Manufacturer": .text, "LocalAet": .text, "AllowTranscoding": .boolean, "AllowNAction": .boolean,
    "AllowEventReport": .boolean, "UseDicomTls": .boolean, "Timeout": .seconds, "RetryPolicy": .any,
  ]

  private enum MemberKind {
    case any, text, boolean, seconds

    func allows(_ value: JSONValue) -> Bool {
      switch (self, value) {
      case (.any, _), (.text, .text), (.boolean, .boolean): true
      case (.seconds, .number(let number)): number >= 0 && number == number.rounded()
      default: false
      }
    }

    var allowed: String {
      switch self {
      case .any: "anything"
      case .text: "a text in quotes"
      case .boolean: "true or false"
      case .seconds: "a whole number of seconds"
      }
    }
  }

  private static func checkInactive(
    _ members: [String: JSONValue], _ name: String
  ) throws(ConfigurationError) {
    for (member, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let kind = inactive[member], !kind.allows(value) else { continue }
      throw ConfigurationError(
        option: "DicomModalities.\(name).\(member)", value: value, allowed: kind.allowed)
    }
  }

  /// Members of modalities that nobody acts on: a mistyped right would seem to hold.
  static func warnings(_ value: JSONValue?) -> [String] {
    guard case .object(let modalities) = value else { return [] }
    var warnings: [String] = []
    let acted = Set(["AET", "Host", "Port"] + ServiceRight.allCases.map(\.rawValue))
    for (name, modality) in modalities.sorted(by: { $0.key < $1.key }) {
      guard case .object(let members) = modality else { continue }
      for member in members.keys.sorted() where !acted.contains(member) {
        warnings.append(
          inactive[member] == nil
            ? "unknown option DicomModalities.\(name).\(member)"
            : "DicomModalities.\(name).\(member) has no effect yet")
      }
    }
    return warnings
  }

  private static func wrong(_ name: String, _ value: JSONValue) -> ConfigurationError {
    ConfigurationError(
      option: "DicomModalities.\(name)", value: value,
      allowed: "[ \"AET\", \"host\", port ] or { \"AET\" : …, \"Host\" : …, \"Port\" : … }")
  }

  private static func read(
    _ items: [JSONValue], _ name: String, _ value: JSONValue
  ) throws(ConfigurationError) -> KnownModality {
    guard (3...4).contains(items.count) else { throw wrong(name, value) }
    if items.count == 4 { try checkInactive(["Manufacturer": items[3]], name) }
    return try modality(name, items[0], items[1], items[2], rights: Set(ServiceRight.allCases), value)
  }

  private static func read(
    _ members: [String: JSONValue], _ name: String, _ value: JSONValue
  ) throws(ConfigurationError) -> KnownModality {
    guard let title = members["AET"], let host = members["Host"], let port = members["Port"] else {
      throw wrong(name, value)
    }
    try checkInactive(members, name)
    var rights = Set(ServiceRight.allCases)
    for right in ServiceRight.allCases {
      switch members[right.rawValue] {
      case nil, .boolean(true): break
      case .boolean(false): rights.remove(right)
      case .some(let other):
        throw ConfigurationError(
          option: "DicomModalities.\(name).\(right.rawValue)", value: other, allowed: "true or false")
      }
    }
    return try modality(name, title, host, port, rights: rights, value)
  }

  private static func modality(
    _ name: String, _ title: JSONValue, _ host: JSONValue, _ port: JSONValue, rights: Set<ServiceRight>,
    _ value: JSONValue
  ) throws(ConfigurationError) -> KnownModality {
    guard case .text(let title) = title, (1...16).contains(title.utf8.count), case .text(let host) = host
    else {
      throw wrong(name, value)
    }
    // Orthanc takes the port as a text too.
    let number: Double? =
      if case .number(let number) = port { number } else if case .text(let text) = port { Double(text) } else
      { nil }
    guard let number, number == number.rounded(), (1...65535).contains(number) else {
      throw ConfigurationError(
        option: "DicomModalities.\(name), port", value: port, allowed: "a whole number from 1 to 65535")
    }
    return KnownModality(name: name, aeTitle: title, host: host, port: Int(number), rights: rights)
  }
}
