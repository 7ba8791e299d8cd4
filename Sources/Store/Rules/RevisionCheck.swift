/// At which revision a metadata value or an attachment must be for a change to be made: whoever has read it says which one
/// they have seen.
public enum ExpectedRevision: Equatable, Sendable {
  /// None is stated: the last one wins. With `CheckRevisions` on, only what is not there yet may be set so.
  case any
  /// There must be none.
  case absent
  case revision(Int)
}

/// The one rule about revisions, for metadata and attachments, whoever asks.
struct RevisionCheck: Sendable {
  var expected: ExpectedRevision
  /// Whether what is there is changed only by those who say which revision they have seen (`CheckRevisions`).
  var isRequired: Bool
  /// What is to be changed, for instance `metadata note`.
  var subject: String

  /// Throws `revisionConflict`, with both revisions, unless what is there may be changed; nil: nothing is.
  func pass(present: Int?) throws(StoreError) {
    let presentText = present.map { "at revision \($0)" } ?? "gone"
    let expectedText: String
    switch expected {
    case .any:
      if present == nil || !isRequired { return }
      throw StoreError(
        .revisionConflict,
        "\(subject) is \(presentText), and no revision was given: with CheckRevisions on, a change names the one that "
          + "it replaces")
    case .absent:
      if present == nil { return }
      expectedText = "none"
    case .revision(let number):
      if present == number { return }
      expectedText = "revision \(number)"
    }
    throw StoreError(
      .revisionConflict, "somebody else changed \(subject): expected \(expectedText), it is \(presentText)")
  }
}
