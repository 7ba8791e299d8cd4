import DICOM
import TestSupport
import Testing

@testable import Store

/// Frames and documents within files.
struct FrameTests {
  private static let jpeg = TransferSyntax("1.2.840.10008.1.2.4.50")

  private func bytes(
    _ frame: Int, of dataSet: DataSet, as syntax: TransferSyntax = .explicitLittleEndian
  ) async throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    let id = try await archive.add(DataSetWriter.encodeFile(dataSet, as: syntax)).instance
    let (content, found) = try await archive.frame(frame, of: id)
    #expect(found == syntax)
    return try content.read(at: 0, count: content.size)
  }

  private func image(_ elements: [DataElement]) -> DataSet { DataSetSamples.instance(extra: elements) }

  private func native(bits: UInt16, frames: Int, pixels: [UInt8]) -> DataSet {
    image([
      DataElement(Tag(0x0028, 0x0002), numbers: [1]), DataElement(.numberOfFrames, .IS, text: String(frames)),
      DataElement(.rows, numbers: [3]), DataElement(.columns, numbers: [5]),
      DataElement(Tag(0x0028, 0x0100), numbers: [bits]), DataElement(.pixelData, .OW, bytes: pixels),
    ])
  }

  @Test func nativeFramesAreCutOut() async throws {
    let pixels = (0..<60).map { UInt8($0) }
    let dataSet = native(bits: 16, frames: 2, pixels: pixels)
    #expect(try await bytes(1, of: dataSet) == Array(pixels[30...]))
    #expect(try await bytes(0, of: dataSet, as: .implicitLittleEndian) == Array(pixels[..<30]))
    for frame in [2, -1] {
      await #expect { try await bytes(frame, of: dataSet) } throws: { ($0 as? StoreError)?.code == .badValue }
    }
    await #expect { try await bytes(2, of: native(bits: 16, frames: 3, pixels: pixels)) } throws: {
      ($0 as? StoreError)?.code == .cannotUnderstand
    }
  }

  /// Frames of 15 bits: the second begins with the last bit of the second byte.
  @Test func framesOfSingleBitsAreMovedToTheStartOfAByte() async throws {
    let dataSet = native(bits: 1, frames: 2, pixels: [0b1010_1010, 0b1001_1001, 0b1111_0000, 0b0011_0101])
    #expect(try await bytes(1, of: dataSet) == [0b1110_0001, 0b0110_1011])
    #expect(try await bytes(0, of: dataSet) == [0b1010_1010, 0b0001_1001])
  }

  private func encapsulated(_ frames: Int, _ fragments: [[UInt8]], extra: [DataElement] = []) -> DataSet {
    image(
      [
        DataElement(.numberOfFrames, .IS, text: String(frames)),
        DataElement(.pixelData, .OB, .fragments(fragments.map { $0[...] })),
      ] + extra)
  }

  @Test func fragmentsMakeUpFrames() async throws {
    let (first, second, third): ([UInt8], [UInt8], [UInt8]) = (
      [0xFF, 0xD8, 1, 2], [3, 4], [0xFF, 0xD8, 5, 6]
    )
    let table: [UInt8] = [0, 0, 0, 0, 22, 0, 0, 0]
    #expect(
      try await bytes(0, of: encapsulated(2, [table, first, second, third]), as: Self.jpeg) == first + second)
    #expect(try await bytes(1, of: encapsulated(2, [table, first, second, third]), as: Self.jpeg) == third)
    #expect(
      try await bytes(0, of: encapsulated(2, [[], first, second, third]), as: Self.jpeg) == first + second)
    #expect(try await bytes(1, of: encapsulated(3, [[], first, second, third]), as: Self.jpeg) == second)
    #expect(try await bytes(0, of: encapsulated(1, [[], first, second]), as: Self.jpeg) == first + second)
    await #expect { try await bytes(1, of: encapsulated(2, [[], first]), as: Self.jpeg) } throws: {
      ($0 as? StoreError)?.code == .cannotUnderstand
    }
  }

  @Test func theExtendedTableLeavesOutThePadding() async throws {
    func numbers(_ tag: UInt16, _ values: [UInt8]) -> DataElement {
      DataElement(Tag(0x7FE0, tag), .OV, bytes: values.flatMap { [$0, 0, 0, 0, 0, 0, 0, 0] })
    }
    let dataSet = encapsulated(
      2, [[], [0xFF, 0xD8, 1, 0], [0xFF, 0xD8, 2, 3]], extra: [numbers(1, [0, 12]), numbers(2, [3, 4])])
    #expect(try await bytes(0, of: dataSet, as: Self.jpeg) == [0xFF, 0xD8, 1])
    #expect(try await bytes(1, of: dataSet, as: Self.jpeg) == [0xFF, 0xD8, 2, 3])
  }

  @Test func piecesAreReadAcrossTheirGaps() throws {
    let source = PieceSource(BytesInMemory(bytes: Array(0..<100)), pieces: [10..<13, 20..<20, 30..<34])
    #expect(source.size == 7)
    #expect(try source.read(at: 0, count: 100) == [10, 11, 12, 30, 31, 32, 33])
    #expect(try source.read(at: 2, count: 3) == [12, 30, 31])
    #expect(try source.read(at: 7, count: 3) == [])
  }

  @Test func aPDFComesWithoutPadding() async throws {
    let folder = try TemporaryFolder()
    let archive = try makeArchive(folder)
    defer { archive.close() }
    func pdf(_ number: Int, _ elements: [DataElement]) async throws -> [UInt8]? {
      let type = DataElement(Tag(0x0042, 0x0012), .LO, text: "application/pdf")
      let dataSet = DataSetSamples.instance(instance: "1.2.\(number)", extra: [type] + elements)
      let id = try await archive.add(DataSetWriter.encodeFile(dataSet, as: .explicitLittleEndian)).instance
      return try await archive.pdf(of: id).map { try $0.read(at: 0, count: $0.size) }
    }
    let document = DataElement(Tag(0x0042, 0x0011), .OB, bytes: Array("%PDF%%EOF".utf8))
    let length = DataElement(Tag(0x0042, 0x0015), .UL, bytes: [8, 0, 0, 0])
    #expect(try await pdf(1, [document]) == Array("%PDF%%EOF".utf8))
    #expect(try await pdf(2, [document, length]) == Array("%PDF%%EO".utf8))
    #expect(try await pdf(3, []) == nil)
    #expect(
      try await pdf(4, [document, DataElement(Tag(0x0042, 0x0012), .LO, text: "text/xml")]) == nil)
  }
}
