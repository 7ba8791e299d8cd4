import DICOM

extension KnownModality: KnownNode {
  static let property = "modalities"

  /// As Orthanc writes it, in its configuration, its REST API and its index: a list of AE title, host, port and perhaps
  /// manufacturer, or an object.
  public init(name: String, json: JSONValue) throws(NodeFault) {
    let object: [String: JSONValue]
    switch json {
    case .array(let items) where (3...4).contains(items.count):
      object = Dictionary(
        zip(["AET", "Host", "Port", "Manufacturer"], items), uniquingKeysWith: { first, _ in first })
    case .object(let members): object = members
    case .array, .null, .boolean, .number, .text: throw Self.wrong(json)
    }
    let members = NodeMembers(object)
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

  private mutating func readRights(_ members: NodeMembers) throws(NodeFault) {
    if try !members.boolean(Self.commitment, otherwise: true) { rights.subtract([.action, .eventReport]) }
    for right in ServiceRight.allCases where try !members.boolean(right.rawValue, otherwise: true) {
      rights.remove(right)
    }
  }

  private mutating func readOthers(_ members: NodeMembers) throws(NodeFault) {
    if let value = members["Manufacturer"] { manufacturer = try Self.manufacturer(value) }
    localAET = try members.text("LocalAet")
    usesTLS = try members.boolean("UseDicomTls", otherwise: usesTLS)
    allowsTranscoding = try members.boolean("AllowTranscoding", otherwise: allowsTranscoding)
    timeout = try members.seconds("Timeout")
  }

  /// Orthanc's words, and the older ones that it takes for them.
  private static func manufacturer(_ value: JSONValue) throws(NodeFault) -> String {
    let words = ["Generic", "GenericNoWildcardInDates", "GenericNoUniversalWildcard", "Vitrea", "GE"]
    switch value {
    case .text(let text) where words.contains(text): return text
    case .text("AgfaImpax"), .text("SyngoVia"): return "GenericNoWildcardInDates"
    case .text("EFilm2"), .text("MedInria"), .text("ClearCanvas"), .text("Dcm4Chee"): return "Generic"
    default: throw NodeFault(value, of: "Manufacturer", allowed: words.joined(separator: ", "))
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
