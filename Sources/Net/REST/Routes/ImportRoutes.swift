import DICOM
import HTTPTypes
import Store

/// Files of this machine that a command takes in while we hold the archive: as if it had stored them itself.
enum ImportRoutes {
  static let routes: [Route] = [
    Route(.post, "/filmroom/imports", "Begin an import of this machine's files: its name.", isAudited: false)
    {
      request, services in
      try refuseOthers(request)
      return .json(.object(["ID": .text(try services.imports.begin(request))]))
    },
    Route(.post, "/filmroom/imports/{id}", "Store a file of an import.", isAudited: false) {
      request, services in
      try refuseOthers(request)
      let result = try await services.imports.add(to: request.parameter("id")) {
        try await store(request, services.archive)
      }
      return .json(.object(["Status": .text(ImportStatus.text(result.status))]))
    },
    Route(.delete, "/filmroom/imports/{id}", "End an import: its line in the log.", isAudited: false) {
      request, services in
      try refuseOthers(request)
      services.imports.end(request.parameter("id"))
      return .done
    },
  ]

  /// Whoever comes over the network has no files of this machine.
  private static func refuseOthers(_ request: RESTRequest) throws(RESTError) {
    if !request.isLocalSocket {
      throw RESTError(.forbiddenAccess, "imports go over the socket in the storage folder: POST /instances")
    }
  }

  private static func store(_ request: RESTRequest, _ archive: Archive) async throws -> StoreResult {
    let spool = BodySpool(folder: archive.uploadFolder)
    try await spool.take(request.body, encoding: nil)
    let part = spool.part(0..<spool.size)
    return try await archive.store(size: part.size, origin: InstanceOrigin(.localFile)) {
      offset, count throws(StoreError) in try part.read(at: offset, count: count)
    }
  }
}

/// What became of a file, as an import is told.
enum ImportStatus {
  static func text(_ status: StoreResult.Status) -> String {
    switch status {
    case .stored: "Stored"
    case .alreadyStored: "AlreadyStored"
    case .overwritten: "Overwritten"
    }
  }

  static func status(_ text: String) -> StoreResult.Status? {
    [.stored, .alreadyStored, .overwritten].first { self.text($0) == text }
  }
}
