import DICOM
import NIOCore

/// The elements of group 0000 of one message (PS3.7 §6.3.1, Annex E). Always implicit VR little endian.
///
/// The values lie behind each other in one array of bytes; a set is read once and forgotten.
struct CommandSet: Equatable, Sendable {
  /// The element numbers of group 0000 in use here.
  enum Element: UInt16, Sendable {
    case groupLength = 0x0000
    case affectedSOPClass = 0x0002
    case requestedSOPClass = 0x0003
    case commandField = 0x0100
    case messageID = 0x0110
    case respondedMessageID = 0x0120
    case moveDestination = 0x0600
    case priority = 0x0700
    case dataSetType = 0x0800
    case status = 0x0900
    case offendingElement = 0x0901
    case errorComment = 0x0902
    case affectedSOPInstance = 0x1000
    case requestedSOPInstance = 0x1001
    case moveOriginatorAET = 0x1030
    case moveOriginatorMessageID = 0x1031
  }

  /// Data Set Type of a message without a data set.
  static let noDataSet: UInt16 = 0x0101

  private var bytes: [UInt8] = []
  private var index: [(element: UInt16, range: Range<Int>)] = []

  /// An empty one, with room for what most have.
  init() {
    bytes.reserveCapacity(256)
    index.reserveCapacity(8)
  }

  static func == (left: CommandSet, right: CommandSet) -> Bool { left.encoded() == right.encoded() }

  // MARK: reading

  /// Reads a whole command set. The group length is ignored, since some peers get it wrong.
  init(_ encoded: ByteBuffer) throws(ProtocolFault) {
    bytes = encoded.withUnsafeReadableBytes { Array($0) }
    index.reserveCapacity(10)
    var position = 0
    while position < bytes.count {
      guard bytes.count - position >= 8 else {
        throw ProtocolFault(.invalidParameterValue, "a command set ends within an element header")
      }
      let group = number(at: position)
      let element = number(at: position + 2)
      let length = Int(number(at: position + 4)) | Int(number(at: position + 6)) << 16
      position += 8
      guard group == 0 else {
        throw ProtocolFault(.invalidParameterValue, "an element outside group 0000 in a command set")
      }
      guard length <= bytes.count - position else {
        throw ProtocolFault(.invalidParameterValue, "a command element reaches beyond the command set")
      }
      index.append((element, position..<position + length))
      position += length
    }
  }

  private func number(at position: Int) -> UInt16 {
    UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
  }

  private func range(of element: Element) -> Range<Int>? {
    index.first { $0.element == element.rawValue }?.range
  }

  /// A US value; nil when absent or not two bytes long.
  func integer(_ element: Element) -> UInt16? {
    guard let range = range(of: element), range.count == 2 else { return nil }
    return number(at: range.lowerBound)
  }

  /// A UI value; nil when absent or empty.
  func uid(_ element: Element) -> UID? {
    guard let range = range(of: element) else { return nil }
    let uid = UID(bytes: bytes[range])
    return uid.value.isEmpty ? nil : uid
  }

  /// A text value without its padding; nil when absent or empty.
  func text(_ element: Element) -> String? {
    guard let range = range(of: element) else { return nil }
    let text = AETitle.decode(bytes[range])
    return text.isEmpty ? nil : text
  }

  /// AT values.
  func tags(_ element: Element) -> [Tag] {
    guard let range = range(of: element), range.count % 4 == 0 else { return [] }
    return stride(from: range.lowerBound, to: range.upperBound, by: 4).map {
      Tag(number(at: $0), number(at: $0 + 2))
    }
  }

  var field: CommandField? { integer(.commandField).map(CommandField.init(rawValue:)) }
  var hasDataSet: Bool { integer(.dataSetType).map { $0 != Self.noDataSet } ?? false }
  var status: DIMSEStatus? { integer(.status).map(DIMSEStatus.init(rawValue:)) }

  // MARK: writing

  private mutating func set(_ element: Element, _ write: (inout [UInt8]) -> Void) {
    if range(of: element) != nil { index.removeAll { $0.element == element.rawValue } }
    let start = bytes.count
    write(&bytes)
    index.append((element.rawValue, start..<bytes.count))
  }

  private mutating func set(_ element: Element, text: String, padding: UInt8) {
    set(element) { bytes in
      bytes += text.utf8
      if text.utf8.count & 1 == 1 { bytes.append(padding) }
    }
  }

  private mutating func set(_ element: Element, numbers: UInt16...) {
    set(element) { bytes in
      for number in numbers {
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
      }
    }
  }

  mutating func set(_ element: Element, _ value: UInt16) { set(element, numbers: value) }

  mutating func set(_ element: Element, _ value: UID) { set(element, text: value.value, padding: 0) }

  mutating func set(_ element: Element, _ value: String) { set(element, text: value, padding: 0x20) }

  mutating func set(_ element: Element, _ value: Tag) { set(element, numbers: value.group, value.element) }

  /// Whether the elements have come in their order, without a group length.
  private var isAscending: Bool {
    var last: UInt16 = 0
    for (element, _) in index {
      if element <= last { return false }
      last = element
    }
    return true
  }

  /// With the group length in front, in ascending order.
  func encoded() -> ByteBuffer {
    var elements = index
    if !isAscending { elements = elements.filter { $0.element != 0 }.sorted { $0.element < $1.element } }
    let length = elements.reduce(0) { $0 + 8 + $1.range.count }
    var buffer = ByteBufferAllocator().buffer(capacity: length + 12)
    buffer.writeMultipleIntegers(UInt16(0), UInt16(0), UInt32(4), UInt32(length), endianness: .little)
    bytes.withUnsafeBytes { bytes in
      for (element, range) in elements {
        buffer.writeMultipleIntegers(UInt16(0), element, UInt32(range.count), endianness: .little)
        buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[range]))
      }
    }
    return buffer
  }
}
