import DICOM

/// Takes one instance into the archive: its file as it comes, then the index.
///
/// `@unchecked`: as `InstanceReceiver` asks, one caller at a time uses it, in order.
final class InstanceWriter: InstanceReceiver, @unchecked Sendable {
  private let archive: Archive
  private let origin: InstanceOrigin
  private let syntax: TransferSyntax
  private let announced: (sopClass: UID, sopInstance: UID)?
  private let dataSetOffset: Int
  private let date: Int64?
  private let waitsForIndex: Bool
  private var file: InstanceFile?

  /// - Parameters:
  ///   - prefix: what stands in front of the data set in the file.
  ///   - announced: what the sender said that it sends; the data set must agree.
  ///   - end: size of the whole file, if known.
  ///   - date: when it was received, if that is not now.
  ///   - waitsForIndex: whether the answer waits until it is in the index. If not, what is known already is found out
  ///     before, so that the answer says so.
  init(
    _ archive: Archive, origin: InstanceOrigin, syntax: TransferSyntax, prefix: [UInt8],
    announced: (sopClass: UID, sopInstance: UID)?, end: Int? = nil, date: Int64? = nil,
    waitsForIndex: Bool = false
  ) throws(StoreError) {
    self.archive = archive
    self.origin = origin
    self.syntax = syntax
    self.announced = announced
    self.date = date
    self.waitsForIndex = waitsForIndex
    dataSetOffset = prefix.count
    file = try InstanceFile(
      storage: archive.storage, prefix: prefix, syntax: syntax, tags: archive.collectedTags,
      hasDigest: archive.configuration.storeMD5, isCompressed: archive.configuration.compressesStorage,
      dataSetEnd: end)
  }

  deinit { discard() }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    do throws(StoreError) {
      try file?.append(bytes)
    } catch {
      archive.health.note(error)
      throw error
    }
  }

  func flush() throws {
    do throws(StoreError) {
      try file?.flush()
    } catch {
      archive.health.note(error)
      throw error
    }
  }

  func append(_ bytes: ArraySlice<UInt8>) throws(StoreError) {
    try bytes.span.withUnsafeBytes { buffer throws(StoreError) in try file?.append(buffer) }
  }

  func finish(
    atEndOfTurn: EndOfTurn?, _ completion: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void
  ) {
    let health = archive.health
    complete(atEndOfTurn) { result in
      health.note(result)
      completion(result)
    }
  }

  private func complete(
    _ atEndOfTurn: EndOfTurn?, _ completion: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void
  ) {
    do throws(StoreError) {
      guard let instance = try prepare() else {
        throw StoreError(.closed, "the instance was discarded")
      }
      switch instance {
      case .known(let result):
        discard()
        completion(.success(result))
      case .new(let prepared):
        file = nil
        take(prepared, atEndOfTurn, completion)
      }
    } catch {
      discard()
      completion(.failure(error))
    }
  }

  private func take(
    _ instance: PreparedInstance, _ atEndOfTurn: EndOfTurn?,
    _ completion: @escaping @Sendable (Result<StoreResult, StoreError>) -> Void
  ) {
    var indexed: IndexWork.IngestCompletion?
    var completion = completion
    if saysWhatIsKnown {
      let (unindexed, id, answer) = (archive.unindexed, instance.id(.instance), completion)
      unindexed.insert(id)
      indexed = { _ in unindexed.remove(id) }
      completion = { result in
        if case .failure = result { unindexed.remove(id) }
        answer(result)
      }
    }
    archive.arrivals.take(
      instance, overwrite: archive.configuration.overwriteInstances, waitsForIndex: waitsForIndex,
      atEndOfTurn: atEndOfTurn, indexed: indexed, completion)
  }

  /// A file that somebody hands in, unlike what comes over DICOM.
  private var saysWhatIsKnown: Bool { announced == nil && !waitsForIndex }

  func discard() {
    file?.discard()
    file = nil
  }

  private enum Prepared {
    case known(StoreResult)
    case new(PreparedInstance)
  }

  private func prepare() throws(StoreError) -> Prepared? {
    guard let summary = try file?.complete() else { return nil }
    let identity = InstanceIdentity(summary)
    try IngestRules.check(
      identity, announcedClass: announced?.sopClass, announcedInstance: announced?.sopInstance)
    // An instance that is there already needs no second copy, not even a synced one. Small ones are sorted out when
    // they are indexed, which is cheaper than to ask for each.
    if file?.isSmall == false || saysWhatIsKnown, !archive.configuration.overwriteInstances {
      let known = StoreResult(status: .alreadyStored, identifiers: identity.identifiers)
      let id = known.instance
      if saysWhatIsKnown && archive.unindexed.contains(id) { return .known(known) }
      if try archive.holds(id) { return .known(known) }
    }
    let head = try file?.publishHead()
    guard let stored = try file?.publish() else { return nil }
    return .new(
      IngestRules.prepare(
        summary, identity, tags: archive.mainTags, syntax: syntax, origin: origin, file: stored, head: head,
        dataSetOffset: dataSetOffset, date: date.map { min($0, Archive.now()) } ?? Archive.now()))
  }
}
