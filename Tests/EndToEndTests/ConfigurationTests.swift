import DICOM
import Foundation
import Store
import TestSupport
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

  @Test(arguments: ["/* {}", "{} /* a", "{ /*/", "{ \"a\" : 1 /* }", "[ 1, /* ]"])
  func commentsThatAreNotClosedAreTold(text: String) {
    let fault = #expect(throws: JSONParser.Fault.self) {
      try JSONParser.parse(CommentedJSON.withoutComments("\n" + text + "\n"))
    }
    #expect(fault?.message == "the comment is not closed" && fault?.line == 2, "\(String(describing: fault))")
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

  @Test func jobsAndHooksAreConfigured() throws {
    let settings = try settings(
      """
      { "ConcurrentJobs" : 5, "JobsHistorySize" : 0, "SaveJobs" : false, "EventHookTimeout" : 7, "EventHookRetries" : 0,
        "EventHooks" : { "NewStudy" : [ "tell", "x y" ], "JobFailure" : "echo bad >> log" } }
      """)
    #expect(settings.jobs.concurrent == 5 && settings.jobs.historySize == 0 && !settings.jobs.areSaved)
    #expect(
      settings.hooks == [
        EventHook(name: "JobFailure", command: ["/bin/sh", "-c", "echo bad >> log"]),
        EventHook(name: "NewStudy", command: ["tell", "x y"]),
      ])
    #expect(settings.hookTimeout == 7 && settings.warnings.isEmpty)
  }

  @Test(arguments: [
    (#"{ "EventHooks" : { "NewStudies" : "x" } }"#, "EventHooks.NewStudies is no event: allowed are "),
    (#"{ "EventHooks" : { "NewStudy" : [] } }"#, "EventHooks.NewStudy is a list: allowed is [ \"program\""),
    (#"{ "EventHooks" : { "NewStudy" : "" } }"#, "EventHooks.NewStudy is \"\": allowed is"),
    (#"{ "EventHooks" : { "JobUpdated" : "x" } }"#, "EventHooks.JobUpdated is no event"),
    (#"{ "ConcurrentJobs" : -1 }"#, "ConcurrentJobs is -1: allowed is a whole number from 0 to 1000"),
    (#"{ "DicomPort" : "x" }"#, "DicomPort is \"x\": allowed is a whole number from 0 to 65535"),
    (#"{ "DicomAet" : "SEVENTEENLETTERSX" }"#, "DicomAet is"),
    (#"{ "OverwriteInstances" : 1 }"#, "OverwriteInstances is 1: allowed is true or false"),
    (#"{ "UserMetadata" : { "a" : 12 } }"#, "UserMetadata.a is 12"),
    (#"{ "UserMetadata" : { "a" : 1024, "b" : 1024 } }"#, "both 1024"),
    (#"{ "StorageCompression" : "yes" }"#, "StorageCompression is \"yes\": allowed is true or false"),
    (#"{ "UserContentType" : { "a" : 12 } }"#, "UserContentType.a is 12"),
    (#"{ "UserContentType" : { "a" : [ 1024 ] } }"#, "UserContentType.a is a list"),
    (#"{ "UserContentType" : { "a" : [ 1024, "pdf" ] } }"#, "UserContentType.a is a list"),
    (#"{ "UserContentType" : { "a" : 1024, "b" : [ 1024, "a/b" ] } }"#, "both 1024"),
    (#"{ "UserContentType" : { "dicom" : 1024 } }"#, "means something already"),
    (#"{ "UserContentType" : { "a" : 70000 } }"#, "from 1024 to 65535"),
    (#"{ "DicomModalities" : { "a" : [ "A" ] } }"#, "DicomModalities.a is a list"),
    (#"{ "DicomTlsEnabled" : true }"#, "no DICOM TLS yet"),
    (#"{ "AuthenticationEnabled" : true }"#, "but there are no RegisteredUsers"),
    (#"{ "RemoteAccessAllowed" : true }"#, "but there are no RegisteredUsers"),
    (#"{ "HttpBindAddresses" : [ "0.0.0.0" ] }"#, "but RemoteAccessAllowed is false"),
    (#"{ "SslEnabled" : true }"#, "SslCertificate is missing"),
    (#"{ "SslVerifyPeers" : true }"#, "SslEnabled is false"),
    (#"{ "DefaultEncoding" : "Klingon" }"#, "DefaultEncoding is \"Klingon\""),
    (#"{ "OrthancPeers" : { "a" : [ "ftp://x" ] } }"#, "OrthancPeers.a must be"),
  ]) func wrongValuesStopTheStart(json: String, sentence: String) {
    #expect(refusal(json).contains(sentence), "\(refusal(json))")
  }

  @Test func attachmentsAreNamedAndCompressed() throws {
    let settings = try settings(
      #"""
      { "StorageCompression" : true,
        "UserContentType" : { "report" : [ 1024, "application/pdf" ], "raw" : 1026, "thumb" : 10000 } }
      """#)
    #expect(settings.archive.compressesStorage)
    let report = settings.archive.userAttachments["report"]
    #expect(report?.type.rawValue == 1024 && report?.mimeType == "application/pdf")
    #expect(settings.archive.userAttachments["raw"]?.mimeType == "application/octet-stream")
    // Another's number is told, and does not stop the start.
    #expect(settings.warnings.count == 1)
    #expect(settings.warnings.first?.contains("UserContentType.thumb is 10000") == true)
  }

  @Test func connectionsAreKeptForAsLongAsIsAsked() throws {
    #expect(try settings("{}").http.listener.keepAliveSeconds == nil)
    #expect(try settings(#"{ "KeepAliveTimeout" : 0 }"#).http.listener.keepAliveSeconds == nil)
    let short = try settings(#"{ "KeepAlive" : true, "KeepAliveTimeout" : 1 }"#)
    #expect(short.http.listener.keepAliveSeconds == 1 && short.warnings.isEmpty)
  }

  @Test func optionsWithoutEffectAreNamed() throws {
    let settings = try settings(#"{ "HttpThreadsCount" : 8, "Nonsense" : 1, "SyncStorageArea" : false }"#)
    #expect(settings.warnings.count == 3)
    #expect(settings.warnings[0].contains("HttpThreadsCount") && settings.warnings[1].contains("Nonsense"))
  }

  @Test(arguments: [
    (#"{ "DicomTlsEnabled" : 1 }"#, "DicomTlsEnabled is 1: allowed is true or false"),
    (#"{ "AuthenticationEnabled" : "yes" }"#, "AuthenticationEnabled is \"yes\""),
    (#"{ "HttpServerEnabled" : "yes" }"#, "HttpServerEnabled is \"yes\""),
    (#"{ "HttpServerEnabled" : false, "SslEnabled" : 0 }"#, "SslEnabled is 0"),
    (#"{ "RegisteredUsers" : [ "a" ] }"#, "RegisteredUsers is a list"),
    (#"{ "AcceptedTransferSyntaxes" : [] }"#, "AcceptedTransferSyntaxes is empty"),
    (#"{ "AcceptedTransferSyntaxes" : "1.3" }"#, "\"1.3\", which matches no transfer syntax"),
    (#"{ "AcceptedTransferSyntaxes" : [ "1.2.840.10008.1.2", "1.2" ] }"#, "has \"1.2\", which matches no"),
    (#"{ "AcceptedTransferSyntaxes" : [ "JPEG" ] }"#, "allowed are UIDs of transfer syntaxes"),
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
    ("[1,", 1, 4, "a value is missing"),
    ("{ \"a\" : { \"b\" : 1,\n\"b\" : 2 } }", 2, 1, "\"b\" is there twice"),
    ("[ 0x10 ]", 1, 3, "numbers are decimal"), ("[ 007 ]", 1, 3, "numbers are decimal"),
    ("[ 1. ]", 1, 3, "no value"), ("[ NaN ]", 1, 3, "no value"), ("[ \"\\u+123\" ]", 1, 6, "hexadecimal"),
    ("{ \"a\" : 1,, }", 1, 11, "a name in double quotes"), ("", 1, 1, "a value is missing"),
    ("{ \"a\" : \"\\q\" }", 1, 10, "stands before"),
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
  }

  @Test(arguments: [
    (
      #"{ "x" : { "AET" : "A", "Host" : "h", "Port" : 1, "UseDicomTls" : "yes" } }"#,
      "x.UseDicomTls is \"yes\""
    ),
    (#"{ "x" : { "AET" : "A", "Host" : "h", "Port" : 1, "Timeout" : -1 } }"#, "x.Timeout is -1"),
    (#"{ "x" : { "AET" : "A", "Host" : "h", "Port" : 1, "LocalAet" : 1 } }"#, "x.LocalAet is 1"),
    (#"{ "x" : [ "A", "h", 1, 5 ] }"#, "x.Manufacturer is 5: allowed is Generic, "),
  ]) func membersOfModalitiesAreOfTheirKind(json: String, sentence: String) {
    let message = refusal("{ \"DicomModalities\" : \(json) }")
    #expect(message.contains("DicomModalities.\(sentence)"), "\(message)")
  }

  @Test func variablesThatAreMissingAreToldWithTheirOption() throws {
    let folder = try TemporaryFolder()
    func load(_ json: String) throws(ConfigurationError) -> Settings {
      let path = folder.path + "/filmroom.json"
      try? Data(json.utf8).write(to: URL(fileURLWithPath: path))
      return try Settings.load(
        configuration: path, overrides: Settings.Overrides(), environment: ["HOME": "/h", "TITLE": "CT"])
    }
    let settings = try load(
      """
      { "DicomAet" : "${TITLE}", "DicomPort" : ${PORT:-104}, "UserMetadata" : { "a${A}" : 1024 },
        "DicomModalities" : { "ct" : { "AET" : "A", "Host" : "h${HOST}", "Port" : 1 } } }
      """)
    #expect(settings.listener.aeTitle == "CT" && settings.listener.port == 104)
    #expect(settings.warnings.count == 2)
    #expect(settings.warnings[0].contains("uses ${A} for UserMetadata, but"))
    #expect(settings.warnings[1].contains("uses ${HOST} for DicomModalities.ct.Host, but"))
    var error = #expect(throws: ConfigurationError.self) { try load(#"{ "StorageDirectory" : "${NOPE}" }"#) }
    #expect(error?.description.contains("StorageDirectory is \"\": allowed is the path of a folder") == true)
    #expect(error?.description.contains("${NOPE} for StorageDirectory") == true)
    error = #expect(throws: ConfigurationError.self) { try load(#"{ "DicomPort" : ${NOPE} }"#) }
    #expect(
      error?.description.contains("line 1, column 18: a value is missing") == true,
      "\(String(describing: error))")
    #expect(error?.description.contains("${NOPE}") == true)
  }
}
