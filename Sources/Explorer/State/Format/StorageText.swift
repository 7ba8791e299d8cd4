import Store

/// What to say of how full the archive is.
enum StorageText {
  /// How much of the room is used, 0 to 1, and nearly all of it as a fault: there is no limit, or what goes past it
  /// is refused.
  struct Level: Equatable, Sendable {
    var share: Double
    var text: String
    var isWarning = false
  }

  /// Bytes against the limit, or against what the disk still takes; no share where neither is known.
  static func size(_ use: StorageUse, dot: String) -> Level? {
    let used = use.totals.diskSize
    if use.limits.size > 0 {
      let share = Double(used) / Double(use.limits.size)
      var level = Level(share: share, text: amount(NumberText.size(used, of: use.limits.size), share, dot))
      level.isWarning = use.limits.mode == .reject && share >= 0.9
      if let free = use.free, free < use.limits.size - used {
        level.text += dot + "only " + NumberText.size(free) + " free on the disk"
        level.isWarning = true
      }
      return level
    }
    guard let free = use.free else { return nil }
    let share = Double(used) / Double(max(1, used + max(0, free)))
    return Level(
      share: share,
      text: NumberText.size(used) + dot + NumberText.size(free) + " free on the disk" + dot + "no limit",
      isWarning: share >= 0.95)
  }

  /// Patients against the limit; nil where there is none.
  static func patients(_ use: StorageUse, dot: String) -> Level? {
    guard use.limits.patients > 0 else { return nil }
    let share = Double(use.totals.patients) / Double(use.limits.patients)
    let text = NumberText.count(use.totals.patients) + " of " + NumberText.count(use.limits.patients)
    return Level(
      share: share, text: amount(text, share, dot),
      isWarning: use.limits.mode == .reject && share >= 0.9)
  }

  private static func amount(_ text: String, _ share: Double, _ dot: String) -> String {
    text + dot + "\(Int(min(share, 99) * 100 + 1e-9)) %"
  }

  /// What happens at the limit, and who never goes.
  static func mode(_ use: StorageUse, dot: String) -> String {
    let text =
      !use.limits.isLimited
      ? "no limit is set, nobody goes"
      : use.limits.mode == .reject ? "what goes past the limit is refused" : "who is next makes room"
    if use.protectedPatients == 0 { return text }
    return text + dot + NumberText.count(use.protectedPatients)
      + " protected, never recycled (\(NumberText.size(use.protectedSize)))"
  }

  /// The largest ones, and all others as one.
  static func modalities(_ use: StorageUse, rows: Int) -> [ModalityUse] {
    if use.modalities.count <= rows { return use.modalities }
    let shown = use.modalities.prefix(max(0, rows - 1))
    var others = ModalityUse(modality: "others", series: 0, instances: 0, diskSize: 0)
    for modality in use.modalities.dropFirst(shown.count) {
      others.series += modality.series
      others.instances += modality.instances
      others.diskSize += modality.diskSize
    }
    return shown + [others]
  }
}
