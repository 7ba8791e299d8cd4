import Glibc

/// Times as ZIP has them: local, every second second, from 1980 to 2107.
struct ZipTime: Equatable {
  var time: UInt16
  var date: UInt16

  /// - Parameter seconds: since 1970, UTC.
  init(_ seconds: Int64) {
    var (clock, parts) = (time_t(seconds), tm())
    localtime_r(&clock, &parts)
    let year = Int(parts.tm_year) - 80
    guard (0...127).contains(year) else {
      (time, date) = (0, year < 0 ? 0x0021 : 0xFF9F)
      return
    }
    time = UInt16(parts.tm_hour) << 11 | UInt16(parts.tm_min) << 5 | UInt16(min(parts.tm_sec, 59) / 2)
    date = UInt16(year) << 9 | UInt16(parts.tm_mon + 1) << 5 | UInt16(parts.tm_mday)
  }
}
