import Explorer
import Store

/// The words of `filmroom repair`.
enum RepairText {
  /// What `verify` says when there are faults.
  static func hint(deep: Bool) -> String {
    let command = deep ? "filmroom repair --deep" : "filmroom repair"
    return
      "`\(command)` mends what the files allow and deletes none; with --dry-run it only says what it would do."
  }

  static func line(_ step: RepairStep, isDryRun: Bool) -> String {
    step.kind.isMended && isDryRun ? "to do: \(step)" : "\(step)"
  }

  /// A sentence for each kind of step, then how it ended.
  static func summary(
    _ counts: [RepairStep.Kind: Int], _ outcome: RepairOutcome, isDryRun: Bool
  ) -> [String] {
    var lines = RepairStep.Kind.allCases.compactMap { kind in
      counts[kind].map { sentence(kind, $0, isDryRun: isDryRun) }
    }
    let left = counts.filter { !$0.key.isMended }.values.reduce(0, +)
    let checked = NumberText.count(outcome.attachments, "attachment") + " checked"
    if counts.isEmpty {
      lines.append("\(checked): nothing is at fault.")
    } else if isDryRun {
      lines.append("Nothing was changed. Without --dry-run this is done.")
    } else {
      lines.append(
        left == 0
          ? "\(checked): nothing is at fault any more."
          : "\(checked): \(NumberText.count(left, "fault")) left, named above.")
    }
    if let report = outcome.report { lines.append("What was done is written in \(report)") }
    return lines
  }

  private static func sentence(_ kind: RepairStep.Kind, _ count: Int, isDryRun: Bool) -> String {
    func number(_ one: String, _ many: String? = nil) -> String { NumberText.count(count, one, many) }
    let list = !isDryRun && count > RepairScreen.examples ? "; the report names each" : ""
    let done = isDryRun ? "would be" : count == 1 ? "was" : "were"
    switch kind {
    case .indexReplaced: return "The index \(isDryRun ? "would be" : "was") made anew from the files."
    case .rowRemoved:
      return
        "\(number("row")) that belonged to nothing \(done) removed; what they held is kept in the report."
    case .fileAdopted: return "\(number("file")) that the index did not know \(done) taken in\(list)."
    case .fileRestored:
      return "\(number("image")) \(isDryRun ? "would get" : "got") a sound file again\(list)."
    case .fileSetAside: return "\(number("file")) \(done) moved aside; none \(done) deleted\(list)."
    case .countMended: return "\(number("counter")) \(done) set right\(list)."
    case .imageLost: return "\(number("image")) \(count == 1 ? "is" : "are") lost until imported again."
    case .imageDamaged: return "\(number("image")) \(count == 1 ? "is" : "are") damaged until imported again."
    case .notMended: return "\(number("other fault")) can't be mended."
    }
  }
}
