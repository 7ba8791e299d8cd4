/// UIDs that nobody else has.
public enum NewUID {
  /// `2.25.` and a random number of 128 bits, as a UUID gives it (PS3.5 §B.2).
  public static func text() -> String {
    // Version 4, variant 1 (RFC 9562 §5.4).
    let high = UInt64.random(in: .min ... .max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return "2.25." + String(UInt128(high) << 64 | UInt128(low))
  }
}
