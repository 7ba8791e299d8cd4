import DICOM
import Foundation
import Testing

@testable import filmroom

@Suite struct ConfigurationTests {
  private func settings(_ json: String) throws -> Settings {
    let text = CommentedJSON.withoutComments(json)
    guard case .object(let options) = try JSONParser.parse(text) else {
      throw TestFailure("no object: \(json)")
    }
    return try Settings.read(
      ConfigurationFile(folder: "/etc/filmroom", options: options), environment: ["HOME": "/home/me"])
  }

  private func refusal(_ json: String) -> String {
    do {
      _ = try settings(json)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test func commentsAreBlanksAndStringsAreKept() throws {
    let text = #"{ "a" : "http://x/*y*/", // one"# + "\n" + #"/* two "three" */ "b" : "\"//" }"#
    let plain = CommentedJSON.withoutComments(text)
    let value = try JSONDecoder().decode([String: String].self, from: Data(plain.utf8))
    #expect(value == ["a": "http://x/*y*/", "b": "\"//"])
    #expect(plain.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
  }

  @Test func environmentVariablesAreFilledIn() {
    let text = CommentedJSON.substitutingEnvironment("${A} ${B:-no} ${C} ${", ["A": "1"])
    #expect(text == "1 no  ${")
  }

  @Test func defaultsAreOursAndOrthancs() throws {
    let settings = try settings("{}")
    #expect(settings.archive.storageFolder == "/home/me/.local/share/filmroom/storage")
    #expect(settings.listener.aeTitle == "FILMROOM" && settings.listener.port == 4242)
    #expect(settings.isListenerOn && settings.warnings.isEmpty)
  }

  @Test func valuesAreTakenOver() throws {
    let settings = try settings(
      """
      { "StorageDirectory" : "images", "DicomAet" : "ARCHIVE", "DicomPort" : 104, "OverwriteInstances" : true,
        "UserMetadata" : { "note" : 1024 }, "ExtraMainDicomTags" : { "Study" : [ "PerformingPhysicianName" ] },
        "DicomModalities" : { "ct" : [ "CT1", "10.0.0.17", 104 ],
          "mr" : { "AET" : "MR1", "Host" : "mr", "Port" : 11112, "AllowStore" : false } } }
      """)
    #expect(settings.archive.storageFolder == "/etc/filmroom/images")
    #expect(settings.listener.aeTitle == "ARCHIVE" && settings.listener.port == 104)
    #expect(settings.archive.userMetadata["note"]?.rawValue == 1024)
    #expect(settings.archive.extraMainDicomTags[.study] == [DICOM.Tag(0x0008, 0x1050)])
    #expect(settings.listener.modalities.map(\.aeTitle) == ["CT1", "MR1"])
    #expect(settings.listener.modalities[1].rights.contains(.store) == false)
  }

  @Test(arguments: [
    (#"{ "DicomPort" : "x" }"#, "DicomPort is \"x\": allowed is a whole number from 0 to 65535"),
    (#"{ "DicomAet" : "SEVENTEENLETTERSX" }"#, "DicomAet is"),
    (#"{ "OverwriteInstances" : 1 }"#, "OverwriteInstances is 1: allowed is true or false"),
    (#"{ "UserMetadata" : { "a" : 12 } }"#, "UserMetadata.a is 12"),
    (#"{ "UserMetadata" : { "a" : 1024, "b" : 1024 } }"#, "both 1024"),
    (#"{ "DicomModalities" : { "a" : [ "A" ] } }"#, "DicomModalities.a is a list"),
    (#"{ "DicomTlsEnabled" : true }"#, "no DICOM TLS yet"),
    (#"{ "AuthenticationEnabled" : true }"#, "Set HttpServerEnabled to false"),
  ]) func wrongValuesStopTheStart(json: String, sentence: String) {
    #expect(refusal(json).contains(sentence), "\(refusal(json))")
  }

  @Test func optionsWithoutEffectAreNamed() throws {
    let settings = try settings(#"{ "HttpPort" : 8042, "Nonsense" : 1, "SyncStorageArea" : false }"#)
    #expect(settings.warnings.count == 3)
    #expect(settings.warnings[0].contains("HttpPort") && settings.warnings[1].contains("Nonsense"))
  }

  @Test(arguments: [
    (#"{ "DicomTlsEnabled" : 1 }"#, "DicomTlsEnabled is 1: allowed is true or false"),
    (#"{ "AuthenticationEnabled" : "yes" }"#, "AuthenticationEnabled is \"yes\""),
    (#"{ "HttpServerEnabled" : "yes" }"#, "HttpServerEnabled is \"yes\""),
    (#"{ "HttpServerEnabled" : false, "SslEnabled" : 0 }"#, "SslEnabled is 0"),
    (#"{ "RegisteredUsers" : [ "a" ] }"#, "RegisteredUsers is a list"),
    (#"{ "AcceptedTransferSyntaxes" : [] }"#, "AcceptedTransferSyntaxes lets no transfer syntax in"),
    (#"{ "AcceptedTransferSyntaxes" : "1.3" }"#, "AcceptedTransferSyntaxes lets no transfer syntax in"),
    (#"{ "DicomPreferredTransferSyntaxes" : [ "JPEG" ] }"#, "DicomPreferredTransferSyntaxes is \"JPEG\""),
    (#"{ "IndexDirectory" : "" }"#, "IndexDirectory is \"\""),
    (#"{ "ExplorerNames" : "Greek" }"#, "allowed is Alphabetic, Ideographic, Phonetic"),
  ]) func whatWouldOnlySeemToProtectStopsTheStart(json: String, sentence: String) {
    #expect(refusal(json).contains(sentence), "\(refusal(json))")
  }

  @Test(arguments: [
    ("{\n  \"a\" : 1\n  \"b\" : 2\n}", 3, 3, "a comma or } is missing"),
    ("{ \"a\" : 1,\n\"a\" : 2 }", 2, 1, "\"a\" is there twice, the first time in line 1"),
    ("{ \"é\" : tru }", 1, 9, "tru is no value"), ("{ \"a\" : \"x\n\" }", 1, 9, "not closed"),
    ("{ a : 1 }", 1, 3, "a name in double quotes"), ("{} x", 1, 4, "behind the end"),
    ("[1,", 1, 4, "a value is missing"), ("{ \"a\" : \"\\q\" }", 1, 10, "stands before"),
  ]) func brokenFilesAreToldWithTheirPlace(text: String, line: Int, column: Int, message: String) {
    let fault = #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(text) }
    #expect(fault?.line == line && fault?.column == column, "\(String(describing: fault))")
    #expect(fault?.message.contains(message) == true)
  }

  @Test func jsonOfEveryKindIsRead() throws {
    let value = try JSONParser.parse(
      #"{ "a" : [ 1, -2.5e3, true, null, "x\n\u00e9\ud83d\ude00\"", ], "b" : {}, }"#)
    #expect(
      value
        == .object([
          "a": .array([.number(1), .number(-2500), .boolean(true), .null, .text("x\né😀\"")]),
          "b": .object([:]),
        ]))
  }

  @Test func mistypedRightsAndMissingVariablesAreTold() throws {
    let warnings = try settings(
      #"{ "DicomModalities" : { "ct" : { "AET" : "CT", "Host" : "h", "Port" : 104, "AllowStor" : false, "Timeout" : 1 } } }"#
    ).warnings
    #expect(warnings.contains("unknown option DicomModalities.ct.AllowStor"))
    #expect(warnings.contains("DicomModalities.ct.Timeout has no effect yet"))
    var missing: [String] = []
    let text = CommentedJSON.substitutingEnvironment("${A} ${B} ${C:-c}", ["A": "a"]) { missing.append($0) }
    #expect(text == "a  c" && missing == ["B"])
  }
}
