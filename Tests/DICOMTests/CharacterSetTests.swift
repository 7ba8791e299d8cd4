import DICOM
import Testing

/// The examples of PS3.5 Annexes H to K, and what real files do to them.
@Suite struct CharacterSetTests {
  private func bytes(_ hex: String) -> [UInt8] {
    hex.split(separator: " ").compactMap { UInt8($0, radix: 16) }
  }

  private func decode(_ set: String, _ hex: String) -> String {
    SpecificCharacterSet(set).decode(bytes(hex))
  }

  @Test func japanese() {
    // H.3.1: Yamada Tarou, alphabetic, ideographic and phonetic.
    let name =
      "59 61 6D 61 64 61 5E 54 61 72 6F 75 3D 1B 24 42 3B 33 45 44 1B 28 42 5E 1B 24 42 42 40 4F 3A 1B 28 42 3D "
      + "1B 24 42 24 64 24 5E 24 40 1B 28 42 5E 1B 24 42 24 3F 24 6D 24 26 1B 28 42"
    #expect(decode("\\ISO 2022 IR 87", name) == "Yamada^Tarou=山田^太郎=やまだ^たろう")
    // H.3.2: half-width katakana first.
    let katakana =
      "D4 CF C0 DE 5E C0 DB B3 3D 1B 24 42 3B 33 45 44 1B 28 4A 5E 1B 24 42 42 40 4F 3A 1B 28 4A 3D "
      + "1B 24 42 24 64 24 5E 24 40 1B 28 4A 5E 1B 24 42 24 3F 24 6D 24 26 1B 28 4A"
    #expect(decode("ISO 2022 IR 13\\ISO 2022 IR 87", katakana) == "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")
  }

  @Test func korean() {
    // I.2.
    let name =
      "48 6F 6E 67 5E 47 69 6C 64 6F 6E 67 3D 1B 24 29 43 FB F3 5E 1B 24 29 43 D1 CE D4 D7 3D "
      + "1B 24 29 43 C8 AB 5E 1B 24 29 43 B1 E6 B5 BF"
    #expect(decode("\\ISO 2022 IR 149", name) == "Hong^Gildong=洪^吉洞=홍^길동")
  }

  @Test func chinese() {
    // J.1 to J.4 and K.2.
    let utf8 = "57 61 6E 67 5E 58 69 61 6F 44 6F 6E 67 3D E7 8E 8B 5E E5 B0 8F E6 9D B1 3D"
    #expect(decode("ISO_IR 192", utf8) == "Wang^XiaoDong=王^小東=")
    let gb18030 = "57 61 6E 67 5E 58 69 61 6F 44 6F 6E 67 3D CD F5 5E D0 A1 B6 AB 3D"
    #expect(decode("GB18030", gb18030) == "Wang^XiaoDong=王^小东=")
    #expect(decode("GBK", gb18030) == "Wang^XiaoDong=王^小东=")
    let gb2312 =
      "5A 68 61 6E 67 5E 58 69 61 6F 44 6F 6E 67 3D 1B 24 29 41 D5 C5 5E 1B 24 29 41 D0 A1 B6 AB 3D 20"
    #expect(decode("\\ISO 2022 IR 58", gb2312) == "Zhang^XiaoDong=张^小东= ")
  }

  @Test func singleByteSets() {
    #expect(decode("ISO_IR 100", "42 75 63 5E 4A E9 72 F4 6D 65") == "Buc^Jérôme")
    #expect(decode("ISO_IR 144", "BB EE DA 63 65 DC D1 E3 E0 D3") == "Люкceмбург")
    #expect(decode("ISO_IR 126", "C4 E9 EF ED F5 F3 E9 EF F2") == "Διονυσιος")
    #expect(decode("ISO_IR 127", "E2 C8 C7 E6 EA 5E E4 E6 D2 C7 D1") == "قباني^لنزار")
    #expect(decode("ISO_IR 138", "F9 F8 E5 EF 5E E3 E1 E5 F8 E4") == "שרון^דבורה")
    #expect(decode("ISO_IR 166", "B9 D2 C1 CA A1 D8 C5") == "นามสกุล")
    #expect(decode("ISO_IR 101", "57 61 B3 EA 73 61") == "Wałęsa")
    #expect(decode("ISO_IR 148", "C7 61 76 75 FE 6F F0 6C 75") == "Çavuşoğlu")
    #expect(decode("ISO_IR 203", "A4") == "€")
  }

  @Test func escapesSwitchSingleByteSetsToo() {
    let text = "44 69 6F 1B 2D 46 E9 EF ED 5C 1B 2D 4C BB EE"
    #expect(decode("ISO 2022 IR 6\\ISO 2022 IR 126\\ISO 2022 IR 144", text) == "Dioιον\\Лю")
  }

  @Test func whatIsWrongStaysReadable() {
    // No set declared: UTF-8 where it is, else Latin-1.
    #expect(SpecificCharacterSet.undeclared.decode(Array("Müller".utf8)) == "Müller")
    #expect(decode("", "4D FC 6C 6C 65 72") == "Müller")
    #expect(decode("ISO_IR 999", "4D FC") == "Mü")
    // Misspelt terms.
    #expect(decode("ISO-IR 100", "E9") == "é")
    #expect(decode("ISO_IR_100", "E9") == "é")
    #expect(decode("UTF-8", "C3 A9") == "é")
    // Half a character, an unknown escape, an escape at the end.
    #expect(decode("GB18030", "41 CD") == "A\u{FFFD}")
    #expect(decode("\\ISO 2022 IR 87", "41 1B 24 42 3B") == "A\u{FFFD}")
    #expect(decode("\\ISO 2022 IR 87", "41 1B 5B 33 31 6D 42 1B") == "A[31mB")
    #expect(decode("ISO_IR 192", "41 FF 42") == "A\u{FFFD}B")
  }

  @Test func backslashBytesInsideCharactersAreNoSeparators() {
    // 0x5C is the second byte of many characters in GBK and JIS X 0208.
    #expect(decode("GBK", "81 5C").contains("\\") == false)
    #expect(decode("\\ISO 2022 IR 87", "1B 24 42 30 5C 1B 28 42").contains("\\") == false)
  }

  @Test func searchTextKnowsNoCaseAccentsOrWidth() {
    #expect(SearchText.normalized("Müller^Ánna ") == "MULLER^ANNA")
    #expect(SearchText.normalized("  Doe  Jane\0") == "DOE JANE")
    #expect(SearchText.normalized("Ｙａｍａｄａ　太郎") == "YAMADA 太郎")
    #expect(SearchText.normalized("e\u{301}t\u{e9}") == "ETE")
    #expect(SearchText.normalized("Łódź Straße") == "LODZ STRASSE")
    #expect(SearchText.normalized("Люксембург") == "ЛЮКСЕМБУРГ")
    // A capital that is written with marks of its own.
    #expect(SearchText.normalized("\u{390}") == "\u{399}")
  }
}
