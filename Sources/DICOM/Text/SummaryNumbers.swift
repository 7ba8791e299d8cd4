import Glibc

/// Binary numbers as Orthanc's JSON has them: floating point ones with as many digits as a `double` needs.
enum SummaryNumbers {
  static func text(_ bytes: UnsafeRawBufferPointer, vr: VR, isBigEndian: Bool) -> String {
    func integers<Number: FixedWidthInteger>(_ type: Number.Type) -> [Number] {
      let size = MemoryLayout<Number>.size
      return (0..<bytes.count / size).map { index in
        let value = bytes.loadUnaligned(fromByteOffset: index * size, as: type)
        return isBigEndian ? Number(bigEndian: value) : Number(littleEndian: value)
      }
    }
    let values: [String] =
      switch vr {
      case .US: integers(UInt16.self).map { String($0) }
      case .SS: integers(Int16.self).map { String($0) }
      case .UL: integers(UInt32.self).map { String($0) }
      case .SL: integers(Int32.self).map { String($0) }
      case .UV: integers(UInt64.self).map { String($0) }
      case .SV: integers(Int64.self).map { String($0) }
      case .FL: integers(UInt32.self).map { text(Double(Float(bitPattern: $0))) }
      case .FD: integers(UInt64.self).map { text(Double(bitPattern: $0)) }
      case .AT:
        // Orthanc shows the first one only.
        integers(UInt16.self).count < 2
          ? []
          : [Tag(integers(UInt16.self)[0], integers(UInt16.self)[1]).orthancDescription]
      default: []
      }
    return values.joined(separator: "\\")
  }

  /// Seventeen digits bring any `double` back as it was.
  private static func text(_ number: Double) -> String {
    var buffer = [CChar](repeating: 0, count: 40)
    let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, "%.17g", $0) }
    return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
