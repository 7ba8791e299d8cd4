import Glibc
import Synchronization

/// One of the C library's character set converters, by its name there. Conversions to UTF-8 never fail:
/// what can't be read becomes U+FFFD.
enum TextDecoder {
  /// Open converters, kept since opening one loads a table.
  private struct Converters: ~Copyable {
    var open: [String: iconv_t] = [:]
  }

  // An iconv_t is a raw pointer; the mutex guards its use.
  private static let converters = Mutex<Converters>(Converters())

  static func decode(_ bytes: [UInt8], from charset: String) -> String {
    let utf8: [UInt8]? = converters.withLock { converters in
      guard let converter = descriptor(charset, in: &converters) else { return nil }
      return convert(bytes, with: converter)
    }
    // A set that the C library lacks: every byte of ASCII is still right.
    return utf8.map { String(decoding: $0, as: UTF8.self) }
      ?? String(String.UnicodeScalarView(bytes.map { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }))
  }

  private static func descriptor(_ charset: String, in converters: inout Converters) -> iconv_t? {
    if let converter = converters.open[charset] { return converter }
    guard let converter = iconv_open("UTF-8", charset), Int(bitPattern: converter) != -1 else { return nil }
    converters.open[charset] = converter
    return converter
  }

  private static func convert(_ bytes: [UInt8], with converter: iconv_t) -> [UInt8] {
    var input = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
    var result: [UInt8] = []
    iconv(converter, nil, nil, nil, nil)
    input.withUnsafeMutableBufferPointer { input in
      var next = input.baseAddress
      var left = input.count
      while left > 0 {
        let size = output.count
        let written = output.withUnsafeMutableBufferPointer { output in
          var end = output.baseAddress
          var room = size
          let status = iconv(converter, &next, &left, &end, &room)
          return (hasFailed: status == -1, count: size - room)
        }
        result += output[..<written.count].map { UInt8(bitPattern: $0) }
        if left > 0 && (written.hasFailed || written.count == 0) {
          result += [0xEF, 0xBF, 0xBD]
          next = next?.advanced(by: 1)
          left -= 1
        }
      }
    }
    return result
  }
}
