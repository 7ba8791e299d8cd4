import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// Modalities and peers, in memory and in the archive.
@Suite struct KnownNodesTests {
  private func archive(_ folder: TemporaryFolder) throws -> Archive {
    try Archive(ArchiveConfiguration(storageFolder: folder.path + "/storage"), logger: quietLogger)
  }

  private func nodes(_ archive: Archive) async throws -> KnownNodes {
    try await KnownNodes(
      modalities: [KnownModality(name: "file", aeTitle: "FILE", host: "h", port: 104)],
      peers: [KnownPeer(name: "file", url: "http://x/")], kept: .init(modalities: true, peers: true),
      in: archive, logger: quietLogger)
  }

  private func modality(_ json: String) throws -> KnownModality {
    try KnownModality(name: "m", json: try JSONParser.parse(json))
  }

  @Test func everythingOfAModalityIsReadAndWritten() throws {
    let json = """
      { "AET" : "CT", "Host" : "h", "Port" : "11112", "Manufacturer" : "GE", "LocalAet" : "ME", "Timeout" : 7,
        "UseDicomTls" : true, "AllowTranscoding" : false, "AllowNAction" : false, "AllowFind" : false }
      """
    let read = try modality(json)
    #expect(read.port == 11112 && read.manufacturer == "GE" && read.localAET == "ME" && read.timeout == 7)
    #expect(read.usesTLS && !read.allowsTranscoding)
    #expect(read.rights == Set(ServiceRight.allCases).subtracting([.action, .find]))
    #expect(try KnownModality(name: "m", json: read.keptJSON) == read)
    let older = try modality(#"{ "AET" : "CT", "Host" : "h", "Port" : 1, "AllowStorageCommitment" : false }"#)
    #expect(older.rights == Set(ServiceRight.allCases).subtracting([.action, .eventReport]))
    #expect(try modality(#"[ "CT", "h", 104, "Vitrea" ]"#).manufacturer == "Vitrea")
    #expect(try modality(#"[ "CT", "h", 104, "SyngoVia" ]"#).manufacturer == "GenericNoWildcardInDates")
  }

  @Test(
    arguments: [
      (#"[ "CT", "h" ]"#, nil), (#""CT""#, nil), (#"{ "AET" : "CT", "Host" : "h" }"#, nil),
      (#"[ "", "h", 104 ]"#, nil), (#"[ "CT", "", 104 ]"#, nil), (#"[ "CT", "h", 0 ]"#, "Port"),
      (#"[ "CT", "h", 104, 5 ]"#, "Manufacturer"), (#"[ "CT", "h", 104, "Nobody" ]"#, "Manufacturer"),
      (#"{ "AET" : "CT", "Host" : "h", "Port" : 1, "Timeout" : -1 }"#, "Timeout"),
      (#"{ "AET" : "CT", "Host" : "h", "Port" : 1, "AllowEcho" : 1 }"#, "AllowEcho"),
    ] as [(String, String?)]) func faultsNameTheMember(json: String, member: String?) throws
  {
    let fault = #expect(throws: NodeFault.self) { try modality(json) }
    #expect(fault?.member == member)
  }

  @Test func peersHaveWhatTheirOwnersGiveThem() throws {
    let json = """
      { "Url" : "http://x", "Username" : "a", "Password" : "b", "HttpHeaders" : { "A" : "c" }, "Timeout" : 5, "Site" : "d",
        "CertificateFile" : "/c.pem", "CertificateKeyFile" : "/k.pem", "CertificateKeyPassword" : "e", "Pkcs11" : true }
      """
    let peer = try KnownPeer(name: "p", json: try JSONParser.parse(json))
    #expect(peer.url == "http://x/" && peer.headers == ["A": "c"] && peer.timeout == 5)
    #expect(try KnownPeer(name: "p", json: peer.keptJSON) == peer)
    #expect(peer.json["Password"] == .null && peer.json["HttpHeaders"] == .texts(["A"]))
    #expect(peer.json["Site"] == .text("d") && peer.json["Pkcs11"] == .boolean(true))
    #expect(peer.json["CertificateFile"] == .text("/c.pem") && peer.json["CertificateKeyPassword"] == .null)
    for (json, member) in [
      (#"{ "Url" : "http://x", "Timeout" : "5" }"#, "Timeout"),
      (#"{ "Url" : "http://x", "HttpHeaders" : { "A" : 1 } }"#, "HttpHeaders"),
      (#"{ "Url" : "http://x", "Username" : 1 }"#, "Username"),
    ] {
      let fault = #expect(throws: NodeFault.self) {
        try KnownPeer(name: "p", json: try JSONParser.parse(json))
      }
      #expect(fault?.member == member)
    }
  }

  @Test func theArchiveKeepsThemInOrthancsShape() async throws {
    let folder = try TemporaryFolder()
    let archive = try archive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let first = try await nodes(archive)
    #expect(first.modalities.all.isEmpty && first.peers.all.isEmpty)
    try await first.modalities.set(KnownModality(name: "ct", aeTitle: "CT", host: "h", port: 104))
    var peer = KnownPeer(name: "p", url: "http://x/", username: "a", password: "secret")
    peer.headers = ["X-Token": "hidden"]
    try await first.peers.set(peer)
    let second = try await nodes(archive)
    #expect(second.modalities.all == first.modalities.all && second.peers["p"] == peer)
    let kept = try JSONParser.parse(try #require(try await archive.globalProperty(.modalities)))
    #expect(kept["ct"]?["AET"] == .text("CT") && kept["ct"]?["AllowNAction"] == .boolean(true))
    #expect(!"\(peer.json)".contains("secret") && !"\(peer.json)".contains("hidden"))
    #expect(try await second.modalities.remove("ct"))
    #expect(try await !second.modalities.remove("ct"))
    #expect(try await nodes(archive).modalities.all.isEmpty)
  }

  /// What an Orthanc had, as it writes it; what can't be read is left alone.
  @Test func othersAreLeftAsTheyAre() async throws {
    let folder = try TemporaryFolder()
    let archive = try archive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    try await archive.setGlobalProperty(
      .modalities, to: #"{"odd":{"AET":5},"mr":{"AET":"MR","Host":"h","Port":1,"New":true}}"#)
    let nodes = try await nodes(archive)
    #expect(nodes.modalities.all.map(\.name) == ["mr"])
    try await nodes.modalities.set(KnownModality(name: "ct", aeTitle: "CT", host: "h", port: 104))
    let kept = try JSONParser.parse(try #require(try await archive.globalProperty(.modalities)))
    #expect(kept["odd"]?["AET"] == .number(5) && kept["mr"]?["New"] == .boolean(true))
    #expect(nodes.modalities.all.map(\.name) == ["ct", "mr"])
  }

  @Test func changesAtOnceAreAllKept() async throws {
    let folder = try TemporaryFolder(inMemory: true)
    let archive = try archive(folder)
    defer { withExtendedLifetime(folder) { archive.close() } }
    let nodes = try await nodes(archive)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...20 {
        group.addTask {
          try await nodes.modalities.set(
            KnownModality(name: "m\(number)", aeTitle: "M", host: "h", port: number))
        }
      }
      try await group.waitForAll()
    }
    #expect(nodes.modalities.all.count == 20)
    #expect(try await self.nodes(archive).modalities.all == nodes.modalities.all)
  }

  @Test func theListenerFollowsThem() async throws {
    let nodes = KnownNodes(modalities: [], peers: [])
    var configuration = DICOMListenerConfiguration()
    configuration.alwaysAllowStore = false
    let access = await AccessControl(configuration, nodes, .singleton)
    func allows() -> Bool { access.policy.allows(.store, callingAET: "CT", address: "192.0.2.1") }
    #expect(!allows())
    try await nodes.modalities.set(KnownModality(name: "ct", aeTitle: "CT", host: "h", port: 104))
    #expect(allows())
    _ = try await nodes.modalities.remove("ct")
    #expect(!allows())
  }
}
