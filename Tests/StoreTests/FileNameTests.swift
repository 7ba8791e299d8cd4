import Testing

@testable import Store

@Suite struct FileNameTests {
  @Test func namesAreDifferentAndThoseTogetherShareAFolder() async {
    let names = FileNames()
    let made = (0..<600).map { _ in names.next() }
    #expect(Set(made).count == 600)
    for name in made {
      #expect(UUIDText.isValid(name))
      let characters = Array(name)
      #expect(characters[14] == "4" && "89ab".contains(characters[19]), "\(name)")
    }
    let folders = made.map { $0.prefix(4) }
    #expect(Set(folders[..<256]).count == 1 && Set(folders[256..<512]).count == 1)
    #expect(Set(folders).count <= 3)
    // Nor do they meet when many are asked for at once.
    let others = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { (0..<200).map { _ in names.next() } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(made + others).count == 2200)
  }

  @Test func numbersAreWrittenAsTheyAre() {
    #expect(
      UUIDText.make(folder: 0xABCD, high: 0xFFFF_0123_4567_89AB, low: 0xFEDC_BA98_7654_3210)
        == "abcd0123-4567-49ab-bedc-ba9876543210")
    #expect(UUIDText.make(folder: 0, high: 0, low: 0) == "00000000-0000-4000-8000-000000000000")
  }
}
