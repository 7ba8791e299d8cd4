import DICOM
import TestSupport
import Testing

@Suite(.enabled(if: TestData.isPresent, "FILMROOM_TEST_DATA names no folder"))
struct RealFileTests {
  /// Every file is read to its end, or refused with a reason.
  @Test func everyFileIsReadOrRefused() throws {
    var refused: [String] = []
    for (path, syntax) in try TestData.manifest() {
      let bytes = try TestData.bytes(path)
      do {
        let header = try bytes.withUnsafeBytes { buffer throws(DataSetError) in try FileHeader(buffer) }
        if header.meta != nil && !syntax.isEmpty && header.meta?.transferSyntax.uid.value != syntax {
          refused.append("\(path): \(header.transferSyntax) for \(syntax)")
        }
        _ = try DataSet(reading: Array(bytes[header.dataSetOffset...]), syntax: header.transferSyntax)
      } catch let error as DataSetError {
        refused.append("\(path): \(error)")
      }
      _ = try? TagTree.read(size: bytes.count) { Array(bytes[$0..<$0 + $1]) }
    }
    print("refused of \(try TestData.manifest().count):", refused.joined(separator: "\n"), separator: "\n")
    #expect(refused.count <= 20)
  }
}
