import DICOM
import NIOCore
import TestSupport
import Testing

@testable import Net

/// Rows 7 to 13 of the list of bad input: requests for an association that lie or leave things out.
@Suite struct HostileNegotiationTests {
  private func requesting(
    _ scene: ArchiveScene, _ change: (inout AssociateRequest) -> Void
  ) throws -> RawClient {
    var request = Sample.request()
    change(&request)
    let client = try scene.client()
    client.send(Sample.bytes(request))
    return client
  }

  @Test func row07ForeignVersionsAndContexts() async throws {
    try await withArchive { scene in
      #expect(try requesting(scene) { $0.protocolVersion = 0xFFFE }.receiveReject() == "1,2,2")
      #expect(try requesting(scene) { $0.protocolVersion = 0 }.receiveReject() == "1,2,2")
      #expect(try requesting(scene) { $0.applicationContext = "1.2.3" }.receiveReject() == "1,1,2")
      #expect(try requesting(scene) { $0.applicationContext = "" }.receiveReject() == "1,1,2")
      // A later version that also knows the first.
      _ = try requesting(scene) { $0.protocolVersion = 3 }.receive(type: .associateAccept)
    }
  }

  @Test func row08ContextIdentifiers() async throws {
    try await withArchive { scene in
      for id in [0, 2, 254, 3] as [UInt8] {
        let client = try requesting(scene) { $0.contexts[0].id = id }
        #expect(client.receiveAbort() == "0,0", "id \(id)")
      }
      let context = Sample.request().contexts[0]
      let tooMany = (0..<129).map { number in
        ProposedContext(
          id: UInt8(truncatingIfNeeded: number * 2 + 1), abstractSyntax: context.abstractSyntax,
          transferSyntaxes: context.transferSyntaxes)
      }
      #expect(try requesting(scene) { $0.contexts = tooMany }.receiveAbort() == "0,0")
      // As many as there are numbers for.
      let client = try requesting(scene) { $0.contexts = Array(tooMany.prefix(128)) }
      let accept = try AssociateDecoder.accept(.init(bytes: try client.receive(type: .associateAccept)))
      #expect(accept.contexts.count == 128)
    }
  }

  @Test func row09ContextsWithoutSyntaxes() async throws {
    try await withArchive { scene in
      let long = UID(String(repeating: "1", count: 1000))
      let proposals: [(UID?, [UID])] = [
        (nil, [Sample.implicit]), ("", [Sample.implicit]), (long, [Sample.implicit]), (Sample.ct, []),
        (Sample.ct, [""]), (Sample.ct, [long]), (Sample.ct, [long, Sample.implicit]),
      ]
      let client = try requesting(scene) { request in
        for (number, proposal) in proposals.enumerated() {
          request.contexts.append(
            ProposedContext(
              id: UInt8(number * 2 + 11), abstractSyntax: proposal.0, transferSyntaxes: proposal.1))
        }
      }
      let accept = try AssociateDecoder.accept(.init(bytes: try client.receive(type: .associateAccept)))
      #expect(accept.contexts.map(\.result.rawValue) == [0, 0, 3, 3, 3, 4, 4, 4, 0])
      client.send(Sample.echo())
      #expect(try client.receiveStatus() == .success)
    }
  }

  private static func fullRequest() -> [UInt8] {
    var full = Sample.request()
    full.user.implementationClass = "1.2"
    full.user.roles = [RoleSelection(sopClass: "1.2", isUser: true, isProvider: false)]
    full.user.extended = [ExtendedNegotiation(sopClass: "1.2", information: [1])]
    full.user.commonExtended = [
      CommonExtendedNegotiation(sopClass: "1.2", serviceClass: "1.3", relatedGeneralClasses: ["1.4"])
    ]
    full.user.identity = UserIdentity(type: 2, wantsResponse: false, primary: [1, 2], secondary: [3])
    return Sample.bytes(full)
  }

  @Test func row10ItemLengthsThatReachTooFar() async throws {
    try await withArchive { scene in
      let bytes = Self.fullRequest()
      for type in [0x10, 0x20, 0x30, 0x40, 0x50, 0x51, 0x52, 0x54, 0x56, 0x57, 0x58] as [UInt8] {
        let start = bytes.indices.dropFirst(74).first { bytes[$0] == type && bytes[$0 + 1] == 0 }
        var lying = bytes
        lying[try #require(start) + 2] = 0xFF
        let client = try scene.client()
        client.send(lying)
        #expect(client.receiveAbort() == "0,0", "item \(type)")
      }
      try scene.echo()
    }
  }

  /// Whichever byte of the items is another one: an answer comes, of whatever kind.
  @Test func row10NoByteOfARequestLeavesItWithoutAnswer() async throws {
    try await withArchive { scene in
      let bytes = Self.fullRequest()
      for index in 74..<bytes.count {
        var lying = bytes
        lying[index] = index % 2 == 0 ? 0 : 0xFF
        let client = try scene.client()
        client.send(lying)
        guard case .pdu(let type, _) = client.receive() else {
          Issue.record("no answer with byte \(index) changed")
          return
        }
        #expect([2, 3, 7].contains(type))
        client.reset()
      }
    }
  }

  @Test func row11UnknownItemsAreSkipped() async throws {
    try await withArchive { scene in
      var bytes = Self.fullRequest()
      let user = try #require(bytes.indices.dropFirst(74).last { bytes[$0] == 0x50 && bytes[$0 + 1] == 0 })
      let unknown: [UInt8] = [0x7F, 0, 0, 3, 1, 2, 3]
      // Behind everything, behind the user information's items, and before all items.
      bytes += unknown + unknown
      bytes[user + 3] += 7
      bytes.insert(contentsOf: unknown, at: 74)
      let length = bytes.count - 6
      (bytes[4], bytes[5]) = (UInt8(length >> 8), UInt8(length & 0xFF))
      let client = try scene.client()
      client.send(bytes)
      let accept = try AssociateDecoder.accept(.init(bytes: try client.receive(type: .associateAccept)))
      #expect(accept.contexts.map(\.result.rawValue) == [0, 0])
      client.send(Sample.echo())
      #expect(try client.receiveStatus() == .success)
    }
  }

  @Test func row12TitlesThatAreNone() async throws {
    try await withArchive { scene in
      for title in ["", "A\u{1B}[31m", "A\nB", "A\u{7F}", "é"] {
        let called = try requesting(scene) { $0.calledAET = title }
        #expect(called.receiveReject() == "1,1,7", "\(title)")
        let calling = try requesting(scene) { $0.callingAET = title }
        #expect(calling.receiveReject() == "1,1,3", "\(title)")
      }
    }
  }

  /// Its characters are allowed; it becomes no path: the scene finds every file where it belongs.
  @Test func row12ATitleLikeAPath() async throws {
    try await withArchive { scene in
      let client = try requesting(scene) {
        $0.callingAET = "../../.."
        $0.calledAET = "/../../etc/x"
      }
      _ = try client.receive(type: .associateAccept)
      let bytes = DataSetWriter.encode(DataSetSamples.instance(), as: .implicitLittleEndian)
      #expect(try scene.store(bytes, as: "1.2.3.4.5", over: client).status == .success)
      scene.wasStored("1.2.3.4.5")
    }
  }

  @Test(arguments: [0, 8, 9, 0xFFFF_FFFF] as [UInt32]) func row13WhatAPeerTakes(_ length: UInt32) async throws
  {
    try await withArchive { scene in
      let client = try scene.peer(maximumLength: length)
      client.send(Sample.echo())
      #expect(try client.receiveStatus() == .success)
      // A refusal with a comment is the longest that we say.
      client.send(Sample.store() + Sample.dataSet([1, 2, 3]))
      let response = try client.receiveResponse()
      #expect(response.status == .cannotUnderstand)
      #expect(response.text(.errorComment) != nil)
    }
  }

  /// With 8 there is room for two bytes in each PDU, and none is longer.
  @Test func row13FragmentsFit() async throws {
    try await withArchive { scene in
      let client = try scene.peer(maximumLength: 8)
      client.send(Sample.echo())
      var isLast = false
      while !isLast {
        let body = try client.receive(type: .data)
        #expect(body.count <= 8)
        isLast = body.count > 5 && body[5] & 2 != 0
        guard body.count > 5 else { return }
      }
    }
  }

  @Test(arguments: [1, 2, 7] as [UInt32]) func row13NoRoomForAnything(_ length: UInt32) async throws {
    try await withArchive { scene in
      let client = try requesting(scene) { $0.user.maximumLength = length }
      #expect(client.receiveAbort() == "0,0")
    }
  }
}
