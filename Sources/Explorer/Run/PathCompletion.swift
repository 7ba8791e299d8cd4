#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a path could go on with.
enum PathCompletion {
  static let limit = 200

  static func candidates(for text: String) -> [String] {
    let expanded =
      text.hasPrefix("~/") ? (getenv("HOME").map { String(cString: $0) } ?? "~") + text.dropFirst() : text
    let slash = expanded.lastIndex(of: "/")
    let folder = slash.map { String(expanded[...$0]) } ?? ""
    let start = slash.map { String(expanded[expanded.index(after: $0)...]) } ?? expanded
    guard let directory = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory), found.count < limit {
      let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != "..", name.hasPrefix(start), !name.hasPrefix(".") || start.hasPrefix(".")
      else {
        continue
      }
      found.append(folder + name + (isFolder(folder + name) ? "/" : ""))
    }
    return found.sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}
