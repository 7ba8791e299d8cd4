import DICOM
import Foundation

/// A colour ultrasound clip: a fan of speckle with a circle that beats and a jet in red and blue.
enum DemoClip {
  private static let (width, height, frames) = (160, 120, 12)

  static func ultrasound() -> DataSet {
    var dataSet = DemoStudy.us.instance(series: 1, seriesDescription: "Clip", number: 1, ofSeries: 1)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * frames * 3)
    for frame in 0..<frames { draw(frame, &bytes) }
    DemoImages.text(&dataSet, Tag(0x0018, 0x1063), .DS, "80")
    DemoImages.text(&dataSet, .numberOfFrames, .IS, "\(frames)")
    dataSet[Tag(0x0028, 0x0009)] = DataElement(Tag(0x0028, 0x0009), .AT, numbers: [0x0018, 0x1063])
    DemoImages.text(&dataSet, Tag(0x0028, 0x0004), .CS, "RGB")
    let numbers: [(UInt16, Int)] = [
      (0x0002, 3), (0x0006, 0), (0x0010, height), (0x0011, width), (0x0100, 8), (0x0101, 8), (0x0102, 7),
      (0x0103, 0),
    ]
    for (element, value) in numbers { DemoImages.number(&dataSet, Tag(0x0028, element), value) }
    dataSet[.pixelData] = DataElement(.pixelData, .OB, bytes: bytes)
    return dataSet
  }

  private static func draw(_ frame: Int, _ bytes: inout [UInt8]) {
    var noise = SeededNoise(seed: UInt64(frame + 1))
    let beat = 22 + 8 * sin(2 * Double.pi * Double(frame) / Double(frames))
    for y in 0..<height {
      for x in 0..<width {
        let (dx, depth) = (Double(x - width / 2), Double(y))
        let isInFan = abs(dx) < depth * 0.8 + 4 && hypot(dx, depth) < 116
        let radius = hypot(dx, depth - 65)
        let speckle = max(0, 90 + noise.next(70))
        let grey = !isInFan ? 0 : radius < beat - 3 ? speckle / 6 : radius < beat + 2 ? 220 : speckle
        let isJet = isInFan && abs(dx) < 5 && radius < beat - 5
        let towards = (y + frame * 5) % 24 < 12
        bytes.append(UInt8(clamping: isJet && towards ? 230 : grey))
        bytes.append(UInt8(clamping: isJet ? 30 : grey))
        bytes.append(UInt8(clamping: isJet && !towards ? 230 : grey))
      }
    }
  }
}
