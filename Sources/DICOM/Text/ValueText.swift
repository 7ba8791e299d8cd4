/// A value as text for people: numbers in decimal, tags as `(gggg,eeee)`, text decoded.
public enum ValueText {
  /// - Parameters:
  ///   - bytes: the value, or its beginning.
  ///   - limit: at most so many characters; `…` stands for the rest.
  public static func render(
    _ bytes: ArraySlice<UInt8>, vr: VR, characterSet: SpecificCharacterSet, isBigEndian: Bool, limit: Int
  ) -> String {
    if vr.isText {
      let bytes = withoutPadding(bytes)
      let text = vr.usesCharacterSet ? characterSet.decode(bytes) : characterSet.decodeASCII(bytes)
      return cut(trimmed(text), to: limit)
    }
    let raw = Array(bytes.prefix(limit * 8))
    return cut(numbers(raw, vr: vr, isBigEndian: isBigEndian).joined(separator: "\\"), to: limit)
  }

  /// Padding looks the same in every character set: what is left needs no second look, mostly.
  private static func withoutPadding(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var end = bytes.endIndex
    while end > bytes.startIndex, bytes[end - 1] == 0x20 || bytes[end - 1] == 0 { end -= 1 }
    return bytes[..<end]
  }

  private static func cut(_ text: String, to limit: Int) -> String {
    text.utf8.count > limit && text.count > limit ? String(text.prefix(limit)) + "…" : text
  }

  private static func numbers(_ bytes: [UInt8], vr: VR, isBigEndian: Bool) -> [String] {
    func integers<Number: FixedWidthInteger>(_ type: Number.Type) -> [Number] {
      let size = MemoryLayout<Number>.size
      return (0..<bytes.count / size).map { index in
        let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * size, as: type) }
        return isBigEndian ? Number(bigEndian: value) : Number(littleEndian: value)
      }
    }
    switch vr {
    case .US, .OW: return integers(UInt16.self).map { String($0) }
    case .SS: return integers(Int16.self).map { String($0) }
    case .UL, .OL: return integers(UInt32.self).map { String($0) }
    case .SL: return integers(Int32.self).map { String($0) }
    case .UV, .OV: return integers(UInt64.self).map { String($0) }
    case .SV: return integers(Int64.self).map { String($0) }
    case .FL, .OF: return integers(UInt32.self).map { shortest(Float(bitPattern: $0)) }
    case .FD, .OD: return integers(UInt64.self).map { shortest(Double(bitPattern: $0)) }
    case .AT:
      let halves = integers(UInt16.self)
      return stride(from: 0, to: halves.count - 1, by: 2).map { Tag(halves[$0], halves[$0 + 1]).description }
    default: return unknown(bytes)
    }
  }

  /// `2.0` → `2`: a whole number needs no fraction.
  private static func shortest(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// UN, OB and the like: text where it is nothing but printable ASCII, else bytes in hexadecimal.
  private static func unknown(_ bytes: [UInt8]) -> [String] {
    let text = trimmed(String(decoding: bytes, as: UTF8.self))
    let isPrintable = !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    if isPrintable { return [text] }
    return bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }
  }
}

extension SpecificCharacterSet {
  /// Values that know no character set are ASCII; bytes above are shown as Latin-1 or UTF-8 would be.
  func decodeASCII(_ bytes: ArraySlice<UInt8>) -> String { Self.undeclared.decode(bytes) }
}
