import DICOM
import NIOCore

/// Reads the bodies of A-ASSOCIATE PDUs (PS3.8 §9.3.2, §9.3.3). Unknown items are skipped, as the standard
/// wants; a length that reaches beyond what holds it is a fault.
enum AssociateDecoder {
  static func request(_ body: ByteBuffer) throws(ProtocolFault) -> AssociateRequest {
    var reader = ItemReader(body)
    let fixed = try FixedPart(&reader)
    var request = AssociateRequest(calledAET: fixed.called, callingAET: fixed.calling)
    request.protocolVersion = fixed.version
    request.applicationContext = ""
    while let (type, content) = try reader.nextItem() {
      switch type {
      case ItemType.applicationContext: request.applicationContext = content.uid
      case ItemType.proposedContext:
        guard request.contexts.count < Limits.presentationContexts else {
          throw ProtocolFault(.invalidParameterValue, "more than 128 presentation contexts")
        }
        request.contexts.append(try proposedContext(content))
      case ItemType.userInformation: request.user = try userInformation(content)
      default: break
      }
    }
    return request
  }

  static func accept(_ body: ByteBuffer) throws(ProtocolFault) -> AssociateAccept {
    var reader = ItemReader(body)
    let fixed = try FixedPart(&reader)
    var accept = AssociateAccept(calledAET: fixed.called, callingAET: fixed.calling)
    accept.protocolVersion = fixed.version
    accept.applicationContext = ""
    while let (type, content) = try reader.nextItem() {
      switch type {
      case ItemType.applicationContext: accept.applicationContext = content.uid
      case ItemType.contextAnswer:
        guard accept.contexts.count < Limits.presentationContexts else {
          throw ProtocolFault(.invalidParameterValue, "more than 128 presentation contexts")
        }
        accept.contexts.append(try contextAnswer(content))
      case ItemType.userInformation: accept.user = try userInformation(content)
      default: break
      }
    }
    return accept
  }

  private struct FixedPart {
    var version: UInt16
    var called: String
    var calling: String

    init(_ reader: inout ItemReader) throws(ProtocolFault) {
      version = try reader.integer()
      try reader.skip(2)
      called = AETitle.decode(try reader.bytes(AETitle.length))
      calling = AETitle.decode(try reader.bytes(AETitle.length))
      try reader.skip(32)
    }
  }

  private static func proposedContext(_ content: ItemReader) throws(ProtocolFault) -> ProposedContext {
    var reader = content
    var context = ProposedContext(id: try reader.integer(), abstractSyntax: nil, transferSyntaxes: [])
    try reader.skip(3)
    while let (type, content) = try reader.nextItem() {
      switch type {
      case ItemType.abstractSyntax: context.abstractSyntax = content.uid
      case ItemType.transferSyntax:
        guard context.transferSyntaxes.count < Limits.transferSyntaxesPerContext else {
          throw ProtocolFault(.invalidParameterValue, "too many transfer syntaxes in a context")
        }
        context.transferSyntaxes.append(content.uid)
      default: break
      }
    }
    return context
  }

  private static func contextAnswer(_ content: ItemReader) throws(ProtocolFault) -> ContextAnswer {
    var reader = content
    let id: UInt8 = try reader.integer()
    try reader.skip(1)
    let result = ContextAnswer.Result(rawValue: try reader.integer()) ?? .noReason
    try reader.skip(1)
    var answer = ContextAnswer(id: id, result: result, transferSyntax: "")
    while let (type, content) = try reader.nextItem() {
      if type == ItemType.transferSyntax { answer.transferSyntax = content.uid }
    }
    return answer
  }

  private static func userInformation(_ content: ItemReader) throws(ProtocolFault) -> UserInformation {
    var reader = content
    var user = UserInformation()
    while let (type, content) = try reader.nextItem() {
      var item = content
      switch type {
      case ItemType.maximumLength: user.maximumLength = try item.integer()
      case ItemType.implementationClass: user.implementationClass = item.uid
      case ItemType.implementationVersion: user.implementationVersion = item.text
      case ItemType.operationsWindow:
        user.operationsWindow = OperationsWindow(
          invoked: try item.integer(), performed: try item.integer())
      case ItemType.roleSelection:
        let uid = try item.countedUID()
        user.roles.append(
          RoleSelection(sopClass: uid, isUser: try item.flag(), isProvider: try item.flag()))
      case ItemType.extendedNegotiation:
        let uid = try item.countedUID()
        user.extended.append(ExtendedNegotiation(sopClass: uid, information: item.rest))
      case ItemType.commonExtendedNegotiation: user.commonExtended.append(try commonExtended(&item))
      case ItemType.userIdentity:
        user.identity = UserIdentity(
          type: try item.integer(), wantsResponse: try item.flag(), primary: try item.countedBytes(),
          secondary: try item.countedBytes())
      default: break
      }
    }
    return user
  }

  private static func commonExtended(
    _ item: inout ItemReader
  ) throws(ProtocolFault) -> CommonExtendedNegotiation {
    let sopClass = try item.countedUID()
    let serviceClass = try item.countedUID()
    var related: [UID] = []
    var list = ItemReader(ByteBuffer(bytes: try item.countedBytes()))
    while list.hasMore { related.append(try list.countedUID()) }
    return CommonExtendedNegotiation(
      sopClass: sopClass, serviceClass: serviceClass, relatedGeneralClasses: related)
  }
}

/// Walks over items (type, reserved byte, 16-bit length, content) and the fields inside them. Each read is
/// checked against what the enclosing item has left.
struct ItemReader {
  private var buffer: ByteBuffer

  init(_ buffer: ByteBuffer) { self.buffer = buffer }

  var hasMore: Bool { buffer.readableBytes > 0 }
  var uid: UID { UID(bytes: buffer.readableBytesView) }
  var text: String { String(decoding: buffer.readableBytesView, as: UTF8.self) }
  var rest: [UInt8] { Array(buffer.readableBytesView) }

  private static let tooShort = ProtocolFault(
    .invalidParameterValue, "an item is shorter than its length or content says")

  mutating func nextItem() throws(ProtocolFault) -> (type: UInt8, content: ItemReader)? {
    guard hasMore else { return nil }
    guard let head = buffer.readMultipleIntegers(as: (UInt8, UInt8, UInt16).self),
      let content = buffer.readSlice(length: Int(head.2))
    else { throw Self.tooShort }
    return (head.0, ItemReader(content))
  }

  mutating func integer<Value: FixedWidthInteger>() throws(ProtocolFault) -> Value {
    guard let value = buffer.readInteger(as: Value.self) else { throw Self.tooShort }
    return value
  }

  mutating func flag() throws(ProtocolFault) -> Bool {
    let value: UInt8 = try integer()
    return value != 0
  }

  mutating func bytes(_ count: Int) throws(ProtocolFault) -> [UInt8] {
    guard let bytes = buffer.readBytes(length: count) else { throw Self.tooShort }
    return bytes
  }

  mutating func skip(_ count: Int) throws(ProtocolFault) {
    guard buffer.readableBytes >= count else { throw Self.tooShort }
    buffer.moveReaderIndex(forwardBy: count)
  }

  /// A field with a 16-bit length before it.
  mutating func countedBytes() throws(ProtocolFault) -> [UInt8] {
    let count: UInt16 = try integer()
    return try bytes(Int(count))
  }

  mutating func countedUID() throws(ProtocolFault) -> UID { UID(bytes: try countedBytes()) }
}
