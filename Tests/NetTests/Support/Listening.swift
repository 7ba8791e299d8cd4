import Logging
import TestSupport
import Testing

@testable import Net

/// Runs a test against a listener on a free port, and stops it afterwards. The body may block.
func withListener(
  _ store: MemoryStore = MemoryStore(), _ change: (inout DICOMListenerConfiguration) -> Void = { _ in },
  isOpenToAll: Bool = true, _ body: (DICOMListener) async throws -> Void
) async throws {
  var configuration = DICOMListenerConfiguration()
  configuration.host = "127.0.0.1"
  configuration.port = 0
  change(&configuration)
  let listener = try await DICOMListener.start(configuration, store: store, logger: quietLogger)
  do {
    try await withTaskExecutorPreference(BlockingExecutor.shared) {
      try await body(listener)
      if isOpenToAll { try expectEcho(listener) }
    }
  } catch {
    await listener.stop(graceSeconds: 0)
    throw error
  }
  await listener.stop(graceSeconds: 0)
  let state = store.snapshot
  #expect(state.buffered == 0, "every receiver was finished or discarded")
}

let quietLogger: Logger = {
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  return logger
}()

/// Another peer is served, whatever went on before.
func expectEcho(_ listener: DICOMListener) throws {
  guard listener.status().associations.count < 3 else { return }
  let client = try RawClient.associated(port: listener.port)
  client.send(Sample.echo(id: 77))
  #expect(try client.receiveStatus() == .success)
  client.send(Sample.releaseRequest)
  _ = try client.receive(type: .releaseReply)
}
