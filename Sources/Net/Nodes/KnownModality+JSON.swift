import DICOM

extension KnownModality: KnownNode {
  static let property = "modalities"

  /// As Orthanc writes it, in its configuration, its REST API and its index: a list of AE title, host, port and perhaps
  /// manufacturer, or an object.
  public init(name: String, json: JSONValue) throws(NodeFault) {
    let members: [String: JSONValue]
    switch json {
    case .array(let items) where (3...4).contains(items.count):
      members = Dictionary(
        zip(["AET", "Host", "Port", "Manufacturer"], items), uniquingKeysWith: { first, _ in first })
    case .object(let object): members = object
    case .array, .null, .boolean, .number, .text: throw Self.wrong(json)
    }
    guard case .text(let title)? = members["AET"], AETitle.isValid(title),
      case .text(let host)? = members["Host"], !host.isEmpty, let port = members["Port"]
    else { throw Self.wrong(json) }
    self.init(name: name, aeTitle: title, host: host, port: try Self.port(port))
    try readRights(members)
    try readOthers(members)
  }

  private static func wrong(_ json: JSONValue) -> NodeFault {
    NodeFault(
      json, allowed: "[ \"AET\", \"host\", port ] or { \"AET\" : …, \"Host\" : …, \"Port\" : … }")
  }

  /// Orthanc takes the port as a text too.
  private static func port(_ value: JSONValue) throws(NodeFault) -> Int {
    let number: Double? =
      switch value {
      case .number(let number): number
      case .text(let text): Double(text)
      case .null, .boolean, .array, .object: nil
      }
    guard let number, number == number.rounded(), (1...65535).contains(number) else {
      throw NodeFault(value, of: "Port", allowed: "a whole number from 1 to 65535")
    }
    return Int(number)
  }

  /// What Orthanc called both rights of storage commitment before it told them apart.
  private static let commitment = "AllowStorageCommitment"

  private mutating func readRights(_ members: [String: JSONValue]) throws(NodeFault) {
    if try !Self.boolean(Self.commitment, members, otherwise: true) {
      rights.subtract([.action, .eventReport])
    }
    for right in ServiceRight.allCases where try !Self.boolean(right.rawValue, members, otherwise: true) {
      rights.remove(right)
    }
  }

  private mutating func readOthers(_ members: [String: JSONValue]) throws(NodeFault) {
    manufacturer = try Self.text("Manufacturer", members, otherwise: manufacturer)
    localAET = try Self.text("LocalAet", members, otherwise: localAET)
    usesTLS = try Self.boolean("UseDicomTls", members, otherwise: usesTLS)
    allowsTranscoding = try Self.boolean("AllowTranscoding", members, otherwise: allowsTranscoding)
    guard let value = members["Timeout"] else { return }
    guard case .number(let seconds) = value, seconds == seconds.rounded(), (0...1e6).contains(seconds) else {
      throw NodeFault(value, of: "Timeout", allowed: "a whole number of seconds")
    }
    timeout = Int(seconds)
  }

  private static func boolean(
    _ name: String, _ members: [String: JSONValue], otherwise: Bool
  ) throws(NodeFault) -> Bool {
    switch members[name] {
    case nil: return otherwise
    case .boolean(let value)?: return value
    case .some(let value): throw NodeFault(value, of: name, allowed: "true or false")
    }
  }

  private static func text(
    _ name: String, _ members: [String: JSONValue], otherwise: String
  ) throws(NodeFault) -> String {
    switch members[name] {
    case nil: return otherwise
    case .text(let value)?: return value
    case .some(let value): throw NodeFault(value, of: name, allowed: "a text in quotes")
    }
  }

  /// Members that decide something.
  private static let acted = Set(
    ["AET", "Host", "Port", commitment]
      + ServiceRight.allCases.filter { ![.action, .eventReport].contains($0) }.map(\.rawValue))

  /// Members that Orthanc knows and that nothing follows yet.
  ///
  /// `UseDicomTls` stops nothing: it protects connections that we open, and we open none.
  private static let inactive: Set = [
    "Manufacturer", "LocalAet", "AllowTranscoding", ServiceRight.action.rawValue,
    ServiceRight.eventReport.rawValue, "UseDicomTls", "Timeout", "RetryPolicy",
  ]

  /// A word for each member of its object that nobody acts on: a mistyped right would seem to hold.
  public static func warnings(_ json: JSONValue) -> [(member: String, isKnown: Bool)] {
    guard case .object(let members) = json else { return [] }
    return members.keys.sorted().filter { !acted.contains($0) }.map { ($0, inactive.contains($0)) }
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "AET": .text(aeTitle), "Host": .text(host), "Port": .number(port), "Manufacturer": .text(manufacturer),
      "LocalAet": .text(localAET), "Timeout": .number(timeout), "UseDicomTls": .boolean(usesTLS),
      "AllowTranscoding": .boolean(allowsTranscoding),
    ]
    for right in ServiceRight.allCases { members[right.rawValue] = .boolean(rights.contains(right)) }
    return .object(members)
  }

  var keptJSON: JSONValue { json }
}
