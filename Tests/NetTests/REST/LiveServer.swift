import Store
import TestSupport
import Testing

@testable import Net

/// The HTTP server on a port of its own, over an archive of its own.
struct LiveServer {
  let client: RESTClient
  let listener: HTTPListener

  var port: Int { listener.port ?? 0 }
  var folder: TemporaryFolder { client.folder }

  /// Starts one for as long as `body` runs, which may block.
  static func run(
    _ adjust: (inout HTTPListenerConfiguration, TemporaryFolder) async throws -> Void = { _, _ in },
    settings: RESTSettings = RESTSettings(version: "test"), _ body: (LiveServer) async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(BlockingExecutor.shared) {
      try await start(adjust, settings: settings, body)
    }
  }

  private static func start(
    _ adjust: (inout HTTPListenerConfiguration, TemporaryFolder) async throws -> Void,
    settings: RESTSettings, _ body: (LiveServer) async throws -> Void
  ) async throws {
    let client = try RESTClient()
    var configuration = HTTPListenerConfiguration()
    configuration.port = 0
    try await adjust(&configuration, client.folder)
    let listener = try await HTTPListener.start(
      configuration, archive: client.archive, jobs: client.jobs, settings: settings,
      nodes: KnownNodes(modalities: [], peers: []), reception: ReceptionRules(DICOMListenerConfiguration()),
      program: client.control, logger: quietLogger)
    do {
      try await body(LiveServer(client: client, listener: listener))
    } catch {
      await listener.stop(graceSeconds: 0)
      throw error
    }
    await listener.stop(graceSeconds: 0)
  }

  /// What curl says: its exit status, and the answer's status behind the body.
  func curl(_ arguments: String..., path: String = "/system", scheme: String = "http") async throws -> String
  {
    let answer = try await RunningProgram.run(
      "curl",
      ["--silent", "--max-time", "60", "--write-out", " %{http_code}"] + arguments
        + ["\(scheme)://localhost:\(port)\(path)"])
    return "\(answer.status ?? -1):\(answer.output.split(separator: " ").last ?? "")"
  }

  /// Sends some bytes and returns everything that comes back until the server closes.
  func raw(_ text: String, isComplete: Bool = true) throws -> (text: String, isClosed: Bool) {
    let client = try RawClient(port: port)
    client.send(Array(text.utf8))
    if isComplete { client.finishSending() }
    return client.receiveAll()
  }
}
