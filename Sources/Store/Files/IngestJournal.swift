import CZlib
import Glibc

/// What was acknowledged and may not be synced elsewhere yet: the index, and the files of small instances.
///
/// One sync of a preallocated file stands for the syncs of a file, its folder and the index. Records go one
/// behind the other into one of two segments; while one is filled, what the other holds is made durable where it
/// belongs, and it is free again. Not thread-safe.
///
/// A record: mark, length of its body, sequence number (each one more than the one before it), CRC-32 of
/// sequence and body, body. All numbers are little-endian.
final class IngestJournal {
  /// A record's body and number.
  struct Record: Equatable {
    var sequence: UInt64
    var body: [UInt8]
  }

  private static let mark: UInt32 = 0x4C4A_4D46
  private static let headerLength = 20
  /// A segment that has grown to this is left for the other one.
  static let segmentSize = 16 << 20

  private var segments: [JournalSegment]
  private var current = 0
  /// The number of the last record written.
  private(set) var sequence: UInt64
  /// What lies in the segment that is not the current one is being made durable.
  private(set) var isOtherBusy = false

  /// Opens or creates the two segments. `sequence`: no record has had a higher number. Throws `StoreError`.
  init(folder: String, sequence: UInt64) throws(StoreError) {
    try StorageArea.createFolder(folder)
    segments = [try JournalSegment(folder + "/0"), try JournalSegment(folder + "/1")]
    self.sequence = sequence
    try StorageArea.syncFolder(folder)
  }

  /// Records that are whole, in their order; those that were valid in an earlier round of a segment are left out.
  static func records(in folder: String) throws(StoreError) -> [Record] {
    var records: [Record] = []
    for name in ["0", "1"] {
      let path = folder + "/" + name
      if access(path, F_OK) != 0 { continue }
      let file = try OpenFile(path)
      let bytes = try file.read(at: 0, count: file.size)
      records += read(bytes)
    }
    return records.sorted { $0.sequence < $1.sequence }
  }

  private static func read(_ bytes: [UInt8]) -> [Record] {
    var records: [Record] = []
    var position = 0
    while position + headerLength <= bytes.count, bytes.number32(at: position) == mark {
      let length = Int(bytes.number32(at: position + 4))
      let end = position + headerLength + length
      guard end <= bytes.count else { break }
      let sequence = bytes.number64(at: position + 8)
      let body = bytes[(position + headerLength)..<end]
      guard checksum(sequence, body) == bytes.number32(at: position + 16) else { break }
      if let last = records.last, last.sequence + 1 != sequence { break }
      records.append(Record(sequence: sequence, body: Array(body)))
      position = end
    }
    return records
  }

  /// Empty, but for the room in it.
  private var buffer: [UInt8] = []
  private static let keptBuffer = 1 << 20

  /// Where the last append began, and the number of the record before it.
  private var lastAppend: (position: Int, sequence: UInt64)?

  /// Writes records behind the others; durable after `sync`. Throws `StoreError`; then none of them is there.
  ///
  /// - Parameter body: appends one of so many bodies to what is written.
  func append(_ count: Int, body: (Int, inout [UInt8]) -> Void) throws(StoreError) {
    let segment = segments[current]
    var bytes = buffer
    buffer = []
    defer {
      bytes.removeAll(keepingCapacity: bytes.count <= Self.keptBuffer)
      buffer = bytes
    }
    var number = sequence
    for index in 0..<count {
      number += 1
      Self.encode(number, to: &bytes) { body(index, &$0) }
    }
    let start = segment.position
    try segment.append(bytes)
    lastAppend = (start, sequence)
    sequence = number
  }

  /// Makes what was appended last durable. Throws `StoreError`; then it counts as not written, and what comes next
  /// lies over it: after a failed sync nobody knows what is on the disk, and records behind a hole are not found.
  func sync() throws(StoreError) {
    do throws(StoreError) {
      try segments[current].sync()
    } catch {
      takeBack()
      throw error
    }
  }

  /// Forgets what was appended last.
  func takeBack() {
    guard let place = lastAppend else { return }
    segments[current].position = place.position
    sequence = place.sequence
    lastAppend = nil
  }

  /// Whether the current segment has grown to so many times the size that one should have.
  func isFull(times: Int) -> Bool { segments[current].position >= Self.segmentSize * times }

  /// Goes on in the other segment, which must not be busy; what the present one holds is to be made durable.
  func switchSegments() {
    precondition(!isOtherBusy)
    isOtherBusy = true
    current = 1 - current
    lastAppend = nil
    segments[current].position = 0
  }

  /// Everything in the other segment is durable where it belongs: it may be written over.
  func otherIsFree() { isOtherBusy = false }

  /// Forgets all records: everything is durable where it belongs.
  func clear() throws(StoreError) {
    for segment in segments { try segment.clear() }
  }

  private static func encode(_ sequence: UInt64, to bytes: inout [UInt8], body: (inout [UInt8]) -> Void) {
    let start = bytes.count
    bytes.append(number: mark)
    bytes.append(number: UInt32(0))
    bytes.append(number: sequence)
    bytes.append(number: UInt32(0))
    body(&bytes)
    let length = bytes.count - start - headerLength
    bytes.put(number: UInt32(length), at: start + 4)
    bytes.put(number: checksum(sequence, bytes[(start + headerLength)...]), at: start + 16)
  }

  /// Writes records as a segment of another journal, not synced. Throws `StoreError`.
  static func write(_ records: [Record], to path: String) throws(StoreError) {
    unlink(path)
    var bytes: [UInt8] = []
    for record in records { encode(record.sequence, to: &bytes) { $0 += record.body } }
    try JournalSegment(path).append(bytes)
  }

  private static func checksum(_ sequence: UInt64, _ body: ArraySlice<UInt8>) -> UInt32 {
    var value = withUnsafeBytes(of: sequence.littleEndian) {
      CZlib.crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, UInt32($0.count))
    }
    value = body.withUnsafeBufferPointer { CZlib.crc32(value, $0.baseAddress, UInt32($0.count)) }
    return UInt32(truncatingIfNeeded: value)
  }
}

extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func put(number: UInt32, at offset: Int) {
    withUnsafeMutableBytes { $0.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt32.self) }
  }

  fileprivate func number32(at offset: Int) -> UInt32 {
    withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
  }

  fileprivate func number64(at offset: Int) -> UInt64 {
    withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
  }
}
