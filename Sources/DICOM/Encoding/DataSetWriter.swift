/// Writes a data set as bytes (PS3.5 §7). Sequences and items get their lengths, encapsulated pixel data its
/// delimiter; values are copied as they are, so they must already have the byte order of the syntax.
public struct DataSetWriter {
  private var bytes: [UInt8] = []
  private let syntax: TransferSyntax

  private init(_ syntax: TransferSyntax) { self.syntax = syntax }

  /// The encoded data set. A deflated syntax is written as the explicit little endian it inflates to.
  public static func encode(_ dataSet: DataSet, as syntax: TransferSyntax) -> [UInt8] {
    var writer = DataSetWriter(syntax)
    writer.append(dataSet)
    return writer.bytes
  }

  /// A whole file: preamble, file meta information, data set.
  public static func encodeFile(_ dataSet: DataSet, as syntax: TransferSyntax) -> [UInt8] {
    let meta = FileMetaInformation(
      sopClass: dataSet.text(.sopClassUID).map { UID($0) },
      sopInstance: dataSet.text(.sopInstanceUID).map { UID($0) }, transferSyntax: syntax)
    return meta.encoded() + encode(dataSet, as: syntax)
  }

  private mutating func append(_ dataSet: DataSet) {
    for element in dataSet.elements { append(element) }
  }

  private mutating func append(_ element: DataElement) {
    switch element.content {
    case .value(let value):
      header(element.tag, element.vr, length: UInt32(value.count))
      bytes += value
    case .items(let items):
      let start = header(element.tag, .SQ, length: 0)
      for item in items {
        let itemStart = header(.item, nil, length: 0)
        append(item)
        patchLength(at: itemStart)
      }
      patchLength(at: start)
    case .fragments(let fragments):
      header(element.tag, element.vr, length: UInt32.max)
      for fragment in fragments {
        header(.item, nil, length: UInt32(fragment.count))
        bytes += fragment
      }
      header(.sequenceDelimitation, nil, length: 0)
    }
  }

  /// Writes a header and returns where the value starts.
  @discardableResult
  private mutating func header(_ tag: Tag, _ vr: VR?, length: UInt32) -> Int {
    append16(tag.group)
    append16(tag.element)
    if let vr, !syntax.isImplicitVR {
      bytes += [UInt8(truncatingIfNeeded: vr.rawValue), UInt8(truncatingIfNeeded: vr.rawValue >> 8)]
      if vr.isShort {
        append16(UInt16(truncatingIfNeeded: length))
        return bytes.count
      }
      bytes += [0, 0]
    }
    append32(length)
    return bytes.count
  }

  private mutating func patchLength(at start: Int) {
    let length = UInt32(bytes.count - start)
    for index in 0..<4 {
      let shift = syntax.isBigEndian ? 24 - 8 * index : 8 * index
      bytes[start - 4 + index] = UInt8(truncatingIfNeeded: length >> shift)
    }
  }

  private mutating func append16(_ value: UInt16) {
    let (low, high) = (UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8))
    bytes += syntax.isBigEndian ? [high, low] : [low, high]
  }

  private mutating func append32(_ value: UInt32) {
    for index in 0..<4 {
      bytes.append(UInt8(truncatingIfNeeded: value >> (syntax.isBigEndian ? 24 - 8 * index : 8 * index)))
    }
  }
}
