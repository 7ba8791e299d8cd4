import DICOM
import HTTPTypes
import Store

/// What the server is and how much it holds.
enum SystemRoutes {
  /// The version of Orthanc whose API this is.
  static let orthancVersion = "1.12.11"
  static let apiVersion = 30

  static let routes = [
    Route(.get, "/system", "The server: versions, names, ports and limits.") { _, services in
      .json(system(services))
    },
    Route(.get, "/statistics", "How many resources there are, and how large they are.") { _, services in
      let totals = try await services.archive.totals()
      return .json(
        .object(
          [
            "CountPatients": .number(totals.patients), "CountStudies": .number(totals.studies),
            "CountSeries": .number(totals.series), "CountInstances": .number(totals.instances),
          ].merging(sizes("Total", disk: totals.diskSize, uncompressed: totals.uncompressedSize)) { $1 }))
    },
    Route(.get, "/openapi.json", "This description of the REST API (OpenAPI 3.0).") { _, services in
      .text(
        OpenAPIDocument.text(version: services.settings.version), type: "application/json; charset=utf-8")
    },
    Route(.get, "/plugins", "The plugins: none.") { _, _ in .json(.array([])) },
    Route(.get, "/plugins/explorer.js", "What plugins add to Orthanc's web page: nothing.") { _, _ in
      .text("", type: "application/javascript")
    },
    Route(.get, "/plugins/{id}", "A plugin: there is none.") { _, _ in .empty(404) },
  ]

  /// Sizes as Orthanc writes them: bytes as text, and in whole megabytes.
  static func sizes(_ prefix: String, disk: Int64, uncompressed: Int64) -> [String: JSONValue] {
    [
      prefix + "DiskSize": .text(String(disk)), prefix + "DiskSizeMB": .number(disk >> 20),
      prefix + "UncompressedSize": .text(String(uncompressed)),
      prefix + "UncompressedSizeMB": .number(uncompressed >> 20),
    ]
  }

  /// What the configuration says, else something that no other server's archive has.
  private static func identifier(_ services: RESTServices) -> String {
    if !services.settings.serverIdentifier.isEmpty { return services.settings.serverIdentifier }
    return PublicID(dicomIdentifiers: [services.archive.configuration.storageFolder]).description
  }

  private static func system(_ services: RESTServices) -> JSONValue {
    let (settings, archive) = (services.settings, services.archive)
    var mainTags: [String: JSONValue] = [:]
    for level in ResourceLevel.allCases {
      mainTags[level.name] = .text(
        archive.mainDicomTags(of: level).map(\.orthancDescription).joined(separator: ";"))
    }
    var metadata: [String: JSONValue] = [:]
    for (name, key) in archive.configuration.userMetadata {
      metadata[name] = .number(Int(key.rawValue))
      metadata[String(key.rawValue)] = .number(Int(key.rawValue))
    }
    let limits = archive.configuration.limits
    return .object([
      "ApiVersion": .number(apiVersion), "Version": .text(orthancVersion),
      "FilmroomName": .text("Filmroom"), "FilmroomVersion": .text(settings.version),
      "CheckRevisions": .boolean(archive.configuration.checksRevisions), "DatabaseBackendPlugin": .null,
      "DatabaseServerIdentifier": .text(identifier(services)), "DatabaseVersion": .number(6),
      "DicomDefaultRetrieveMethod": .text("C-MOVE"), "PatientLevelEnabled": .boolean(true),
      "DicomAet": .text(settings.aeTitle), "DicomPort": .number(settings.dicomPort),
      "HttpPort": .number(settings.httpPort), "IsHttpServerSecure": .boolean(settings.isSecure),
      "HasLabels": .boolean(true),
      "Capabilities": .object([
        "HasExtendedChanges": .boolean(true), "HasExtendedFind": .boolean(true),
        "HasKeyValueStores": .boolean(false), "HasQueues": .boolean(false),
        "HasReserveQueueValue": .boolean(false),
      ]),
      "IngestTranscoding": .text(""), "MainDicomTags": .object(mainTags),
      "MaximumPatientCount": .number(limits.patients), "MaximumStorageMode": .text(limits.mode.rawValue),
      "MaximumStorageSize": .number(limits.size >> 20), "Name": .text(settings.name),
      "OverwriteInstances": .boolean(archive.configuration.overwriteInstances),
      "PluginsEnabled": .boolean(false), "ReadOnly": .boolean(false), "StorageAreaPlugin": .null,
      "StorageCompression": .boolean(archive.configuration.compressesStorage),
      "UserMetadata": .object(metadata),
    ])
  }
}
