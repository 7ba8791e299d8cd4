import Explorer
import Foundation
import Logging
import Net
import Synchronization

/// The program's log: the newest lines in memory for the Log screen, all of them in a file or on standard error.
final class LogStore: Sendable {
  enum Destination: Sendable {
    case file(String)
    case standardError
  }

  private struct State {
    var lines: [LogLine] = []
    /// The last line's second, and its text: many lines may come in one.
    var timestamp: (date: Int64, text: String) = (.min, "")
    var file: FileHandle?
    var fileSize = 0
  }

  private static let keptLines = 2000
  /// A longer file becomes `….1`, whose predecessor goes.
  private static let fileLimit = 16 << 20

  private let destination: Destination
  /// What was asked for while the program runs, by category.
  private let levels = Mutex<[String: Logger.Level]>([:])
  private let state = Mutex(State())
  private let bell = Bell()

  init(_ destination: Destination) {
    self.destination = destination
  }

  /// The level of a category, where it is another than the program started with.
  func level(of category: String) -> Logger.Level? { levels.withLock { $0[category] } }

  /// Nil is the one that the program started with.
  func setLevel(_ level: Logger.Level?, of category: String) { levels.withLock { $0[category] = level } }

  func append(_ level: LogLine.Level, _ message: String) {
    let line = LogLine(date: Int64(Date().timeIntervalSince1970), level: level, message: message)
    state.withLock { state in
      state.lines.append(line)
      if state.lines.count > Self.keptLines * 2 { state.lines.removeFirst(Self.keptLines) }
      write(line, &state)
    }
    bell.ring()
  }

  /// Must hold the lock.
  private func write(_ line: LogLine, _ state: inout State) {
    if state.timestamp.date != line.date { state.timestamp = (line.date, Self.timestamp(line.date)) }
    let text = "\(state.timestamp.text) \(Self.name(line.level)) \(Self.printable(line.message))\n"
    let data = Data(text.utf8)
    switch destination {
    case .standardError: try? FileHandle.standardError.write(contentsOf: data)
    case .file(let path):
      if state.file == nil { open(path, &state) }
      if state.fileSize > Self.fileLimit {
        try? state.file?.close()
        rename(path, path + ".1")
        open(path, &state)
      }
      // A full disk must not stop anything: the line is then only in memory.
      try? state.file?.write(contentsOf: data)
      state.fileSize += data.count
    }
  }

  private func open(_ path: String, _ state: inout State) {
    let file = Foundation.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    if file < 0 { return }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    state.fileSize = Int((try? handle.seekToEnd()) ?? 0)
    state.file = handle
  }

  private static func name(_ level: LogLine.Level) -> String {
    switch level {
    case .debug: "debug  "
    case .info: "info   "
    case .notice: "notice "
    case .warning: "warning"
    case .error: "error  "
    }
  }

  /// Local time, as a person reads it.
  private static func timestamp(_ seconds: Int64) -> String {
    var time = time_t(seconds)
    var parts = tm()
    localtime_r(&time, &parts)
    return String(
      format: "%04d-%02d-%02d %02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
      parts.tm_hour, parts.tm_min, parts.tm_sec)
  }

  /// Control characters that a peer sent must not reach a terminal or start a line of their own.
  private static func printable(_ text: String) -> String {
    // Control characters are one byte, or begin with this one.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0xC2 }) { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}

extension LogStore: LogSource {
  func lines(limit: Int) -> [LogLine] { state.withLock { Array($0.lines.suffix(limit)) } }

  func updates() -> AsyncStream<Void> { bell.rings() }

  var filePath: String? {
    if case .file(let path) = destination { return path }
    return nil
  }
}

/// What swift-log hands its lines to.
struct LogStoreHandler: LogHandler {
  let store: LogStore
  /// One of Orthanc's: `generic`, `dicom`, `http`, `jobs`.
  let category: String
  var metadata: Logger.Metadata = [:]
  private var ownLevel: Logger.Level

  var logLevel: Logger.Level {
    get { store.level(of: category) ?? ownLevel }
    set { ownLevel = newValue }
  }

  init(_ store: LogStore, category: String, level: Logger.Level) {
    self.store = store
    self.category = category
    ownLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let level: LogLine.Level =
      switch event.level {
      case .trace, .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error, .critical: .error
      }
    store.append(level, event.message.description)
  }
}
