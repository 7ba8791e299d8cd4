import Glibc
import Testing

/// Waits for a condition; records a failure and gives up after some seconds.
@discardableResult
func waitUntil(
  _ what: String, seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () -> Bool
) -> Bool {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(seconds)
  while !condition() {
    if clock.now > deadline {
      Issue.record("not within \(seconds) s: \(what)", sourceLocation: sourceLocation)
      return false
    }
    usleep(2000)
  }
  return true
}
