import DICOM

/// The instances of the synthetic studies, made when asked for.
enum DemoInstances {
  /// What identifies each study.
  static var studies: [(patientID: String, studyInstanceUID: String)] {
    DemoStudy.all.map { ($0.patientID, $0.uid) }
  }

  /// How many instances there are.
  static let count = 110

  /// Every instance as a file, one at a time.
  static func files() -> AnyIterator<[UInt8]> {
    let head = (0..<60).lazy.map { DemoImages.ct(slice: $0, of: 60) }
    let t1 = (0..<24).lazy.map { DemoImages.mr(slice: $0, of: 24, isT1: true) }
    let t2 = (0..<24).lazy.map { DemoImages.mr(slice: $0, of: 24, isT1: false) }
    var makers: [AnyIterator<DataSet>] = [
      AnyIterator(head.makeIterator()), AnyIterator(t1.makeIterator()), AnyIterator(t2.makeIterator()),
      AnyIterator([DemoClip.ultrasound()].makeIterator()),
      AnyIterator([DemoImages.radiograph()].makeIterator()),
    ]
    return AnyIterator {
      while let maker = makers.first {
        if let dataSet = maker.next() {
          return DataSetWriter.encodeFile(dataSet, as: .explicitLittleEndian)
        }
        makers.removeFirst()
      }
      return nil
    }
  }
}

/// A synthetic study: what all of its instances have in common.
struct DemoStudy {
  var number: Int
  var patientID: String
  var patientName: String
  var birthDate: String
  var sex: String
  var date: String
  var description: String
  var modality: String
  var sopClass: String

  /// All UIDs of the demo lie under one root, made from a random UUID.
  static let root = "2.25.117236451934801273640912837465019283746"

  var uid: String { "\(Self.root).\(number)" }

  static let ct = DemoStudy(
    number: 1, patientID: "DEMO-1", patientName: "PHANTOM^HEAD", birthDate: "19700101", sex: "O",
    date: "20240302", description: "Head phantom CT", modality: "CT", sopClass: "1.2.840.10008.5.1.4.1.1.2")
  static let mr = DemoStudy(
    number: 2, patientID: "DEMO-2", patientName: "YAMADA^DEMO=山田^見本=やまだ^みほん", birthDate: "19800229",
    sex: "M", date: "20240301", description: "Head phantom MR", modality: "MR",
    sopClass: "1.2.840.10008.5.1.4.1.1.4")
  static let us = DemoStudy(
    number: 3, patientID: "DEMO-3", patientName: "MÜLLER^MUSTER", birthDate: "19910704", sex: "F",
    date: "20240227", description: "Beating circle", modality: "US",
    sopClass: "1.2.840.10008.5.1.4.1.1.3.1")
  static let cr = DemoStudy(
    number: 4, patientID: "DEMO-4", patientName: "ПРИМЕР^АННА", birthDate: "19651231", sex: "F",
    date: "20240215", description: "Step wedge", modality: "CR", sopClass: "1.2.840.10008.5.1.4.1.1.1")

  static let all = [ct, mr, us, cr]

  /// A data set with everything but the image.
  func instance(series: Int, seriesDescription: String, number: Int, ofSeries count: Int) -> DataSet {
    var dataSet = DataSet()
    func set(_ group: UInt16, _ element: UInt16, _ vr: VR, _ text: String) {
      let tag = Tag(group, element)
      dataSet[tag] = DataElement(tag, vr, text: text)
    }
    set(0x0008, 0x0005, .CS, "ISO_IR 192")
    set(0x0008, 0x0008, .CS, "DERIVED\\PRIMARY")
    set(0x0008, 0x0016, .UI, sopClass)
    set(0x0008, 0x0018, .UI, "\(uid).\(series).\(number)")
    set(0x0008, 0x0020, .DA, date)
    set(0x0008, 0x0021, .DA, date)
    set(0x0008, 0x0023, .DA, date)
    set(0x0008, 0x0030, .TM, "091455")
    set(0x0008, 0x0033, .TM, "091500")
    set(0x0008, 0x0050, .SH, "DEMO\(self.number)")
    set(0x0008, 0x0060, .CS, modality)
    set(0x0008, 0x0070, .LO, "Filmroom")
    set(0x0008, 0x0080, .LO, "Filmroom demo")
    set(0x0008, 0x0090, .PN, "")
    set(0x0008, 0x1030, .LO, description)
    set(0x0008, 0x103E, .LO, seriesDescription)
    set(0x0010, 0x0010, .PN, patientName)
    set(0x0010, 0x0020, .LO, patientID)
    set(0x0010, 0x0030, .DA, birthDate)
    set(0x0010, 0x0040, .CS, sex)
    set(0x0018, 0x0015, .CS, modality == "CR" || modality == "US" ? "" : "HEAD")
    set(0x0020, 0x000D, .UI, uid)
    set(0x0020, 0x000E, .UI, "\(uid).\(series)")
    set(0x0020, 0x0010, .SH, "\(self.number)")
    set(0x0020, 0x0011, .IS, "\(series)")
    set(0x0020, 0x0013, .IS, "\(number)")
    set(0x0020, 0x1002, .IS, "\(count)")
    return dataSet
  }
}
