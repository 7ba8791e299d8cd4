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
  static func read(
    _ object: [String: JSONValue], _ dictionary: CustomDictionary? = nil
  ) throws(ConfigurationError) -> [ResourceLevel: [Tag]] {
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
        guard case .text(let text) = item,
          let tag = dictionary?.tag(named: text) ?? DataDictionary.tag(named: text), !tag.isPrivate
        else {
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
      if patterns.isEmpty {
        throw ConfigurationError(
          "AcceptedTransferSyntaxes is empty and lets nothing in: give \(allowedPatterns). "
            + "DicomServerEnabled: false turns reception off")
      }
      for pattern in patterns
      where !known.contains(where: { TransferSyntaxPattern.matches($0, pattern: pattern) }) {
        throw ConfigurationError(
          "AcceptedTransferSyntaxes has \"\(pattern)\", which matches no transfer syntax: allowed are "
            + allowedPatterns)
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

  private static let allowedPatterns =
    "UIDs of transfer syntaxes such as 1.2.840.10008.1.2.1, in which * stands for anything and ? for one character"

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
