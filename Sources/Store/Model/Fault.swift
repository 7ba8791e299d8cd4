/// One thing that is wrong in an archive.
public struct Fault: Equatable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    case missingFile, wrongSize, wrongContent, unreadableFile, fileWithoutRow, instanceWithoutFile,
      rowWithoutParent, wrongCount
  }

  public var kind: Kind
  /// The file, or the resource whose counter is wrong.
  public var subject: String
  public var detail: String

  public init(kind: Kind, subject: String, detail: String) {
    self.kind = kind
    self.subject = subject
    self.detail = detail
  }

  public var description: String {
    switch kind {
    case .missingFile: "missing file: \(subject) (\(detail))"
    case .wrongSize: "wrong size: \(subject): \(detail)"
    case .wrongContent: "damaged content: \(subject): \(detail)"
    case .unreadableFile: "unreadable: \(subject): \(detail)"
    case .fileWithoutRow: "file that the index does not know: \(subject)"
    case .instanceWithoutFile: "instance whose file the index does not know: \(subject)"
    case .rowWithoutParent: "row that belongs to nothing: \(subject): \(detail)"
    case .wrongCount: "wrong count: \(subject): \(detail)"
    }
  }
}

/// How far a verification has come.
public struct VerificationProgress: Sendable {
  public var attachments: Int
  public var ofAttachments: Int
  public var bytes: Int64

  public init(attachments: Int = 0, ofAttachments: Int = 0, bytes: Int64 = 0) {
    self.attachments = attachments
    self.ofAttachments = ofAttachments
    self.bytes = bytes
  }
}
