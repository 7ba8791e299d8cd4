import DICOM
import Testing

@testable import Store

/// When acknowledged instances are indexed, and when their senders must wait.
@Suite struct IndexWorkQueueTests {
  private func ingest(bytes: Int, isAwaited: Bool = false) -> IndexWork {
    let file = StoredFile(
      uuid: FileNames().next(), size: Int64(bytes), digest: nil, bytes: [UInt8](repeating: 0, count: bytes))
    let instance = IngestRules.prepare(
      InstanceSummary(tags: CollectedTags([]), syntax: .explicitLittleEndian), tags: MainDicomTags(),
      syntax: .explicitLittleEndian, origin: InstanceOrigin(.dicomProtocol), file: file, dataSetOffset: 0,
      date: 0)
    return .ingest(.init(instance: instance, sequence: 1, overwrite: false, isAwaited: isAwaited))
  }

  @Test func instancesGatherUntilTheyAreEnough() {
    let work = ingest(bytes: 100)
    var queue = IndexWorkQueue()
    for _ in 1..<IndexWorkQueue.enough { queue.append(work) }
    #expect(!queue.mustRun && !queue.isFull)
    queue.append(work)
    #expect(queue.mustRun && !queue.isFull)
    // What is being indexed is in memory until it is done.
    let batch = queue.take()
    #expect(batch.count == IndexWorkQueue.most && queue.instances == IndexWorkQueue.enough)
    for _ in IndexWorkQueue.enough..<IndexWorkQueue.tooMany - 1 { queue.append(work) }
    #expect(!queue.isFull)
    queue.append(work)
    #expect(queue.isFull)
    queue.finish(batch, left: [])
    #expect(queue.mustRun && !queue.isFull)
  }

  @Test func aRunDoesWhatWasThereAndNoMore() {
    let work = ingest(bytes: 100)
    var queue = IndexWorkQueue()
    for _ in 0..<IndexWorkQueue.most + 10 { queue.append(work) }
    #expect(!queue.mustRun)
    let first = queue.take()
    #expect(first.count == IndexWorkQueue.most)
    for _ in 0..<5 { queue.append(work) }
    queue.finish(first, left: [])
    #expect(queue.mustRun)
    let second = queue.take()
    #expect(second.count == 10)
    queue.finish(second, left: [])
    #expect(!queue.mustRun && queue.instances == 5)
    #expect(queue.take().count == 5)
  }

  @Test func theirBytesCountToo() {
    let work = ingest(bytes: 64 << 10)
    var queue = IndexWorkQueue()
    var count = 0
    while !queue.mustRun {
      queue.append(work)
      count += 1
    }
    #expect(count * 64 << 10 == IndexWorkQueue.enoughBytes)
    while !queue.isFull {
      queue.append(work)
      count += 1
    }
    #expect(count * 64 << 10 == IndexWorkQueue.tooManyBytes)
    queue.finish(queue.take(), left: [work])
    #expect(queue.instances == 1 && !queue.mustRun && !queue.isFull)
  }

  @Test func whoWaitsIsServedAtOnce() {
    var queue = IndexWorkQueue()
    queue.append(ingest(bytes: 1))
    #expect(!queue.mustRun)
    queue.append(.chore({ _, _ in EditEffects() }, { _ in }))
    #expect(!queue.mustRun)
    queue.append(.settle({ _ in }))
    #expect(queue.mustRun)
    queue.finish(queue.take(), left: [])
    #expect(queue.isEmpty && !queue.mustRun)
    // A chore shares the transaction of instances; where there are none it waits for nothing.
    queue.append(.chore({ _, _ in EditEffects() }, { _ in }))
    #expect(queue.mustRun)
    queue.finish(queue.take(), left: [])
    queue.append(ingest(bytes: 1, isAwaited: true))
    #expect(queue.mustRun)
  }

  /// Who stands behind instances that can't be indexed is not to wait for them.
  @Test func allAreTakenWhileInstancesCanNotBeIndexed() {
    var queue = IndexWorkQueue()
    for _ in 0..<IndexWorkQueue.most + 10 { queue.append(ingest(bytes: 1)) }
    queue.append(.settle({ _ in }))
    let batch = queue.take()
    #expect(!batch.contains { $0.isSettling })
    queue.blockage = StoreError(.storageFull, "no room")
    queue.finish(batch, left: batch)
    #expect(queue.isAwaited)
    let all = queue.take()
    #expect(all.count == IndexWorkQueue.most + 11 && all.last?.isSettling == true)
    queue.finish(all, left: Array(all.dropLast()))
    #expect(!queue.isAwaited && queue.instances == IndexWorkQueue.most + 10)
  }

  /// What could not be indexed goes in front of what has come meanwhile.
  @Test func whatIsLeftKeepsItsPlace() {
    var queue = IndexWorkQueue()
    queue.append(ingest(bytes: 1))
    queue.append(ingest(bytes: 2))
    let batch = queue.take()
    queue.append(ingest(bytes: 3))
    queue.finish(batch, left: [batch[1]])
    // It is tried again later, not at once.
    #expect(!queue.mustRun && queue.instances == 2)
    #expect(queue.take().map(\.bytes) == [2, 3])
  }
}
