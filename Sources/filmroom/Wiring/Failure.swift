import ArgumentParser
import Explorer
import Foundation
import Net
import Store

/// Ends a command with a sentence on standard error and exit status 1.
enum Failure {
  static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as StoreError: error.message + remedy(for: error)
    case let error as NetError: error.message
    case let error as ConfigurationError: error.description
    case let error as ExplorerStartError: error.message
    default: "\(error)"
    }
  }

  /// What to do about a folder that can't be used, where the message doesn't say it.
  private static func remedy(for error: StoreError) -> String {
    guard error.code == .storageUnusable || error.code == .inputOutput, !error.message.contains("--storage")
    else {
      return ""
    }
    return ". Make it usable for \(NSUserName()), or give another folder with --storage"
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
