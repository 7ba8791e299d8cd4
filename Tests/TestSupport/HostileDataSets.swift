import DICOM

/// Data sets in explicit VR little endian that no honest modality writes.
public enum HostileDataSets {
  /// The elements that make an instance, without pixels: more may be put behind them.
  public static func start(_ instance: String) -> [UInt8] {
    var dataSet = DataSetSamples.instance(instance: instance)
    dataSet.elements.removeAll { $0.tag == .pixelData }
    return DataSetWriter.encode(dataSet, as: .explicitLittleEndian)
  }

  /// Content Sequence inside Content Sequence, so deep, all of undefined length.
  public static func nested(_ depth: Int, isClosed: Bool = true) -> [UInt8] {
    let opening = sequence + item(nil)
    let closing = itemEnd + sequenceEnd
    var bytes: [UInt8] = []
    bytes.reserveCapacity(depth * (opening.count + closing.count))
    for _ in 0..<depth { bytes += opening }
    if isClosed { for _ in 0..<depth { bytes += closing } }
    return bytes
  }

  /// A Content Sequence of so many empty items.
  public static func emptyItems(_ count: Int) -> [UInt8] {
    var bytes = sequence
    bytes.reserveCapacity(count * 8 + 20)
    for _ in 0..<count { bytes += item(0) }
    return bytes + sequenceEnd
  }

  /// So many private elements without a value.
  public static func emptyElements(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 8)
    for number in 0..<count {
      let group = UInt16(0x0031 + 2 * (number / 0xF000))
      let element = UInt16(0x1000 + number % 0xF000)
      bytes += little(group) + little(element) + Array("LO".utf8) + [0, 0]
    }
    return bytes
  }

  /// Pixel Data of so many empty fragments.
  public static func emptyFragments(_ count: Int) -> [UInt8] {
    var bytes = pixelData(length: UInt32.max, vr: "OB")
    bytes.reserveCapacity(count * 8 + 20)
    for _ in 0..<count { bytes += item(0) }
    return bytes + sequenceEnd
  }

  /// The header of Pixel Data that announces so many bytes.
  public static func pixelData(length: UInt32, vr: String = "OW") -> [UInt8] {
    [0xE0, 0x7F, 0x10, 0x00] + Array(vr.utf8) + [0, 0] + little(length)
  }

  private static let sequence: [UInt8] =
    [0x40, 0x00, 0x30, 0xA7] + Array("SQ".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
  private static let itemEnd: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]
  private static let sequenceEnd: [UInt8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]

  /// An item's header; nil is undefined length.
  private static func item(_ length: UInt32?) -> [UInt8] {
    [0xFE, 0xFF, 0x00, 0xE0] + little(length ?? UInt32.max)
  }

  private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
