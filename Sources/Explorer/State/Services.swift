import DICOM
import Store

/// What the machine is doing, for the status line and the empty archive's screen.
public struct ServiceStatus: Equatable, Sendable {
  public var aeTitle: String
  /// Name and address of this machine as a modality would use them; empty when unknown.
  public var hostName: String
  public var addresses: [String]
  /// Nil while the listener is off.
  public var dicomPort: Int?
  public var openAssociations: Int
  /// Instances received per second, now.
  public var instancesPerSecond: Int
  /// Instances received since the start.
  public var totalReceived: Int
  public var storageUsed: Int64
  /// Nil: no limit set.
  public var storageLimit: Int64?
  /// What is not as it should be: `storage is read-only`, `port 4242 is in use`.
  public var note: String?
  public var runningJobs: Int
  /// How far they are on average; nil while none runs.
  public var jobPercent: Int?
  /// Nil while there is no REST API.
  public var http: HTTPServerStatus?

  /// Whether the figures change by themselves.
  var isBusy: Bool {
    openAssociations > 0 || instancesPerSecond > 0 || runningJobs > 0 || http?.requestsPerSecond ?? 0 > 0
  }

  public init(
    aeTitle: String = "FILMROOM", hostName: String = "", addresses: [String] = [], dicomPort: Int? = nil,
    openAssociations: Int = 0, instancesPerSecond: Int = 0, totalReceived: Int = 0, storageUsed: Int64 = 0,
    storageLimit: Int64? = nil, note: String? = nil, runningJobs: Int = 0, jobPercent: Int? = nil,
    http: HTTPServerStatus? = nil
  ) {
    self.aeTitle = aeTitle
    self.hostName = hostName
    self.addresses = addresses
    self.dicomPort = dicomPort
    self.openAssociations = openAssociations
    self.instancesPerSecond = instancesPerSecond
    self.totalReceived = totalReceived
    self.storageUsed = storageUsed
    self.storageLimit = storageLimit
    self.note = note
    self.runningJobs = runningJobs
    self.jobPercent = jobPercent
    self.http = http
  }
}

/// Asked once a second while something goes on, else once a minute and when it says that something happened; must
/// answer at once.
public protocol ServiceStatusSource: Sendable {
  func snapshot() -> ServiceStatus
  /// Says that a snapshot may have become another one; may skip.
  func updates() -> AsyncStream<Void>
}

/// A line of the log.
public struct LogLine: Equatable, Sendable {
  public enum Level: Int, Comparable, CaseIterable, Sendable {
    case debug, info, notice, warning, error

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  /// Seconds since 1970, UTC.
  public var date: Int64
  public var level: Level
  public var message: String

  public init(date: Int64, level: Level, message: String) {
    self.date = date
    self.level = level
    self.message = message
  }
}

/// What the Log screen shows.
public protocol LogSource: Sendable {
  /// The newest lines, oldest of them first.
  func lines(limit: Int) -> [LogLine]
  /// Says that there is something new; may skip.
  func updates() -> AsyncStream<Void>
  /// Where the whole log lies; nil when it is not kept.
  var filePath: String? { get }
}

/// What the dictionary says about a tag.
public struct TagExplanation: Equatable, Sendable {
  public var name: String
  public var keyword: String
  public var vr: String
  /// Value multiplicity: `1`, `1-n`.
  public var vm: String
  public var isRetired: Bool

  public init(name: String, keyword: String, vr: String, vm: String, isRetired: Bool = false) {
    self.name = name
    self.keyword = keyword
    self.vr = vr
    self.vm = vm
    self.isRetired = isRetired
  }
}

/// Preferences that come from the configuration or the environment.
public struct ExplorerSettings: Sendable {
  /// Environment, for `NO_COLOR`, `EDITOR` and `TERM`.
  public var environment: [String: String]
  public var usesMouse: Bool
  /// Which component group of a person's name stands first.
  public var nameGroup: PersonNameGroup

  public init(
    environment: [String: String] = [:], usesMouse: Bool = true, nameGroup: PersonNameGroup = .alphabetic
  ) {
    self.environment = environment
    self.usesMouse = usesMouse
    self.nameGroup = nameGroup
  }
}

/// Everything that the explorer shows and acts on. Optional actions that are missing are said to be so.
public struct ExplorerServices: Sendable {
  /// Hears how far a long task has come, from any thread, as often as it likes to tell.
  public typealias Progress = @Sendable (WorkProgress) -> Void

  public var archive: any ArchiveAccess
  public var status: any ServiceStatusSource
  public var log: any LogSource
  public var settings: ExplorerSettings
  /// Nil where the archive runs no jobs.
  public var jobs: (any JobAccess)?
  /// Nil where nothing is written over REST.
  public var remoteWrites: (any RemoteWriteSource)?
  /// Imports a file or folder of this machine and says how it went; ends early when its task is cancelled.
  public var importFolder:
    (@Sendable (_ path: String, _ progress: @escaping Progress) async throws -> String)?
  /// The demo studies, whether they are there or not.
  public var demoStudies: [ResourceReference]
  /// Writes the demo studies and says so.
  public var makeDemo: (@Sendable (_ progress: @escaping Progress) async throws -> String)?
  /// The dictionary's entry for a tag; `creator` is the owner of a private one.
  public var explain: (@Sendable (_ tag: Tag, _ creator: String?) -> TagExplanation?)?

  public init(
    archive: any ArchiveAccess, status: any ServiceStatusSource, log: any LogSource,
    settings: ExplorerSettings = ExplorerSettings(), jobs: (any JobAccess)? = nil,
    remoteWrites: (any RemoteWriteSource)? = nil,
    importFolder: (@Sendable (_ path: String, _ progress: @escaping Progress) async throws -> String)? = nil,
    demoStudies: [ResourceReference] = [],
    makeDemo: (@Sendable (_ progress: @escaping Progress) async throws -> String)? = nil,
    explain: (@Sendable (_ tag: Tag, _ creator: String?) -> TagExplanation?)? = nil
  ) {
    self.archive = archive
    self.status = status
    self.log = log
    self.settings = settings
    self.jobs = jobs
    self.remoteWrites = remoteWrites
    self.importFolder = importFolder
    self.demoStudies = demoStudies
    self.makeDemo = makeDemo
    self.explain = explain
  }
}

/// Why the explorer ended.
public enum ExplorerExit: Equatable, Sendable {
  case quit
  /// The terminal went away (SIGHUP, a lost connection): go on without one.
  case terminalLost
}
