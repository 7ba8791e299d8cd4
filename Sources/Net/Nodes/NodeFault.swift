import DICOM

/// What is wrong with a modality's or a peer's JSON.
public struct NodeFault: Error, Equatable {
  /// The member at fault; nil for the whole.
  public var member: String?
  public var value: JSONValue
  public var allowed: String

  init(_ value: JSONValue, of member: String? = nil, allowed: String) {
    self.member = member
    self.value = value
    self.allowed = allowed
  }
}
