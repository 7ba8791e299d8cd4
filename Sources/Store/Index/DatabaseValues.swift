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
    guard let data = self[column] as Data?, let id = PublicID(data: data) else {
      throw StoreError(.storageUnusable, "the index is damaged: \(column) is no identifier")
    }
    return id
  }
}
