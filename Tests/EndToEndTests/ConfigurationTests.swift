import DICOM
import Foundation
import Testing

@testable import filmroom

@Suite struct ConfigurationTests {
  private func settings(_ json: String) throws -> Settings {
    let text = CommentedJSON.withoutComments(json)
    let options = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
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
}
