import Crypto
import DICOM
import Glibc

/// What a repair does with files that no row knows.
struct RepairOrphans {
  private let run: RepairRun
  private let archive: Archive
  /// Instances that have got a file in this run, or would, with its MD5.
  private var taken: [PublicID: [UInt8]] = [:]
  private var waiting: [Adoption] = []
  /// Files that hold instances up to their pixel data: they find their places when all instances have theirs.
  private var heads: [String] = []

  /// A file that goes into the index with the others of its batch.
  private struct Adoption {
    var instance: PreparedInstance
    var step: RepairStep
  }

  /// Files indexed in one transaction.
  private static let batch = 500

  init(_ run: RepairRun) {
    self.run = run
    archive = run.archive
  }

  mutating func run() async throws(StoreError) {
    let paths = find()
    for (number, path) in paths.enumerated() {
      try await place(path)
      if waiting.count >= Self.batch { try await commit() }
      run.progress(RepairProgress(phase: .readingFiles, done: number + 1, total: paths.count))
    }
    try await commit()
    for path in heads { try await placeHead(path) }
  }

  /// The oldest first: what a study is called comes from its first instance.
  private func find() -> [String] {
    var found: [(date: timespec, path: String)] = []
    archive.storage.forEachFile { name, path in
      if run.known.contains(name) && path == archive.storage.path(of: name) { return }
      var status = stat()
      lstat(path, &status)
      found.append((status.st_mtim, path))
    }
    return found.sorted {
      ($0.date.tv_sec, $0.date.tv_nsec, $0.path) < ($1.date.tv_sec, $1.date.tv_nsec, $1.path)
    }.map(\.path)
  }

  private mutating func place(_ path: String) async throws(StoreError) {
    let file: OrphanFile
    do throws(StoreError) {
      file = try OrphanFile(path, tags: archive.collectedTags)
    } catch {
      _ = try setAside(path, "no whole DICOM file of an image: \(error.message)")
      return
    }
    if file.isHead { return heads.append(path) }
    let (holder, key) = try holder(of: file.instance)
    let name = "instance \(file.instance)"
    switch OrphanRules.verdict(md5: file.md5, size: file.size, instance: name, holder: holder) {
    case .setAside(let reason): _ = try setAside(path, reason)
    case .adopt: try await take(file, RepairStep(kind: .fileAdopted, subject: path, detail: name))
    case .takePlace:
      if let key, let image = run.broken[key], let fault = image.fault, !image.isLost {
        let reason = "the damaged file of \(name), whose place \(path) takes"
        if try !setAside(fault.subject, reason) { return }
      }
      if let key { run.broken[key] = nil }
      try await take(file, RepairStep(kind: .fileRestored, subject: name, detail: "from \(path)"))
    }
  }

  /// What the archive has of an instance, and its key.
  private func holder(of id: PublicID) throws(StoreError) -> (OrphanRules.Holder, Int64?) {
    let found = try archive.index.readNow { try RepairOperations.instance($0, id) }
    guard let found, !run.isHanging(instance: found.key) else {
      return (taken[id].map { .sound(md5: $0) } ?? .none, nil)
    }
    if let md5 = taken[id] { return (.sound(md5: md5), found.key) }
    guard let file = found.file else { return (.missing, found.key) }
    guard let fault = archive.damage(file, deep: true) else { return (.sound(md5: file.md5), found.key) }
    try run.noteBroken(found.key, fault)
    return (
      fault.kind == .missingFile ? .missing : .damaged(md5: file.md5, size: file.size.ofContent), found.key
    )
  }

  /// Takes a file into the index, where it lies if its name allows.
  private mutating func take(_ file: OrphanFile, _ step: RepairStep) async throws(StoreError) {
    taken[file.instance] = file.md5
    if run.options.isDryRun { return try run.tell(step) }
    if !file.isProper {
      // Old modalities leave the meta information out: a proper copy is made, as an import does.
      _ = try await archive.importFile(file.path, origin: InstanceOrigin(.unknown))
      try run.tell(step)
      _ = try setAside(file.path, "a copy with file meta information was taken in")
      return
    }
    let uuid = try named(file)
    let instance = file.prepared(
      uuid: uuid, tags: archive.mainTags, hasMD5: archive.configuration.storeMD5)
    waiting.append(Adoption(instance: instance, step: step))
  }

  /// Gives a file a name of ours, if it has none.
  private func named(_ file: OrphanFile) throws(StoreError) -> String {
    let name = String(file.path.split(separator: "/").last ?? "")
    let isNamed =
      UUIDText.isValid(name) && file.path == archive.storage.path(of: name) && !run.known.contains(name)
    return isNamed ? name : try archive.storage.rename(file.path)
  }

  /// A file that holds an instance up to its pixel data goes where it belongs, if that is there and lacks one.
  private func placeHead(_ path: String) async throws(StoreError) {
    let file = try OrphanFile(path, tags: archive.collectedTags)
    let name = "instance \(file.instance)"
    let found = try archive.index.readNow { try RepairOperations.instance($0, file.instance) }
    guard let found, let row = found.file, !run.isHanging(instance: found.key), run.broken[found.key] == nil
    else {
      _ = try setAside(
        path, "only the part of \(name) in front of its pixel data, and there is no such image")
      return
    }
    let isThere = try archive.index.readNow {
      try AttachmentOperations.row($0, .dicomUntilPixelData, .instance, key: found.key) != nil
    }
    if isThere || !isStart(file, of: row) {
      _ = try setAside(path, "the part of \(name) in front of its pixel data, which the archive has itself")
      return
    }
    if !run.options.isDryRun {
      let head = file.stored(uuid: try named(file), hasMD5: archive.configuration.storeMD5)
      try archive.storage.syncAll()
      try await archive.committer.edit { db in
        let row = AttachmentRow(.dicomUntilPixelData, head, revision: 0)
        try AttachmentOperations.put(db, row, .instance, key: found.key)
        try AttachmentOperations.count(db, row.size, .instance, key: found.key)
        return EditEffects()
      }
    }
    try run.tell(RepairStep(kind: .fileAdopted, subject: path, detail: "dicom-until-pixel-data of \(name)"))
  }

  /// Whether a file holds just what another one starts with.
  private func isStart(_ file: OrphanFile, of row: AttachmentRow) -> Bool {
    guard let whole = try? archive.open(row),
      let start = try? whole.read(at: 0, count: Int(file.size))
    else { return false }
    return Array(Insecure.MD5.hash(data: start)) == file.md5
  }

  /// Indexes what waits, by the rules of every instance that comes in.
  private mutating func commit() async throws(StoreError) {
    if waiting.isEmpty { return }
    let batch = waiting
    waiting = []
    // Nobody knows whether these files were ever synced.
    try archive.storage.syncAll()
    let tags = archive.mainTags
    let instances = batch.map(\.instance)
    try await archive.committer.edit { try RepairOperations.adopt($0, instances, tags: tags) }
    for adoption in batch { try run.tell(adoption.step) }
  }

  /// False when it can't be moved: then it stays, and is told.
  private func setAside(_ path: String, _ reason: String) throws(StoreError) -> Bool {
    if run.options.isDryRun {
      try run.tell(RepairStep(kind: .fileSetAside, subject: path, detail: reason))
      return true
    }
    do throws(StoreError) {
      let target = try run.aside.move(path)
      try run.tell(RepairStep(kind: .fileSetAside, subject: path, detail: "\(reason); now \(target)"))
      return true
    } catch {
      if error.code != .inputOutput { throw error }
      run.unmoved.insert(path)
      try run.tell(RepairStep(kind: .notMended, subject: path, detail: "\(reason); \(error.message)"))
      return false
    }
  }
}
