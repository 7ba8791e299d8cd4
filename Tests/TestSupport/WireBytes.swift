/// What a peer says, byte by byte, without the encoders that are under test (PS3.8 §9.3, PS3.7 Annex E).
public enum WireBytes {
  /// Context 1 is verification in implicit, 3 is CT in explicit, 5 is CT in deflated little endian.
  public static let associateRequest: [UInt8] = {
    let title = Array("FILMROOM        PEER            ".utf8)
    let fixed: [UInt8] = [0, 1, 0, 0] + title + [UInt8](repeating: 0, count: 32)
    let contexts =
      context(1, "1.2.840.10008.1.1", "1.2.840.10008.1.2")
      + context(3, ct, "1.2.840.10008.1.2.1") + context(5, ct, "1.2.840.10008.1.2.1.99")
    let user = item(0x50, item(0x51, [0, 0, 0x40, 0]))
    return pdu(1, fixed + item(0x10, "1.2.840.10008.3.1.1.1") + contexts + user)
  }()

  public static let echo = data(
    command([(0x0002, text("1.2.840.10008.1.1")), (0x0100, [0x30, 0]), (0x0110, [1, 0]), (0x0800, [1, 1])]),
    context: 1, isCommand: true)

  /// A C-STORE request with its data set, in PDUs of 16 KiB.
  public static func store(_ instance: String, _ dataSet: [UInt8], context: UInt8 = 3) -> [UInt8] {
    let command = command([
      (0x0002, text(ct)), (0x0100, [1, 0]), (0x0110, [1, 0]), (0x0700, [0, 0]), (0x0800, [0, 0]),
      (0x1000, text(instance)),
    ])
    return data(command, context: context, isCommand: true)
      + data(dataSet, context: context, isCommand: false)
  }

  /// One P-DATA-TF PDU with a single value, which is not the last.
  public static func endlessCommand(_ bytes: [UInt8]) -> [UInt8] {
    pdu(4, big(bytes.count + 2, 4) + [1, 1] + bytes)
  }

  /// The status of a response that came as one PDU; nil where there is none.
  public static func status(_ body: [UInt8]) -> UInt16? {
    var position = 6
    while position + 10 <= body.count {
      let element = UInt16(body[position + 2]) | UInt16(body[position + 3]) << 8
      if element == 0x0900 { return UInt16(body[position + 8]) | UInt16(body[position + 9]) << 8 }
      position += 8 + Int(body[position + 4]) + Int(body[position + 5]) << 8
    }
    return nil
  }

  private static let ct = "1.2.840.10008.5.1.4.1.1.2"

  private static func data(_ bytes: [UInt8], context: UInt8, isCommand: Bool) -> [UInt8] {
    let size = 16_000
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / size * 12 + 12)
    var start = 0
    repeat {
      let part = bytes[start..<min(bytes.count, start + size)]
      start += part.count
      let flags: UInt8 = (isCommand ? 1 : 0) | (start == bytes.count ? 2 : 0)
      result += pdu(4, big(part.count + 2, 4) + [context, flags] + part)
    } while start < bytes.count
    return result
  }

  private static func command(_ elements: [(element: UInt16, value: [UInt8])]) -> [UInt8] {
    elements.reduce(into: []) { bytes, part in
      bytes += [0, 0, UInt8(part.element & 0xFF), UInt8(part.element >> 8)]
      bytes += [UInt8(part.value.count), 0, 0, 0] + part.value
    }
  }

  private static func text(_ uid: String) -> [UInt8] {
    Array(uid.utf8) + (uid.utf8.count % 2 == 1 ? [0] : [])
  }

  private static func context(_ id: UInt8, _ abstractSyntax: String, _ transferSyntax: String) -> [UInt8] {
    item(0x20, [id, 0, 0, 0] + item(0x30, abstractSyntax) + item(0x40, transferSyntax))
  }

  private static func item(_ type: UInt8, _ text: String) -> [UInt8] { item(type, Array(text.utf8)) }

  private static func item(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    [type, 0] + big(content.count, 2) + content
  }

  private static func pdu(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 0] + big(body.count, 4) + body
  }

  private static func big(_ number: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number >> ((size - 1 - $0) * 8)) }
  }
}
