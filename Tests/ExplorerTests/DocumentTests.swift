import Foundation
import Testing

@testable import Explorer

@Suite struct DocumentTests {
  /// `FILMROOM_UPDATE=1 swift test --filter DocumentTests` writes it anew.
  @Test func keysDocumentIsUpToDate() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appendingPathComponent("docs/keys.md")
    let written = KeysDocument.markdown()
    if ProcessInfo.processInfo.environment["FILMROOM_UPDATE"] != nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try written.write(to: file, atomically: true, encoding: .utf8)
    }
    guard let kept = try? String(contentsOf: file, encoding: .utf8) else { return }
    #expect(
      kept == written,
      "docs/keys.md is not what the action table says: FILMROOM_UPDATE=1 swift test --filter DocumentTests")
  }

  @Test func everyActionIsDocumented() {
    let text = KeysDocument.markdown()
    for action in ActionTable.all {
      #expect(text.contains(action.help.replacing("|", with: "\\|")), "\(action.id)")
    }
  }
}
