import DICOM

/// Tags as requests name them.
enum TagNames {
  /// Throws `RESTError` for a name that is none.
  static func tag(_ name: String) throws(RESTError) -> Tag {
    guard let tag = DataDictionary.tag(named: name) else {
      throw RESTError(.unknownDicomTag, name)
    }
    return tag
  }
}
