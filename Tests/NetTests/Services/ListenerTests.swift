import DICOM
import Logging
import NIOCore
import TestSupport
import Testing

@testable import Net

@Suite struct ListenerTests {
  @Test func aPortInUseIsSaidSo() async throws {
    try await withListener { listener in
      var configuration = DICOMListenerConfiguration()
      configuration.port = listener.port
      for host in ["0.0.0.0", "127.0.0.1"] {
        configuration.host = host
        let configuration = configuration
        let error = await #expect(throws: NetError.self) {
          _ = try await DICOMListener.start(configuration, store: MemoryStore(), logger: quietLogger)
        }
        #expect(error?.code == .portInUse)
        #expect(error?.message.contains("\(listener.port)") == true)
      }
    }
  }

  @Test func valuesThatAreNotAllowed() async {
    let changes: [(inout DICOMListenerConfiguration) -> Void] = [
      { $0.aeTitle = "" }, { $0.aeTitle = "SEVENTEENLETTERSX" }, { $0.maximumPDULength = 4095 },
      { $0.maximumPDULength = 131_073 }, { $0.maximumAssociations = 0 }, { $0.timeoutSeconds = -1 },
      { $0.port = 65_536 },
    ]
    for change in changes {
      var configuration = DICOMListenerConfiguration()
      change(&configuration)
      #expect(throws: NetError.self) { try configuration.validate() }
    }
    var configuration = DICOMListenerConfiguration()
    configuration.host = "192.0.2.77"
    configuration.port = 0
    let foreign = configuration
    let error = await #expect(throws: NetError.self) {
      _ = try await DICOMListener.start(foreign, store: MemoryStore(), logger: quietLogger)
    }
    #expect(error?.code == .badAddress)
  }

  @Test func bothAddressFamilies() async throws {
    try await withListener(MemoryStore(), { $0.host = "0.0.0.0" }) { listener in
      let client = try RawClient.associated(port: listener.port)
      waitUntil("the association is seen") {
        listener.status().associations.map(\.peerAddress) == ["127.0.0.1"]
      }
      client.close()
    }
  }

  @Test func droppingAnAssociation() async throws {
    try await withListener { listener in
      let client = try RawClient.associated(port: listener.port)
      let other = try RawClient.associated(port: listener.port)
      let id = try #require(listener.status().associations.first?.id)
      listener.drop(association: id)
      listener.drop(association: 12345)
      #expect(client.receiveAbort() == "0,0")
      other.send(Sample.echo())
      #expect(try other.receiveStatus() == .success)
    }
  }

  private func listener(_ store: MemoryStore) async throws -> DICOMListener {
    var configuration = DICOMListenerConfiguration()
    configuration.host = "127.0.0.1"
    configuration.port = 0
    return try await DICOMListener.start(configuration, store: store, logger: quietLogger)
  }

  @Test func stoppingLetsTheMessageUnderWayFinish() async throws {
    let store = MemoryStore()
    let listener = try await listener(store)
    try await withTaskExecutorPreference(BlockingExecutor.shared) {
      let busy = try RawClient.associated(port: listener.port)
      let idle = try RawClient.associated(port: listener.port)
      let waiting = try RawClient(port: listener.port)
      busy.send(Sample.store() + Sample.dataSet(Sample.bytes(count: 1000), isLast: false))
      waitUntil("the data arrives") { store.snapshot.buffered == 1000 }
      async let stopped: Void = listener.stop(graceSeconds: 30)
      #expect(idle.receiveAbort() == "0,0")
      #expect(waiting.receive() == .closed)
      busy.send(Sample.dataSet([1, 2]))
      #expect(try busy.receiveStatus() == .success)
      #expect(busy.receiveAbort() == "0,0")
      await stopped
      #expect(store.snapshot.instances.count == 1)
    }
  }

  @Test func stoppingDoesNotWaitForEver() async throws {
    let store = MemoryStore()
    let listener = try await listener(store)
    try await withTaskExecutorPreference(BlockingExecutor.shared) {
      let busy = try RawClient.associated(port: listener.port)
      busy.send(Sample.store() + Sample.dataSet(Sample.bytes(count: 1000), isLast: false))
      waitUntil("the data arrives") { store.snapshot.buffered == 1000 }
      await listener.stop(graceSeconds: 0.1)
      #expect(store.snapshot.discarded == 1 && store.snapshot.buffered == 0)
      #expect(busy.receiveAbort() == "0,0")
    }
  }

  @Test func unknownClassesWhereTheyAreAccepted() async throws {
    var request = Sample.request()
    request.contexts[1].abstractSyntax = "1.2.3.4"
    let asked = request
    try await withListener { listener in
      let client = try RawClient(port: listener.port)
      client.send(Sample.bytes(asked))
      let accept = try AssociateDecoder.accept(.init(bytes: try client.receive(type: .associateAccept)))
      #expect(accept.contexts.map(\.result.rawValue) == [0, 3])
    }
    try await withListener(MemoryStore(), { $0.unknownSOPClassAccepted = true }) { listener in
      let client = try RawClient.associated(port: listener.port, asked)
      client.send(Sample.store(sopClass: "1.2.3.4") + Sample.dataSet([1, 2]))
      #expect(try client.receiveStatus() == .success)
    }
  }

  @Test func storageClassesAreAllThere() {
    #expect(StorageSOPClasses.names.count > 200)
    let invalid = StorageSOPClasses.names.keys.filter { uid in !uid.isValid }
    #expect(invalid == [])
    #expect(StorageSOPClasses.names[Sample.ct] == "CT Image Storage")
  }
}

@Suite struct ClientTests {
  private func options(_ listener: DICOMListener) -> DICOMClient.Options {
    DICOMClient.Options(host: "127.0.0.1", port: listener.port, calledAET: "FILMROOM")
  }

  @Test func echoAndStore() async throws {
    let store = MemoryStore()
    try await withListener(store) { listener in
      let client = try await DICOMClient.associate(
        options(listener),
        proposals: [
          (Sample.verification, [.implicitLittleEndian]),
          (Sample.ct, [TransferSyntax("9.9"), .explicitLittleEndian]), ("1.2.3", [.implicitLittleEndian]),
        ])
      #expect(client.contexts.map(\.id) == [1, 3])
      #expect(client.contexts.last?.transferSyntax == .explicitLittleEndian)
      #expect(try await client.echo().status == .success)
      let bytes = Sample.bytes(count: 1_000_000)
      let reply = try await client.store(
        ByteBuffer(bytes: bytes), sopClass: Sample.ct, sopInstance: "1.2.3.4",
        transferSyntax: .explicitLittleEndian)
      #expect(reply.status == .success)
      #expect(store.snapshot.instances.first?.bytes == bytes)
      let error = await #expect(throws: NetError.self) {
        _ = try await client.store(
          ByteBuffer(), sopClass: Sample.ct, sopInstance: "1", transferSyntax: .implicitLittleEndian)
      }
      #expect(error?.code == .noContext)
      try await client.release()
      await #expect(throws: NetError.self) { _ = try await client.echo() }
    }
  }

  @Test func refusalsReachTheCaller() async throws {
    let store = MemoryStore()
    store.set { $0.openError = .init(.storageFull, "no room", tag: Tag(0x0008, 0x0018)) }
    try await withListener(store, { $0.checkCalledAET = true }) { listener in
      var wrong = options(listener)
      wrong.calledAET = "NOBODY"
      let asked = wrong
      let rejected = await #expect(throws: NetError.self) {
        _ = try await DICOMClient.associate(asked, proposals: [(Sample.ct, [.implicitLittleEndian])])
      }
      #expect(rejected?.code == .rejected)
      let client = try await DICOMClient.associate(
        options(listener), proposals: [(Sample.ct, [.implicitLittleEndian])])
      let reply = try await client.store(
        ByteBuffer(bytes: [1, 2]), sopClass: Sample.ct, sopInstance: "1.2",
        transferSyntax: .implicitLittleEndian)
      #expect(
        reply == DIMSEReply(status: .outOfResources, comment: "no room", offendingElements: [Tag(8, 0x18)]))
      await client.abort()
      waitUntil("the association is gone") { listener.status().associations.isEmpty }
    }
  }

  @Test func nobodyThere() async throws {
    let port = try DeafPort()
    let options = DICOMClient.Options(host: "127.0.0.1", port: port.number, calledAET: "X")
    let error = await #expect(throws: NetError.self) {
      _ = try await DICOMClient.associate(options, proposals: [(Sample.ct, [.implicitLittleEndian])])
    }
    #expect(error?.code == .unreachable)
  }
}
