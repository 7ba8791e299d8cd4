import DICOM

/// A configuration that can't be used, in a sentence: the option, its value, and what is allowed.
struct ConfigurationError: Error, CustomStringConvertible, Equatable {
  var description: String

  init(_ description: String) { self.description = description }

  init(option: String, value: JSONValue, allowed: String) {
    description = "\(option) is \(value.description): allowed is \(allowed)"
  }
}
