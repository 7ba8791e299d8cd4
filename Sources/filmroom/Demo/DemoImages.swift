import DICOM
import Foundation

/// The images of the CT, MR and CR studies.
enum DemoImages {
  /// A slice of the head in Hounsfield units.
  static func ct(slice: Int, of count: Int) -> DataSet {
    var dataSet = DemoStudy.ct.instance(
      series: 1, seriesDescription: "Axial 3.0", number: slice + 1, ofSeries: count)
    let z = -0.95 + 1.9 * Double(slice) / Double(count - 1)
    let pixels = HeadPhantom.slice(
      size: 256, z: z, value: { hounsfield($0) + 1024 }, noise: 12, seed: UInt64(slice))
    place(&dataSet, slice: slice, count: count, size: 256, thickness: 3)
    text(&dataSet, Tag(0x0018, 0x0060), .DS, "120")
    text(&dataSet, Tag(0x0028, 0x1050), .DS, "40\\400")
    text(&dataSet, Tag(0x0028, 0x1051), .DS, "80\\2000")
    text(&dataSet, Tag(0x0028, 0x1052), .DS, "-1024")
    text(&dataSet, Tag(0x0028, 0x1053), .DS, "1")
    grey(&dataSet, pixels, rows: 256, columns: 256, bitsStored: 16, isSigned: true)
    return dataSet
  }

  private static func hounsfield(_ tissue: HeadPhantom.Tissue) -> Int {
    switch tissue {
    case .air: -1000
    case .scalp: 20
    case .bone: 1100
    case .brain: 32
    case .ventricle: 6
    case .greyMatter: 40
    case .lesion: 62
    case .calcification: 180
    }
  }

  /// A slice of the same head, T1- or T2-weighted: water is dark in the one and bright in the other.
  static func mr(slice: Int, of count: Int, isT1: Bool) -> DataSet {
    var dataSet = DemoStudy.mr.instance(
      series: isT1 ? 1 : 2, seriesDescription: isT1 ? "T1 axial" : "T2 axial", number: slice + 1,
      ofSeries: count)
    let z = -0.9 + 1.8 * Double(slice) / Double(count - 1)
    let pixels = HeadPhantom.slice(
      size: 192, z: z, value: { signal($0, isT1: isT1) }, noise: 18, seed: UInt64(1000 + slice)
    ).map { max(0, $0) }
    place(&dataSet, slice: slice, count: count, size: 192, thickness: 6)
    text(&dataSet, Tag(0x0018, 0x0020), .CS, "SE")
    text(&dataSet, Tag(0x0018, 0x0021), .CS, "NONE")
    text(&dataSet, Tag(0x0018, 0x0022), .CS, "")
    text(&dataSet, Tag(0x0018, 0x0023), .CS, "2D")
    text(&dataSet, Tag(0x0018, 0x0080), .DS, isT1 ? "500" : "4000")
    text(&dataSet, Tag(0x0018, 0x0081), .DS, isT1 ? "12" : "100")
    grey(&dataSet, pixels, rows: 192, columns: 192, bitsStored: 12, isSigned: false)
    return dataSet
  }

  private static func signal(_ tissue: HeadPhantom.Tissue, isT1: Bool) -> Int {
    switch tissue {
    case .air: 0
    case .scalp: isT1 ? 1400 : 900
    case .bone: 60
    case .brain: isT1 ? 900 : 500
    case .ventricle: isT1 ? 220 : 1700
    case .greyMatter: isT1 ? 650 : 800
    case .lesion: isT1 ? 450 : 1300
    case .calcification: 40
    }
  }

  /// A step wedge with a disc in it: twelve bits, the brightest being the darkest (MONOCHROME1).
  static func radiograph() -> DataSet {
    var dataSet = DemoStudy.cr.instance(series: 1, seriesDescription: "Wedge", number: 1, ofSeries: 1)
    let size = 512
    var noise = SeededNoise(seed: 7)
    var pixels: [Int16] = []
    pixels.reserveCapacity(size * size)
    for row in 0..<size {
      for column in 0..<size {
        let step = column / 64
        let distance = hypot(Double(row - 256), Double(column - 256))
        let disc = distance < 120 ? Int((1 - distance * distance / 14_400).squareRoot() * 900) : 0
        pixels.append(Int16(clamping: max(0, min(4095, 400 + step * 380 + disc + noise.next(25)))))
      }
    }
    text(&dataSet, Tag(0x0018, 0x1164), .DS, "0.2\\0.2")
    text(&dataSet, Tag(0x0018, 0x5101), .CS, "AP")
    grey(&dataSet, pixels, rows: size, columns: size, bitsStored: 12, isSigned: false, isInverted: true)
    return dataSet
  }

  static func text(_ dataSet: inout DataSet, _ tag: Tag, _ vr: VR, _ value: String) {
    dataSet[tag] = DataElement(tag, vr, text: value)
  }

  static func number(_ dataSet: inout DataSet, _ tag: Tag, _ value: Int) {
    dataSet[tag] = DataElement(tag, numbers: [UInt16(value)])
  }

  /// Where an axial slice lies in the patient, in millimetres.
  private static func place(_ dataSet: inout DataSet, slice: Int, count: Int, size: Int, thickness: Int) {
    let spacing = 240 / Double(size)
    let z = Double(slice - count / 2) * Double(thickness)
    text(&dataSet, Tag(0x0018, 0x0050), .DS, "\(thickness)")
    text(&dataSet, Tag(0x0020, 0x0032), .DS, "-120\\-120\\\(z)")
    text(&dataSet, Tag(0x0020, 0x0037), .DS, "1\\0\\0\\0\\1\\0")
    text(&dataSet, Tag(0x0020, 0x0052), .UI, "\(DemoStudy.root).9")
    text(&dataSet, Tag(0x0020, 0x1040), .LO, "")
    text(&dataSet, Tag(0x0020, 0x1041), .DS, "\(z)")
    text(&dataSet, Tag(0x0028, 0x0030), .DS, "\(spacing)\\\(spacing)")
  }

  private static func grey(
    _ dataSet: inout DataSet, _ pixels: [Int16], rows: Int, columns: Int, bitsStored: Int, isSigned: Bool,
    isInverted: Bool = false
  ) {
    text(&dataSet, Tag(0x0028, 0x0004), .CS, isInverted ? "MONOCHROME1" : "MONOCHROME2")
    let numbers: [(UInt16, Int)] = [
      (0x0002, 1), (0x0010, rows), (0x0011, columns), (0x0100, 16), (0x0101, bitsStored),
      (0x0102, bitsStored - 1), (0x0103, isSigned ? 1 : 0),
    ]
    for (element, value) in numbers { number(&dataSet, Tag(0x0028, element), value) }
    let bytes = pixels.withUnsafeBytes { Array($0) }
    dataSet[.pixelData] = DataElement(.pixelData, .OW, bytes: bytes)
  }
}
