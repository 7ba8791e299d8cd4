/// A record of a DICOMDIR (PS3.3 §F.3.2.2): what it is of, the file where it has one, and its keys.
public struct DirectoryRecord: Equatable, Sendable {
  /// The file that a record stands for.
  public struct File: Equatable, Sendable {
    /// Names of folders and file, from the DICOMDIR on.
    public var path: [String]
    public var sopClass: String
    public var sopInstance: String
    public var transferSyntax: String

    public init(path: [String], sopClass: String, sopInstance: String, transferSyntax: String) {
      self.path = path
      self.sopClass = sopClass
      self.sopInstance = sopInstance
      self.transferSyntax = transferSyntax
    }
  }

  public var kind: DirectoryRecordKind
  public var file: File?
  /// In ascending order of their tags, with text in UTF-8.
  public var keys: [DataElement]

  public init(_ kind: DirectoryRecordKind, file: File? = nil, keys: [DataElement]) {
    self.kind = kind
    self.file = file
    self.keys = keys
  }

  /// Both links are 0 until somebody sets them.
  var dataSet: DataSet {
    let none: [UInt8] = [0, 0, 0, 0]
    var elements = [
      DataElement(Tag(0x0004, 0x1400), .UL, bytes: none),
      // In use.
      DataElement(Tag(0x0004, 0x1410), numbers: [0xFFFF]),
      DataElement(Tag(0x0004, 0x1420), .UL, bytes: none),
      DataElement(Tag(0x0004, 0x1430), .CS, text: kind.rawValue),
    ]
    if let file {
      elements += [
        DataElement(Tag(0x0004, 0x1500), .CS, text: file.path.joined(separator: "\\")),
        DataElement(Tag(0x0004, 0x1510), .UI, text: file.sopClass),
        DataElement(Tag(0x0004, 0x1511), .UI, text: file.sopInstance),
        DataElement(Tag(0x0004, 0x1512), .UI, text: file.transferSyntax),
      ]
    }
    if keys.contains(where: Self.needsCharacterSet) {
      elements.append(DataElement(.specificCharacterSet, .CS, text: "ISO_IR 192"))
    }
    return DataSet(elements + keys)
  }

  private static func needsCharacterSet(_ element: DataElement) -> Bool {
    if case .items(let items) = element.content {
      return items.contains { $0.elements.contains(where: needsCharacterSet) }
    }
    return element.vr.usesCharacterSet && element.bytes.contains { $0 >= 0x80 }
  }
}
