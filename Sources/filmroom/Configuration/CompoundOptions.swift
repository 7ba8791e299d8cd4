import DICOM
import Foundation
import Net
import Store

/// `UserMetadata`: names for keys from 1024 to 65535.
enum UserMetadataOption {
  static func read(_ object: [String: JSONValue]) throws(ConfigurationError) -> [String: MetadataKey] {
    var keys: [String: MetadataKey] = [:]
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      let option = "UserMetadata.\(name)"
      guard case .number(let number) = value, number == number.rounded(), number >= 1024, number <= 65535
      else {
        throw ConfigurationError(option: option, value: value, allowed: "a whole number from 1024 to 65535")
      }
      let key = MetadataKey(rawValue: UInt16(number))
      if let other = keys.first(where: { $0.value == key }) {
        throw ConfigurationError("\(option) and UserMetadata.\(other.key) are both \(key.rawValue)")
      }
      if MetadataKey.isCoreName(name) || UInt16(name) != nil || name.isEmpty {
        throw ConfigurationError("\(option) can't be a name of user metadata: it means something already")
      }
      keys[name] = key
    }
    return keys
  }
}

/// `ExtraMainDicomTags`: tags per level, by keyword or number.
enum ExtraTagsOption {
  static func read(_ object: [String: JSONValue]) throws(ConfigurationError) -> [ResourceLevel: [Tag]] {
    var tags: [ResourceLevel: [Tag]] = [:]
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      guard let level = ResourceLevel.allCases.first(where: { $0.name == name }) else {
        throw ConfigurationError(
          "ExtraMainDicomTags.\(name) is no level: Patient, Study, Series and Instance are allowed")
      }
      guard case .array(let items) = value else {
        throw ConfigurationError(
          option: "ExtraMainDicomTags.\(name)", value: value, allowed: "a list of tags")
      }
      for item in items {
        guard case .text(let text) = item, let tag = DataDictionary.tag(named: text), !tag.isPrivate else {
          throw ConfigurationError(
            option: "ExtraMainDicomTags.\(name)", value: item,
            allowed:
              "a keyword such as \"BitsStored\" or a number such as \"0028,0101\", not of a private tag")
        }
        tags[level, default: []].append(tag)
      }
    }
    return tags
  }
}

/// `AcceptedTransferSyntaxes`, and the options that Orthanc had before it.
enum TransferSyntaxOptions {
  /// Options of Orthanc before 1.9.0 and what they let in; each is true by default.
  private static let older: [(option: String, patterns: [String])] = [
    ("DeflatedTransferSyntaxAccepted", ["1.2.840.10008.1.2.1.99"]),
    ("JpegTransferSyntaxAccepted", (50...66).map { "1.2.840.10008.1.2.4.\($0)" }),
    (
      "JpegLosslessTransferSyntaxAccepted",
      ["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"]
    ),
    ("Jpeg2000TransferSyntaxAccepted", (90...93).map { "1.2.840.10008.1.2.4.\($0)" }),
    ("JpipTransferSyntaxAccepted", ["1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95"]),
    ("Mpeg2TransferSyntaxAccepted", ["1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101"]),
    ("RleTransferSyntaxAccepted", ["1.2.840.10008.1.2.5"]),
    ("Mpeg4TransferSyntaxAccepted", (102...106).map { "1.2.840.10008.1.2.4.\($0)" }),
    ("H265TransferSyntaxAccepted", ["1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.4.108"]),
  ]

  private static let uncompressed = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"]

  static func accepted(_ reader: inout OptionReader) throws(ConfigurationError) -> [String] {
    var values: [(isOn: Bool, patterns: [String])] = []
    for (option, patterns) in older { values.append((try reader.boolean(option, true), patterns)) }
    if let patterns = try reader.texts("AcceptedTransferSyntaxes") {
      for pattern in patterns
      where pattern.isEmpty || !pattern.allSatisfy({ $0.isNumber || ".*?".contains($0) }) {
        throw ConfigurationError(
          option: "AcceptedTransferSyntaxes", value: .text(pattern),
          allowed: "transfer syntax UIDs, in which * stands for anything")
      }
      let isUseful = patterns.contains { pattern in known.contains { matches($0, pattern) } }
      if !isUseful {
        throw ConfigurationError(
          "AcceptedTransferSyntaxes lets no transfer syntax in: give UIDs such as 1.2.840.10008.1.2.1, in which * "
            + "stands for anything. DicomServerEnabled: false turns reception off")
      }
      return patterns
    }
    if values.allSatisfy(\.isOn) { return ["1.2.840.10008.1.*"] }
    return uncompressed + values.filter(\.isOn).flatMap(\.patterns)
  }
}

extension TransferSyntaxOptions {
  /// The transfer syntaxes of the UID registry.
  private static let known = UIDRegistry.entries(ofKind: "Transfer Syntax").map(\.uid.value)

  private static func matches(_ uid: String, _ pattern: String) -> Bool {
    fnmatch(pattern, uid, 0) == 0
  }

  /// `DicomPreferredTransferSyntaxes`: UIDs, those first that are chosen first.
  static func preferred(_ reader: inout OptionReader) throws(ConfigurationError) -> [UID] {
    let texts = try reader.texts("DicomPreferredTransferSyntaxes") ?? []
    for text in texts where !known.contains(text) {
      throw ConfigurationError(
        option: "DicomPreferredTransferSyntaxes", value: .text(text),
        allowed: "UIDs of transfer syntaxes, such as 1.2.840.10008.1.2.1")
    }
    return texts.map { UID($0) }
  }
}

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

  /// Members that Orthanc knows and that have no effect here yet.
  private static let inactive: Set<String> = [
    "Manufacturer", "AllowTranscoding", "UseDicomTls", "LocalAet", "Timeout", "RetryPolicy",
  ]

  /// Members of modalities that nobody acts on: a mistyped right would seem to hold.
  static func warnings(_ value: JSONValue?) -> [String] {
    guard case .object(let modalities) = value else { return [] }
    var warnings: [String] = []
    let acted = Set(["AET", "Host", "Port"] + ServiceRight.allCases.map(\.rawValue))
    for (name, modality) in modalities.sorted(by: { $0.key < $1.key }) {
      guard case .object(let members) = modality else { continue }
      for member in members.keys.sorted() where !acted.contains(member) {
        warnings.append(
          inactive.contains(member)
            ? "DicomModalities.\(name).\(member) has no effect yet"
            : "unknown option DicomModalities.\(name).\(member)")
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
    return try modality(name, items[0], items[1], items[2], rights: Set(ServiceRight.allCases), value)
  }

  private static func read(
    _ members: [String: JSONValue], _ name: String, _ value: JSONValue
  ) throws(ConfigurationError) -> KnownModality {
    guard let title = members["AET"], let host = members["Host"], let port = members["Port"] else {
      throw wrong(name, value)
    }
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
