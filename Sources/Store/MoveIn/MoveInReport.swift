/// How far an archive has moved in, and what came of it.
public struct MoveInReport: Equatable, Sendable {
  public var ofInstances = 0
  public var stored = 0
  /// Instances that were there already, with the same content.
  public var present = 0
  /// Instances that took the place of another version (`OverwriteInstances`).
  public var overwritten = 0
  public var labels = 0
  public var metadata = 0
  public var attachments = 0
  public var protectedPatients = 0
  /// Global properties that came along, by number, also those that were there already.
  public var properties: [GlobalProperty] = []
  /// Versions and counters of the other archive's own database, which stayed behind.
  public var ownProperties = 0
  /// Instances that did not come in, each told as a fault.
  public var failed = 0
  public var faults = 0
  /// It was ended before everything was looked at.
  public var isInterrupted = false

  public init() {}

  public var done: Int { stored + present + overwritten + failed }
}

/// One thing of a foreign archive that did not move, or not as it was.
public struct MoveInFault: Equatable, Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable, CaseIterable {
    case missingFile, damagedFile, unreadableRow, refusedInstance, otherVersion, otherIdentifier, leftDetail,
      keptValue
  }

  public var kind: Kind
  /// The file, or the resource in Orthanc's archive.
  public var subject: String
  public var detail: String

  public var description: String {
    let what =
      switch kind {
      case .missingFile: "missing file"
      case .damagedFile: "damaged or unreadable file"
      case .unreadableRow: "row that can't be read"
      case .refusedInstance: "instance that can't be taken in"
      case .otherVersion: "another version is there already and stays"
      case .otherIdentifier: "instance that has another identifier here"
      case .leftDetail: "not taken over"
      case .keptValue: "another value is there already and stays"
      }
    return "\(what): \(subject): \(detail)"
  }
}
