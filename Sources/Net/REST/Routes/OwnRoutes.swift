import DICOM
import HTTPTypes
import NIOCore
import Store
import Synchronization

/// What Orthanc has not: the work of this program's commands, for those that find the archive in use.
enum OwnRoutes {
  static let routes: [Route] = [
    Route(.get, "/filmroom", "Filmroom's version, and the routes that Orthanc has not.") { _, services in
      .json(
        .object([
          "Version": .text(services.settings.version),
          "Routes": .texts(RouteTable.children(of: "/filmroom", in: routes)),
        ]))
    },
    Route(
      .post, "/filmroom/verify",
      "Check every attachment, with `Deep` its content too: progress and faults as they are found, a line of JSON each."
    ) { request, services in
      let deep = try FindBody(try await request.options()).boolean("Deep") ?? false
      return answer { write in try await verify(services.archive, deep: deep, write) }
    },
    Route(
      .post, "/filmroom/export",
      "A ZIP file of `Resources` or of `All`: lines of JSON that tell the progress, or how many bytes of it follow."
    ) { request, services in
      let options = FindBody(try await request.options())
      var selection = ExportSelection.all
      if try options.boolean("All") != true {
        let resources = try await find(options.texts("Resources") ?? [], services)
        request.subjects?.add(resources)
        selection = .resources(resources)
      }
      let zip = try await services.archive.zipStream(of: selection)
      return answer { write in try await export(zip, write) }
    },
    Route(.post, "/filmroom/demo", "Put the synthetic studies into the archive.") { _, services in
      .text(try await services.program.demo(removing: false, archive: services.archive))
    },
    Route(.delete, "/filmroom/demo", "Take the synthetic studies out of the archive.") { _, services in
      .text(try await services.program.demo(removing: true, archive: services.archive))
    },
  ]

  private typealias Write = (ByteBuffer) async throws -> Void

  /// Lines as they come. What goes wrong on the way is the last one: the status is long out.
  private static func answer(_ work: @escaping @Sendable (Write) async throws -> Void) -> RESTResponse {
    RESTResponse(
      status: 200, headers: [(.contentType, "application/x-ndjson")],
      body: .stream(length: nil) { write in
        do {
          try await work(write)
          try await tell(.end, write)
        } catch let error as StoreError {
          try await tell(.failure(error), write)
        }
      })
  }

  private static func tell(_ line: WorkLine, _ write: Write) async throws {
    try await write(ByteBuffer(string: line.text))
  }

  private static func find(_ names: [String], _ services: RESTServices) async throws -> [ResourceReference] {
    var resources: [ResourceReference] = []
    for name in names {
      guard let id = PublicID(name) else {
        throw RESTError(.badRequest, "\(name) is no identifier")
      }
      let found = try await services.archive.resources(named: id)
      if found.isEmpty {
        throw RESTError(.unknownResource, "nothing in the archive has the identifier \(name)")
      }
      resources += found
    }
    return resources
  }

  private final class Ending: Sendable {
    let isAsked = Atomic<Bool>(false)
  }

  /// Ends soon after nobody listens any more.
  private static func verify(_ archive: Archive, deep: Bool, _ write: Write) async throws {
    let (lines, sender) = AsyncStream.makeStream(of: WorkLine.self)
    let ending = Ending()
    defer { ending.isAsked.store(true, ordering: .relaxed) }
    async let work: Void = Blocking.run { () throws(StoreError) in
      defer { sender.finish() }
      try archive.verify(
        deep: deep,
        progress: {
          sender.yield(
            .progress(done: $0.attachments, total: $0.ofAttachments, bytes: $0.bytes, gone: 0))
        }, fault: { sender.yield(.fault($0)) },
        isCancelled: { ending.isAsked.load(ordering: .relaxed) })
    }
    do {
      for await line in lines { try await tell(line, write) }
    } catch {
      ending.isAsked.store(true, ordering: .relaxed)
      throw error
    }
    try await work
  }

  /// Progress is told no more often than somebody can look.
  private static func export(_ zip: Archive.ZipStream, _ write: Write) async throws {
    var told = ContinuousClock.now - .seconds(1)
    let last = try await zip.write { bytes in
      try await tell(.data(bytes.count), write)
      try await write(ByteBuffer(bytes: bytes))
    } progress: { progress in
      if ContinuousClock.now - told < .milliseconds(100) { return }
      told = .now
      try await tell(line(progress), write)
    }
    try await tell(line(last), write)
  }

  private static func line(_ progress: ExportProgress) -> WorkLine {
    .progress(
      done: progress.instances, total: progress.ofInstances, bytes: progress.bytes, gone: progress.gone)
  }
}
