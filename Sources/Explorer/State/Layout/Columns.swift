import DICOM
import Store

/// A column of a list.
struct Column: Equatable, Sendable {
  enum Content: Sendable {
    case patientName, patientID, birthDate, sex, studyDate, modality, description, accessionNumber
    case studies, series, instances, size, received, labels
    case number, bodyPart, expectedInstances, seriesState, station
    case position, frames, transferSyntax
  }

  var content: Content
  var title: String
  var sort: SortKey?
  var minimum: Int
  var ideal: Int
  /// Grows up to here when there is room left.
  var maximum: Int
  var isRightAligned = false
  /// 0 stays; else the highest goes first when not even the minima fit.
  var dropRank = 0
  /// The lowest gets its ideal width first.
  var growRank = 0
}

/// A column with its place.
struct PlacedColumn: Equatable, Sendable {
  var column: Column
  var x: Int
  var width: Int
}

/// Which columns a list has, and how wide they are.
enum ColumnLayout {
  /// Columns for marks in front: a mark, protection or fault, a space.
  static let gutter = 3
  static let gap = 2

  static func place(_ level: ResourceLevel, width: Int) -> [PlacedColumn] {
    var columns = all(level)
    while total(columns, \.minimum) > width, let index = mostDroppable(columns) { columns.remove(at: index) }
    var widths = columns.map(\.minimum)
    var rest = width - total(columns, \.minimum)
    for limit in [\Column.ideal, \Column.maximum] {
      let order = columns.indices.sorted { (columns[$0].growRank, $0) < (columns[$1].growRank, $1) }
      for index in order where rest > 0 {
        let more = min(rest, max(0, columns[index][keyPath: limit] - widths[index]))
        widths[index] += more
        rest -= more
      }
    }
    var x = gutter
    return zip(columns, widths).map { column, width in
      defer { x += width + gap }
      return PlacedColumn(column: column, x: x, width: width)
    }
  }

  private static func total(_ columns: [Column], _ width: KeyPath<Column, Int>) -> Int {
    gutter + columns.reduce(0) { $0 + $1[keyPath: width] } + gap * max(0, columns.count - 1)
  }

  private static func mostDroppable(_ columns: [Column]) -> Int? {
    columns.indices.filter { columns[$0].dropRank > 0 }.max { columns[$0].dropRank < columns[$1].dropRank }
  }

  static func all(_ level: ResourceLevel) -> [Column] {
    switch level {
    case .patient: patientColumns
    case .study: studyColumns
    case .series: seriesColumns
    case .instance: instanceColumns
    }
  }

  private static let patientColumns = [
    Column(.patientName, "PATIENT", .patientName, 20, 26, 44, grow: 1),
    Column(.patientID, "ID", .patientID, 8, 12, 18, grow: 3),
    Column(.birthDate, "BORN", .birthDate, 10, 10, 10),
    Column(.sex, "SEX", nil, 3, 3, 3, drop: 3),
    Column(.studies, "STU", nil, 3, 4, 5, right: true),
    Column(.series, "SER", nil, 3, 4, 5, right: true, drop: 4),
    Column(.instances, "INST", .instances, 6, 7, 9, right: true),
    Column(.size, "SIZE", .diskSize, 9, 9, 9, right: true, drop: 1),
    Column(.labels, "LABELS", nil, 10, 14, 40, drop: 5, grow: 4),
    Column(.received, "RECEIVED", .lastUpdate, 10, 10, 10, drop: 2),
  ]

  private static let studyColumns = [
    Column(.patientName, "PATIENT", .patientName, 21, 22, 34, grow: 1),
    Column(.patientID, "ID", .patientID, 7, 9, 14, grow: 3),
    Column(.studyDate, "DATE", .studyDate, 10, 10, 10),
    Column(.modality, "MOD", .modality, 5, 5, 8, grow: 5),
    Column(.description, "DESCRIPTION", .description, 13, 24, 60, grow: 2),
    Column(.series, "SER", nil, 3, 4, 5, right: true, drop: 1, grow: 6),
    Column(.instances, "INST", .instances, 5, 6, 7, right: true, grow: 6),
    Column(.labels, "LABELS", nil, 12, 16, 30, drop: 2, grow: 4),
    Column(.accessionNumber, "ACCESSION", .accessionNumber, 11, 11, 16, drop: 4, grow: 7),
    Column(.received, "RECEIVED", .lastUpdate, 10, 10, 10, drop: 3),
  ]

  private static let seriesColumns = [
    Column(.number, "NO", .number, 4, 5, 6, right: true),
    Column(.modality, "MOD", .modality, 4, 5, 5),
    Column(.bodyPart, "BODY PART", nil, 9, 10, 16, drop: 2, grow: 4),
    Column(.description, "DESCRIPTION", .description, 18, 30, 64, grow: 1),
    Column(.expectedInstances, "INST", .instances, 7, 9, 11, right: true),
    Column(.seriesState, "STATE", nil, 12, 12, 12),
    Column(.station, "STATION", nil, 8, 12, 16, drop: 3, grow: 3),
    Column(.labels, "LABELS", nil, 10, 16, 30, drop: 1, grow: 2),
    Column(.size, "SIZE", .diskSize, 9, 9, 9, right: true, drop: 4),
    Column(.received, "RECEIVED", .lastUpdate, 10, 10, 10, drop: 5),
  ]

  private static let instanceColumns = [
    Column(.number, "NO", .number, 6, 7, 8, right: true),
    Column(.position, "POSITION", nil, 22, 26, 32, grow: 1),
    Column(.frames, "FRAMES", nil, 6, 6, 6, right: true),
    Column(.transferSyntax, "TRANSFER SYNTAX", nil, 15, 20, 28, grow: 2),
    Column(.size, "SIZE", .diskSize, 9, 9, 9, right: true),
    Column(.received, "RECEIVED", .lastUpdate, 10, 10, 10, drop: 2),
    Column(.labels, "LABELS", nil, 8, 16, 40, drop: 1, grow: 3),
  ]
}

extension Column {
  fileprivate init(
    _ content: Content, _ title: String, _ sort: SortKey?, _ minimum: Int, _ ideal: Int, _ maximum: Int,
    right: Bool = false, drop: Int = 0, grow: Int = 0
  ) {
    self.init(
      content: content, title: title, sort: sort, minimum: minimum, ideal: ideal, maximum: maximum,
      isRightAligned: right, dropRank: drop, growRank: grow)
  }
}

/// What stands in a column.
struct CellFormatter: Sendable {
  var now: Int64
  var clock: LocalClock
  var glyphs: Glyphs

  func text(_ content: Column.Content, _ row: ResourceRow) -> String {
    switch content {
    case .patientName: return row.patientName
    case .patientID: return row.text(ShownTag.patientID)
    case .birthDate: return TimeText.date(row.text(ShownTag.birthDate))
    case .sex: return row.text(ShownTag.sex)
    case .studyDate: return TimeText.date(row.text(ShownTag.studyDate))
    case .modality: return row.modalityText
    case .description: return row.description
    case .accessionNumber: return row.text(ShownTag.accessionNumber)
    case .studies: return NumberText.count(row.studies)
    case .series: return NumberText.count(row.series)
    case .instances: return NumberText.count(row.instances)
    case .size: return NumberText.size(row.diskSize)
    case .received: return TimeText.age(of: row.lastUpdate, at: now, clock)
    case .labels: return row.labels.joined(separator: "  ")
    case .number:
      return row.text(row.level == .instance ? ShownTag.instanceNumber : ShownTag.seriesNumber)
    case .bodyPart: return row.text(ShownTag.bodyPart)
    case .expectedInstances: return Self.amount(row)
    case .seriesState: return Self.state(row)
    case .station: return row.text(ShownTag.stationName)
    case .position: return position(row)
    case .frames: return row.text(ShownTag.numberOfFrames)
    case .transferSyntax: return TransferSyntaxText.name(row.transferSyntax ?? "")
    }
  }

  private static func amount(_ row: ResourceRow) -> String {
    guard let expected = row.expectedInstances else { return NumberText.count(row.instances) }
    return NumberText.count(row.instances) + "/" + NumberText.count(expected)
  }

  static func state(_ row: ResourceRow) -> String {
    if !row.isStable { return "arriving" }
    switch row.seriesStatus {
    case .complete: return "complete"
    case .missing: return "missing"
    case .inconsistent: return "inconsistent"
    case .unknown, nil: return "stable"
    }
  }

  private func position(_ row: ResourceRow) -> String {
    let position = row.text(ShownTag.imagePosition)
    if !position.isEmpty { return position.split(separator: "\\").joined(separator: "  ") }
    let acquisition = row.text(ShownTag.acquisitionNumber)
    return acquisition.isEmpty ? "" : "acquisition " + acquisition
  }
}

extension ResourceRow {
  /// Something is missing or wrong: two people under one PatientID, or other instances than were announced.
  var isFaulty: Bool {
    hasConflictingNames || isStable && (seriesStatus == .missing || seriesStatus == .inconsistent)
  }
}
