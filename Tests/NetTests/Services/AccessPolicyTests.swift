import DICOM
import TestSupport
import Testing

@testable import Net

private func policy(
  _ addresses: [String: Set<String>]? = nil, _ change: (inout DICOMListenerConfiguration) -> Void
) -> AccessPolicy {
  var configuration = DICOMListenerConfiguration()
  change(&configuration)
  return AccessPolicy(configuration, modalities: configuration.modalities, addresses: addresses)
}

@Suite struct AccessPolicyTests {
  private let scanner = KnownModality(
    name: "scanner", aeTitle: "SCANNER", host: "scanner.example", port: 104, rights: [.echo, .store])

  @Test func everybodyMayEchoAndStoreAtFirst() {
    let policy = policy { _ in }
    #expect(policy.allows(.echo, callingAET: "X", address: "192.0.2.1"))
    #expect(policy.allows(.store, callingAET: "X", address: "192.0.2.1"))
    #expect(!policy.allows(.find, callingAET: "X", address: "192.0.2.1"))
  }

  @Test func knownModalitiesHaveTheirRights() {
    let policy = policy {
      $0.alwaysAllowStore = false
      $0.modalities = [scanner]
    }
    #expect(policy.allows(.store, callingAET: "scanner", address: "192.0.2.1"))
    #expect(!policy.allows(.store, callingAET: "OTHER", address: "192.0.2.1"))
    #expect(!policy.allows(.find, callingAET: "SCANNER", address: "192.0.2.1"))
    #expect(policy.allows(.echo, callingAET: "OTHER", address: "192.0.2.1"))
  }

  @Test func titlesCanBeComparedStrictly() {
    let policy = policy {
      $0.alwaysAllowStore = false
      $0.strictAETComparison = true
      $0.modalities = [scanner]
    }
    #expect(policy.allows(.store, callingAET: "SCANNER", address: "192.0.2.1"))
    #expect(!policy.allows(.store, callingAET: "scanner", address: "192.0.2.1"))
  }

  @Test func hostsCanBeChecked() {
    let policy = policy(["scanner.example": ["192.0.2.7", "2001:db8::7"]]) {
      $0.alwaysAllowStore = false
      $0.modalities = [scanner]
    }
    #expect(policy.allows(.store, callingAET: "SCANNER", address: "192.0.2.7"))
    #expect(policy.allows(.store, callingAET: "SCANNER", address: "2001:db8::7"))
    #expect(!policy.allows(.store, callingAET: "SCANNER", address: "192.0.2.8"))
    #expect(policy.isAwayFromHome(callingAET: "scanner", address: "192.0.2.8"))
    #expect(!policy.isAwayFromHome(callingAET: "SCANNER", address: "192.0.2.7"))
    #expect(!policy.isAwayFromHome(callingAET: "STRANGER", address: "192.0.2.8"))
  }

  @Test func hostNamesAndAddresses() {
    #expect(HostAddresses.plain("::ffff:192.0.2.1") == "192.0.2.1")
    #expect(HostAddresses.plain("2001:db8::7") == "2001:db8::7")
    #expect(HostAddresses.resolve("localhost").contains("127.0.0.1"))
    #expect(HostAddresses.resolve("nowhere.invalid").isEmpty)
  }

  @Test func theLogIsSafeToPrint() {
    #expect("A\u{1B}[2J\nB\\é".escapedForLog == "A\\u{1b}[2J\\u{a}B\\u{5c}\\u{e9}")
  }

  @Test func callersWithoutAnyRightAreRejected() async throws {
    try await withListener(
      MemoryStore(),
      {
        $0.alwaysAllowEcho = false
        $0.alwaysAllowStore = false
        $0.modalities = [
          KnownModality(name: "a", aeTitle: "FRIEND", host: "127.0.0.1", port: 104, rights: [.echo]),
          KnownModality(name: "b", aeTitle: "PEER", host: "127.0.0.1", port: 104, rights: [.find]),
        ]
      },
      isOpenToAll: false
    ) { listener in
      let stranger = try RawClient(port: listener.port)
      stranger.send(Sample.bytes(Sample.request()))
      #expect(stranger.receiveReject() == "1,1,3")
      var request = Sample.request()
      request.callingAET = "Friend"
      let friend = try RawClient.associated(port: listener.port, request)
      friend.send(Sample.echo())
      #expect(try friend.receiveStatus() == .success)
      friend.send(Sample.store() + Sample.dataSet([1, 2]))
      #expect(try friend.receiveStatus() == .notAuthorized)
    }
  }

  @Test func callersFromTheWrongHostAreRejected() async throws {
    try await withListener(
      MemoryStore(),
      {
        $0.alwaysAllowEcho = false
        $0.alwaysAllowStore = false
        $0.checkModalityHost = true
        $0.modalities = [
          KnownModality(name: "a", aeTitle: "PEER", host: "192.0.2.1", port: 104),
          KnownModality(name: "b", aeTitle: "HOME", host: "localhost", port: 104),
        ]
      },
      isOpenToAll: false
    ) { listener in
      let stranger = try RawClient(port: listener.port)
      stranger.send(Sample.bytes(Sample.request()))
      #expect(stranger.receiveReject() == "1,1,3")
      var request = Sample.request()
      request.callingAET = "HOME"
      let friend = try RawClient.associated(port: listener.port, request)
      friend.send(Sample.store() + Sample.dataSet([1, 2]))
      #expect(try friend.receiveStatus() == .success)
    }
  }
}
