import Store

extension DIMSEOutcome {
  /// What a storage SCP answers when the archive refused or failed (PS3.4 Table B.2-1, PS3.7 Annex C).
  init(_ error: StoreError) {
    let status: DIMSEStatus =
      switch error.code {
      case .storageUnusable, .storageInUse, .storageFull, .inputOutput, .closed: .outOfResources
      case .cannotUnderstand: .cannotUnderstand
      case .dataSetMismatch: .dataSetMismatch
      case .badValue: .invalidAttributeValue
      case .notFound, .readOnly, .revisionConflict: .processingFailure
      }
    self.init(status, error.message, offendingElement: error.tag)
  }
}
