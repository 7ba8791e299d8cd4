#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where the person's clock stands against UTC.
enum LocalClock: Equatable, Sendable {
  /// The machine's time zone.
  case local
  /// So many seconds east of Greenwich.
  case fixed(Int)

  func offset(at date: Int64) -> Int {
    switch self {
    case .fixed(let seconds): return seconds
    case .local:
      var time = time_t(date)
      var parts = tm()
      return localtime_r(&time, &parts) == nil ? 0 : parts.tm_gmtoff
    }
  }
}

/// Dates and times for people.
enum TimeText {
  /// A DICOM date `20240302` (or the old `2024.03.02`) as `2024-03-02`; anything else as it is.
  static func date(_ text: String) -> String {
    let digits = Array(text.utf8.filter { (48...57).contains($0) })
    guard digits.count == 8, text.utf8.count == 8 || text.utf8.count == 10 else { return text }
    let all = String(decoding: digits, as: UTF8.self)
    return "\(all.prefix(4))-\(all.dropFirst(4).prefix(2))-\(all.suffix(2))"
  }

  /// A DICOM time `091455.120` as `09:14`.
  static func time(_ text: String) -> String {
    let digits = Array(text.prefix { $0 != "." }.utf8.filter { (48...57).contains($0) })
    guard digits.count >= 4 else { return text }
    let all = String(decoding: digits, as: UTF8.self)
    return "\(all.prefix(2)):\(all.dropFirst(2).prefix(2))"
  }

  /// `14:02`.
  static func clock(_ date: Int64, _ clock: LocalClock) -> String {
    let second = localSecondOfDay(date, clock)
    return two(second / 3600) + ":" + two(second / 60 % 60)
  }

  /// `2024-03-02 14:02:33`.
  static func full(_ date: Int64, _ clock: LocalClock) -> String {
    let second = localSecondOfDay(date, clock)
    return day(date, clock) + " " + two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60)
  }

  /// `2024-03-02`.
  static func day(_ date: Int64, _ clock: LocalClock) -> String {
    let local = date + Int64(clock.offset(at: date))
    let (year, month, day) = civil(Int(floorDivide(local, 86_400)))
    return "\(year)-\(two(month))-\(two(day))"
  }

  /// `just now`, `2 min ago`, `3 h ago`, `4 days ago`, then the day. Steps of a minute, so that a screen has
  /// nothing to repaint more often.
  static func age(of date: Int64, at now: Int64, _ clock: LocalClock) -> String {
    let minutes = (now - date) / 60
    switch minutes {
    case ..<(-1440): return day(date, clock)
    case ..<1: return "just now"
    case 1..<60: return "\(minutes) min ago"
    case 60..<1440: return "\(minutes / 60) h ago"
    case 1440..<2880: return "yesterday"
    case 2880..<14_400: return "\(minutes / 1440) days ago"
    default: return day(date, clock)
    }
  }

  /// The clock today, else the day.
  static func clockOrDay(_ date: Int64, at now: Int64, _ clock: LocalClock) -> String {
    day(date, clock) == day(now, clock) ? Self.clock(date, clock) : day(date, clock)
  }

  private static func localSecondOfDay(_ date: Int64, _ clock: LocalClock) -> Int {
    let local = date + Int64(clock.offset(at: date))
    return Int(local - floorDivide(local, 86_400) * 86_400)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
  }

  /// The calendar date of a day counted from 1970-01-01 (proleptic Gregorian, eras of 400 years).
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1
    )
  }
}
