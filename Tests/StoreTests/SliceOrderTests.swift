import DICOM
import TestSupport
import Testing

@testable import Store

/// The order of slices in space, and by number.
struct SliceOrderTests {
  private func order(
    _ slices: [(number: Int, position: String?, orientation: String?)]
  ) async throws -> (isVolume: Bool, numbers: [Int]) {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    var numbers: [PublicID: Int] = [:]
    for (index, slice) in slices.enumerated() {
      var extra: [DataElement] = []
      if let position = slice.position { extra.append(DataElement(Tag(0x0020, 0x0032), .DS, text: position)) }
      if let text = slice.orientation { extra.append(DataElement(Tag(0x0020, 0x0037), .DS, text: text)) }
      let file = DataSetSamples.file(instance: "1.2.3.4.\(index + 5)", number: slice.number, extra: extra)
      numbers[try await archive.add(file).instance] = slice.number
    }
    let series = try #require(try await archive.infos(at: .series).first)
    let instances = try await archive.infos(below: series.reference, at: .instance)
    let order = SliceOrder(instances, orientation: series.mainTags[Tag(0x0020, 0x0037)])
    return (order.isVolume, order.slices.compactMap { numbers[$0.instance] })
  }

  private let axial = "1\\0\\0\\0\\1\\0"

  @Test func slicesApartAreAVolume() async throws {
    let found = try await order([
      (1, "0\\0\\30", axial), (2, "0\\0\\-10.5", axial), (3, "5\\5\\2e1", axial), (4, "0\\0\\0", nil),
    ])
    #expect(found.isVolume && found.numbers == [2, 4, 3, 1])
  }

  @Test func othersGoByTheirNumber() async throws {
    let apart = try await order([(2, "0\\0\\1", axial), (1, "0\\0\\1", axial)])
    #expect(!apart.isVolume && apart.numbers == [1, 2])
    let turned = try await order([(2, "0\\0\\1", axial), (1, "0\\0\\2", "1\\0\\0\\0\\0\\1")])
    #expect(!turned.isVolume && turned.numbers == [1, 2])
    let without = try await order([(3, nil, nil), (2, "0\\0\\2", axial), (1, "x\\0\\0", axial)])
    #expect(!without.isVolume && without.numbers == [1, 2, 3])
    #expect(try await order([(1, "0\\0\\1", axial)]).isVolume == false)
  }
}
