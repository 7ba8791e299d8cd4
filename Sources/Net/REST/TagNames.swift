import DICOM
import Store

/// Tags as requests name them.
enum TagNames {
  /// Keywords of the tags that the index keeps: the dictionary makes its entries anew each time.
  private static let mainKeywords: [Tag: String] = {
    let tags = ResourceLevel.allCases.flatMap { MainDicomTags.builtIn($0) }
    let entries = tags.compactMap { tag in DataDictionary.entry(for: tag).map { (tag, $0.keyword) } }
    return Dictionary(entries, uniquingKeysWith: { $1 })
  }()

  /// The keyword, else the number.
  static func keyword(_ tag: Tag) -> String {
    mainKeywords[tag] ?? DataDictionary.entry(for: tag)?.keyword ?? tag.orthancDescription
  }

  /// Throws `RESTError` for a name that is none.
  ///
  /// - Parameter status: what the client gets then; a search answers 500, as Orthanc's does.
  static func tag(_ name: String, otherwise status: Int = 400) throws(RESTError) -> Tag {
    guard let tag = DataDictionary.tag(named: name) else {
      throw RESTError(.unknownDicomTag, name, status: status)
    }
    return tag
  }
}
