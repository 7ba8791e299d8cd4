import DICOM
import TestSupport
import Testing

@testable import Net

/// Associations that never come to be, or end badly: rows 1 to 16 of the list of bad input.
@Suite struct AssociationTests {
  @Test(arguments: [
    Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC],
    [9, 0, 0, 0, 0, 4, 0, 0, 0, 0],
    // Lengths: 4 GiB, 2 MiB, none.
    [1, 0, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 0, 0x20, 0, 0], [1, 0, 0, 0, 0, 0],
    // Other PDUs before the request.
    Sample.echo(), Sample.releaseRequest, [6, 0, 0, 0, 0, 4, 0, 0, 0, 0],
    [3, 0, 0, 0, 0, 4, 0, 1, 1, 1],
  ])
  func nonsenseBeforeTheRequest(_ bytes: [UInt8]) async throws {
    try await withListener { listener in
      let client = try RawClient(port: listener.port)
      client.send(bytes)
      #expect(client.receiveAbort() == "0,0")
    }
  }

  @Test func anAbortThatArrivesWithUnreadBytesBehindIt() async throws {
    try await withListener { listener in
      let client = try RawClient(port: listener.port)
      client.send(Array("GET ".utf8) + [UInt8](repeating: 1, count: 400_000))
      #expect(client.receiveAbort() == "0,0")
    }
  }

  @Test(arguments: [
    ([9, 0, 0, 0, 0, 4, 0, 0, 0, 0] as [UInt8], "2,1"),
    (Sample.bytes(Sample.request()), "2,2"), ([3, 0, 0, 0, 0, 4, 0, 1, 1, 1], "2,2"),
    ([6, 0, 0, 0, 0, 4, 0, 0, 0, 0], "2,2"), ([5, 0, 0, 0, 0, 9], "2,6"), ([4, 0, 0, 0, 0, 0], "2,6"),
    ([4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 1, 3], "2,6"), ([4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 3], "2,6"),
    ([4, 0, 0, 0, 0, 6, 0, 0, 0, 99, 1, 3], "2,6"), ([4, 0, 0xFF, 0xFF, 0xFF, 0xFF], "2,6"),
    // Contexts that were not agreed on, and parts in the wrong order.
    (Sample.pdus(Sample.command(0x30), context: 5), "2,5"),
    (Sample.pdus(Sample.command(0x30), context: 2), "2,5"), (Sample.dataSet([1, 2]), "2,5"),
    (Sample.store() + Sample.store(id: 2), "2,5"),
    (Sample.store() + Sample.dataSet([0, 0], context: 1), "2,5"),
    // Responses to nothing.
    (Sample.pdus(Sample.command(0x8030)), "2,2"), (Sample.pdus(Sample.command(0x8001)), "2,2"),
  ])
  func nonsenseInside(_ bytes: [UInt8], _ abort: String) async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      client.send(bytes)
      #expect(client.receiveAbort() == abort)
      waitUntil("the association is gone") { listener.status().associations.isEmpty }
    }
  }

  @Test func truncatedRequests() async throws {
    try await withListener { listener in
      let bytes = Sample.bytes(Sample.request())
      for length in stride(from: 0, to: bytes.count, by: 13) {
        let client = try RawClient(port: listener.port)
        client.send(Array(bytes[..<length]))
        client.finishSending()
        #expect(client.receive() == .closed)
      }
    }
  }

  @Test func oneByteASegment() async throws {
    try await withListener { listener in
      let client = try RawClient(port: listener.port)
      for byte in Sample.bytes(Sample.request()) { client.send([byte]) }
      _ = try client.receive(type: .associateAccept)
      for byte in Sample.echo() { client.send([byte]) }
      #expect(try client.receiveStatus() == .success)
    }
  }

  @Test func rejections() async throws {
    try await withListener { listener in
      func reject(_ answer: String, _ change: (inout AssociateRequest) -> Void) throws {
        var request = Sample.request()
        change(&request)
        let client = try RawClient(port: listener.port)
        client.send(Sample.bytes(request))
        #expect(client.receiveReject() == answer)
      }
      try reject("1,2,2") { $0.protocolVersion = 0xFFFE }
      try reject("1,1,2") { $0.applicationContext = "1.2.3" }
      try reject("1,1,7") { $0.calledAET = "" }
      try reject("1,1,3") { $0.callingAET = "" }
      try reject("1,1,3") { $0.callingAET = "A\u{1B}[31m" }
      try reject("1,1,7") { $0.calledAET = "A\nB" }
    }
  }

  @Test func requestsThatLie() async throws {
    try await withListener { listener in
      func abort(_ answer: String, _ change: (inout AssociateRequest) -> Void) throws {
        var request = Sample.request()
        change(&request)
        let client = try RawClient(port: listener.port)
        client.send(Sample.bytes(request))
        #expect(client.receiveAbort() == answer)
      }
      try abort("0,0") { $0.contexts[0].id = 0 }
      try abort("0,0") { $0.contexts[0].id = 2 }
      try abort("0,0") { $0.contexts[0].id = 3 }
      try abort("0,0") { $0.user.maximumLength = 1 }
      try abort("0,0") { $0.user.maximumLength = 7 }
      // The length of each item, and of each item inside it, made to reach too far.
      var full = Sample.request()
      full.user.implementationClass = "1.2"
      full.user.roles = [RoleSelection(sopClass: "1.2", isUser: true, isProvider: false)]
      full.user.extended = [ExtendedNegotiation(sopClass: "1.2", information: [1])]
      full.user.identity = UserIdentity(type: 1, wantsResponse: false, primary: [1, 2], secondary: [])
      let bytes = Sample.bytes(full)
      for type in [0x20, 0x30, 0x40, 0x50, 0x51, 0x54, 0x56, 0x58] as [UInt8] {
        let start = bytes.indices.dropFirst(74).first { bytes[$0] == type && bytes[$0 + 1] == 0 }
        var lying = bytes
        lying[try #require(start) + 2] = 0xFF
        let client = try RawClient(port: listener.port)
        client.send(lying)
        #expect(client.receiveAbort() == "0,0", "item \(type)")
      }
    }
  }

  @Test(arguments: [0, 8, 9, 100, 0xFFFF_FFFF] as [UInt32]) func peersMaximumPDULength(_ length: UInt32)
    async throws
  {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port, Sample.request(maximumLength: length))
      client.send(Sample.echo())
      #expect(try client.receiveStatus() == .success)
    }
  }

  @Test func contextsWithoutSyntaxesAreAnswered() async throws {
    try await withListener { listener in
      var request = Sample.request()
      request.contexts = [
        ProposedContext(id: 1, abstractSyntax: nil, transferSyntaxes: [Sample.implicit]),
        ProposedContext(id: 3, abstractSyntax: Sample.ct, transferSyntaxes: []),
        ProposedContext(
          id: 5, abstractSyntax: UID(String(repeating: "1", count: 1000)), transferSyntaxes: [Sample.implicit]
        ),
        ProposedContext(id: 7, abstractSyntax: Sample.verification, transferSyntaxes: [Sample.implicit]),
      ]
      let client = try RawClient(port: listener.port)
      client.send(Sample.bytes(request))
      let body = try client.receive(type: .associateAccept)
      let accept = try AssociateDecoder.accept(.init(bytes: body))
      #expect(accept.contexts.map(\.result.rawValue) == [3, 4, 3, 0])
    }
  }

  @Test func tooManyAssociations() async throws {
    try await withListener(MemoryStore(), { $0.maximumAssociations = 2 }) { listener in
      let first = try RawClient.associated(port: listener.port)
      let second = try RawClient.associated(port: listener.port)
      let third = try RawClient(port: listener.port)
      third.send(Sample.bytes(Sample.request()))
      #expect(third.receiveReject() == "2,3,2")
      first.send(Sample.releaseRequest)
      _ = try first.receive(type: .releaseReply)
      second.reset()
      waitUntil("there is room again") { listener.status().associations.isEmpty }
    }
  }

  @Test func crowdsOfIdlersDisturbNobody() async throws {
    try await withListener { listener in
      var idlers: [RawClient] = []
      for _ in 0..<300 { idlers.append(try RawClient(port: listener.port)) }
      for idler in idlers[..<40] { idler.send([1]) }
      try expectEcho(listener)
      for idler in idlers[100...] { idler.reset() }
      try expectEcho(listener)
    }
  }

  @Test func surplusConnectionsMakeRoomForNewOnes() async throws {
    try await withListener { listener in
      let first = try RawClient(port: listener.port)
      var others: [RawClient] = []
      for _ in 0..<Limits.waitingConnections { others.append(try RawClient(port: listener.port)) }
      #expect([.closed, .reset].contains(first.receive()))
      try expectEcho(listener)
    }
  }

  @Test func silentPeersTimeOut() async throws {
    try await withListener(MemoryStore(), { $0.timeoutSeconds = 1 }) { listener in
      let silent = try RawClient(port: listener.port)
      let slow = try RawClient(port: listener.port)
      slow.send(Array(Sample.bytes(Sample.request()).prefix(20)))
      let idle = try RawClient.associated(port: listener.port)
      let halfway = try RawClient.associated(port: listener.port)
      halfway.send(Array(Sample.echo().prefix(20)))
      #expect(silent.receive() == .closed)
      #expect(slow.receive() == .closed)
      #expect(idle.receiveAbort() == "0,0")
      #expect(halfway.receiveAbort() == "0,0")
    }
  }

  /// Bytes alone keep nobody alive: what counts is that something gets complete.
  @Test func drippingPeersTimeOut() async throws {
    try await withListener(MemoryStore(), { $0.timeoutSeconds = 1 }) { listener in
      let inside = try RawClient.associated(port: listener.port)
      inside.send(Sample.store() + [4, 0, 0, 0, 0x20, 6, 0, 0, 0x20, 2, 3, 0])
      let before = try RawClient(port: listener.port)
      before.send(Array(Sample.bytes(Sample.request()).prefix(100)))
      waitUntil("both are given up") {
        inside.send([0])
        before.send([0])
        return inside.isReadable(milliseconds: 50) && before.isReadable(milliseconds: 50)
      }
      #expect(inside.receiveAbort() == "0,0")
      #expect([.closed, .reset].contains(before.receive()))
    }
  }
}
