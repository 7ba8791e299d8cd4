import DICOM
import Foundation
import Testing

@testable import filmroom

/// `Dictionary` and `DefaultPrivateCreator`.
@Suite struct DictionaryOptionTests {
  private func settings(_ json: String) throws -> Settings {
    guard case .object(let options) = try JSONParser.parse(json) else { throw CancellationError() }
    return try Settings.read(
      ConfigurationFile(folder: "/etc/filmroom", options: options), environment: ["HOME": "/home/me"])
  }

  @Test func orthancsFormatIsRead() throws {
    let settings = try settings(
      """
      { "Dictionary" : { "0014,1020" : [ "DA", "ValidationExpiryDate", 1, 1 ],
          "7053,03" : [ "ST", "Original Image Filename", 1, 0, "Philips PET Private Group" ] },
        "ExtraMainDicomTags" : { "Study" : [ "ValidationExpiryDate" ] } }
      """)
    #expect(settings.warnings.isEmpty)
    let dictionary = try #require(settings.dictionary)
    #expect(dictionary.entry(for: DICOM.Tag(0x0014, 0x1020), creator: nil)?.vr == .DA)
    let own = dictionary.entry(for: DICOM.Tag(0x7053, 0x1103), creator: "Philips PET Private Group")
    #expect(own?.name == "Original Image Filename" && own?.vm == "1-n")
    #expect(settings.archive.extraMainDicomTags[.study] == [DICOM.Tag(0x0014, 0x1020)])
  }

  @Test(arguments: [
    #"{"PatientName" : ["LO", "Name"]}"#, #"{"0014,1020" : "DA"}"#, #"{"0014,1020" : ["ZZ", "Name"]}"#,
    #"{"0014,1020" : ["DA", ""]}"#, #"{"0014,1020" : ["DA", "Name", 0]}"#,
    #"{"0014,1020" : ["DA", "Name", 3, 2]}"#, #"{"0014,1020" : ["DA", "Name", 1, 1, "ACME"]}"#,
    #"{"fffe,e000" : ["SQ", "Name"]}"#,
  ])
  func badValuesAreNamed(dictionary: String) throws {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try settings("{\"Dictionary\" : \(dictionary)}")
    }
    #expect(error?.description.contains("Dictionary.") == true)
  }
}
