import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// Row 38 of the list of bad input: what is stored is what came; ExplorerTests look at how it is shown.
@Suite struct HostileTextTests {
  @Test(arguments: HostileTexts.all.indices) func row38TextIsStoredUnchanged(_ index: Int) async throws {
    let text = HostileTexts.all[index]
    try await withArchive { scene in
      var dataSet = DataSetSamples.instance()
      dataSet[.specificCharacterSet] = DataElement(.specificCharacterSet, .CS, text: text.characterSet)
      for tag in [Tag.patientName, .studyDescription] {
        // Not padded: an odd length is the sender's business.
        dataSet[tag] = DataElement(tag, .LO, .value(text.bytes[...]))
      }
      let bytes = DataSetWriter.encode(dataSet, as: .implicitLittleEndian)
      let client = try scene.peer()
      let response = try scene.store(bytes, as: "1.2.3.4.5", over: client)
      #expect(response.status == .success)
      let id = scene.wasStored("1.2.3.4.5")
      let file = try await scene.archive.bytes(of: id, in: 0..<100_000)
      #expect(file.suffix(bytes.count).elementsEqual(bytes), "\(text.name)")
      // It can be listed, found and looked at.
      let query = ListQuery(level: .study, sort: .patientName, filter: ListFilter(parsing: "id:P1"))
      #expect(try await scene.archive.window(query, anchor: .start, limit: 10).rows.count == 1)
      #expect(try await scene.archive.tags(of: id).contains { $0.tag == .patientName })
    }
  }

  /// A patient's identifier is text as well, and part of the public id.
  @Test func row38HostilePatientIdentifiers() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      for (number, patient) in ["<script>", "../../..", "=1+1", "\u{7}[2J", "\u{202E}1P"].enumerated() {
        let instance = "1.2.3.4.\(number)"
        let bytes = DataSetWriter.encode(
          DataSetSamples.instance(patientID: patient, instance: instance), as: .implicitLittleEndian)
        let response = try scene.store(bytes, as: instance, over: client)
        #expect(response.status == .success)
        scene.wasStored(instance, patient: patient)
      }
    }
  }
}
