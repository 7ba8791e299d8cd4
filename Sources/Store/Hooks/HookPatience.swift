/// How often a command that fails is tried again, and after which pauses.
public struct HookPatience: Equatable, Sendable {
  /// Tries after the first (`EventHookRetries`).
  public var retries: Int
  /// Before the first of them; each further pause is four times as long.
  public var pause: Duration

  private static let longest = Duration.seconds(300)

  public init(retries: Int = 3, pause: Duration = .seconds(1)) {
    self.retries = retries
    self.pause = pause
  }

  /// The pause after so many tries; nil when there were enough.
  func pause(afterTries tries: Int) -> Duration? {
    if tries > retries { return nil }
    var pause = pause
    for _ in 1..<tries where pause < Self.longest { pause *= 4 }
    return min(pause, Self.longest)
  }
}
