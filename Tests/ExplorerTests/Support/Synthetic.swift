import DICOM
import Store

/// Studies of our own making.
enum Synthetic {
  static func id(_ parts: String...) -> PublicID { PublicID(dicomIdentifiers: parts) }

  /// The one demo study there may be.
  static let demo = ResourceReference(.study, id("DEMO", "1"))

  struct Person {
    var name: String
    var id: String
    var born: String
    var sex: String
  }

  static let people = [
    Person(name: "DOE^JANE", id: "P-0042", born: "19610412", sex: "F"),
    Person(name: "YAMADA^TARO=山田^太郎=やまだ^たろう", id: "J-1007", born: "19701102", sex: "M"),
    Person(name: "MÜLLER^ANNA", id: "M-33", born: "19880120", sex: "F"),
    Person(name: "KIM^MINJUN=金^民俊", id: "K-55", born: "20010317", sex: "M"),
    Person(name: "ROSSI^MARIA^LUISA", id: "IT-9001", born: "19550930", sex: "F"),
    Person(name: "Βασιλείου^Ελένη", id: "GR-12", born: "19791224", sex: "F"),
  ]

  static let kinds = [
    ("CT", "Chest with contrast"), ("MR", "Brain"), ("US", "Abdomen"), ("CR", "Thorax pa"),
    ("CT", "Abdomen and pelvis, three phases"), ("NM", "Bone scan"),
  ]

  static func patient(_ person: Person, studies: Int, key: Int64, received: Int64, isProtected: Bool)
    -> ResourceRow
  {
    ResourceRow(
      id: id(person.id), level: .patient, patient: id(person.id),
      tags: [
        Tag(0x0010, 0x0010): person.name, Tag(0x0010, 0x0020): person.id, Tag(0x0010, 0x0030): person.born,
        Tag(0x0010, 0x0040): person.sex,
      ], studies: studies, series: studies * 3, instances: studies * 170,
      diskSize: Int64(studies) * 90_000_000,
      isProtected: isProtected, lastUpdate: received, cursor: ListCursor(value: .none, key: key))
  }

  static func study(
    _ number: Int, of person: Person, kind: (String, String), date: String, received: Int64,
    labels: [String] = [], isProtected: Bool = false, isStable: Bool = true
  ) -> ResourceRow {
    ResourceRow(
      id: id(person.id, "study \(number)"), level: .study, parent: id(person.id), patient: id(person.id),
      tags: [
        Tag(0x0010, 0x0010): person.name, Tag(0x0010, 0x0020): person.id, Tag(0x0010, 0x0030): person.born,
        Tag(0x0010, 0x0040): person.sex, Tag(0x0008, 0x0020): date, Tag(0x0008, 0x0030): "091455",
        Tag(0x0008, 0x1030): kind.1, Tag(0x0008, 0x0050): "A\(1000 + number)",
        Tag(0x0008, 0x0080): "Hospital of the Holy Test", Tag(0x0020, 0x000D): "2.25.\(number)",
      ], series: 3, instances: 12 + number % 7 * 83, diskSize: 6_000_000 + Int64(number % 7) * 43_000_000,
      modalities: [kind.0], labels: labels, isProtected: isProtected, lastUpdate: received,
      isStable: isStable,
      remoteAET: "\(kind.0)_SCANNER_1", cursor: ListCursor(value: .none, key: Int64(number)))
  }

  static func series(_ number: Int, of study: ResourceRow, received: Int64) -> ResourceRow {
    let expected = number == 2 ? 60 : nil
    return ResourceRow(
      id: id(study.id.description, "series \(number)"), level: .series, parent: study.id,
      patient: study.patient,
      tags: [
        Tag(0x0020, 0x0011): "\(number)", Tag(0x0008, 0x0060): study.modalities.first ?? "OT",
        Tag(0x0008, 0x103E): ["Scout", "Lung 1.0", "Soft tissue 3.0"][number % 3],
        Tag(0x0018, 0x0015): "CHEST",
        Tag(0x0008, 0x1010): "STATION7",
      ], instances: 40 + number, diskSize: 20_000_000, modalities: study.modalities, lastUpdate: received,
      expectedInstances: expected, seriesStatus: expected == nil ? .unknown : .missing,
      remoteAET: study.remoteAET,
      cursor: ListCursor(value: .none, key: Int64(number)))
  }

  static func instance(_ number: Int, of series: ResourceRow, received: Int64) -> ResourceRow {
    ResourceRow(
      id: id(series.id.description, "instance \(number)"), level: .instance, parent: series.id,
      patient: series.patient,
      tags: [
        Tag(0x0020, 0x0013): "\(number)", Tag(0x0020, 0x0032): "-125.0\\-125.0\\\(number * 3).5",
        Tag(0x0028, 0x0008): "1",
      ], diskSize: 526_000, lastUpdate: received, transferSyntax: "1.2.840.10008.1.2.1",
      cursor: ListCursor(value: .none, key: Int64(number)))
  }

  static let tags: [TagNode] = [
    TagNode(
      tag: Tag(0x0008, 0x0005), vr: .CS, name: "Specific Character Set", value: "ISO_IR 100", length: 10,
      offset: 132, valueRange: 0..<10),
    TagNode(
      tag: Tag(0x0008, 0x0060), vr: .CS, name: "Modality", value: "CT", length: 2, offset: 160,
      valueRange: 16..<18),
    TagNode(
      tag: Tag(0x0008, 0x103E), vr: .LO, name: "Series Description", value: "Lung 1.0", length: 8,
      offset: 180, valueRange: 32..<40),
    TagNode(
      tag: Tag(0x0008, 0x1140), vr: .SQ, name: "Referenced Image Sequence", offset: 200,
      items: (1...3).map { number in
        [
          TagNode(
            tag: Tag(0x0008, 0x1150), vr: .UI, name: "Referenced SOP Class UID",
            value: "1.2.840.10008.5.1.4.1.1.2", length: 26, offset: 210, valueRange: 40..<66),
          TagNode(
            tag: Tag(0x0008, 0x1155), vr: .UI, name: "Referenced SOP Instance UID", value: "2.25.\(number)",
            length: 6, offset: 240, valueRange: 66..<72),
        ]
      }),
    TagNode(
      tag: Tag(0x0010, 0x0010), vr: .PN, name: "Patient's Name", value: "DOE^JANE", length: 8, offset: 300,
      valueRange: 72..<80),
    TagNode(
      tag: Tag(0x0040, 0x0275), vr: .SQ, name: "Request Attributes Sequence", offset: 320,
      items: [
        [
          TagNode(
            tag: Tag(0x0040, 0x0007), vr: .LO, name: "Scheduled Procedure Step Description",
            value: "CT CHEST", length: 8, offset: 330, valueRange: 80..<88)
        ]
      ]),
    TagNode(
      tag: Tag(0x0043, 0x0010), vr: .LO, name: "Private Creator", privateCreator: nil, value: "GEMS_PARM_01",
      length: 12, offset: 340, valueRange: 88..<100),
    TagNode(
      tag: Tag(0x0043, 0x1027), vr: .SH, name: "Scan Pitch Ratio", privateCreator: "GEMS_PARM_01",
      value: "0.984:1", length: 8, offset: 350, valueRange: 100..<108),
    TagNode(
      tag: Tag(0x7FE0, 0x0010), vr: .OW, name: "Pixel Data", length: 524_288, offset: 400,
      valueRange: 0..<524_288),
  ]

  /// Some studies of each person, the newest first by number, with series and instances below.
  static func fill(_ archive: ScriptedArchive, studies count: Int, now: Int64, deep: Int = 3) {
    var rows: [ResourceRow] = []
    for number in 0..<count {
      let person = person(number)
      let received = now - Int64(number) * 3700
      let month = 12 - number / 18 % 12
      let date = "\(2024 - number / 216)\(month < 10 ? "0" : "")\(month)\(27 - number % 18)"
      let study = study(
        number, of: person, kind: kinds[number * 5 % 6], date: date, received: received,
        labels: number % 5 == 1 ? ["research"] : number % 7 == 0 ? ["research", "urgent"] : [],
        isProtected: person.id == "J-1007", isStable: number != 0)
      rows.append(study)
      guard number < deep else { continue }
      for index in 1...3 {
        let series = series(index, of: study, received: received)
        rows.append(series)
        rows += (1...series.instances).map { instance($0, of: series, received: received) }
      }
    }
    var known: Set<String> = []
    for number in 0..<count where known.insert(person(number).id).inserted {
      rows.append(
        patient(
          person(number), studies: 2, key: Int64(number), received: now - Int64(number) * 3700,
          isProtected: number % 6 == 1))
    }
    archive.add(rows)
    archive.content.withLock { $0.tags = tags }
  }

  /// The first ones have the names above, the others made-up ones.
  static func person(_ number: Int) -> Person {
    guard number >= people.count else { return people[number] }
    let families = ["SMITH", "JONES", "GARCÍA", "NGUYỄN", "NOVÁK", "DUBOIS", "ИВАНОВА", "王"]
    let given = ["ALEX", "SAM", "ROBIN", "KIM", "LEE"]
    let half = number / 2
    return Person(
      name: "\(families[half % 8])^\(given[half % 5])", id: "X-\(10_000 + half)",
      born: "19\(10 + half % 80)0\(1 + half % 9)15", sex: half % 2 == 0 ? "F" : "M")
  }
}
