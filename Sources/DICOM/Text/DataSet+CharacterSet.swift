extension DataSet {
  /// What (0008,0005) says of this data set's text.
  public var characterSet: SpecificCharacterSet {
    guard let element = self[.specificCharacterSet] else { return .undeclared }
    return SpecificCharacterSet(String(decoding: element.bytes, as: UTF8.self))
  }
}
