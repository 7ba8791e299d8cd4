import ArgumentParser
import Explorer
import Foundation
import Net
import Store

/// Ends a command with a sentence on standard error and exit status 1.
enum Failure {
  static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as StoreError: error.message
    case let error as NetError: error.message
    case let error as ConfigurationError: error.description
    case let error as ExplorerStartError: error.message
    default: "\(error)"
    }
  }

  /// Opens an archive, or reads it. A folder or index that can't be used is told with what to do about it.
  static func opening<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    do {
      return try body()
    } catch {
      throw StoreError(error.code, error.message + remedy(for: error), tag: error.tag)
    }
  }

  private static func remedy(for error: StoreError) -> String {
    let isMissing = error.message.hasSuffix(" is missing")
    if isMissing || error.message.contains("damaged") {
      return
        (isMissing ? ". If `IndexDirectory` puts it elsewhere, give that configuration with --config" : "")
        + ". `filmroom repair` makes a new index from the DICOM files; labels and metadata were only in the old one"
    }
    guard error.code == .storageUnusable || error.code == .inputOutput else { return "" }
    // Some messages say themselves what to do.
    if error.message.contains("--storage") { return "" }
    return ". Give another folder with --storage, or make this one writable for \(NSUserName())"
  }

  /// Runs a command's body; errors become a sentence.
  static func report<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let code as ExitCode {
      throw code
    } catch {
      Console.error("filmroom: \(sentence(error))")
      throw ExitCode(1)
    }
  }
}

/// What the commands print.
enum Console {
  static func print(_ line: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }
  static func error(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }
}
