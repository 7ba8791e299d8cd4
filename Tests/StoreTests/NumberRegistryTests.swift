import Testing

@testable import Store

/// Known numbers, and names of the configuration that clash with them.
@Suite struct NumberRegistryTests {
  @Test func knownNumbersHaveNames() {
    #expect(
      NumberRegistry.name(ofAttachment: AttachmentType(rawValue: 9999)) == "Osimis WebViewer: annotations")
    for number in [10000, 12000, 13999] as [UInt16] {
      #expect(NumberRegistry.name(ofAttachment: AttachmentType(rawValue: number)) != nil)
    }
    for number in [1024, 9996, 14000] as [UInt16] {
      #expect(NumberRegistry.name(ofAttachment: AttachmentType(rawValue: number)) == nil)
    }
    #expect(NumberRegistry.name(ofMetadata: MetadataKey(rawValue: 4202))?.hasPrefix("OHIF") == true)
    #expect(NumberRegistry.name(ofMetadata: MetadataKey(rawValue: 4203)) == nil)
    #expect(
      NumberRegistry.name(ofGlobalProperty: GlobalProperty(rawValue: 5468))
        == "DICOMweb plugin: DICOMweb servers")
    #expect(NumberRegistry.name(ofGlobalProperty: PropertyOperations.cleanShutdown) == nil)
  }

  @Test func aNameOfTheConfigurationGoesFirst() {
    let type = AttachmentType(rawValue: 4301)
    #expect(AttachmentNames([:]).name(of: type) == "DICOMweb plugin: WADO-RS series metadata")
    #expect(AttachmentNames(["wado": UserAttachmentType(type)]).name(of: type) == "wado")
    #expect(MetadataNames([:]).name(of: MetadataKey(rawValue: 4201)).hasPrefix("whole-slide"))
    #expect(MetadataNames([:]).name(of: MetadataKey(rawValue: 1030)) == "1030")
  }

  @Test func clashesAreTold() {
    let clashes = NumberRegistry.clashes(
      metadata: ["note": MetadataKey(rawValue: 1024), "slide": MetadataKey(rawValue: 4200)],
      attachments: [
        "pdf": UserAttachmentType(AttachmentType(rawValue: 1024)),
        "thumb": UserAttachmentType(AttachmentType(rawValue: 10001)),
      ])
    #expect(clashes.count == 2)
    #expect(clashes[0].hasPrefix("UserMetadata.slide is 4200, which a known plugin uses"))
    #expect(clashes[1].contains("UserContentType.thumb is 10001") && clashes[1].contains("Osimis"))
  }
}
