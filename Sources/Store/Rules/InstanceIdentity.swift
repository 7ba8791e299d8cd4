/// What tells an instance from all others.
struct InstanceIdentity: Sendable {
  /// PatientID, then the UIDs of study, series and instance.
  let identifiers: [String]
  let sopClass: String

  init(_ summary: InstanceSummary) {
    identifiers = summary.identifiers
    sopClass = summary.identifier(.sopClassUID)
  }
}
