import DICOM

/// Numbers for people, in the explorer and on the command line.
public enum NumberText {
  /// `1204` as `1,204`.
  public static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `1 study`, `1,204 studies`.
  public static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    count(number) + " " + (number == 1 ? one : many ?? one + "s")
  }

  /// `45 s`, `3 min 20 s`, `2 h 5 min`.
  public static func duration(_ seconds: Int64) -> String {
    if seconds < 60 { return "\(seconds) s" }
    return seconds < 3600
      ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }

  /// Bytes in powers of 1,000: `84 kB`, `41.2 GB`. One decimal below 10 and from MB on.
  public static func size(_ bytes: Int64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
    if bytes < 1000 { return bytes == 1 ? "1 byte" : "\(max(0, bytes)) bytes" }
    var value = Double(bytes)
    var unit = 0
    while value >= 999.5 && unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return decimal(value, wantsTenth: unit >= 2 && value < 999.5 || value < 9.95) + " " + units[unit]
  }

  /// `41.2 of 200 GB`.
  static func size(_ bytes: Int64, of all: Int64) -> String {
    let (used, all) = (size(bytes), size(all))
    let unit = String(all.drop { $0 != " " })
    return (used.hasSuffix(unit) ? String(used.dropLast(unit.count)) : used) + " of " + all
  }

  /// `2.1` for 2.13.
  static func tenths(_ value: Double) -> String { decimal(value, wantsTenth: true) }

  private static func decimal(_ value: Double, wantsTenth: Bool) -> String {
    guard wantsTenth else { return String(Int(value.rounded())) }
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? count(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
  }
}

/// `study`, `studies` …
enum LevelText {
  static func one(_ level: ResourceLevel) -> String {
    switch level {
    case .patient: "patient"
    case .study: "study"
    case .series: "series"
    case .instance: "instance"
    }
  }

  static func many(_ level: ResourceLevel) -> String {
    switch level {
    case .patient: "patients"
    case .study: "studies"
    case .series: "series"
    case .instance: "instances"
    }
  }

  static func count(_ number: Int, _ level: ResourceLevel) -> String {
    NumberText.count(number, one(level), many(level))
  }
}
