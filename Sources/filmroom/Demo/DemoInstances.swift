import DICOM

/// The instances of the synthetic studies, made when asked for.
enum DemoInstances {
  /// What identifies each study.
  static let studies: [(patientID: String, studyInstanceUID: String)] = []

  /// Every instance as a file, one at a time.
  static func files() -> AnyIterator<[UInt8]> { AnyIterator { nil } }
}
