import DICOM
import Net

/// What the program says of its DICOM services; docs/conformance.md has it in full.
enum ConformanceStatement {
  static var text: String {
    """
    Filmroom \(Version.text)

    Verification SCP and SCU: 1.2.840.10008.1.1
    Storage SCP, in every transfer syntax that AcceptedTransferSyntaxes lets in:

    """ + StorageClasses.all.map { "  \($0.uid)  \($0.name)\n" }.joined()
  }
}
