import DICOM
import Logging
import Store
import TestSupport
import Testing

@testable import Net

/// A listener before a real archive in a folder of its own.
///
/// The test says what was answered with success. In the end exactly that is in the archive, its files are sound,
/// and there is no other file.
final class ArchiveScene {
  let listener: DICOMListener
  let archive: Archive
  let folder: TemporaryFolder
  private var stored: Set<PublicID> = []
  /// Every peer of the test stays until it is over, unless it hangs up itself.
  private var peers: [RawClient] = []

  fileprivate init(_ listener: DICOMListener, _ archive: Archive, _ folder: TemporaryFolder) {
    self.listener = listener
    self.archive = archive
    self.folder = folder
  }

  func client() throws -> RawClient { held(try RawClient(port: listener.port)) }

  private func held(_ client: RawClient) -> RawClient {
    peers.append(client)
    return client
  }

  fileprivate func hangUp() { peers = [] }

  /// Contexts 1 verification, 3 CT implicit, 5 CT explicit, 7 CT deflated, 9 MR implicit.
  func peer(maximumLength: UInt32 = 16384) throws -> RawClient {
    var request = Sample.request(maximumLength: maximumLength)
    request.contexts += [
      ProposedContext(id: 5, abstractSyntax: Sample.ct, transferSyntaxes: ["1.2.840.10008.1.2.1"]),
      ProposedContext(id: 7, abstractSyntax: Sample.ct, transferSyntaxes: ["1.2.840.10008.1.2.1.99"]),
      ProposedContext(
        id: 9, abstractSyntax: "1.2.840.10008.5.1.4.1.1.4", transferSyntaxes: [Sample.implicit]),
    ]
    return held(try RawClient.associated(port: listener.port, request))
  }

  /// Another peer gets an answer to its C-ECHO within five seconds, whoever else is connected.
  ///
  /// - Parameter mayBeFull: whether "local limit exceeded" is an answer, too.
  func echo(mayBeFull: Bool = false, sourceLocation: SourceLocation = #_sourceLocation) throws {
    // A machine that stands still for a moment is no peer's doing; who holds the listener up does so each time.
    var answers: [String] = []
    for _ in 0..<5 {
      let answer = (try? Self.echo(port: listener.port)) ?? "no answer"
      if answer == "answered" || mayBeFull && answer == "local limit exceeded" { return }
      answers.append(answer)
    }
    Issue.record("\(answers)", sourceLocation: sourceLocation)
  }

  /// What became of an echo that had five seconds.
  static func echo(port: Int) throws -> String {
    let deadline = ContinuousClock.now + .seconds(5)
    let client = try RawClient(port: port)
    func next() -> RawClient.Received {
      client.patience = max(0.001, (deadline - .now) / .seconds(1))
      return client.receive()
    }
    client.send(Sample.bytes(Sample.request()) + Sample.echo(id: 77))
    switch next() {
    case .pdu(PDUType.associateAccept.rawValue, _): break
    case .pdu(PDUType.associateReject.rawValue, [0, 2, 3, 2]): return "local limit exceeded"
    case let other: return "no association within five seconds: \(other)"
    }
    guard case .pdu(PDUType.data.rawValue, let body) = next(), WireBytes.status(body) == 0 else {
      return "no answer within five seconds"
    }
    client.send(Sample.releaseRequest)
    client.patience = 60
    _ = client.receive()
    return "answered"
  }

  /// Notes that the instance of `DataSetSamples` with this UID was answered with 0000.
  @discardableResult
  func wasStored(_ instance: String, patient: String = "P1") -> PublicID {
    let id = PublicID(dicomIdentifiers: [patient, "1.2.3", "1.2.3.4", instance])
    stored.insert(id)
    return id
  }

  /// Sends a data set and gives the response.
  func store(
    _ dataSet: [UInt8], as instance: String, over client: RawClient, context: UInt8 = 3,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> CommandSet {
    client.send(
      Sample.store(instance: UID(instance), context: context) + Sample.dataSet(dataSet, context: context))
    return try client.receiveResponse(sourceLocation: sourceLocation)
  }

  fileprivate func check() async throws {
    try archive.verify(deep: true, progress: { _ in }, fault: { Issue.record("\($0)") })
    for id in stored {
      let detail = try await archive.detail(of: ResourceReference(.instance, id))
      #expect(detail != nil, "\(id) was acknowledged and is lost")
    }
    #expect(try await archive.totals().instances == stored.count)
    #expect(await eventually { self.folder.arriving().isEmpty })
    #expect(folder.stored().count == stored.count)
    #expect(folder.files().filter { !$0.hasPrefix("storage/") }.isEmpty)
  }
}

/// Runs a test against a listener with an archive, then checks that nothing was lost or half stored. The body may
/// block.
func withArchive(
  _ change: (inout DICOMListenerConfiguration) -> Void = { _ in }, overwrites: Bool = false,
  _ body: (ArchiveScene) async throws -> Void
) async throws {
  let folder = try TemporaryFolder()
  var archiveConfiguration = ArchiveConfiguration(storageFolder: folder.path + "/storage")
  archiveConfiguration.overwriteInstances = overwrites
  let archive = try Archive(archiveConfiguration, logger: quietLogger)
  defer { archive.close() }
  var configuration = DICOMListenerConfiguration()
  configuration.host = "127.0.0.1"
  configuration.port = 0
  change(&configuration)
  let listener = try await DICOMListener.start(configuration, store: archive, logger: quietLogger)
  let scene = ArchiveScene(listener, archive, folder)
  do {
    try await withTaskExecutorPreference(BlockingExecutor.shared) {
      try await body(scene)
      // With all of them still there, and again when they have gone.
      try scene.echo()
      scene.hangUp()
      #expect(await eventually { listener.status().associations.isEmpty })
      try scene.echo()
    }
  } catch {
    await listener.stop(graceSeconds: 0)
    throw error
  }
  await listener.stop(graceSeconds: 0)
  try await scene.check()
}
