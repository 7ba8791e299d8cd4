import DICOM
import Store

/// Protecting patients, and taking edits back.
extension ExplorerState {
  mutating func protect() -> [Effect] {
    var patients: [PublicID: ResourceRow] = [:]
    for row in protectionTargets { patients[row.patient] = row }
    // Some protected and some not: then all of them become so.
    let wish = !patients.values.allSatisfy(\.isProtected)
    let changed = patients.filter { $0.value.isProtected != wish }.keys.sorted()
    guard !changed.isEmpty else { return [] }
    let names = changed.compactMap { patients[$0] }
    let who = patientNames(names)
    let isOne = changed.count == 1
    let notice =
      wish
      ? "\(who) \(isOne ? "is" : "are") protected: recycling will not remove the images"
      : "\(who) \(isOne ? "is" : "are") no longer protected: recycling may remove the images"
    let undo = Undo(
      notice: wish
        ? "Protection of \(who) taken back" : "\(who) \(isOne ? "is" : "are") protected as before",
      edits: [.protect(!wish, patients: changed)])
    return [.perform([.protect(wish, patients: changed)], Completion(notice: notice, undo: undo))]
  }

  /// Whose patients it is about.
  var protectionTargets: [ResourceRow] { list?.targets ?? [storage.current].compactMap { $0 } }

  private func patientNames(_ rows: [ResourceRow]) -> String {
    guard rows.count == 1, let row = rows.first else { return NumberText.count(rows.count, "patient") }
    if row.text(ShownTag.patientName).isEmpty {
      for case .list(let list) in stack {
        if let parent = list.parent, !parent.text(ShownTag.patientName).isEmpty { return parent.patientName }
      }
      let name = detail?.ancestors.first { $0.id == row.patient }?.patientName
      return name ?? "The patient"
    }
    return row.patientName
  }

  mutating func undoLast() -> [Effect] {
    guard let last = undo.popLast() else { return [] }
    return [.perform(last.edits, Completion(notice: last.notice, undo: nil))]
  }
}
