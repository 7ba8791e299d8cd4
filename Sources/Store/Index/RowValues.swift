import DICOM
import GRDB

/// Columns of a row above instances that come from a file: whoever inserts it and whoever makes it anew write the same.
enum RowValues {
  typealias Columns = [String: (any DatabaseValueConvertible)?]

  /// The main tags of a level, and what it is sorted, found and counted by.
  static func of(_ instance: PreparedInstance, _ level: ResourceLevel) -> Columns {
    var columns = sorting(instance, level)
    columns["extra"] = extra(instance, level)
    for tag in MainDicomTags.builtIn(level) { columns[tag.column] = instance.summary.text(tag) }
    return columns
  }

  private static func sorting(_ instance: PreparedInstance, _ level: ResourceLevel) -> Columns {
    switch level {
    case .patient:
      [
        "sort_name": SearchText.normalized(instance.tag(.patientName)),
        "sort_id": SearchText.normalized(instance.tag(.patientID)),
        "sort_birth": instance.tag(.patientBirthDate),
        "search": SearchColumn.text(instance.tags(.patient), .patient),
      ]
    case .study:
      [
        "sort_date": instance.tag(.studyDate) + instance.tag(.studyTime),
        "sort_name": SearchText.normalized(instance.tag(.patientName)),
        "sort_id": SearchText.normalized(instance.tag(.patientID)),
        "sort_description": SearchText.normalized(instance.tag(.studyDescription)),
        "sort_accession": SearchText.normalized(instance.tag(.accessionNumber)),
        "search": SearchColumn.text(instance.tags(.study), .study),
      ]
    case .series:
      [
        "expected": IngestRules.expectedInstances(instance),
        "sort_number": Int(instance.tag(.seriesNumber)) ?? Int(Int32.max),
        "sort_modality": instance.tag(.modality),
        "sort_description": SearchText.normalized(instance.tag(.seriesDescription)),
        "search": SearchColumn.text(instance.tags(.series), .series),
      ]
    case .instance:
      [
        "sort_number": Int(instance.tag(.instanceNumber)) ?? Int(Int32.max),
        "index_in_series": IngestRules.indexInSeries(instance),
        "pixel_data_offset": instance.pixelDataOffset, "pixel_data_vr": instance.pixelDataVR,
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

  static func arguments(_ columns: Columns, _ names: [String]) -> StatementArguments {
    StatementArguments(names.map { columns[$0]??.databaseValue ?? .null })
  }
}
