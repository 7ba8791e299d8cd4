import DICOM
import Store
import TestSupport
import Testing

@testable import Explorer

/// Row 38 of the list of bad input: text that means harm, decoded as the archive does it, on every screen.
@Suite struct HostileScreenTests {
  private static let texts = HostileTexts.all.map { text in
    ValueText.render(
      text.bytes[...], vr: .PN, characterSet: SpecificCharacterSet(text.characterSet), isBigEndian: false,
      limit: 1000)
  }

  private func expectHarmless(
    _ story: Story, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let scalars = story.screen.cells.flatMap { [$0.scalar, $0.firstMark, $0.secondMark] }
    let dangerous = scalars.filter { $0 != 0 && HostileTexts.isDangerous($0) }
    #expect(
      dangerous.isEmpty, "\(what): \(dangerous.map { String($0, radix: 16) })", sourceLocation: sourceLocation
    )
  }

  @Test func row38NoScreenShowsAnythingDangerous() async {
    let story = await Story(width: 160, height: 50, studies: 0)
    for (number, text) in Self.texts.enumerated() {
      let person = Synthetic.Person(name: text, id: "\(number) \(text)", born: text, sex: text)
      let study = Synthetic.study(
        number, of: person, kind: (text, text), date: text, received: 0, labels: [text])
      let series = Synthetic.series(1, of: study, received: 0)
      story.archive.add([
        Synthetic.patient(person, studies: 1, key: Int64(number), received: 0, isProtected: false), study,
        series, Synthetic.instance(1, of: series, received: 0),
      ])
    }
    story.archive.content.withLock { content in
      content.tags = Self.texts.map { text in
        TagNode(
          tag: .patientName, vr: .PN, name: "Patient's Name", privateCreator: text, value: text, length: 8,
          offset: 300, valueRange: 72..<80)
      }
    }
    await story.act(.refresh)
    #expect(story.text.contains("<script>"))
    expectHarmless(story, "studies")
    for keys in [
      [Key.character("2")], [.character("1")], [.character("l")], [.escape], [.character("d")], [.escape],
    ] {
      for key in keys { await story.press(key) }
      expectHarmless(story, "\(keys)")
    }
    for level in 1...3 {
      await story.press(.enter)
      expectHarmless(story, "level \(level)")
    }
    await story.press(.character("z"))
    expectHarmless(story, "tags")
  }

  /// What leaves the screen as text, like the terminal's title, is as harmless.
  @Test func row38NoTextThatLeavesTheScreenIsDangerous() {
    for text in Self.texts {
      let shown = VisibleText.string(text)
      #expect(!shown.unicodeScalars.contains { HostileTexts.isDangerous($0.value) })
    }
    // Control characters are not left out, but seen: somebody tampered.
    #expect(VisibleText.string(Self.texts[0]).contains("evil␇"))
  }
}
