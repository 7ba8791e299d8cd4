import DICOM

/// Places within what lies above: a DICOMDIR wants numbers and identifiers where the files have none (PS3.3 §F.5 lets
/// whoever makes it choose them).
struct DirectoryNumbers {
  private(set) var patient = 0
  private(set) var study = 0
  private(set) var series = 0
  var instance = 0

  mutating func beginPatient() { (patient, study, series, instance) = (patient + 1, 0, 0, 0) }
  mutating func beginStudy() { (study, series, instance) = (study + 1, 0, 0) }
  mutating func beginSeries() { (series, instance) = (series + 1, 0) }
}

/// What the records of a DICOMDIR tell (PS3.3 §F.5).
enum DirectoryKeys {
  static func patient(_ tags: [Tag: String], _ numbers: DirectoryNumbers) -> [DataElement] {
    [
      element(.patientName, .PN, tags),
      element(.patientID, .LO, tags, otherwise: "UNKNOWN\(numbers.patient)"),
    ]
  }

  static func study(_ tags: [Tag: String], _ numbers: DirectoryNumbers) -> [DataElement] {
    // Nothing tells when it was: as dcmtk has it.
    let (date, time) = (tags[.seriesDate] ?? "", tags[.seriesTime] ?? "")
    return [
      element(.studyDate, .DA, tags, otherwise: date.isEmpty ? "19000101" : date),
      element(.studyTime, .TM, tags, otherwise: time.isEmpty ? "000000" : time),
      element(.accessionNumber, .SH, tags), element(.studyDescription, .LO, tags),
      element(.studyInstanceUID, .UI, tags),
      element(.studyID, .SH, tags, otherwise: String(numbers.study)),
    ]
  }

  static func series(
    _ tags: [Tag: String], _ numbers: DirectoryNumbers, isExtended: Bool
  ) -> [DataElement] {
    var keys = [element(.modality, .CS, tags, otherwise: "OT")]
    if isExtended, tags[.seriesDescription]?.isEmpty == false {
      keys.append(element(.seriesDescription, .LO, tags))
    }
    return keys + [
      element(.seriesInstanceUID, .UI, tags),
      element(.seriesNumber, .IS, tags, otherwise: String(numbers.series)),
    ]
  }

  /// - Parameter start: the first bytes of the file, which are looked into where the index does not have it all.
  static func instance(
    _ instance: ExportInstance, _ kind: DirectoryRecordKind, _ numbers: DirectoryNumbers, start: [UInt8]
  ) -> [DataElement] {
    let number = instance.number.isEmpty ? String(numbers.instance) : instance.number
    var keys = [DataElement(.instanceNumber, .IS, text: number)]
    if kind.keys.isEmpty { return keys }
    let nodes = (try? TagTree.read(size: start.count) { Array(start[$0..<min(start.count, $0 + $1)]) }) ?? []
    for key in kind.keys {
      let node = nodes.first { $0.tag == key.tag }
      if node == nil, case .ifPresent = key { continue }
      let vr = node?.vr ?? DataDictionary.entry(for: key.tag)?.vr ?? .LO
      keys.append(node.flatMap(encoded) ?? DataElement(key.tag, vr, vr == .SQ ? .items([]) : .value([])))
    }
    return keys.sorted { $0.tag < $1.tag }
  }

  /// A value as the record has it, in UTF-8. Nil for bytes that a record never has.
  private static func encoded(_ node: TagNode) -> DataElement? {
    if node.vr == .SQ {
      return DataElement(
        node.tag, .SQ,
        .items(node.items.map { DataSet($0.filter { $0.tag != .specificCharacterSet }.compactMap(encoded)) }))
    }
    if node.vr.isText { return DataElement(node.tag, node.vr, text: node.value) }
    guard node.vr == .US else { return nil }
    return DataElement(node.tag, numbers: node.value.split(separator: "\\").compactMap { UInt16($0) })
  }

  private static func element(
    _ tag: Tag, _ vr: VR, _ tags: [Tag: String], otherwise: String = ""
  ) -> DataElement {
    let text = tags[tag] ?? ""
    return DataElement(tag, vr, text: text.isEmpty ? otherwise : text)
  }
}
