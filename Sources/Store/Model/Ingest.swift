import DICOM

/// Through which mechanism an instance came, and from whom.
public struct InstanceOrigin: Hashable, Sendable {
  /// Orthanc's names, as the `Origin` metadata has them.
  public enum Mechanism: Int, CaseIterable, Sendable {
    case unknown = 0
    case dicomProtocol = 1
    case restAPI = 2
    case plugins = 3
    case lua = 4
    /// `filmroom import` and `filmroom demo`; Orthanc has no such thing and calls it `Unknown`.
    case localFile = 5

    public var name: String {
      switch self {
      case .unknown, .localFile: "Unknown"
      case .dicomProtocol: "DicomProtocol"
      case .restAPI: "RestApi"
      case .plugins: "Plugins"
      case .lua: "Lua"
      }
    }
  }

  public var mechanism: Mechanism
  public var remoteIP: String
  public var remoteAET: String
  public var calledAET: String
  public var httpUsername: String

  public init(
    _ mechanism: Mechanism, remoteIP: String = "", remoteAET: String = "", calledAET: String = "",
    httpUsername: String = ""
  ) {
    self.mechanism = mechanism
    self.remoteIP = remoteIP
    self.remoteAET = remoteAET
    self.calledAET = calledAET
    self.httpUsername = httpUsername
  }
}

/// What became of an instance that the archive acknowledged.
public struct StoreResult: Equatable, Sendable {
  public enum Status: Equatable, Sendable {
    case stored
    /// It was there already and was kept as it was.
    case alreadyStored
    /// It was there already and was replaced (`OverwriteInstances`).
    case overwritten
  }

  public var status: Status
  /// PatientID, then the UIDs of study, series and instance.
  private let identifiers: [String]

  /// - Parameter identifiers: PatientID, then the UIDs of study, series and instance.
  public init(status: Status, identifiers: [String]) {
    self.status = status
    self.identifiers = identifiers
  }

  init(status: Status, _ prepared: PreparedInstance) {
    self.status = status
    identifiers = prepared.identifiers
  }

  public var instance: PublicID { id(.instance) }

  /// The instance, or what it lies in.
  public func id(_ level: ResourceLevel) -> PublicID {
    PublicID(dicomIdentifiers: Array(identifiers.prefix(level.rawValue)))
  }
}

/// Who offers an instance over the network, and as what.
public struct IncomingInstance: Sendable {
  public var origin: InstanceOrigin
  public var transferSyntax: TransferSyntax
  /// What the sender says that it sends; the data set must agree.
  public var sopClass: UID
  public var sopInstance: UID

  public init(origin: InstanceOrigin, transferSyntax: TransferSyntax, sopClass: UID, sopInstance: UID) {
    self.origin = origin
    self.transferSyntax = transferSyntax
    self.sopClass = sopClass
    self.sopInstance = sopInstance
  }
}

/// Runs something a moment later on the thread it is called on, when that has taken in everything at hand; at most
/// so short a wait as a sync of the disk may happen there.
public typealias EndOfTurn = (_ body: @escaping @Sendable () -> Void) -> Void

/// Where an arriving data set goes. One caller at a time, in order; blocking calls, so never on an event
/// loop. Ends with exactly one `finish` or `discard`.
public protocol InstanceReceiver: AnyObject, Sendable {
  /// The next bytes of the data set as they came. Throws `StoreError`; then only `discard` may follow.
  func append(_ bytes: UnsafeRawBufferPointer) throws

  /// For a moment no more comes: a good time to write what has come. Throws as `append` does.
  func flush() throws

  /// The data set is complete. Makes the file durable on the calling thread; the completion is called,
  /// on a thread of the archive or at the end of the turn, once the index has been committed to the disk too, or the instance
  /// was refused. It must not block.
  ///
  /// - Parameter atEndOfTurn: what many small instances have in common may be done there.
  func finish(
    atEndOfTurn: EndOfTurn?, _ completion: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void)

  /// Forgets everything received; the file goes.
  func discard()
}

extension InstanceReceiver {
  /// The same from a thread that has no turns.
  func finish(_ completion: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void) {
    finish(atEndOfTurn: nil, completion)
  }
}

/// What takes instances in: the archive, or a stand-in in tests.
public protocol InstanceStore: Sendable {
  /// Opens a place for an arriving instance. Throws `StoreError` when there is no room or no right.
  func receive(_ incoming: IncomingInstance) throws -> any InstanceReceiver
}
