import DICOM
import TestSupport
import Testing

@testable import Store

/// Lists against a plain reading of what they promise: every order, every selector, every window.
@Suite struct ListTests {
  private static let names = ["DOE^JANE", "Müller^Änne", "doe^john", "山田^太郎", "", "O'Neill^Pat"]

  /// Six patients with one to three studies of different modalities; some values are the same, some missing.
  private func filled(_ folder: TemporaryFolder) async throws -> Archive {
    let archive = try makeArchive(folder)
    for (person, name) in Self.names.enumerated() {
      for study in 0...person % 3 {
        for number in 1...(1 + (person + study) % 4) {
          let series = 1 + number % 2
          try await archive.add(
            DataSetSamples.file(
              patientID: "P\(person)", patientName: name, study: "1.\(person).\(study)",
              series: "1.\(person).\(study).\(series)", instance: "1.\(person).\(study).\(series).\(number)",
              modality: series == 1 ? "CT" : "PR", number: 100 - number,
              description: ["Chest", "Müller's knee", ""][study], date: ["20240302", "20231231", ""][study],
              pixels: 2 * (1 + person * study + number),
              extra: [
                DataElement(.patientBirthDate, .DA, text: "19\(90 - person / 2)0101"),
                DataElement(.accessionNumber, .SH, text: person == 1 ? "" : "A\(9 - person)\(study)"),
                DataElement(.seriesNumber, .IS, text: series == 1 ? "10" : "9"),
                DataElement(.seriesDate, .DA, text: "20240303"),
              ]))
        }
      }
    }
    return archive
  }

  /// A row's value of a sort key, from what the row itself shows.
  private func value(_ row: ResourceRow, _ key: SortKey) -> ListCursor.Value {
    func text(_ tag: Tag) -> ListCursor.Value { .text(SearchText.normalized(row.tags[tag] ?? "")) }
    return switch key {
    case .patientName: text(.patientName)
    case .patientID: text(.patientID)
    case .birthDate: .text(row.tags[.patientBirthDate] ?? "")
    case .studyDate: .text((row.tags[.studyDate] ?? "") + (row.tags[.studyTime] ?? ""))
    case .modality: .text(row.modalities.joined(separator: "\\"))
    case .description: text(row.level == .study ? .studyDescription : .seriesDescription)
    case .accessionNumber: text(.accessionNumber)
    case .number: .number(Int64(row.tags[row.level == .series ? .seriesNumber : .instanceNumber] ?? "") ?? -1)
    case .instances: .number(Int64(row.instances))
    case .diskSize: .number(row.diskSize)
    case .lastUpdate: .number(row.lastUpdate)
    }
  }

  private func isBefore(_ left: ListCursor, _ right: ListCursor) -> Bool {
    switch (left.value, right.value) {
    case (.text(let a), .text(let b)) where a != b: a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.number(let a), .number(let b)) where a != b: a < b
    default: left.key < right.key
    }
  }

  @Test(arguments: ResourceLevel.allCases) func everyOrderHolds(level: ResourceLevel) async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let total = try await archive.rows(level).count
    for key in SortKey.keys(for: level) {
      for isDescending in [false, true] {
        let query = ListQuery(level: level, sort: key, isDescending: isDescending)
        let all = try await archive.window(query, anchor: .start, limit: 1000)
        #expect(all.total == total && all.rows.count == total && all.firstIndex == 0)
        for (row, next) in zip(all.rows, all.rows.dropFirst()) {
          #expect(
            isDescending ? isBefore(next.cursor, row.cursor) : isBefore(row.cursor, next.cursor),
            "\(level) by \(key), descending \(isDescending)")
        }
        for row in all.rows {
          #expect(row.cursor.value == value(row, key), "\(level) by \(key)")
        }
        try await checkWindows(archive, query, all.rows)
      }
    }
    archive.close()
  }

  /// Windows of every size around every row show the right part, and are full where the list is long enough.
  private func checkWindows(_ archive: Archive, _ query: ListQuery, _ all: [ResourceRow]) async throws {
    for limit in [1, 4, 7, all.count, all.count + 3] {
      let size = min(limit, all.count)
      for (index, row) in all.enumerated() {
        for anchor in [WindowAnchor.around(row.cursor), .aroundResource(row.id)] {
          let window = try await archive.window(query, anchor: anchor, limit: limit)
          let first = window.firstIndex
          #expect(window.rows.count == size && window.total == all.count)
          #expect(first <= index && index < first + size, "row \(index), limit \(limit): from \(first)")
          #expect(window.rows.map(\.id) == all[first..<first + window.rows.count].map(\.id))
        }
      }
      for (start, way) in [(0, 3), (0, all.count + 5), (all.count - 1, -2), (all.count / 2, -all.count)]
      where !all.isEmpty {
        let anchor = WindowAnchor.beyond(all[start].cursor, rows: way)
        let window = try await archive.window(query, anchor: anchor, limit: limit)
        let index = max(0, min(start + way, all.count - 1))
        let first = window.firstIndex
        #expect(window.rows.count == size && first <= index && index < first + size, "\(way) from \(start)")
        #expect(window.rows.map(\.id) == all[first..<first + window.rows.count].map(\.id))
      }
      let end = try await archive.window(query, anchor: .end, limit: limit)
      #expect(end.rows.map(\.id) == all.suffix(size).map(\.id) && end.firstIndex == all.count - size)
    }
  }

  @Test func aWindowAroundARowThatWentStaysInPlace() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    let query = ListQuery(level: .study, sort: .patientName)
    let all = try await archive.window(query, anchor: .start, limit: 1000).rows
    let gone = all[4]
    _ = try await archive.delete([gone.reference])
    let window = try await archive.window(query, anchor: .around(gone.cursor), limit: 4)
    #expect(window.rows.map(\.id) == [all[2], all[3], all[5], all[6]].map(\.id))
    let unknown = try await archive.window(query, anchor: .aroundResource(gone.id), limit: 2)
    #expect(unknown.firstIndex == 0 && unknown.rows.map(\.id) == all[0...1].map(\.id))
    archive.close()
  }

  @Test func placesAreRightAfterEveryWrite() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    for filter in ["", "p"] {
      let query = ListQuery(level: .study, sort: .patientName, filter: ListFilter(parsing: filter))
      var all = try await archive.window(query, anchor: .start, limit: 1000).rows
      let last = all[all.count - 3]
      for _ in 0..<2 {
        let window = try await archive.window(query, anchor: .around(last.cursor), limit: 4)
        #expect(window.total == all.count && window.rows.map(\.id) == all.suffix(5).prefix(4).map(\.id))
        #expect(window.firstIndex == all.count - 5)
        // Goes from before the window, so that every place moves.
        _ = try await archive.delete([all.removeFirst().reference])
      }
    }
    archive.close()
  }

  @Test func aWindowCostsTheSameStatementsWhereverItStands() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    for filter in ["", "p"] {
      let query = ListQuery(level: .study, filter: ListFilter(parsing: filter))
      let all = try await archive.window(query, anchor: .start, limit: 1000).rows
      let middle = WindowAnchor.around(all[all.count / 2].cursor)
      let first = try archive.statements(query, middle, known: nil)
      #expect(first.sql.count <= (filter.isEmpty ? 4 : 3))
      // A place that is known is not counted again, the total neither.
      let second = try archive.statements(query, middle, known: first.known)
      #expect(second.sql.count == 2)
      #expect(!second.sql.contains { $0.contains("count(*)") })
      for anchor in [WindowAnchor.start, .end] {
        #expect(try archive.statements(query, anchor, known: first.known).sql.count == 1)
      }
    }
    archive.close()
  }

  @Test func nothingIsRememberedWhileSomethingIsWritten() {
    let positions = ListPositions()
    let query = ListQuery(level: .study)
    let known = ListPositions.Known(total: 9, cursor: ListCursor(value: .number(1), key: 1), index: 4)
    let before = positions.state
    positions.note(known, of: query, in: before)
    #expect(positions.known(of: query, in: before) == known)
    #expect(positions.known(of: ListQuery(level: .patient), in: before) == nil)
    positions.writeBegins()
    #expect(positions.known(of: query, in: positions.state) == nil)
    positions.note(known, of: query, in: before)
    positions.writeEnds()
    #expect(positions.known(of: query, in: positions.state) == nil)
  }

  struct FilterCase: Sendable, CustomTestStringConvertible {
    var level: ResourceLevel
    var line: String
    var matches: @Sendable (ResourceRow) -> Bool
    var testDescription: String { "\(level) \(line)" }

    init(_ level: ResourceLevel, _ line: String, _ matches: @escaping @Sendable (ResourceRow) -> Bool) {
      (self.level, self.line, self.matches) = (level, line, matches)
    }
  }

  private static func id(_ row: ResourceRow) -> String { row.tags[.patientID] ?? "" }
  private static func date(_ row: ResourceRow) -> String { row.tags[.studyDate] ?? "" }

  static let cases: [FilterCase] = [
    FilterCase(.study, "muller") { id($0) == "P1" || ($0.tags[.studyDescription] ?? "").hasPrefix("Mü") },
    FilterCase(.study, "doe") { ["P0", "P2"].contains(id($0)) },
    FilterCase(.study, "doe chest") {
      ["P0", "P2"].contains(id($0)) && $0.tags[.studyDescription] == "Chest"
    },
    FilterCase(.study, "doe -chest") { id($0) == "P2" && $0.tags[.studyDescription] != "Chest" },
    FilterCase(.study, "山田") { id($0) == "P3" },
    FilterCase(.study, "田") { id($0) == "P3" },
    FilterCase(.study, "\"müller's knee\"") { $0.tags[.studyDescription] == "Müller's knee" },
    FilterCase(.study, "mod:CT") { $0.modalities.contains("CT") },
    FilterCase(.study, "mod:ct") { $0.modalities.contains("CT") },
    FilterCase(.study, "-mod:CT") { !$0.modalities.contains("CT") },
    FilterCase(.study, "date:2024") { date($0).hasPrefix("2024") },
    FilterCase(.study, "date:2024-03-02") { date($0) == "20240302" },
    FilterCase(.study, "date:20231231-20240301") { date($0) == "20231231" },
    FilterCase(.study, "date:20240101-") { date($0) >= "20240101" },
    FilterCase(.study, "date:-20240101") { date($0) <= "20240101" && !date($0).isEmpty },
    FilterCase(.study, "date:2023-12-31-2024-03-01") { date($0) == "20231231" },
    FilterCase(.study, "doe - chest") {
      ["P0", "P2"].contains(id($0)) && $0.tags[.studyDescription] == "Chest"
    },
    FilterCase(.study, "-date:2024") { !date($0).hasPrefix("2024") },
    FilterCase(.study, "id:p1") { id($0) == "P1" },
    FilterCase(.study, "label:urg") { $0.labels.contains("urgent") },
    FilterCase(.study, "-label:urgent") { !$0.labels.contains("urgent") },
    FilterCase(.study, "protected:yes") { $0.isProtected },
    FilterCase(.study, "protected:no") { !$0.isProtected },
    FilterCase(.study, "aet:ct") { $0.remoteAET == "CT1" },
    FilterCase(.study, "100%") { _ in false },
    FilterCase(.study, "nobody") { _ in false },
    FilterCase(.patient, "muller") { id($0) == "P1" },
    FilterCase(.patient, "-doe") { !["P0", "P2"].contains(id($0)) },
    FilterCase(.patient, "mod:PR") { $0.modalities.contains("PR") },
    FilterCase(.patient, "id:5") { id($0) == "P5" },
    FilterCase(.patient, "date:2023") { $0.studies > 1 },
    FilterCase(.patient, "protected:yes") { $0.isProtected },
    FilterCase(.patient, "aet:CT1") { $0.remoteAET == "CT1" },
    FilterCase(.series, "mod:CT") { $0.modalities == ["CT"] },
    FilterCase(.series, "-mod:CT") { $0.modalities != ["CT"] },
    FilterCase(.series, "date:20240303") { _ in true },
    FilterCase(.series, "id:P3") { $0.tags[.seriesInstanceUID]?.hasPrefix("1.3.") == true },
    FilterCase(.instance, "mod:CT") { $0.tags[.sopInstanceUID]?.split(separator: ".")[3] == "1" },
    FilterCase(.instance, "id:P3") { $0.tags[.sopInstanceUID]?.hasPrefix("1.3.") == true },
    FilterCase(.instance, "98") { $0.tags[.instanceNumber] == "98" },
    FilterCase(.instance, "date:2023") { $0.tags[.sopInstanceUID]?.split(separator: ".")[2] == "1" },
  ]

  @Test(arguments: cases) func filtersFindWhatTheySay(filter: FilterCase) async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    _ = try await archive.store(
      DataSetSamples.file(
        patientID: "P9", patientName: "ONE^CT", study: "1.9.0", series: "1.9.0.1", instance: "1.9.0.1.1",
        date: "20250101", extra: [DataElement(.seriesDate, .DA, text: "20240303")]),
      origin: InstanceOrigin(.dicomProtocol, remoteAET: "CT1"))
    let some = try await archive.rows(.study).prefix(3)
    try await archive.editLabels(adding: ["urgent"], removing: [], on: some.map(\.reference))
    try await archive.setProtected(true, patients: [some[0].patient])
    let all = try await archive.rows(filter.level)
    let query = ListQuery(level: filter.level, filter: ListFilter(parsing: filter.line))
    let found = try await archive.window(query, anchor: .start, limit: 1000)
    #expect(found.rows.map(\.id) == all.filter(filter.matches).map(\.id))
    #expect(found.total == found.rows.count)
    try await checkWindows(archive, query, found.rows)
    archive.close()
  }

  @Test func listsBelowAResourceHoldOnlyWhatIsBelow() async throws {
    let folder = try TemporaryFolder()
    let archive = try await filled(folder)
    for patient in try await archive.rows(.patient) {
      let studies = try await archive.rows(.study, parent: patient.reference)
      #expect(studies.count == patient.studies && studies.allSatisfy { $0.patient == patient.id })
      #expect(try await archive.rows(.instance, parent: patient.reference).count == patient.instances)
      for study in studies {
        let series = try await archive.rows(.series, parent: study.reference)
        #expect(series.count == study.series && series.allSatisfy { $0.parent == study.id })
      }
    }
    let study = try #require(try await archive.rows(.study).first)
    let error = await #expect(throws: StoreError.self) {
      try await archive.rows(.patient, parent: study.reference)
    }
    #expect(error?.code == .badValue)
    archive.close()
  }

  @Test func filtersThatCantBeMeantAreTold() {
    for line in ["date:foo", "date:-", "protected:maybe", "xx:foo", "-label:a datum:2024"] {
      #expect(ListFilter.problem(in: line) != nil, "\(line)")
    }
    for line in ["", "-", "doe date:2024", "date:20240301-", "protected:no", "label:", "1.2:3", "x:y"] {
      #expect(ListFilter.problem(in: line) == nil, "\(line)")
    }
  }
}

extension Archive {
  /// Reads a window and tells which statements that took.
  fileprivate func statements(
    _ query: ListQuery, _ anchor: WindowAnchor, known: ListPositions.Known?
  ) throws -> (sql: [String], known: ListPositions.Known) {
    try index.pool.read { db in
      var sql: [String] = []
      let list = try ListOperations(db, query)
      db.trace { sql.append("\($0)") }
      defer { db.trace(options: []) }
      let answer = try list.window(db, anchor: anchor, limit: 4, known: known)
      return (sql, answer.known)
    }
  }
}
