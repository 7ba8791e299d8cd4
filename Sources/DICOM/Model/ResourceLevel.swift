/// The four levels of the patient/study/series/instance hierarchy, with Orthanc's numbers.
public enum ResourceLevel: Int, CaseIterable, Comparable, Sendable {
  case patient = 1
  case study = 2
  case series = 3
  case instance = 4

  public static func < (left: ResourceLevel, right: ResourceLevel) -> Bool {
    left.rawValue < right.rawValue
  }

  /// Orthanc's name: `Patient`, `Study`, `Series`, `Instance`.
  public var name: String {
    switch self {
    case .patient: "Patient"
    case .study: "Study"
    case .series: "Series"
    case .instance: "Instance"
    }
  }

  /// The level above: nil for a patient.
  public var parent: ResourceLevel? { ResourceLevel(rawValue: rawValue - 1) }

  /// The level below: nil for an instance.
  public var child: ResourceLevel? { ResourceLevel(rawValue: rawValue + 1) }
}
