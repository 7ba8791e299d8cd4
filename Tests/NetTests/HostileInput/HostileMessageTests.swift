import DICOM
import NIOCore
import TestSupport
import Testing

@testable import Net

/// Rows 14 to 22 of the list of bad input: data values and command sets.
@Suite struct HostileMessageTests {
  private func expectAborts(
    _ cases: [[UInt8]], with abort: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await withArchive { scene in
      for bytes in cases {
        let client = try scene.peer()
        client.send(bytes)
        #expect(
          client.receiveAbort() == abort, "\(bytes.prefix(40)) and more", sourceLocation: sourceLocation)
      }
    }
  }

  /// A P-DATA-TF PDU with one value, whose bytes are the last of a command.
  private static func command(_ bytes: [UInt8]) -> [UInt8] {
    [4, 0, 0, 0, 0, UInt8(bytes.count + 6), 0, 0, 0, UInt8(bytes.count + 2), 1, 3] + bytes
  }

  private static func instance(_ uid: String = "1.2.3.4.5", pixels: Int = 32) -> [UInt8] {
    DataSetWriter.encode(
      DataSetSamples.instance(instance: uid, pixels: pixels), as: .implicitLittleEndian)
  }

  @Test func row14ValueLengthsThatLie() async throws {
    try await expectAborts(
      [
        [4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 1, 3], [4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 3],
        [4, 0, 0, 0, 0, 6, 0, 0, 0, 3, 1, 3], [4, 0, 0, 0, 0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 1, 3],
        // A second value without room for its header; a PDU without any value.
        [4, 0, 0, 0, 0, 9, 0, 0, 0, 2, 1, 1, 0, 0, 0], [4, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 5],
      ], with: "2,6")
  }

  @Test func row15ValuesInTheWrongPlace() async throws {
    let echo = Sample.command(0x30)
    try await expectAborts(
      [
        Sample.pdus(echo, context: 11), Sample.pdus(echo, context: 2), Sample.pdus(echo, context: 0),
        // A data set without a command, a command inside a data set, a data set in another context.
        Sample.dataSet([1, 2]), Sample.store() + Sample.echo(),
        Sample.store() + Sample.dataSet([1, 2], isLast: false) + Sample.store(id: 2),
        Sample.store() + Sample.dataSet([1, 2], context: 5),
      ], with: "2,5")
  }

  @Test func row16LongerThanAdvertised() async throws {
    let tooLong = 16384 + Limits.dataPDUSlack + 1
    let length = (0..<4).map { UInt8(truncatingIfNeeded: tooLong >> (24 - 8 * $0)) }
    try await expectAborts([[4, 0] + length], with: "2,6")
    // A little longer is tolerated.
    try await withArchive { scene in
      let client = try scene.peer()
      let bytes = Self.instance(pixels: 17_000)
      #expect(bytes.count > 16_384 - 6 && bytes.count < 16_384 + Limits.dataPDUSlack - 6)
      client.send(Sample.store(instance: "1.2.3.4.5") + Sample.dataSet(bytes, maximum: 32_768))
      #expect(try client.receiveStatus() == .success)
      scene.wasStored("1.2.3.4.5")
    }
  }

  @Test func row17AThousandValuesOfOneByte() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let bytes = Self.instance(pixels: 1000)
      var values: [UInt8] = []
      for (number, byte) in bytes.enumerated() {
        values += [0, 0, 0, 3, 3, number == bytes.count - 1 ? 2 : 0, byte]
      }
      // All of them in one PDU.
      #expect(values.count < 16_384)
      client.send(
        Sample.store(instance: "1.2.3.4.5") + [
          4, 0, 0, 0, UInt8(values.count >> 8), UInt8(values.count & 255),
        ]
          + values)
      #expect(try client.receiveStatus() == .success)
      let id = scene.wasStored("1.2.3.4.5")
      let file = try await scene.archive.bytes(of: id, in: 0..<100_000)
      #expect(file.suffix(bytes.count).elementsEqual(bytes))
      // The same, each value in a PDU of its own.
      let again = Self.instance("1.2.3.4.6", pixels: 1000)
      var pdus: [UInt8] = []
      for (number, byte) in again.enumerated() {
        pdus += [4, 0, 0, 0, 0, 7, 0, 0, 0, 3, 3, number == again.count - 1 ? 2 : 0, byte]
      }
      client.send(Sample.store(instance: "1.2.3.4.6") + pdus)
      #expect(try client.receiveStatus() == .success)
      scene.wasStored("1.2.3.4.6")
    }
  }

  @Test func row17PipelinedEchoes() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      client.send(Sample.echo(id: 1) + Sample.echo(id: 2) + Sample.echo(id: 3))
      for id in 1...3 as ClosedRange<UInt16> {
        #expect(try client.receiveResponse().integer(.respondedMessageID) == id)
      }
    }
  }

  @Test func row18GroupLengthsThatLie() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      for lie in [0, 1, 0x7FFF_FFFF, UInt32.max] {
        var command = Sample.command(0x30).encoded()
        command.setInteger(lie, at: 8, endianness: .little)
        client.send(Self.command(Array(command.readableBytesView)))
        let response = try client.receiveResponse()
        #expect(response.status == .success)
      }
    }
  }

  @Test func row19CommandSetsOfGarbage() async throws {
    var lying = Array(Sample.command(0x30).encoded().readableBytesView)
    lying[16] = 0xFF
    let explicitVR: [UInt8] = [0, 0, 0, 1, 0x55, 0x53, 2, 0, 0x30, 0]
    let withoutField: [UInt8] = [0, 0, 0x10, 1, 2, 0, 0, 0, 1, 0]
    let withoutDataSetType: [UInt8] = [0, 0, 0, 1, 2, 0, 0, 0, 0x30, 0] + withoutField
    let shortField: [UInt8] = [0, 0, 0, 1, 1, 0, 0, 0, 0x30]
    try await expectAborts(
      [
        lying, explicitVR, withoutField, withoutDataSetType, shortField, [], [1], [1, 2, 3, 4, 5, 6, 7],
        [UInt8](repeating: 0xEE, count: 60), [8, 0, 0x18, 0, 2, 0, 0, 0, 0x31, 0],
      ].map(Self.command), with: "2,6")
  }

  @Test func row20UnknownCommands() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      for field in [0x4321, 0x0002, 0x0031, 0x7FFF, 0x0020, 0x0130] as [UInt16] {
        client.send(Sample.pdus(Sample.command(field)))
        let response = try client.receiveResponse()
        #expect(response.status == .unrecognizedOperation, "\(field)")
        #expect(response.tags(.offendingElement) == [Tag(0x0000, 0x0100)])
        #expect(response.text(.errorComment) != nil)
      }
      // The association goes on, also after one with a data set.
      client.send(
        Sample.pdus(Sample.command(0x4321, hasDataSet: true))
          + Sample.dataSet(Sample.bytes(count: 100_000), context: 1) + Sample.echo())
      #expect(try client.receiveStatus() == .unrecognizedOperation)
      #expect(try client.receiveStatus() == .success)
    }
  }

  /// The abort comes after 64 KiB, not after the 64 MB that the peer means to send.
  @Test func row21CommandSetsThatNeverEnd() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let pdu = WireBytes.endlessCommand([UInt8](repeating: 0, count: 16_000))
      for _ in 0..<5 { client.send(pdu) }
      #expect(client.receiveAbort() == "2,6")
      // It goes on all the same: its bytes are thrown away, then the connection goes.
      var sent = 0
      while sent < 64 << 20, client.send(pdu) {
        sent += pdu.count
        if sent % (16 << 20) < pdu.count { try scene.echo() }
      }
    }
  }

  @Test func row22ClassesOfAnotherContext() async throws {
    try await withArchive { scene in
      let client = try scene.peer()
      let mr: UID = "1.2.840.10008.5.1.4.1.1.4"
      let requests = [
        Sample.store(instance: "1.2.3.4.5", sopClass: mr),
        Sample.store(instance: "1.2.3.4.5", sopClass: "1.2"),
        Sample.store(instance: "1.2.3.4.5", sopClass: Sample.verification),
      ]
      for request in requests {
        client.send(request + Sample.dataSet(Self.instance()))
        let response = try client.receiveResponse()
        #expect(response.status == .sopClassNotSupported)
        #expect(response.tags(.offendingElement) == [Tag(0x0000, 0x0002)])
        #expect(response.text(.errorComment) != nil)
      }
      client.send(Sample.pdus(Sample.command(0x30), context: 3))
      #expect(try client.receiveStatus() == .sopClassNotSupported)
      client.send(Sample.store(sopClass: nil) + Sample.dataSet(Self.instance()))
      let response = try client.receiveResponse()
      #expect(response.status == .missingAttribute)
      #expect(response.tags(.offendingElement) == [Tag(0x0000, 0x0002)])
    }
  }
}
