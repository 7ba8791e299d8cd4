import DICOM
import Store

/// `UserContentType`: names for attachments from 1024 to 65535, each a number or a list of a number and a MIME type.
enum UserContentTypeOption {
  static func read(
    _ object: [String: JSONValue]
  ) throws(ConfigurationError) -> [String: UserAttachmentType] {
    var types: [String: UserAttachmentType] = [:]
    for (name, value) in object.sorted(by: { $0.key < $1.key }) {
      let option = "UserContentType.\(name)"
      guard let user = userType(value) else {
        throw ConfigurationError(
          option: option, value: value,
          allowed:
            "a whole number from 1024 to 65535, or a list of it and a MIME type such as \"application/pdf\"")
      }
      if let other = types.first(where: { $0.value.type == user.type }) {
        throw ConfigurationError("\(option) and UserContentType.\(other.key) are both \(user.type.rawValue)")
      }
      if AttachmentType.isCoreName(name) || UInt16(name) != nil || name.isEmpty || name.contains("/") {
        throw ConfigurationError("\(option) can't be a name of attachments: it means something already")
      }
      types[name] = user
    }
    return types
  }

  private static func userType(_ value: JSONValue) -> UserAttachmentType? {
    switch value {
    case .array(let items):
      guard items.count == 2, let type = type(items[0]), case .text(let mimeType) = items[1],
        isMIMEType(mimeType)
      else { return nil }
      return UserAttachmentType(type, mimeType: mimeType)
    default: return type(value).map { UserAttachmentType($0) }
    }
  }

  private static func type(_ value: JSONValue) -> AttachmentType? {
    guard case .number(let number) = value, number == number.rounded(), (1024...65535).contains(number) else {
      return nil
    }
    return AttachmentType(rawValue: UInt16(number))
  }

  /// Two words with a slash between them, and no control characters: it goes into headers.
  private static func isMIMEType(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }
}
