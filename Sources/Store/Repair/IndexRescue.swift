import DICOM
import Glibc

/// An index that is missing or damaged beyond use gives way to a new one, before the archive is opened.
struct IndexRescue {
  let storage: StorageArea
  let folder: String
  let aside: SetAside
  let log: RepairLog

  var path: String { ArchiveIndex.path(in: folder) }

  /// Throws `StoreError.notFound` where there never was an archive: a repair makes none.
  func checkArchive() throws(StoreError) {
    if ArchiveIndex.exists(in: folder) { return }
    let ours: Set<String> = ["incoming", "journal", "filmroom.lock", SetAside.folderName]
    let names = Set(StorageArea.names(in: storage.root))
    if names.isDisjoint(with: ours) {
      // The storage folder of an Orthanc gets its own sentence.
      try ArchiveIndex.rejectForeign(storage.root)
      throw StoreError(.notFound, "there is no archive in \(storage.root)")
    }
  }

  /// What is to be done about the index; nil when nothing is.
  func step() throws(StoreError) -> RepairStep? {
    let reason: String
    switch try IndexCondition.of(folder: folder) {
    case .usable: return nil
    case .missing: reason = "it is missing"
    case .damaged(let why): reason = "it is damaged (\(why))"
    }
    return RepairStep(
      kind: .indexReplaced, subject: path,
      detail: reason
        + ". Every row is made from the DICOM files. Labels, metadata, protection of patients and "
        + "where instances came from can't be: they were only in the index. Images whose deletion was under way "
        + "may be back")
  }

  /// Moves an index away that can't be used, but first out of `incoming` what only that index could have explained: a
  /// start with a new one would take it for unfinished. The storage folder is locked.
  func run() throws(StoreError) {
    guard var step = try step() else { return }
    try clearIncoming()
    for name in ["", "-wal", "-shm"] where access(path + name, F_OK) == 0 {
      let target = try aside.move(path + name)
      if name.isEmpty { step.detail += ". The old one is kept as \(target)" }
    }
    try log.tell(step, aside)
  }

  private func clearIncoming() throws(StoreError) {
    for name in storage.leftovers() {
      if storage.isMadeAhead(name) {
        storage.removeUnfinished([name])
      } else if !storage.isMissing(name) {
        storage.forgetIncoming(name)
      } else {
        let path = storage.incomingPath(of: name)
        let target = try aside.move(path)
        try log.tell(
          RepairStep(
            kind: .fileSetAside, subject: path, detail: "was still being received; now \(target)"), aside)
      }
    }
  }
}
