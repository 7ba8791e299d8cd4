import Synchronization

/// What bytes above ASCII mean in data sets that don't say, unless they are UTF-8 (Orthanc's `DefaultEncoding`).
public struct DefaultEncoding: Equatable, Sendable {
  /// Orthanc's name.
  public let name: String
  let characterSet: SpecificCharacterSet

  /// Nil for a name that Orthanc doesn't know.
  public init?(named name: String) {
    guard let characterSet = Self.sets[name] else { return nil }
    self.name = name
    self.characterSet = characterSet
  }

  /// Sorted.
  public static let names = sets.keys.sorted()

  /// The one in force.
  public static var current: DefaultEncoding {
    get { shared.withLock { $0 } }
    set { shared.withLock { $0 = newValue } }
  }

  public static let latin1 = DefaultEncoding("Latin1", .init(base: .latin1))

  private static let shared = Mutex(latin1)

  private init(_ name: String, _ characterSet: SpecificCharacterSet) {
    self.name = name
    self.characterSet = characterSet
  }

  private static let sets: [String: SpecificCharacterSet] = [
    "Ascii": .init(base: .latin1), "Utf8": .init(base: .utf8), "Latin1": .init(base: .latin1),
    "Latin2": named("ISO-8859-2"), "Latin3": named("ISO-8859-3"), "Latin4": named("ISO-8859-4"),
    "Latin5": named("ISO-8859-9"), "Cyrillic": named("ISO-8859-5"), "Windows1251": named("CP1251"),
    "Arabic": named("ISO-8859-6"), "Greek": named("ISO-8859-7"), "Hebrew": named("ISO-8859-8"),
    "Thai": named("TIS-620"), "Japanese": named("SHIFT_JIS"), "Chinese": named("GB18030"),
    "JapaneseKanji": named("EUC-JP"), "Korean": named("EUC-KR"), "SimplifiedChinese": named("GBK"),
  ]

  private static func named(_ name: String) -> SpecificCharacterSet { .init(base: .named(name)) }
}
