import DICOM
import Foundation

/// The options of a configuration file, or of all the files of a folder, by Orthanc's names.
struct ConfigurationFile {
  /// Where it was read; nil when there is none. Relative paths in it start from its folder.
  var folder: String?
  var options: [String: JSONValue] = [:]
  /// What to tell at the start.
  var warnings: [String] = []

  /// - Parameter path: a file or a folder; nil looks into XDG's configuration folder, where a missing file is fine.
  static func load(_ path: String?, environment: [String: String]) throws(ConfigurationError)
    -> ConfigurationFile
  {
    guard let path = path ?? existingDefault(environment) else { return ConfigurationFile() }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ConfigurationError("there is no configuration file \(path)")
    }
    if !isFolder.boolValue {
      var result = ConfigurationFile(folder: (path as NSString).deletingLastPathComponent)
      result.options = try read(path, environment, &result.warnings)
      return result
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
      $0.hasSuffix(".json")
    }
    if names.isEmpty { throw ConfigurationError("the configuration folder \(path) has no .json file") }
    var result = ConfigurationFile(folder: path)
    for name in names.sorted() {
      for (option, value) in try read(path + "/" + name, environment, &result.warnings) {
        if result.options[option] != nil {
          throw ConfigurationError(
            "\(option) is given twice in the files of \(path), the second time in \(name)")
        }
        result.options[option] = value
      }
    }
    return result
  }

  private static func existingDefault(_ environment: [String: String]) -> String? {
    let path = Folders.configuration(environment) + "/filmroom.json"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static func read(
    _ path: String, _ environment: [String: String], _ warnings: inout [String]
  ) throws(ConfigurationError) -> [String: JSONValue] {
    guard let data = FileManager.default.contents(atPath: path), let raw = String(data: data, encoding: .utf8)
    else { throw ConfigurationError("the configuration file \(path) can't be read as UTF-8 text") }
    var missing: [(name: String, byte: Int)] = []
    let text = CommentedJSON.substitutingEnvironment(CommentedJSON.withoutComments(raw), environment) {
      missing.append(($0, $1))
    }
    do throws(JSONParser.Fault) {
      let (value, places) = try JSONParser.parseWithPlaces(text)
      warnings += missing.map { name, byte in
        let option = places.first { $0.bytes.contains(byte) }.map { " for \($0.option)" } ?? ""
        return "\(path) uses ${\(name)}\(option), but there is no such environment variable: it is empty"
      }
      if case .object(let options) = value { return options }
    } catch {
      // An empty variable may be what broke the file.
      let names = missing.map { "${\($0.name)}" }.joined(separator: ", ")
      let note = names.isEmpty ? "" : ". No environment variable gives a value to \(names)"
      throw ConfigurationError(
        "\(path), line \(error.line), column \(error.column): \(error.message)\(note)")
    }
    throw ConfigurationError("\(path) must hold a JSON object")
  }
}

/// The folders that the XDG base directory specification gives to a program.
enum Folders {
  static func configuration(_ environment: [String: String]) -> String {
    base(environment, "XDG_CONFIG_HOME", "/.config") + "/filmroom"
  }

  static func data(_ environment: [String: String]) -> String {
    base(environment, "XDG_DATA_HOME", "/.local/share") + "/filmroom"
  }

  private static func base(_ environment: [String: String], _ name: String, _ fallback: String) -> String {
    // The specification: relative paths are invalid and ignored.
    if let path = environment[name], path.hasPrefix("/") { return path }
    return (environment["HOME"] ?? NSHomeDirectory()) + fallback
  }
}
