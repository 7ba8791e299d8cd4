import Foundation
import GRDB

/// Jobs that outlive the program.
enum JobOperations {
  /// What can't be understood was written by a newer version, and is left alone.
  static func all(_ db: Database) throws -> [Job] {
    try String.fetchAll(db, sql: "SELECT content FROM job").compactMap {
      try? JSONDecoder().decode(Job.self, from: Data($0.utf8))
    }
  }

  static func save(_ db: Database, _ job: Job) throws {
    let content = String(decoding: try JSONEncoder().encode(job), as: UTF8.self)
    try db.execute(
      sql: "INSERT OR REPLACE INTO job (id, content) VALUES (?, ?)", arguments: [job.id, content])
  }

  static func forget(_ db: Database, _ id: String) throws {
    try db.execute(sql: "DELETE FROM job WHERE id = ?", arguments: [id])
  }
}

extension Archive {
  func save(_ job: Job) async throws(StoreError) {
    try await committer.edit { db in
      try JobOperations.save(db, job)
      return EditEffects()
    }
  }

  func forgetJob(_ id: String) async throws(StoreError) {
    try await committer.edit { db in
      try JobOperations.forget(db, id)
      return EditEffects()
    }
  }
}
