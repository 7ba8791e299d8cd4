import HTTPTypes

/// What Orthanc's answer to an upload does not tell.
enum StoredHeader {
  static let field = HTTPField.Name("Filmroom-Status")!
  static let overwritten = "Overwritten"
}
