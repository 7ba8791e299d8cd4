import DICOM
import Explorer
import Foundation
import Net
import Store

/// What the program runs with: the configuration file, and flags on top of it.
struct Settings {
  var archive: ArchiveConfiguration
  var listener: DICOMListenerConfiguration
  var http: HTTPOptions.Values
  /// What the REST API shows and follows; versions, ports and the like are filled in when it starts.
  var rest: RESTSettings
  /// `OrthancPeers`.
  var peers: [KnownPeer]
  /// Which nodes the archive keeps, in the place of those of the file.
  var keptNodes: KnownNodes.Kept
  /// `DefaultEncoding`.
  var encoding: DefaultEncoding
  var jobs: JobOptions
  /// `EventHooks`, how many seconds each may take, and what happens when one fails.
  var hooks: [EventHook]
  var hookTimeout: Int
  var hookPatience: HookPatience
  /// `DicomServerEnabled`.
  var isListenerOn: Bool
  /// `ExplorerNames`: which component group of a person's name stands first.
  var nameGroup: PersonNameGroup
  /// `Dictionary` and `DefaultPrivateCreator`; nil where there are none.
  var dictionary: CustomDictionary?
  /// Things to tell at the start: options that are unknown or not acted on.
  var warnings: [String]

  /// Flags of the command line; nil where the file decides.
  struct Overrides {
    var storage: String?
    var aeTitle: String?
    var dicomPort: Int?
    var httpPort: Int?
  }

  /// Throws `ConfigurationError` for the first value that is not allowed.
  static func load(
    configuration path: String?, overrides: Overrides, environment: [String: String]
  ) throws(ConfigurationError) -> Settings {
    let file = try ConfigurationFile.load(path, environment: environment)
    do throws(ConfigurationError) {
      let settings = try read(file, overrides: overrides, environment: environment)
      // Before anything is read that it names.
      if let dictionary = settings.dictionary { CustomDictionary.register(dictionary) }
      DefaultEncoding.current = settings.encoding
      return settings
    } catch {
      // What was odd about the file is often why a value is wrong: an undefined variable leaves it empty.
      throw ConfigurationError(([error.description] + file.warnings).joined(separator: ". "))
    }
  }

  static func read(
    _ file: ConfigurationFile, overrides: Overrides = Overrides(), environment: [String: String] = [:]
  ) throws(ConfigurationError) -> Settings {
    var reader = OptionReader(file.options)
    try ProtectiveOptions.check(file.options)
    let dictionary = try DictionaryOption.read(&reader)
    var archive = try archive(&reader, file, overrides, environment)
    archive.extraMainDicomTags = try ExtraTagsOption.read(
      try reader.object("ExtraMainDicomTags"), dictionary)
    let listener = try listener(&reader, overrides)
    let isListenerOn = try reader.boolean("DicomServerEnabled", true)
    let names = try reader.text("ExplorerNames") ?? PersonNameGroup.alphabetic.name
    guard let nameGroup = PersonNameGroup(named: names) else {
      throw ConfigurationError(
        option: "ExplorerNames", value: .text(names),
        allowed: PersonNameGroup.allCases.map(\.name).joined(separator: ", "))
    }
    let http = try HTTPOptions.read(&reader, portOverride: overrides.httpPort) {
      Self.absolute($0, from: file.folder)
    }
    let keptNodes = try KeptNodesOption.read(&reader)
    return Settings(
      archive: archive, listener: listener, http: http, rest: try rest(&reader),
      peers: try PeerOption.read(try reader.object("OrthancPeers")), keptNodes: keptNodes,
      encoding: try encoding(&reader),
      jobs: try jobs(&reader),
      hooks: try EventHookOption.read(try reader.object("EventHooks")),
      hookTimeout: try reader.integer("EventHookTimeout", 60, in: 1...86_400),
      hookPatience: HookPatience(retries: try reader.integer("EventHookRetries", 3, in: 0...10)),
      isListenerOn: isListenerOn, nameGroup: nameGroup, dictionary: dictionary,
      warnings: file.warnings + http.warnings + KnownOptions.warnings(for: reader.remaining, file.options)
        + ModalityOption.warnings(file.options["DicomModalities"])
        + KeptNodesOption.warnings(keptNodes, file.options)
        + NumberRegistry.clashes(metadata: archive.userMetadata, attachments: archive.userAttachments))
  }

  private static func absolute(_ path: String, from folder: String?) -> String {
    if path.hasPrefix("/") { return path }
    let base = folder.flatMap { $0.isEmpty ? nil : $0 } ?? FileManager.default.currentDirectoryPath
    let start = base.hasPrefix("/") ? base : FileManager.default.currentDirectoryPath + "/" + base
    return (start + "/" + path as NSString).standardizingPath
  }

  private static func rest(_ reader: inout OptionReader) throws(ConfigurationError) -> RESTSettings {
    var rest = RESTSettings(version: Version.number)
    rest.name = try reader.text("Name") ?? rest.name
    rest.describesErrors = try reader.boolean("HttpDescribeErrors", true)
    rest.compresses = try reader.boolean("HttpCompressionEnabled", false)
    rest.findLimit = try reader.integer("LimitFindResults", 0, in: 0...1 << 40)
    rest.findInstancesLimit = try reader.integer("LimitFindInstances", 0, in: 0...1 << 40)
    rest.isCaseSensitive = try reader.boolean("CaseSensitivePN", false)
    let access = try reader.text("StorageAccessOnFind") ?? "Always"
    guard ["Always", "Never", "Answers"].contains(access) else {
      throw ConfigurationError(
        option: "StorageAccessOnFind", value: .text(access), allowed: "Always, Never or Answers")
    }
    rest.readsFilesToFind = access == "Always"
    rest.readsFilesToAnswer = access != "Never"
    rest.keptArchives = try reader.integer("MediaArchiveSize", 1, in: 1...10_000)
    rest.hasMetrics = try reader.boolean("MetricsEnabled", true)
    rest.mayWriteFiles = try reader.boolean("RestApiWriteToFileSystemEnabled", false)
    rest.serverIdentifier = try reader.text("DatabaseServerIdentifier") ?? ""
    if try reader.boolean("ExecuteLuaEnabled", false) {
      throw ConfigurationError("ExecuteLuaEnabled is true, but Lua is not run here: EventHooks run programs")
    }
    return rest
  }

  private static func encoding(_ reader: inout OptionReader) throws(ConfigurationError) -> DefaultEncoding {
    let name = try reader.text("DefaultEncoding") ?? DefaultEncoding.latin1.name
    if let encoding = DefaultEncoding(named: name) { return encoding }
    throw ConfigurationError(
      option: "DefaultEncoding", value: .text(name), allowed: DefaultEncoding.names.joined(separator: ", "))
  }

  private static func archive(
    _ reader: inout OptionReader, _ file: ConfigurationFile, _ overrides: Overrides,
    _ environment: [String: String]
  ) throws(ConfigurationError) -> ArchiveConfiguration {
    let configured = try reader.path("StorageDirectory").map { absolute($0, from: file.folder) }
    let index = try reader.path("IndexDirectory").map { absolute($0, from: file.folder) }
    if overrides.storage?.isEmpty == true {
      throw ConfigurationError("--storage is empty: give the path of a folder")
    }
    let chosen = overrides.storage.map { absolute($0, from: nil) }
    var archive = ArchiveConfiguration(
      storageFolder: chosen ?? configured ?? Folders.data(environment) + "/storage")
    // A storage folder of the command line brings its own index.
    archive.indexFolder = chosen == nil ? index : nil
    archive.overwriteInstances = try reader.boolean("OverwriteInstances", false)
    archive.storeMD5 = try reader.boolean("StoreMD5ForAttachments", true)
    archive.compressesStorage = try reader.boolean("StorageCompression", false)
    archive.checksRevisions = try reader.boolean("CheckRevisions", false)
    archive.logsExportedResources = try reader.boolean("LogExportedResources", false)
    archive.stableAge = try reader.integer("StableAge", 60, in: 1...31_536_000)
    archive.limits = try limits(&reader)
    archive.userMetadata = try UserMetadataOption.read(try reader.object("UserMetadata"))
    archive.userAttachments = try UserContentTypeOption.read(try reader.object("UserContentType"))
    return archive
  }

  private static func limits(_ reader: inout OptionReader) throws(ConfigurationError) -> StorageLimits {
    let megabytes = try reader.integer("MaximumStorageSize", 0, in: 0...1 << 40)
    let patients = try reader.integer("MaximumPatientCount", 0, in: 0...1 << 40)
    let name = try reader.text("MaximumStorageMode") ?? StorageLimits.Mode.recycle.rawValue
    guard let mode = StorageLimits.Mode(rawValue: name) else {
      throw ConfigurationError(
        option: "MaximumStorageMode", value: .text(name),
        allowed: StorageLimits.Mode.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return StorageLimits(size: Int64(megabytes) << 20, patients: patients, mode: mode)
  }

  private static func jobs(_ reader: inout OptionReader) throws(ConfigurationError) -> JobOptions {
    var jobs = JobOptions()
    jobs.concurrent = try reader.integer("ConcurrentJobs", jobs.concurrent, in: 0...1000)
    jobs.historySize = try reader.integer("JobsHistorySize", jobs.historySize, in: 0...100_000)
    jobs.areSaved = try reader.boolean("SaveJobs", jobs.areSaved)
    return jobs
  }

  private static func listener(
    _ reader: inout OptionReader, _ overrides: Overrides
  ) throws(ConfigurationError) -> DICOMListenerConfiguration {
    var listener = DICOMListenerConfiguration()
    let configured = try reader.text("DicomAet")
    let title = overrides.aeTitle ?? configured ?? listener.aeTitle
    listener.aeTitle = title
    let isPlain = title.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
    if title.trimmingCharacters(in: .whitespaces).isEmpty || title.utf8.count > 16 || !isPlain {
      throw ConfigurationError(
        option: overrides.aeTitle == nil ? "DicomAet" : "--aet", value: .text(title),
        allowed: "1 to 16 plain characters, not only blanks")
    }
    let port = try reader.integer("DicomPort", listener.port, in: 0...65535)
    listener.port = overrides.dicomPort ?? port
    listener.maximumPDULength = try reader.integer("MaximumPduLength", 16384, in: 4096...131_072)
    listener.maximumAssociations = try reader.integer("DicomMaximumAssociations", 100, in: 1...10_000)
    listener.timeoutSeconds = try reader.integer("DicomScpTimeout", 30, in: 0...86_400)
    listener.acceptedTransferSyntaxes = try TransferSyntaxOptions.accepted(&reader)
    listener.preferredTransferSyntaxes = try TransferSyntaxOptions.preferred(&reader)
    listener.unknownSOPClassAccepted = try reader.boolean("UnknownSopClassAccepted", false)
    listener.checkCalledAET = try reader.boolean("DicomCheckCalledAet", false)
    listener.strictAETComparison = try reader.boolean("StrictAetComparison", false)
    listener.checkModalityHost = try reader.boolean("DicomCheckModalityHost", false)
    listener.alwaysAllowEcho = try reader.boolean("DicomAlwaysAllowEcho", true)
    listener.alwaysAllowStore = try reader.boolean("DicomAlwaysAllowStore", true)
    listener.modalities = try ModalityOption.read(try reader.object("DicomModalities"))
    return listener
  }
}
