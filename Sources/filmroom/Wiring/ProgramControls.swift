import CLinux
import Foundation
import Logging
import Net
import Store
import Synchronization

/// What the REST API may ask of this program.
final class ProgramControls: ProgramControl {
  private let log: LogStore
  private let logger: Logger
  let trail = AuditTrail()
  private let isRestarting = Mutex(false)
  private static let categories = ["generic", "http", "dicom", "jobs", "lua", "plugins", "sqlite"]

  init(log: LogStore, logger: Logger) {
    self.log = log
    self.logger = logger
  }

  /// The first of all where no category is named.
  func logLevel(of category: String) -> String {
    switch log.level(of: category.isEmpty ? Self.categories[0] : category) {
    case .trace?: "trace"
    case .debug?: "verbose"
    default: "default"
    }
  }

  func setLogLevel(_ level: String, of category: String) {
    let chosen: Logger.Level? = level == "trace" ? .trace : level == "verbose" ? .debug : nil
    for name in category.isEmpty ? Self.categories : [category] { log.setLevel(chosen, of: name) }
  }

  func audit(_ record: AuditRecord) {
    logger.notice("REST: \(record.line)")
    trail.append(record)
  }

  var conformance: String { ConformanceStatement.text }

  func demo(removing: Bool, archive: Archive) async throws -> String {
    removing ? try await DemoStudies.remove(from: archive) : try await DemoStudies.write(to: archive)
  }

  /// As the signal that ends it in good order would.
  func end(restarting: Bool) {
    isRestarting.withLock { $0 = restarting }
    kill(getpid(), SIGTERM)
  }

  /// Becomes a new program with the same arguments, where that was asked for. Returns otherwise.
  func restartIfAsked() {
    guard isRestarting.withLock({ $0 }) else { return }
    signal(SIGTERM, SIG_DFL)
    _ = filmroom_close_rest_on_exec()
    var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
    execv("/proc/self/exe", &arguments)
    logger.error("can't start anew: \(String(cString: strerror(errno)))")
  }
}
