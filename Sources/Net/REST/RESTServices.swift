import DICOM
import Logging
import Store
import Synchronization

/// What the routes work on.
final class RESTServices: Sendable {
  let archive: Archive
  let jobs: JobsEngine
  let settings: RESTSettings
  let metrics = RESTMetrics()
  let outputs: JobOutputs
  let nodes: KnownNodes
  let reception: ReceptionRules
  let imports: ImportRuns
  let refusals: RefusalTrail
  let program: any ProgramControl
  let logger: Logger

  init(
    archive: Archive, jobs: JobsEngine, settings: RESTSettings, nodes: KnownNodes,
    reception: ReceptionRules, program: any ProgramControl, logger: Logger
  ) {
    self.archive = archive
    self.jobs = jobs
    metrics.isOn = settings.hasMetrics
    outputs = JobOutputs(folder: archive.uploadFolder, limit: settings.keptArchives)
    self.settings = settings
    self.nodes = nodes
    self.reception = reception
    imports = ImportRuns { program.audit($0) }
    refusals = RefusalTrail { program.audit($0) }
    self.program = program
    self.logger = logger
  }

  private let start = ContinuousClock.now

  /// Seconds since the start.
  var uptime: Int64 { (ContinuousClock.now - start).components.seconds }

  /// Who changed what.
  func audit(_ request: RESTRequest, status: Int) { program.audit(AuditRecord(request, status: status)) }
}

/// What the routes ask of the program around them.
public protocol ProgramControl: Sendable {
  /// Orthanc's log categories (`generic`, `http` …) each have a level: `default`, `verbose` or `trace`.
  func logLevel(of category: String) -> String
  func setLogLevel(_ level: String, of category: String)
  /// For the log and the Activity screen.
  func audit(_ record: AuditRecord)
  /// The conformance statement, as text.
  var conformance: String { get }
  /// Ends the program, or starts its services anew with a configuration that is read again.
  func end(restarting: Bool)
  /// Puts the demo's studies into the archive, or takes them out. Returns a sentence about it.
  func demo(removing: Bool, archive: Archive) async throws -> String
}

/// Options that the routes show or follow.
public struct RESTSettings: Sendable {
  /// `Name`: what the server is called.
  public var name = "Filmroom"
  /// Our own version.
  public var version: String
  public var aeTitle = "FILMROOM"
  public var dicomPort = 4242
  public var httpPort = 8042
  public var isSecure = false
  /// `HttpDescribeErrors`.
  public var describesErrors = true
  /// `HttpCompressionEnabled`.
  public var compresses = false
  /// `LimitFindResults` and `LimitFindInstances`; 0 is no limit.
  public var findLimit = 0
  public var findInstancesLimit = 0
  /// `CaseSensitivePN`: whether case counts in searches.
  public var isCaseSensitive = false
  /// `StorageAccessOnFind`: whether files are read for tags that the index does not have.
  public var readsFilesToFind = true
  public var readsFilesToAnswer = true
  /// `MediaArchiveSize`: ZIP files of jobs that are kept.
  public var keptArchives = 1
  /// `MetricsEnabled`.
  public var hasMetrics = true
  /// `RestApiWriteToFileSystemEnabled`.
  public var mayWriteFiles = false
  /// `DatabaseServerIdentifier`.
  public var serverIdentifier = ""

  public init(version: String) { self.version = version }
}

/// Counts of requests.
final class RESTMetrics: Sendable {
  struct Values: Equatable, Sendable {
    var active = 0
    var total = 0
    /// The longest one since the start, in milliseconds.
    var slowest = 0
  }

  private let values = Mutex(Values())
  private let isCollecting = Mutex(true)
  /// Who shows the rate looks by itself for a while after a ring.
  let bell = Bell(pause: .seconds(1))

  /// Whether they are shown.
  var isOn: Bool {
    get { isCollecting.withLock { $0 } }
    set { isCollecting.withLock { $0 = newValue } }
  }

  var now: Values { values.withLock { $0 } }

  func begin() {
    values.withLock { $0.active += 1 }
    bell.ring()
  }

  func end(after duration: Duration) {
    let milliseconds =
      Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
    values.withLock { values in
      values.active -= 1
      values.total += 1
      values.slowest = max(values.slowest, milliseconds)
    }
  }
}
