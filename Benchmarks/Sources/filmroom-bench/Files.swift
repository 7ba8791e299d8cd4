import ArgumentParser
import DICOM
import Foundation

/// Writes made-up instances as files.
struct Files: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes made-up CT instances as files.")

  @Argument(help: "The folder, which must not exist.") var folder: String
  @Option(help: "How many instances.") var count = 5000
  @Option(help: "Number of the first one: other numbers are other instances.") var first = 0
  @Option(help: "Rows and columns, 16 bits a pixel.") var rows = 16
  @Option(help: "Instances in a series.") var perSeries = 100

  func run() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for number in first..<first + count {
      let bytes = DataSetWriter.encodeFile(instance(number), as: .explicitLittleEndian)
      let name = String(number)
      let path = folder + "/" + String(repeating: "0", count: 7 - name.count) + name + ".dcm"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
  }

  private func instance(_ number: Int) -> DataSet {
    let (series, index) = number.quotientAndRemainder(dividingBy: perSeries)
    let study = series / 2
    let root = "1.2.826.0.1.3680043.10.1"
    var state = UInt32(truncatingIfNeeded: number &+ 1)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows * rows * 2)
    for _ in 0..<rows * rows {
      state = state &* 1_664_525 &+ 1_013_904_223
      pixels.append(UInt8(truncatingIfNeeded: state >> 24))
      pixels.append(UInt8(truncatingIfNeeded: state >> 28))
    }
    func text(_ tag: Tag, _ vr: VR, _ value: String) -> DataElement { DataElement(tag, vr, text: value) }
    let size = UInt16(rows)
    return DataSet([
      text(.specificCharacterSet, .CS, "ISO_IR 100"),
      text(Tag(0x0008, 0x0008), .CS, "ORIGINAL\\PRIMARY\\AXIAL"),
      text(.sopClassUID, .UI, "1.2.840.10008.5.1.4.1.1.2"),
      text(.sopInstanceUID, .UI, "\(root).\(study).\(series).\(index + 1)"),
      text(.studyDate, .DA, "20240302"),
      text(.seriesDate, .DA, "20240302"), text(.studyTime, .TM, "091455"),
      text(.accessionNumber, .SH, "A\(study)"), text(.modality, .CS, "CT"),
      text(Tag(0x0008, 0x0070), .LO, "Bench"), text(.studyDescription, .LO, "Benchmark study \(study)"),
      text(.seriesDescription, .LO, "Series \(series)"),
      text(.patientName, .PN, "BENCH^PATIENT \(study / 2)"),
      text(.patientID, .LO, "BENCH\(study / 2)"), text(.patientBirthDate, .DA, "19700101"),
      text(.patientSex, .CS, "O"), text(Tag(0x0018, 0x0050), .DS, "1.0"),
      text(Tag(0x0018, 0x1030), .LO, "Protocol"), text(.studyInstanceUID, .UI, "\(root).\(study)"),
      text(.seriesInstanceUID, .UI, "\(root).\(study).\(series)"), text(.studyID, .SH, String(study)),
      text(.seriesNumber, .IS, String(series)), text(.instanceNumber, .IS, String(index + 1)),
      text(Tag(0x0020, 0x0032), .DS, "0\\0\\\(index)"), text(Tag(0x0020, 0x0037), .DS, "1\\0\\0\\0\\1\\0"),
      DataElement(Tag(0x0028, 0x0002), numbers: [1]), text(Tag(0x0028, 0x0004), .CS, "MONOCHROME2"),
      DataElement(.rows, numbers: [size]), DataElement(.columns, numbers: [size]),
      DataElement(Tag(0x0028, 0x0100), numbers: [16]), DataElement(Tag(0x0028, 0x0101), numbers: [16]),
      DataElement(Tag(0x0028, 0x0102), numbers: [15]), DataElement(Tag(0x0028, 0x0103), numbers: [0]),
      DataElement(.pixelData, .OW, bytes: pixels),
    ])
  }
}

/// Every regular file below some paths, sorted.
func regularFiles(_ paths: [String]) -> [String] {
  paths.flatMap { path -> [String] in
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue else { return [path] }
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.map { path + "/" + $0 }.filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
    }
  }.sorted()
}
