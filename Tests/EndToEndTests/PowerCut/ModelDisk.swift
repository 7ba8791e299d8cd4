import Foundation
import Glibc

/// A disk as the standard describes it: what was synced stays, of the rest anything may be there or not.
struct ModelDisk {
  /// What is left when the power goes.
  enum Cut {
    /// Nothing that was not synced.
    case everythingUnsynced
    /// Some of what was not synced, page by page and name by name.
    case someUnsynced(seed: UInt64)
  }

  private final class Inode {
    var content: [UInt8] = []
    var durable: [UInt8] = []
    /// Since the last sync, in order.
    var pending: [Change] = []
  }

  private enum Change {
    case write(offset: Int, bytes: ArraySlice<UInt8>)
    case truncate(Int)
  }

  private enum Entry {
    case file(Inode)
    case folder
  }

  private var entries: [String: Entry] = [:]
  private var durableEntries: [String: Entry] = [:]
  /// Names that came or went since the last sync of their folder.
  private var pendingNames: [String: Set<String>] = [:]
  private var files: [Int32: String] = [:]
  private var inodes: [Int32: Inode] = [:]
  private let root: String
  private static let page = 4096

  /// - Parameter root: the storage folder, which is there and empty.
  init(root: String) { self.root = root }

  // MARK: What happens

  mutating func apply(_ event: DiskTrace.Event) {
    switch event {
    case .open(let file, let path, let flags): open(file, path, flags)
    case .close(let file):
      files[file] = nil
      inodes[file] = nil
    case .write(let file, let offset, let bytes): change(file, .write(offset: offset, bytes: bytes))
    case .truncate(let file, let size): change(file, .truncate(size))
    case .sync(let file): sync(file)
    case .syncAll: syncAll()
    case .link(let from, let to): set(to, entries[from])
    case .rename(let from, let to):
      set(to, entries[from])
      set(from, nil)
    case .unlink(let path): set(path, nil)
    case .makeFolder(let path): set(path, .folder)
    case .send: break
    }
  }

  private mutating func open(_ file: Int32, _ path: String, _ flags: Int32) {
    files[file] = path
    if path == root || flags & O_DIRECTORY != 0 { return }
    if case .folder = entries[path] { return }
    if case .file(let inode) = entries[path] {
      inodes[file] = inode
    } else {
      let inode = Inode()
      inodes[file] = inode
      set(path, .file(inode))
    }
    if flags & O_TRUNC != 0 { change(file, .truncate(0)) }
  }

  private mutating func set(_ path: String, _ entry: Entry?) {
    entries[path] = entry
    pendingNames[Self.folder(of: path), default: []].insert(path)
  }

  private static func folder(of path: String) -> String { (path as NSString).deletingLastPathComponent }

  private func change(_ file: Int32, _ change: Change) {
    guard let inode = inodes[file] else { return }
    Self.apply(change, to: &inode.content)
    inode.pending.append(change)
  }

  private static func apply(_ change: Change, to content: inout [UInt8]) {
    switch change {
    case .truncate(let size):
      if size < content.count {
        content.removeLast(content.count - size)
      } else {
        content += repeatElement(0, count: size - content.count)
      }
    case .write(let offset, let bytes):
      if content.count < offset + bytes.count {
        content += repeatElement(0, count: offset + bytes.count - content.count)
      }
      content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
  }

  private mutating func sync(_ file: Int32) {
    if let inode = inodes[file] {
      inode.durable = inode.content
      inode.pending = []
    } else if let folder = files[file] {
      for path in pendingNames.removeValue(forKey: folder) ?? [] { durableEntries[path] = entries[path] }
    }
  }

  private mutating func syncAll() {
    durableEntries = entries
    pendingNames = [:]
    for case .file(let inode) in entries.values {
      inode.durable = inode.content
      inode.pending = []
    }
  }

  // MARK: What is left

  /// Writes what a power cut at this moment leaves into a new folder.
  func write(to target: String, _ cut: Cut) throws {
    var names = durableEntries
    var random = Random(state: 0)
    if case .someUnsynced(let seed) = cut {
      random = Random(state: seed)
      for path in pendingNames.values.joined().sorted() where random.coin() { names[path] = entries[path] }
    }
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    for (path, entry) in names.sorted(by: { $0.key < $1.key }) where isReachable(path, names) {
      let place = target + path.dropFirst(root.count)
      switch entry {
      case .folder: try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      case .file(let inode):
        // SQLite's shared memory means nothing after a restart.
        if path.hasSuffix("-shm") { continue }
        try Data(content(of: inode, cut, &random)).write(to: URL(fileURLWithPath: place))
      }
    }
  }

  /// A name whose folder is lost is lost with it.
  private func isReachable(_ path: String, _ names: [String: Entry]) -> Bool {
    let folder = Self.folder(of: path)
    if folder == root { return true }
    guard case .folder = names[folder] else { return false }
    return isReachable(folder, names)
  }

  private func content(of inode: Inode, _ cut: Cut, _ random: inout Random) -> [UInt8] {
    var content = inode.durable
    guard case .someUnsynced = cut else { return content }
    for change in inode.pending {
      switch change {
      case .truncate: if random.coin() { Self.apply(change, to: &content) }
      case .write(let offset, let bytes):
        var start = 0
        while start < bytes.count {
          let end = min(bytes.count, start + Self.page - (offset + start) % Self.page)
          let part = bytes[(bytes.startIndex + start)..<(bytes.startIndex + end)]
          if random.coin() { Self.apply(.write(offset: offset + start, bytes: part), to: &content) }
          start = end
        }
      }
    }
    return content
  }

  /// The same sequence for the same seed.
  private struct Random {
    var state: UInt64

    mutating func coin() -> Bool {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 40 & 1 == 1
    }
  }
}
