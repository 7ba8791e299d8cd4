import DICOM
import GRDB

/// Where a statement's columns stand. Looked up once a statement: doing it by name for every value of every row
/// costs more than reading the row.
struct RowColumns {
  let tags: [(tag: Tag, index: Int)]
  /// What a list is sorted by, where that is selected.
  let sortValue: Int?
  private let places: [String: Int]

  init(_ names: [String], _ level: ResourceLevel) {
    var places: [String: Int] = [:]
    for (index, name) in names.enumerated() where places[name] == nil { places[name] = index }
    self.places = places
    sortValue = places["sort_value"]
    tags = MainDicomTags.builtIn(level).compactMap { tag in places[tag.column].map { (tag, $0) } }
  }

  /// The place of a column that every statement of the level has.
  subscript(name: String) -> Int {
    guard let place = places[name] else { preconditionFailure("\(name) is not selected") }
    return place
  }
}
