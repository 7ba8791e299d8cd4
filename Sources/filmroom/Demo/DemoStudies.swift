import DICOM
import Store

/// The synthetic studies in an archive.
enum DemoStudies {
  static let label = "demo"

  /// Writes the studies and labels them. Those that are there already are recognised.
  static func write(
    to archive: Archive, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> String {
    var stored = 0
    for (number, file) in DemoInstances.files().enumerated() {
      progress(number, DemoInstances.count)
      let result = try await archive.store(file, origin: InstanceOrigin(.localFile))
      if result.status == .stored { stored += 1 }
    }
    try await archive.editLabels(adding: [label], removing: [], on: studies)
    return stored == 0
      ? "the demo studies are there already"
      : "\(studies.count) demo studies with \(stored) instances written"
  }

  /// Takes them out again, but for those of protected patients.
  static func remove(from archive: Archive) async throws -> String {
    let guarded = try await archive.deletionPreview(of: studies).protectedPatients
    let kept = Set(guarded.map(\.id))
    var targets: [ResourceReference] = []
    for study in studies {
      guard let row = try await archive.detail(of: study)?.row, !kept.contains(row.patient) else { continue }
      targets.append(study)
    }
    let count = try await archive.delete(targets)
    let removed = count == 0 ? "no demo studies to remove" : "demo studies removed (\(count) instances)"
    return removed + protection(of: guarded.map { $0.tags[.patientID] ?? "" }.sorted())
  }

  /// What is said of the patients that stay.
  private static func protection(of patients: [String]) -> String {
    switch patients.count {
    case 0: ""
    case 1: "; \(patients[0]) is protected and stays: unprotect it in the explorer first"
    default:
      "; \(patients.joined(separator: ", ")) are protected and stay: unprotect them in the explorer first"
    }
  }

  static var studies: [ResourceReference] {
    DemoInstances.studies.map { study in
      ResourceReference(.study, PublicID(dicomIdentifiers: [study.patientID, study.studyInstanceUID]))
    }
  }
}
