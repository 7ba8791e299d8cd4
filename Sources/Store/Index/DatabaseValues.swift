import Foundation
import GRDB

extension PublicID {
  /// As the index stores it.
  var data: Data { Data(bytes) }

  init?(data: Data) { self.init(bytes: Array(data)) }
}

extension Row {
  /// An identifier column, which the schema keeps at twenty bytes.
  func publicID(_ column: String) throws -> PublicID {
    try Self.publicID(self[column], column)
  }

  /// The same, by the column's place.
  func publicID(_ index: Int) throws -> PublicID {
    try withUnsafeData(atIndex: index) { try Self.publicID($0, "column \(index)") }
  }

  private static func publicID(_ data: Data?, _ column: @autoclosure () -> String) throws -> PublicID {
    guard let data, let id = PublicID(data: data) else {
      throw StoreError(.storageUnusable, "the index is damaged: \(column()) is no identifier")
    }
    return id
  }
}

extension Optional where Wrapped: DatabaseValueConvertible {
  /// NULL for nil.
  var databaseValue: DatabaseValue { map { $0.databaseValue } ?? .null }
}

extension StatementArguments {
  /// Values as they are. The library's own way for a sequence goes through a key path, which takes longer than all else.
  init(values: [DatabaseValue]) { self.init(values.map { $0 as (any DatabaseValueConvertible)? }) }
}
