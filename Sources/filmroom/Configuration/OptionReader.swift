import DICOM
import Foundation

/// Takes options out of a file one by one, checked; what is left at the end was not acted on.
struct OptionReader {
  private var options: [String: JSONValue]

  init(_ options: [String: JSONValue]) { self.options = options }

  /// The names of options that nobody asked for, sorted.
  var remaining: [String] { options.keys.sorted() }

  /// Whether an option is there and not null.
  func has(_ name: String) -> Bool { options[name].map { $0 != .null } ?? false }

  /// An option's raw value; nil when it is absent or null.
  mutating func take(_ name: String) -> JSONValue? {
    let value = options.removeValue(forKey: name)
    return value == .null ? nil : value
  }

  mutating func boolean(_ name: String, _ otherwise: Bool) throws(ConfigurationError) -> Bool {
    switch take(name) {
    case nil: return otherwise
    case .boolean(let value): return value
    case .some(let value): throw ConfigurationError(option: name, value: value, allowed: "true or false")
    }
  }

  mutating func integer(
    _ name: String, _ otherwise: Int, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    guard let value = take(name) else { return otherwise }
    if case .number(let number) = value, number == number.rounded(),
      number >= Double(range.lowerBound), number <= Double(range.upperBound)
    {
      return Int(number)
    }
    throw ConfigurationError(
      option: name, value: value, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }

  mutating func text(_ name: String) throws(ConfigurationError) -> String? {
    switch take(name) {
    case nil: return nil
    case .text(let value): return value
    case .some(let value): throw ConfigurationError(option: name, value: value, allowed: "a text in quotes")
    }
  }

  /// The path of a folder, which can't be empty.
  mutating func path(_ name: String) throws(ConfigurationError) -> String? {
    let path = try text(name)
    if path?.isEmpty == true {
      throw ConfigurationError(option: name, value: .text(""), allowed: "the path of a folder")
    }
    return path
  }

  mutating func texts(_ name: String) throws(ConfigurationError) -> [String]? {
    guard let value = take(name) else { return nil }
    // Orthanc takes a single text for a list of one.
    if case .text(let text) = value { return [text] }
    guard case .array(let items) = value else {
      throw ConfigurationError(option: name, value: value, allowed: "a list of texts")
    }
    var texts: [String] = []
    for item in items {
      guard case .text(let text) = item else {
        throw ConfigurationError(option: name, value: item, allowed: "a list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  mutating func object(_ name: String) throws(ConfigurationError) -> [String: JSONValue] {
    switch take(name) {
    case nil: return [:]
    case .object(let value): return value
    case .some(let value): throw ConfigurationError(option: name, value: value, allowed: "an object")
    }
  }
}
