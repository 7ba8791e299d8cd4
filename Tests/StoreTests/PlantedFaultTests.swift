import DICOM
import Foundation
import TestSupport
import Testing

@testable import Store

/// Each kind of fault, planted while nobody has the archive: `verify` names the file or the resource, and nothing
/// that was not planted.
@Suite struct PlantedFaultTests {
  private func expectFault(
    _ planted: PlantedArchive, _ kind: Fault.Kind, _ subject: String, naming owner: String = "",
    deepOnly: Bool = false
  ) throws {
    for deep in [false, true] {
      let faults = try planted.faults(deep: deep)
      if deepOnly && !deep {
        #expect(faults == [])
        continue
      }
      #expect(faults.map(\.kind) == [kind] && faults.map(\.subject) == [subject], "\(faults)")
      #expect(faults.first?.description.contains(subject) == true)
      #expect(owner.isEmpty || faults.first?.detail.hasSuffix(owner) == true, "\(faults)")
    }
  }

  @Test func noFaultWhereNoneWasPlanted() async throws {
    let planted = try await PlantedArchive()
    #expect(try planted.faults(deep: true) == [])
  }

  @Test(arguments: PlantedArchive.numbers) func aMissingFile(number: Int) async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(number)
    try planted.remove(path)
    try expectFault(planted, .missingFile, path, naming: "instance \(PlantedArchive.id(number))")
  }

  @Test func aMissingFolderOfFiles() async throws {
    let planted = try await PlantedArchive()
    let paths = try PlantedArchive.numbers.map { try planted.path($0) }
    for folder in Set(paths.map { String($0.dropLast(40)) }) { try? planted.remove(folder) }
    let faults = try planted.faults(deep: true)
    #expect(Set(faults.map(\.kind)) == [.missingFile] && Set(faults.map(\.subject)) == Set(paths))
  }

  @Test(arguments: PlantedArchive.numbers) func aTruncatedFile(number: Int) async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(number)
    try planted.truncate(path)
    try expectFault(planted, .wrongSize, path, naming: "instance \(PlantedArchive.id(number))")
  }

  @Test func anEmptyFile() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(2)
    try planted.write([], to: path)
    try expectFault(planted, .wrongSize, path)
  }

  @Test(arguments: PlantedArchive.numbers) func oneFlippedBit(number: Int) async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(number)
    try planted.flipBit(of: path)
    try expectFault(
      planted, .wrongContent, path, naming: "instance \(PlantedArchive.id(number))", deepOnly: true)
  }

  @Test func somethingElseInAFilesPlace() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(1)
    try planted.remove(path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try expectFault(planted, .unreadableFile, path, naming: "instance \(PlantedArchive.id(1))")
  }

  @Test func aRowWithoutAFile() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(5)
    try planted.sql("DELETE FROM attachment WHERE uuid = '\(path.suffix(36))'")
    try planted.remove(path)
    try expectFault(planted, .instanceWithoutFile, "instance \(PlantedArchive.id(5))")
  }

  @Test func aFileWithoutARow() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.stray(DataSetSamples.file(instance: "9.9"))
    try expectFault(planted, .fileWithoutRow, path)
  }

  @Test func aFileInTheWrongFolder() async throws {
    let planted = try await PlantedArchive()
    let path = try planted.path(1)
    let elsewhere = "\(planted.storage)/ff/ee/\(path.suffix(36))"
    try planted.write(planted.content(path), to: elsewhere)
    try expectFault(planted, .fileWithoutRow, elsewhere)
  }

  @Test(arguments: [
    ("UPDATE patient SET studies = 7 WHERE \(PlantedArchive.key(1, .patient))", ResourceLevel.patient),
    ("UPDATE patient SET disk_size = 7 WHERE \(PlantedArchive.key(1, .patient))", .patient),
    ("UPDATE study SET series = 7 WHERE \(PlantedArchive.key(1, .study))", .study),
    ("UPDATE series SET instances = 7 WHERE \(PlantedArchive.key(1, .series))", .series),
    ("UPDATE instance SET disk_size = 7 WHERE \(PlantedArchive.key(1))", .instance),
  ]) func aWrongCount(sql: String, level: ResourceLevel) async throws {
    let planted = try await PlantedArchive()
    try planted.sql(sql)
    let subject = "\(level.name.lowercased()) \(PlantedArchive.id(1, level))"
    let faults = try planted.faults(deep: false)
    #expect(faults.map(\.kind) == [.wrongCount] && faults.map(\.subject) == [subject], "\(faults)")
    #expect(faults.first?.detail.contains(" is 7 instead of ") == true)
  }

  @Test(arguments: ["patients", "studies", "series", "instances", "disk_size", "uncompressed_size"])
  func aWrongTotal(column: String) async throws {
    let planted = try await PlantedArchive()
    try planted.sql("UPDATE totals SET \(column) = 77")
    let faults = try planted.faults(deep: false)
    #expect(faults.map(\.kind) == [.wrongCount] && faults.first?.subject == "the archive", "\(faults)")
    #expect(faults.first?.detail.hasPrefix("\(column) is 77 instead of ") == true)
  }

  @Test func aTotalsRowThatIsGone() async throws {
    let planted = try await PlantedArchive()
    try planted.sql("DELETE FROM totals")
    #expect(Set(try planted.faults(deep: false).map(\.subject)) == ["the archive"])
  }

  @Test func sidesOfNothing() async throws {
    let planted = try await PlantedArchive()
    let path = planted.storage + "/ab/cd/abcd0000-0000-4000-8000-000000000009"
    try planted.write([1, 2, 3], to: path)
    try planted.sql(
      """
      INSERT INTO label VALUES (2, 99, 'urgent'); INSERT INTO metadata VALUES (3, 98, 1024, 'x', 0);
      INSERT INTO attachment VALUES (1, 97, 1024, '\(path.suffix(36))', 1, 3, 3, NULL, NULL, 0);
      """)
    let faults = try planted.faults(deep: true)
    #expect(faults.allSatisfy { $0.kind == .rowWithoutParent })
    #expect(
      faults.map(\.subject) == [
        "attachment \(path)", "label of the study with key 99", "metadata of the series with key 98",
      ])
  }

  @Test func allOfThemTogether() async throws {
    let planted = try await PlantedArchive()
    let paths = try PlantedArchive.numbers.map { try planted.path($0) }
    try planted.remove(paths[0])
    try planted.truncate(paths[1])
    try planted.flipBit(of: paths[3])
    let stray = try planted.stray([1, 2, 3])
    try planted.sql(
      """
      UPDATE patient SET series = 9 WHERE \(PlantedArchive.key(5, .patient));
      DELETE FROM attachment WHERE uuid = '\(paths[4].suffix(36))';
      """)
    let cheap = try planted.faults(deep: false)
    #expect(cheap.filter { $0.kind == .missingFile }.map(\.subject) == [paths[0]])
    #expect(cheap.filter { $0.kind == .wrongSize }.map(\.subject) == [paths[1]])
    #expect(Set(cheap.filter { $0.kind == .fileWithoutRow }.map(\.subject)) == [paths[4], stray])
    #expect(
      cheap.filter { $0.kind == .instanceWithoutFile }.map(\.subject) == ["instance \(PlantedArchive.id(5))"])
    let counts = cheap.filter { $0.kind == .wrongCount }
    #expect(counts.map(\.subject) == ["patient \(PlantedArchive.id(5, .patient))"])
    #expect(cheap.count == 6, "\(cheap)")
    let deep = try planted.faults(deep: true)
    #expect(deep.filter { !cheap.contains($0) }.map(\.subject) == [paths[3]])
  }
}
