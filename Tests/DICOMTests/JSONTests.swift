import Testing

@testable import DICOM

/// JSON as it is written and read (RFC 8259).
struct JSONTests {
  @Test(arguments: [
    ("", "\"\""), ("Müller^山田", "\"Müller^山田\""), ("a\"b\\c", #""a\"b\\c""#),
    ("\n\r\t", #""\n\r\t""#), ("\0\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001f\u{7F}\""),
    ("ü\n\u{301}", "\"ü\\n\u{301}\""),
  ]) func aTextIsQuoted(_ text: String, _ wanted: String) throws {
    #expect(Array(JSONText.quoted(text).utf8) == Array(wanted.utf8))
    #expect(try JSONParser.parse(JSONText.quoted(text)) == .text(text))
  }

  @Test func anAnswerIsLaidOutAsOrthancs() {
    let value = JSONValue.object([
      "b": .array([.number(1), .null]), "a": .object([:]), "Z": .object(["x": .boolean(true)]),
    ])
    #expect(
      JSONWriter.text(value) == """
        {
           "Z" : 
           {
              "x" : true
           },
           "a" : {},
           "b" : 
           [
              1,
              null
           ]
        }
        """)
  }

  @Test(arguments: ["0", "-0", "104", "-2.5", "1e5", "1E-05", "0.125e+2"]) func numbersAreRead(_ text: String)
    throws
  {
    #expect(try JSONParser.parse(text) == .number(Double(text)!))
  }

  @Test(arguments: [
    "01", "-", "+1", ".5", "5.", "1e", "1e+", "0x10", "1_000", "١", "nan", "--1", "1.2.3", "1e5e5",
  ])
  func whatIsNoNumberIsRefused(_ text: String) {
    #expect(throws: (any Error).self) { try JSONParser.parse(text) }
  }
}
