import Foundation
import TestSupport

/// What a program did to its files and sent, in order, as `PowerCutTrace` wrote it down.
struct DiskTrace {
  enum Event {
    case open(file: Int32, path: String, flags: Int32)
    case close(file: Int32)
    case write(file: Int32, offset: Int, bytes: ArraySlice<UInt8>)
    case truncate(file: Int32, size: Int)
    case sync(file: Int32)
    case syncAll
    case link(from: String, to: String)
    case rename(from: String, to: String)
    case unlink(String)
    case makeFolder(String)
    case send(ArraySlice<UInt8>)
  }

  let events: [Event]

  init(path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var events: [Event] = []
    var position = 0
    while position + 17 <= bytes.count {
      let file = Int32(truncatingIfNeeded: Self.number(bytes, position + 1, 4))
      let offset = Self.number(bytes, position + 5, 8)
      let count = Self.number(bytes, position + 13, 4)
      // A record that the end of the program cut short.
      guard position + 17 + count <= bytes.count else { break }
      let body = bytes[(position + 17)..<(position + 17 + count)]
      events.append(try Self.event(bytes[position], file, offset, body))
      position += 17 + count
    }
    self.events = events
  }

  private static func number(_ bytes: [UInt8], _ position: Int, _ size: Int) -> Int {
    (0..<size).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
  }

  private static func event(
    _ kind: UInt8, _ file: Int32, _ offset: Int, _ body: ArraySlice<UInt8>
  ) throws -> Event {
    let paths = body.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    switch kind {
    case 1: return .open(file: file, path: paths[0], flags: Int32(truncatingIfNeeded: offset))
    case 2: return .close(file: file)
    case 3: return .write(file: file, offset: offset, bytes: body)
    case 4: return .truncate(file: file, size: offset)
    case 5: return .sync(file: file)
    case 6: return .syncAll
    case 7: return .link(from: paths[0], to: paths[1])
    case 8: return .rename(from: paths[0], to: paths[1])
    case 9: return .unlink(paths[0])
    case 10: return .makeFolder(paths[0])
    case 11: return .send(body)
    default: throw TestFailure("a record of kind \(kind) in the trace")
    }
  }
}

extension DiskTrace {
  /// SOP Instance UIDs that some sent bytes answer with success: C-STORE responses, whole in one write.
  static func acknowledged(_ bytes: ArraySlice<UInt8>) -> [String] {
    let bytes = Array(bytes)
    var uids: [String] = []
    var position = 0
    while position + 6 <= bytes.count {
      let length = bytes[(position + 2)..<(position + 6)].reduce(0) { $0 << 8 | Int($1) }
      let end = min(bytes.count, position + 6 + length)
      if bytes[position] == 4, let uid = acknowledgement(bytes[(position + 6)..<end]) { uids.append(uid) }
      position = end
    }
    return uids
  }

  /// From a command set: C-STORE-RSP, status 0000, its Affected SOP Instance UID.
  private static func acknowledgement(_ pdu: ArraySlice<UInt8>) -> String? {
    guard pdu.firstRange(of: [0, 0, 0, 1, 2, 0, 0, 0, 0x01, 0x80]) != nil,
      pdu.firstRange(of: [0, 0, 0, 9, 2, 0, 0, 0, 0, 0]) != nil,
      let uid = pdu.firstRange(of: [0, 0, 0, 0x10])
    else { return nil }
    let count = Int(pdu[uid.upperBound])
    let text = pdu[(uid.upperBound + 4)..<(uid.upperBound + 4 + count)].filter { $0 != 0 }
    return String(decoding: text, as: UTF8.self)
  }
}
