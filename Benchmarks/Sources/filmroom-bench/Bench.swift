import ArgumentParser

/// What Filmroom does, by the clock. `Benchmarks/run` runs all of it on data of its own.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filmroom-bench", abstract: "Measures parsing, storing and listing.",
    subcommands: [Files.self, Parse.self, Disk.self, Ingest.self, List.self, Questions.self])
}

/// Seconds that something takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  return try clock.measure(body) / .seconds(1)
}

/// A figure with its unit, right-aligned behind its name.
func report(_ name: String, _ value: Double, _ unit: String) {
  let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  var scaled = value
  for _ in 0..<digits { scaled *= 10 }
  var text = String(Int(scaled.rounded()))
  while text.count <= digits { text = "0" + text }
  if digits > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -digits)) }
  let padding = String(repeating: " ", count: max(1, 44 - name.count - text.count))
  print(name + padding + text + " " + unit)
}
