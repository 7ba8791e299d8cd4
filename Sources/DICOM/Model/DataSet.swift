/// A data set: elements in the order of the stream, which is that of their tags in a sound one (PS3.5 §7.1).
public struct DataSet: Equatable, Sendable {
  public var elements: [DataElement]
  /// Binary values are big-endian: it was read from explicit VR big endian.
  public var isBigEndian: Bool

  public init(_ elements: [DataElement] = [], isBigEndian: Bool = false) {
    self.elements = elements
    self.isBigEndian = isBigEndian
  }

  /// The element of a tag. Setting puts it at its place; setting nil removes it.
  public subscript(tag: Tag) -> DataElement? {
    get { elements.first { $0.tag == tag } }
    set {
      elements.removeAll { $0.tag == tag }
      guard let newValue else { return }
      let place = elements.firstIndex { $0.tag > tag } ?? elements.count
      elements.insert(newValue, at: place)
    }
  }

  /// A text value without padding, all its values joined by backslashes; nil when the element is absent.
  public func text(_ tag: Tag) -> String? {
    guard let element = self[tag], case .value(let bytes) = element.content else { return nil }
    return trimmed(
      element.vr.usesCharacterSet ? characterSet.decode(bytes) : String(decoding: bytes, as: UTF8.self))
  }
}

extension Tag {
  public static let specificCharacterSet = Tag(0x0008, 0x0005)
  public static let sopClassUID = Tag(0x0008, 0x0016)
  public static let sopInstanceUID = Tag(0x0008, 0x0018)
  public static let studyDate = Tag(0x0008, 0x0020)
  public static let seriesDate = Tag(0x0008, 0x0021)
  public static let studyTime = Tag(0x0008, 0x0030)
  public static let seriesTime = Tag(0x0008, 0x0031)
  public static let accessionNumber = Tag(0x0008, 0x0050)
  public static let modality = Tag(0x0008, 0x0060)
  public static let studyDescription = Tag(0x0008, 0x1030)
  public static let seriesDescription = Tag(0x0008, 0x103E)
  public static let patientName = Tag(0x0010, 0x0010)
  public static let patientID = Tag(0x0010, 0x0020)
  public static let patientBirthDate = Tag(0x0010, 0x0030)
  public static let patientSex = Tag(0x0010, 0x0040)
  public static let studyInstanceUID = Tag(0x0020, 0x000D)
  public static let seriesInstanceUID = Tag(0x0020, 0x000E)
  public static let studyID = Tag(0x0020, 0x0010)
  public static let seriesNumber = Tag(0x0020, 0x0011)
  public static let acquisitionNumber = Tag(0x0020, 0x0012)
  public static let instanceNumber = Tag(0x0020, 0x0013)
  public static let numberOfFrames = Tag(0x0028, 0x0008)
  public static let rows = Tag(0x0028, 0x0010)
  public static let columns = Tag(0x0028, 0x0011)
  public static let pixelData = Tag(0x7FE0, 0x0010)
}
