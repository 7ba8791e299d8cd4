import DICOM
import NIOCore
import Testing

@testable import Net

private func echo(_ id: UInt16, dataSetType: UInt16 = CommandSet.noDataSet) -> CommandSet {
  var command = CommandSet()
  command.set(.messageID, id)
  command.set(.affectedSOPClass, "1.2.840.10008.1.1" as UID)
  command.set(.commandField, CommandField.cEchoRequest.rawValue)
  command.set(.dataSetType, dataSetType)
  return command
}

private func piece(
  _ bytes: ByteBuffer, context: UInt8 = 1, isCommand: Bool = true, isLast: Bool = true
) -> PDVPiece {
  PDVPiece(contextID: context, isCommand: isCommand, isLast: isLast, bytes: bytes)
}

private func reason(_ body: () throws -> Void) -> AbortReason? {
  do {
    try body()
    return nil
  } catch {
    return (error as? ProtocolFault)?.reason
  }
}

@Suite struct CommandSetTests {
  @Test func roundTrip() throws {
    var command = echo(7)
    command.set(.errorComment, "odd")
    command.set(.offendingElement, Tag(0x0008, 0x0018))
    command.set(.status, 0xA900)
    let encoded = command.encoded()
    #expect(
      encoded.getInteger(at: 8, endianness: .little, as: UInt32.self) == UInt32(encoded.readableBytes - 12))
    let read = try CommandSet(encoded)
    #expect(read.integer(.messageID) == 7)
    #expect(read.uid(.affectedSOPClass) == "1.2.840.10008.1.1")
    #expect(read.text(.errorComment) == "odd")
    #expect(read.tags(.offendingElement) == [Tag(0x0008, 0x0018)])
    #expect(read.status == .dataSetMismatch)
    #expect(read == command)
  }

  @Test func groupLengthsThatLieAreTolerated() throws {
    for lie in [0, 0x7FFF_FFFF] as [UInt32] {
      var encoded = echo(9).encoded()
      encoded.setInteger(lie, at: 8, endianness: .little)
      #expect(try CommandSet(encoded).integer(.messageID) == 9)
    }
  }

  @Test func everyTruncationIsAFaultOrShorter() throws {
    let encoded = echo(1).encoded()
    for length in 0..<encoded.readableBytes {
      let cut = try #require(encoded.getSlice(at: 0, length: length))
      _ = reason { _ = try CommandSet(cut) }
    }
    let within = try #require(encoded.getSlice(at: 0, length: encoded.readableBytes - 1))
    #expect(reason { _ = try CommandSet(within) } == .invalidParameterValue)
  }

  @Test func foreignGroupsAndExplicitHeadersAreFaults() {
    let other = ByteBuffer(bytes: [8, 0, 0, 0, 0, 0, 0, 0])
    #expect(reason { _ = try CommandSet(other) } == .invalidParameterValue)
    let explicitVR = ByteBuffer(bytes: [0, 0, 0, 1] + Array("US".utf8) + [2, 0, 0x30, 0])
    #expect(reason { _ = try CommandSet(explicitVR) } == .invalidParameterValue)
  }

  @Test func commentsAreCutAndPlain() throws {
    var command = CommandSet()
    DIMSEOutcome(.cannotUnderstand, String(repeating: "é\\", count: 50)).write(to: &command)
    let comment = try #require(command.text(.errorComment))
    #expect(comment == String(repeating: "?", count: 64))
  }
}

@Suite struct MessageAssemblerTests {
  @Test func commandInOneBytePieces() throws {
    var assembler = MessageAssembler()
    let encoded = echo(3).encoded()
    for index in 0..<encoded.readableBytes {
      let isLast = index == encoded.readableBytes - 1
      let slice = try #require(encoded.getSlice(at: index, length: 1))
      let output = try assembler.take(piece(slice, isLast: isLast))
      #expect((output != nil) == isLast)
      if isLast { #expect(output == .command(echo(3), contextID: 1)) }
    }
    #expect(!assembler.isInsideMessage)
  }

  @Test func dataSetsFollowTheirCommand() throws {
    var assembler = MessageAssembler()
    let bytes = ByteBuffer(bytes: [1, 2])
    _ = try assembler.take(piece(echo(1, dataSetType: 1).encoded()))
    #expect(assembler.isInsideMessage)
    #expect(
      try assembler.take(piece(bytes, isCommand: false, isLast: false)) == .dataSet(bytes, isLast: false))
    #expect(try assembler.take(piece(bytes, isCommand: false)) == .dataSet(bytes, isLast: true))
    #expect(!assembler.isInsideMessage)
  }

  @Test func partsInTheWrongOrder() {
    let data = piece(ByteBuffer(bytes: [0, 0]), isCommand: false)
    let withData = piece(echo(1, dataSetType: 0).encoded())
    #expect(
      reason {
        var assembler = MessageAssembler()
        _ = try assembler.take(data)
      } == .unexpectedParameter)
    #expect(
      reason {
        var assembler = MessageAssembler()
        _ = try assembler.take(withData)
        _ = try assembler.take(withData)
      } == .unexpectedParameter)
    #expect(
      reason {
        var assembler = MessageAssembler()
        _ = try assembler.take(piece(ByteBuffer(bytes: [0]), isLast: false))
        _ = try assembler.take(data)
      } == .unexpectedParameter)
    #expect(
      reason {
        var assembler = MessageAssembler()
        _ = try assembler.take(withData)
        _ = try assembler.take(piece(ByteBuffer(bytes: [0, 0]), context: 3, isCommand: false))
      } == .unexpectedParameter)
  }

  @Test func commandSetsEnd() {
    var assembler = MessageAssembler()
    let chunk = piece(ByteBuffer(repeating: 0, count: 16 << 10), isLast: false)
    #expect(reason { for _ in 0..<4 { _ = try assembler.take(chunk) } } == nil)
    #expect(reason { _ = try assembler.take(chunk) } == .invalidParameterValue)
  }

  @Test func garbageAndEmptyCommands() {
    for bytes in [[], [1, 2, 3], Array(repeating: 0xFF, count: 40)] as [[UInt8]] {
      var assembler = MessageAssembler()
      #expect(reason { _ = try assembler.take(piece(ByteBuffer(bytes: bytes))) } == .invalidParameterValue)
    }
  }
}

@Suite struct MessageFragmenterTests {
  @Test(arguments: [8, 9, 100, 16384, 0, UInt32.max]) func fragmentsFitThePeer(_ maximum: UInt32) throws {
    var pdus = ByteBuffer()
    MessageFragmenter(peerMaximum: maximum).write(command: echo(5), contextID: 1, to: &pdus)
    var check = pdus
    while let (type, _, length) = check.readMultipleIntegers(as: (UInt8, UInt8, UInt32).self) {
      #expect(type == 4)
      #expect(maximum == 0 || length <= maximum)
      check.moveReaderIndex(forwardBy: Int(length))
    }
    var decoder = PDUDecoder(maximumDataLength: 200_000)
    var assembler = MessageAssembler()
    var output: MessageAssembler.Output?
    while case .data(let piece)? = try decoder.next(from: &pdus) {
      #expect(output == nil)
      output = try assembler.take(piece)
    }
    #expect(output == .command(echo(5), contextID: 1))
  }
}

extension CommandSetTests {
  @Test func anElementIsSetOnceWhereverItStands() throws {
    var command = CommandSet()
    command.set(.status, 1)
    command.set(.messageID, 7)
    command.set(.status, 0xA700)
    command.set(.errorComment, "odd")
    command.set(.affectedSOPClass, "1.2.3" as UID)
    command.set(.offendingElement, Tag(0x0010, 0x0020))
    let again = try CommandSet(command.encoded())
    #expect(again.integer(.status) == 0xA700 && again.integer(.messageID) == 7)
    #expect(again.text(.errorComment) == "odd" && again.uid(.affectedSOPClass) == "1.2.3")
    #expect(again.tags(.offendingElement) == [Tag(0x0010, 0x0020)])
    // In ascending order, behind the length of them all; a second time nothing has changed.
    let bytes = Array(command.encoded().readableBytesView)
    #expect(bytes.count == 12 + 8 + 6 + 8 + 2 + 8 + 2 + 8 + 4 + 8 + 4)
    #expect(Array(again.encoded().readableBytesView) == bytes && again == command)
    #expect(bytes[8] == UInt8(bytes.count - 12))
  }

  @Test func whatAPeerSaysTwiceIsKeptAsItCame() throws {
    var bytes = ByteBuffer()
    for (element, value) in [(UInt16(0x0110), UInt16(5)), (0x0100, 0x30), (0x0110, 6)] {
      bytes.writeMultipleIntegers(UInt16(0), element, UInt32(2), value, endianness: .little)
    }
    let command = try CommandSet(bytes)
    #expect(command.integer(.messageID) == 5 && command.integer(.commandField) == 0x30)
    #expect(try CommandSet(command.encoded()).integer(.messageID) == 5)
    #expect(command.encoded().readableBytes == 12 + 30)
  }
}
