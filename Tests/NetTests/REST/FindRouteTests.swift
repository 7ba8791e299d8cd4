import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// `/tools/find` and its like.
struct FindRouteTests {
  /// Five studies; the third is labelled.
  private func filled() async throws -> (RESTClient, [String: String]) {
    let client = try RESTClient { configuration, _ in
      configuration.userMetadata = ["note": MetadataKey(rawValue: 1024)]
    }
    let studies = [
      ("1.1", "P1", "DOE^JANE", "20240302", "CT"), ("1.2", "P2", "MÜLLER^ANNA", "20230101", "MR"),
      ("1.3", "P3", "山田^太郎", "20240101", "CT"), ("1.4", "P4", "Doe^John", "20240401", "US"),
      ("1.5", "P1", "DOE^JANE", "20220101", "MR"),
    ]
    var ids: [String: String] = [:]
    for (study, patient, name, date, modality) in studies {
      let instance = try await client.store(
        DataSetSamples.file(
          patientID: patient, patientName: name, study: study, series: study + ".1", instance: study + ".1.1",
          modality: modality, date: date))
      ids[study] = try await client.get("/instances/\(instance)/study").json["ID"]?.string
    }
    _ = try await client.put("/studies/\(ids["1.3"]!)/labels/urgent", "")
    _ = try await client.put("/studies/\(ids["1.3"]!)/metadata/note", "Seen by B")
    _ = try await client.put("/studies/\(ids["1.4"]!)/metadata/note", "Seen by A")
    return (client, ids)
  }

  @Test(arguments: [
    (#"{"PatientID": "P1"}"#, "1.1 1.5"), (#"{"PatientID": "p1"}"#, "1.1 1.5"),
    (#"{"PatientName": "doe*"}"#, "1.1 1.4 1.5"), (#"{"PatientName": "*anna"}"#, "1.2"),
    (#"{"PatientName": "MULLER^ANNA"}"#, "1.2"), (#"{"PatientName": "山田*"}"#, "1.3"),
    (#"{"PatientName": "d?e^j*"}"#, "1.1 1.4 1.5"), (#"{"PatientName": ""}"#, "1.1 1.2 1.3 1.4 1.5"),
    (#"{"PatientName": "*"}"#, "1.1 1.2 1.3 1.4 1.5"),
    (#"{"StudyDate": "20240101-20240331"}"#, "1.1 1.3"), (#"{"StudyDate": "-20230101"}"#, "1.2 1.5"),
    (#"{"StudyDate": "20240302-"}"#, "1.1 1.4"), (#"{"ModalitiesInStudy": "MR"}"#, "1.2 1.5"),
    (#"{"ModalitiesInStudy": "CT\\US"}"#, "1.1 1.3 1.4"), (#"{"Modality": "US"}"#, "1.4"),
    (#"{"StudyInstanceUID": "1.2\\1.3"}"#, "1.2 1.3"), (#"{"SOPInstanceUID": "1.4.1.1"}"#, "1.4"),
    (#"{"PatientID": "P1", "StudyDate": "2024*"}"#, "1.1"), (#"{"PatientID": "[P]1"}"#, ""),
    (#"{"Rows": "4"}"#, "1.1 1.2 1.3 1.4 1.5"), (#"{"Rows": "5"}"#, ""), (#"{"0010,0020": "P3"}"#, "1.3"),
  ]) func tagsAreMatched(query: String, studies: String) async throws {
    let (client, ids) = try await filled()
    let answer = try await client.post("/tools/find", #"{"Level": "Study", "Query": \#(query)}"#)
    let expected = studies.split(separator: " ").map { ids[String($0)]! }
    #expect(answer.json.strings.map(Set.init) == Set(expected), "\(answer.text)")
    let count = try await client.post("/tools/count-resources", #"{"Level": "Study", "Query": \#(query)}"#)
    #expect(count.json == .object(["Count": .number(expected.count)]))
  }

  @Test(arguments: [
    (#""Labels": ["urgent"]"#, "1.3"),
    (#""Labels": ["urgent"], "LabelsConstraint": "None""#, "1.1 1.2 1.4 1.5"),
    (#""Labels": ["urgent", "other"], "LabelsConstraint": "Any""#, "1.3"),
    (#""Labels": ["urgent", "other"]"#, ""),
    (#""Labels": [], "LabelsConstraint": "None""#, "1.1 1.2 1.4 1.5"),
    (#""MetadataQuery": {"note": "*by A"}"#, "1.4"), (#""MetadataQuery": {"1024": "Seen*"}"#, "1.3 1.4"),
    (#""MetadataQuery": {"note": "seen by a"}"#, ""), (#""CaseSensitive": true"#, "1.1 1.2 1.3 1.4 1.5"),
  ]) func labelsAndMetadataNarrowIt(more: String, studies: String) async throws {
    let (client, ids) = try await filled()
    let answer = try await client.post("/tools/find", #"{"Level": "Study", "Query": {}, \#(more)}"#)
    #expect(
      answer.json.strings.map(Set.init) == Set(studies.split(separator: " ").map { ids[String($0)]! }),
      "\(answer.text)")
  }

  @Test func caseCountsWhereAsked() async throws {
    let (client, ids) = try await filled()
    let query = #"{"Level": "Study", "Query": {"PatientName": "Doe*"}, "CaseSensitive": true}"#
    #expect(try await client.post("/tools/find", query).json.strings == [ids["1.4"]!])
  }

  @Test func answersAreOrderedAndPaged() async throws {
    let (client, ids) = try await filled()
    func find(_ order: String, _ more: String = "") async throws -> [String]? {
      try await client.post(
        "/tools/find", #"{"Level": "Study", "Query": {}, "OrderBy": [\#(order)]\#(more)}"#
      ).json.strings
    }
    let byDate = #"{"Type": "DicomTag", "Key": "StudyDate", "Direction": "ASC"}"#
    let expected = ["1.5", "1.2", "1.3", "1.1", "1.4"].map { ids[$0]! }
    #expect(try await find(byDate) == expected)
    #expect(try await find(byDate.replacing("ASC", with: "DESC")) == expected.reversed())
    #expect(try await find(byDate, #", "Since": 1, "Limit": 2"#) == Array(expected[1...2]))
    let byNote = #"{"Type": "Metadata", "Key": "note", "Direction": "DESC"}"#
    #expect(try await find(byNote)?.prefix(2) == [ids["1.3"]!, ids["1.4"]!])
    let byPatient = #"{"Type": "DicomTag", "Key": "PatientID", "Direction": "DESC"}, "# + byDate
    #expect(try await find(byPatient)?.last == ids["1.1"])
  }

  @Test func parentsNarrowIt() async throws {
    let (client, ids) = try await filled()
    let patient = try #require(try await client.get("/studies/\(ids["1.1"]!)/patient").json["ID"]?.string)
    let body = #"{"Level": "Instance", "Query": {}, "ParentPatient": "\#(patient)"}"#
    #expect(try await client.post("/tools/find", body).json.strings?.count == 2)
    let study = #"{"Level": "Series", "Query": {}, "ParentStudy": "\#(ids["1.2"]!)"}"#
    #expect(try await client.post("/tools/find", study).json.strings?.count == 1)
    let gone = body.replacing(patient, with: String(patient.reversed()))
    #expect(try await client.post("/tools/find", gone).status == 404)
  }

  @Test func theContentOfAnswersIsChosen() async throws {
    let (client, _) = try await filled()
    let body = #"""
      {"Level": "Study", "Query": {"PatientID": "P3"}, "ResponseContent": ["Labels", "Metadata", "Attachments"],
       "RequestedTags": ["PatientName"]}
      """#
    guard case .array(let answers) = try await client.post("/tools/find", body).json else {
      Issue.record("no list")
      return
    }
    #expect(
      answers.first?.names == [
        "Attachments", "ID", "Labels", "LastUpdate", "Metadata", "RequestedTags", "Type",
      ])
    #expect(answers.first?["Metadata"]?["note"] == .text("Seen by B"))
    #expect(answers.first?["RequestedTags"]?["PatientName"] == .text("山田^太郎"))
  }

  @Test(arguments: [
    (#"{"Query": {}}"#, 400, 8), (#"{"Level": "Nothing", "Query": {}}"#, 400, 3), ("not json", 400, 8),
    (#"{"Level": "Study"}"#, 400, 8), (#"{"Level": "Study", "Query": {"NoSuchTag": "x"}}"#, 500, 27),
    (#"{"Level": "Study", "Query": {"PatientID": 1}}"#, 400, 8),
    (#"{"Level": "Instance", "Query": {"SOPInstanceUID": "*1"}}"#, 400, 3),
    (#"{"Level": "Study", "Query": {}, "Limit": -1}"#, 400, 8),
    (#"{"Level": "Study", "Query": {}, "OrderBy": [1]}"#, 400, 8),
    (#"{"Level": "Study", "Query": {}, "LabelsConstraint": "Some"}"#, 400, 8),
    (#"{"Level": "Study", "Query": {}, "MetadataQuery": {"nonsense": "x"}}"#, 404, 7),
  ]) func badBodiesAreRefused(body: String, status: Int, code: Int) async throws {
    let (client, _) = try await filled()
    let answer = try await client.post("/tools/find", body)
    #expect(answer.status == status && answer.json["OrthancStatus"] == .number(code), "\(answer.text)")
  }

  @Test func limitsOfTheConfigurationHold() async throws {
    let client = try RESTClient { $1.findLimit = 1 }
    for study in ["1.1", "1.2"] {
      try await client.store(
        DataSetSamples.file(study: study, series: study + ".1", instance: study + ".1.1"))
    }
    let find = #"{"Level": "Study", "Query": {}, "Limit": 5}"#
    #expect(try await client.post("/tools/find", find).json.strings?.count == 1)
    let instances = #"{"Level": "Instance", "Query": {}}"#
    #expect(try await client.post("/tools/find", instances).json.strings?.count == 2)
  }

  @Test func identifiersAreLookedUp() async throws {
    let (client, ids) = try await filled()
    guard case .array(let found) = try await client.post("/tools/lookup", "1.3").json else {
      Issue.record("no list")
      return
    }
    #expect(found.map { $0["Path"] } == [.text("/studies/\(ids["1.3"]!)")])
    #expect(try await client.post("/tools/lookup", "nobody").json == .array([]))
  }

  @Test func manyAreShownOrDeletedAtOnce() async throws {
    let (client, ids) = try await filled()
    let body = #"{"Resources": ["\#(ids["1.1"]!)", "\#(ids["1.2"]!)"], "Level": "Instance"}"#
    guard case .array(let content) = try await client.post("/tools/bulk-content", body).json else {
      Issue.record("no list")
      return
    }
    #expect(content.map { $0["Type"] } == [.text("Instance"), .text("Instance")])
    #expect(content.first?["Metadata"]?["Origin"] == .text("RestApi"))
    #expect(try await client.post("/tools/bulk-delete", body).status == 200)
    #expect(try await client.get("/studies").json.strings?.count == 3)
    #expect(try await client.post("/tools/bulk-delete", "{}").status == 400)
  }
}
