import Store

/// Where the parts of the Storage screen lie, in rows of its body.
struct StorageLayout: Equatable, Sendable {
  /// Used, patients, mode.
  static let gaugeRows = 3

  /// How many lines bars by modality take; the last one stands for all that have none of their own.
  var modalityRows: Int
  /// Titles of the list's columns.
  var titles: Int
  var listTop: Int
  var listHeight: Int

  init(height: Int, modalities: Int) {
    modalityRows = min(modalities, max(1, (height - 6) / 3))
    titles = Self.gaugeRows + 1 + modalityRows + (modalityRows > 0 ? 1 : 0)
    listTop = titles + 1
    listHeight = max(1, height - listTop)
  }
}

extension ExplorerState {
  var storageLayout: StorageLayout {
    StorageLayout(height: size.height - 4, modalities: storage.use?.modalities.count ?? 0)
  }
}
