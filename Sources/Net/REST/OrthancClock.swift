import Store

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Times with microseconds, as Orthanc writes those of jobs.
enum OrthancClock {
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  static func text(_ seconds: Double) -> String {
    let whole = Int64(seconds.rounded(.down))
    let digits = String(Int((seconds - Double(whole)) * 1e6))
    return OrthancDate.text(whole) + "." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
