import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// Resources over REST: lists, relatives, deletion.
struct ResourceRouteTests {
  private func filled() async throws -> RESTClient {
    let client = try RESTClient()
    for (patient, study, number) in [("P1", "1.1", 1), ("P1", "1.1", 2), ("P1", "1.2", 1), ("P2", "1.3", 1)] {
      try await client.store(
        DataSetSamples.file(
          patientID: patient, patientName: patient == "P1" ? "DOE^JANE" : "MÜLLER^ANNA", study: study,
          series: study + ".1", instance: "\(study).1.\(number)", number: number,
          date: study == "1.2" ? "20230101" : "20240302"))
    }
    return client
  }

  @Test func listsArePagedAndExpanded() async throws {
    let client = try await filled()
    for (folder, count) in [("patients", 2), ("studies", 3), ("series", 3), ("instances", 4)] {
      #expect(try await client.get("/\(folder)").json.strings?.count == count)
    }
    let all = try #require(try await client.get("/instances").json.strings)
    #expect(try await client.get("/instances?since=1&limit=2").json.strings == Array(all[1...2]))
    #expect(try await client.get("/instances?since=1").status == 400)
    #expect(try await client.get("/instances?since=x&limit=1").status == 400)
    guard case .array(let studies) = try await client.get("/studies?expand").json else {
      Issue.record("no list")
      return
    }
    #expect(studies.first?["Type"] == .text("Study"))
    #expect(studies.first?["MainDicomTags"]?["StudyDate"] == .text("20240302"))
    #expect(studies.first?["PatientMainDicomTags"]?["PatientName"] == .text("DOE^JANE"))
  }

  @Test func relativesAreFoundInBothDirections() async throws {
    let client = try await filled()
    let patient = try #require(try await client.get("/patients").json.strings?.first)
    guard case .array(let instances) = try await client.get("/patients/\(patient)/instances").json else {
      Issue.record("no list")
      return
    }
    #expect(instances.count == 3)
    let instance = try #require(instances.first?["ID"]?.string)
    #expect(try await client.get("/instances/\(instance)/patient").json["ID"] == .text(patient))
    let study = try #require(try await client.get("/instances/\(instance)/study").json["ID"]?.string)
    #expect(try await client.get("/studies/\(study)/series?expand=false").json.strings?.count == 1)
    #expect(try await client.get("/patients/\(patient)/patients").status == 404)
  }

  @Test func requestedTagsAreCountedOrReadFromFiles() async throws {
    let client = try await filled()
    let study = try #require(try await client.get("/studies").json.strings?.first)
    let names = "PatientName;ModalitiesInStudy;NumberOfStudyRelatedInstances;Rows"
    let info = try await client.get("/studies/\(study)?requested-tags=\(names)").json
    #expect(
      info["RequestedTags"]
        == .object([
          "PatientName": .text("DOE^JANE"), "ModalitiesInStudy": .text("CT"),
          "NumberOfStudyRelatedInstances": .text("2"), "Rows": .text("4"),
        ]))
    #expect(try await client.get("/studies/\(study)?requested-tags=Nonsense").status == 400)
  }

  @Test func deletionNamesWhatRemains() async throws {
    let client = try await filled()
    let patient = try #require(try await client.get("/patients").json.strings?.first)
    let studies = try #require(try await client.get("/patients/\(patient)/studies?expand=false").json.strings)
    let answer = try await client.delete("/studies/\(studies[0])")
    #expect(answer.json["RemainingAncestor"]?["ID"] == .text(patient))
    #expect(answer.json["RemainingAncestor"]?["Path"] == .text("/patients/\(patient)"))
    #expect(try await client.delete("/studies/\(studies[1])").json == .object(["RemainingAncestor": .null]))
    #expect(try await client.delete("/studies/\(studies[1])").status == 404)
    #expect(try await client.get("/patients/\(patient)").status == 404)
    #expect(client.control.audits.withLock { $0.count { $0.contains("DELETE /studies/") } } == 3)
  }

  @Test func protectionIsSetAndSeen() async throws {
    let client = try await filled()
    let patient = try #require(try await client.get("/patients").json.strings?.first)
    #expect(try await client.get("/patients/\(patient)/protected").text == "0")
    #expect(try await client.put("/patients/\(patient)/protected", "1").status == 200)
    #expect(try await client.get("/patients/\(patient)/protected").text == "1")
    #expect(try await client.put("/patients/\(patient)/protected", "yes").status == 400)
    #expect(try await client.put("/patients/nothing/protected", "1").status == 400)
  }

  @Test func statisticsCountWhatIsBelow() async throws {
    let client = try await filled()
    let patient = try #require(try await client.get("/patients").json.strings?.first)
    let statistics = try await client.get("/patients/\(patient)/statistics").json
    #expect(statistics["CountStudies"] == .number(2) && statistics["CountInstances"] == .number(3))
    let totals = try await client.get("/statistics").json
    #expect(totals["CountPatients"] == .number(2) && totals["CountInstances"] == .number(4))
  }
}
