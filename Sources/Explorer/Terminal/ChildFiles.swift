import CLinux

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a program that we start gets of our open files.
enum ChildFiles {
  /// Standard input, output and error alone. To be destroyed by the caller.
  static func standardOnly() -> posix_spawn_file_actions_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    filmroom_close_rest_in_child(&files)
    return files
  }
}
