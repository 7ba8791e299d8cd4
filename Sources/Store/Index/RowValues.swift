import DICOM
import GRDB

/// Columns of a row that come from a file, always in the same order: whoever inserts it and whoever makes it anew write
/// the same. What an instance has beside them is in `InstanceColumns`.
enum RowValues {
  /// The columns of a level: what it is sorted, found and counted by, and its main tags.
  static func names(_ level: ResourceLevel) -> [String] { table[level.rawValue - 1] }

  private static let table = ResourceLevel.allCases.map { level in
    own(level) + ["extra"] + MainDicomTags.builtIn(level).map(\.column)
  }

  private static func own(_ level: ResourceLevel) -> [String] {
    switch level {
    case .patient: ["sort_name", "sort_id", "sort_birth", "search"]
    case .study: ["sort_date", "sort_name", "sort_id", "sort_description", "sort_accession", "search"]
    case .series: ["expected", "sort_number", "sort_modality", "sort_description", "search"]
    case .instance: ["sort_number", "index_in_series", "pixel_data_offset", "pixel_data_vr"]
    }
  }

  /// The values of an instance's file for `names`.
  static func of(_ instance: PreparedInstance, _ level: ResourceLevel) -> [DatabaseValue] {
    var values = own(instance, level)
    values.append(extra(instance, level).databaseValue)
    for tag in MainDicomTags.builtIn(level) { values.append(instance.summary.text(tag).databaseValue) }
    return values
  }

  private static func own(_ instance: PreparedInstance, _ level: ResourceLevel) -> [DatabaseValue] {
    func sorted(_ tag: Tag) -> DatabaseValue { SearchText.normalized(instance.tag(tag)).databaseValue }
    func number(_ tag: Tag) -> DatabaseValue { (Int(instance.tag(tag)) ?? Int(Int32.max)).databaseValue }
    var search: DatabaseValue { SearchColumn.text(level) { instance.value($0) }.databaseValue }
    return switch level {
    case .patient:
      [
        sorted(.patientName), sorted(.patientID), instance.tag(.patientBirthDate).databaseValue, search,
      ]
    case .study:
      [
        (instance.tag(.studyDate) + instance.tag(.studyTime)).databaseValue, sorted(.patientName),
        sorted(.patientID), sorted(.studyDescription), sorted(.accessionNumber), search,
      ]
    case .series:
      [
        IngestRules.expectedInstances(instance).databaseValue, number(.seriesNumber),
        instance.tag(.modality).databaseValue, sorted(.seriesDescription), search,
      ]
    case .instance:
      [
        number(.instanceNumber), IngestRules.indexInSeries(instance).databaseValue,
        instance.pixelDataOffset.databaseValue, instance.pixelDataVR.databaseValue,
      ]
    }
  }

  /// The tags beyond the built-in ones, as JSON; nil where none are kept.
  static func extra(_ instance: PreparedInstance, _ level: ResourceLevel) -> String? {
    guard let extra = instance.mainTags.extra[level], !extra.isEmpty else { return nil }
    let values = extra.compactMap { tag in
      instance.summary.text(tag).map { (tag.orthancDescription, $0) }
    }
    return JSONText.object(Dictionary(uniqueKeysWithValues: values))
  }
}
