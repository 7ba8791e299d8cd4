import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// Requests and their answers: rows 17 to 23, 29 and 36 of the list of bad input.
@Suite struct MessageServiceTests {
  @Test func pipelinedEchoesAreAnsweredInOrder() async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      client.send((1...40).flatMap { Sample.echo(id: $0) })
      for id in 1...40 as ClosedRange<UInt16> {
        let response = try client.receiveResponse()
        #expect(response.integer(.respondedMessageID) == id)
        #expect(response.field?.rawValue == 0x8030)
        #expect(response.uid(.affectedSOPClass) == Sample.verification)
      }
    }
  }

  @Test func aThousandTinyValues() async throws {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let client = try RawClient.associated(port: listener.port)
      let bytes = Sample.bytes(count: 1000)
      client.send(Sample.store())
      client.send(Sample.dataSet(bytes, maximum: 8))
      #expect(try client.receiveStatus() == .success)
      #expect(store.snapshot.instances.first?.bytes == bytes)
    }
  }

  @Test func storeKeepsEveryByteAndWhoSentIt() async throws {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let client = try RawClient.associated(port: listener.port)
      for (number, count) in [1, 100, 16_378, 16_379, 300_001, 3_000_000].enumerated() {
        let bytes = Sample.bytes(count: count)
        client.send(Sample.store(id: UInt16(number), instance: UID("1.2.\(number)")) + Sample.dataSet(bytes))
        let response = try client.receiveResponse()
        #expect(response.status == .success)
        #expect(response.integer(.respondedMessageID) == UInt16(number))
        #expect(response.uid(.affectedSOPInstance) == UID("1.2.\(number)"))
        #expect(store.snapshot.instances.last?.bytes == bytes)
      }
      let incoming = try #require(store.snapshot.instances.first?.incoming)
      #expect(
        incoming.origin
          == InstanceOrigin(.dicomProtocol, remoteIP: "127.0.0.1", remoteAET: "PEER", calledAET: "FILMROOM"))
      #expect(incoming.transferSyntax == .implicitLittleEndian)
      #expect(incoming.sopClass == Sample.ct)
      let association = try #require(listener.status().associations.first)
      #expect(association.instancesStored == 6)
      #expect(association.callingAET == "PEER" && association.peerAddress == "127.0.0.1")
      #expect(association.bytesReceived == listener.status().bytesReceived)
      #expect(association.activity == .idle)
    }
  }

  @Test func pipelinedStoresStayInOrder() async throws {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let client = try RawClient.associated(port: listener.port)
      var all: [UInt8] = []
      for number in 1...30 as ClosedRange<UInt16> {
        all += Sample.store(id: number, instance: UID("1.2.\(number)"))
        all += Sample.dataSet(Sample.bytes(count: Int(number) * 2000)) + Sample.echo(id: 1000 + number)
      }
      client.send(all)
      for number in 1...30 as ClosedRange<UInt16> {
        #expect(try client.receiveResponse().integer(.respondedMessageID) == number)
        #expect(try client.receiveResponse().integer(.respondedMessageID) == 1000 + number)
      }
      #expect(store.snapshot.instances.map(\.incoming.sopInstance) == (1...30).map { UID("1.2.\($0)") })
      #expect(store.snapshot.instances.map(\.bytes.count) == (1...30).map { $0 * 2000 })
    }
  }

  @Test func refusals() async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      func status(_ bytes: [UInt8]) throws -> DIMSEStatus? {
        client.send(bytes)
        return try client.receiveStatus()
      }
      let data = Sample.dataSet(Sample.bytes(count: 50_000))
      #expect(try status(Sample.pdus(Sample.command(0x4321))) == .unrecognizedOperation)
      #expect(
        try status(
          Sample.pdus(Sample.command(0x0020, hasDataSet: true)) + Sample.dataSet([1, 2], context: 1))
          == .unrecognizedOperation)
      #expect(try status(Sample.store(sopClass: "1.2.840.10008.5.1.4.1.1.4") + data) == .sopClassNotSupported)
      #expect(try status(Sample.pdus(Sample.command(0x30), context: 3)) == .sopClassNotSupported)
      #expect(try status(Sample.store(sopClass: nil) + data) == .missingAttribute)
      #expect(try status(Sample.store(instance: nil) + data) == .missingAttribute)
      #expect(try status(Sample.store(instance: "../../etc") + data) == .invalidSOPInstance)
      #expect(
        try status(Sample.pdus(Sample.command(1, sopClass: Sample.ct, instance: "1.2"), context: 3))
          == .cannotUnderstand)
      #expect(try status(Sample.echo()) == .success)
      #expect(listener.status().instancesRefused == 5)
    }
  }

  @Test func aMissingInstanceUIDIsNamed() async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      client.send(Sample.store(instance: nil) + Sample.dataSet([1, 2]))
      let response = try client.receiveResponse()
      #expect(response.tags(.offendingElement) == [Tag(0x0000, 0x1000)])
      #expect(response.text(.errorComment)?.isEmpty == false)
    }
  }

  @Test(
    arguments: zip(
      StoreError.Code.allCases,
      [0xA700, 0xA700, 0xA700, 0xA700, 0xC000, 0xA900, 0x0110, 0x0106, 0x0110, 0x0110, 0xA700] as [UInt16]))
  func whatTheArchiveSays(_ code: StoreError.Code, _ status: UInt16) async throws {
    let store = MemoryStore()
    let error = StoreError(code, "because", tag: Tag(0x0020, 0x000D))
    try await withListener(store) { listener in
      let client = try RawClient.associated(port: listener.port)
      // Refused at the beginning, midway and at the end; the association goes on each time.
      let changes: [(inout MemoryStore.State) -> Void] = [
        { $0.openError = error },
        {
          $0.openError = nil
          $0.appendError = (100_000, error)
        },
        {
          $0.appendError = nil
          $0.finishError = error
        },
      ]
      for change in changes {
        store.set(change)
        client.send(Sample.store() + Sample.dataSet(Sample.bytes(count: 2_000_000)))
        let response = try client.receiveResponse()
        #expect(response.status?.rawValue == status)
        #expect(response.text(.errorComment) == "because")
        #expect(response.tags(.offendingElement) == [Tag(0x0020, 0x000D)])
      }
      store.set { $0.finishError = nil }
      client.send(Sample.store() + Sample.dataSet([1, 2]))
      #expect(try client.receiveStatus() == .success)
      #expect(store.snapshot.discarded == 1)
      #expect(listener.status().instancesRefused == 3)
    }
  }

  @Test(arguments: ["abort", "reset", "close", "release", "garbage"]) func endsHalfway(_ how: String)
    async throws
  {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let client = try RawClient.associated(port: listener.port)
      client.send(Sample.store() + Sample.dataSet(Sample.bytes(count: 500_000), isLast: false))
      waitUntil("the data has begun to arrive") { store.snapshot.buffered == 500_000 }
      switch how {
      case "abort": client.send(Sample.abort)
      case "reset": client.reset()
      case "close": client.close()
      case "release":
        client.send(Sample.releaseRequest)
        _ = try client.receive(type: .releaseReply)
      default: client.send([99, 0, 0, 0, 0, 0])
      }
      waitUntil("the instance is discarded") { store.snapshot.discarded == 1 }
      #expect(store.snapshot.opened == 1)
      #expect(store.snapshot.instances.isEmpty)
      waitUntil("the association is gone") { listener.status().associations.isEmpty }
    }
  }

  @Test func aReleaseWaitsForTheAnswer() async throws {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let client = try RawClient.associated(port: listener.port)
      client.send(Sample.store() + Sample.dataSet([1, 2]) + Sample.releaseRequest)
      #expect(try client.receiveStatus() == .success)
      _ = try client.receive(type: .releaseReply)
    }
  }

  @Test func commandSetsThatNeverEnd() async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      let value = [UInt8](repeating: 0, count: 16_000)
      let pdu: [UInt8] = [4, 0, 0, 0, 0x3E, 0x86, 0, 0, 0x3E, 0x82, 1, 1] + value
      for _ in 0..<5 { client.send(pdu) }
      #expect(client.receiveAbort() == "2,6")
    }
  }

  @Test(arguments: [
    [], [1, 2, 3, 4], [UInt8](repeating: 0xEE, count: 60), [0, 0, 0, 1, 0x55, 0x53, 2, 0, 0x30, 0],
  ])
  func commandSetsOfGarbage(_ bytes: [UInt8]) async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      client.send([4, 0, 0, 0, 0, UInt8(bytes.count + 6), 0, 0, 0, UInt8(bytes.count + 2), 1, 3] + bytes)
      #expect(client.receiveAbort() == "2,6")
    }
  }

  @Test func cancelsForNothingAreIgnored() async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      var cancel = Sample.command(0x0FFF)
      cancel.set(.respondedMessageID, 12)
      client.send(Sample.pdus(cancel) + Sample.echo(id: 5))
      #expect(try client.receiveResponse().integer(.respondedMessageID) == 5)
    }
  }

  @Test func readingStopsWhileTheArchiveIsBehind() async throws {
    let store = MemoryStore()
    store.set { $0.isStuck = true }
    try await withListener(store) { listener in
      let bytes = Sample.bytes(count: 64 << 20)
      let pdus = Sample.store() + Sample.dataSet(bytes, maximum: 16384)
      let client = try RawClient.associated(port: listener.port)
      let sent = client.sendUntilStuck(pdus)
      // What the two sockets and the queue before the archive hold is far less.
      #expect(sent < pdus.count)
      try expectEcho(listener)
      #expect(store.snapshot.opened == 1 && store.snapshot.buffered == 0)
      store.set { $0.isStuck = false }
      client.send(Array(pdus[sent...]))
      #expect(try client.receiveStatus() == .success)
      #expect(store.snapshot.instances.first?.bytes == bytes)
    }
  }

  @Test func manyPeersAtOnce() async throws {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let port = listener.port
      try await withThrowingTaskGroup(of: Void.self) { group in
        for peer in 0..<20 {
          group.addTask {
            let client = try RawClient.associated(port: port)
            for number in 0..<10 {
              client.send(
                Sample.store(instance: UID("1.\(peer).\(number)"))
                  + Sample.dataSet(Sample.bytes(count: 30_000)))
              #expect(try client.receiveStatus() == .success)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(store.snapshot.instances.count == 200)
      #expect(listener.status().instancesStored == 200)
    }
  }
}
