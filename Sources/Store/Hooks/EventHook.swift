import DICOM
import Foundation

/// A command that is run when something happens (`EventHooks`).
public struct EventHook: Equatable, Sendable {
  /// Orthanc's name of what happens, which is also the hook's own.
  public var name: String
  /// A program, looked for in `PATH`, and its arguments.
  public var command: [String]

  public init(name: String, command: [String]) {
    self.name = name
    self.command = command
  }

  /// Everything that a hook can be for.
  public static let names =
    ChangeType.allCases.map(\.name) + JobEvent.Kind.allCases.filter { $0 != .updated }.map(\.rawValue)

  /// Nil for what happens to jobs.
  var changeType: ChangeType? { ChangeType.allCases.first { $0.name == name } }

  /// Whether the index keeps what it is for, so that none is lost.
  var isKept: Bool { changeType?.isKept ?? false }
}

/// What a hook's command reads from its standard input: a line of Orthanc's JSON.
struct HookEvent: Codable, Equatable, Sendable {
  var type: String
  var date: String
  var id: String
  var path: String
  var resourceType: String
  /// 0 for what is not kept.
  var sequence: Int64

  enum CodingKeys: String, CodingKey {
    case type = "ChangeType"
    case date = "Date"
    case id = "ID"
    case path = "Path"
    case resourceType = "ResourceType"
    case sequence = "Seq"
  }

  init(_ change: Change) {
    type = change.type.name
    date = Self.text(change.date)
    id = change.resource.id.description
    path = "/\(Self.collection(change.resource.level))/\(id)"
    resourceType = change.resource.level.name
    sequence = change.sequence
  }

  init(_ event: JobEvent) {
    type = event.kind.rawValue
    date = Self.text(event.date)
    id = event.job
    path = "/jobs/\(event.job)"
    resourceType = "Job"
    sequence = 0
  }

  var line: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = (try? encoder.encode(self)) ?? Data()
    return Array(data) + [UInt8(ascii: "\n")]
  }

  private static func collection(_ level: ResourceLevel) -> String {
    switch level {
    case .patient: "patients"
    case .study: "studies"
    case .series: "series"
    case .instance: "instances"
    }
  }

  /// `20261123T210406`, UTC.
  private static func text(_ date: Int64) -> String {
    var (clock, parts) = (time_t(date), tm())
    gmtime_r(&clock, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))T\(two(parts.tm_hour))"
      + two(parts.tm_min) + two(parts.tm_sec)
  }
}
