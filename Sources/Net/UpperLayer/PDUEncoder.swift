import DICOM
import NIOCore

/// Writes PDUs (PS3.8 §9.3). All numbers are big endian.
enum PDUEncoder {
  static func write(_ request: AssociateRequest, to buffer: inout ByteBuffer) {
    pdu(.associateRequest, &buffer) { buffer in
      fixedPart(request.protocolVersion, request.calledAET, request.callingAET, &buffer)
      uidItem(ItemType.applicationContext, request.applicationContext, &buffer)
      for context in request.contexts {
        item(ItemType.proposedContext, &buffer) { buffer in
          buffer.writeBytes([context.id, 0, 0, 0])
          if let abstract = context.abstractSyntax { uidItem(ItemType.abstractSyntax, abstract, &buffer) }
          for syntax in context.transferSyntaxes { uidItem(ItemType.transferSyntax, syntax, &buffer) }
        }
      }
      userInformation(request.user, &buffer)
    }
  }

  static func write(_ accept: AssociateAccept, to buffer: inout ByteBuffer) {
    pdu(.associateAccept, &buffer) { buffer in
      fixedPart(accept.protocolVersion, accept.calledAET, accept.callingAET, &buffer)
      uidItem(ItemType.applicationContext, accept.applicationContext, &buffer)
      for context in accept.contexts {
        item(ItemType.contextAnswer, &buffer) { buffer in
          buffer.writeBytes([context.id, 0, context.result.rawValue, 0])
          uidItem(ItemType.transferSyntax, context.transferSyntax, &buffer)
        }
      }
      userInformation(accept.user, &buffer)
    }
  }

  static func write(_ reject: AssociateReject, to buffer: inout ByteBuffer) {
    fourBytes(.associateReject, [0, reject.result, reject.source, reject.reason], &buffer)
  }

  static func write(_ abort: AbortPDU, to buffer: inout ByteBuffer) {
    fourBytes(.abort, [0, 0, abort.source, abort.reason], &buffer)
  }

  static func writeReleaseRequest(to buffer: inout ByteBuffer) {
    fourBytes(.releaseRequest, [0, 0, 0, 0], &buffer)
  }

  static func writeReleaseReply(to buffer: inout ByteBuffer) {
    fourBytes(.releaseReply, [0, 0, 0, 0], &buffer)
  }

  /// What a body writes, in a buffer of its own.
  static func encoded(_ write: (inout ByteBuffer) -> Void) -> ByteBuffer {
    var buffer = ByteBuffer()
    write(&buffer)
    return buffer
  }

  // MARK: parts

  private static func pdu(_ type: PDUType, _ buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
    buffer.writeBytes([type.rawValue, 0])
    let mark = buffer.writerIndex
    buffer.writeInteger(UInt32(0))
    body(&buffer)
    buffer.setInteger(UInt32(buffer.writerIndex - mark - 4), at: mark)
  }

  private static func item(_ type: UInt8, _ buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) {
    buffer.writeBytes([type, 0])
    let mark = buffer.writerIndex
    buffer.writeInteger(UInt16(0))
    body(&buffer)
    buffer.setInteger(UInt16(clamping: buffer.writerIndex - mark - 2), at: mark)
  }

  private static func uidItem(_ type: UInt8, _ uid: UID, _ buffer: inout ByteBuffer) {
    item(type, &buffer) { _ = $0.writeString(uid.value) }
  }

  private static func fourBytes(_ type: PDUType, _ body: [UInt8], _ buffer: inout ByteBuffer) {
    pdu(type, &buffer) { _ = $0.writeBytes(body) }
  }

  private static func fixedPart(
    _ version: UInt16, _ called: String, _ calling: String, _ buffer: inout ByteBuffer
  ) {
    buffer.writeInteger(version)
    buffer.writeInteger(UInt16(0))
    buffer.writeBytes(AETitle.encode(called))
    buffer.writeBytes(AETitle.encode(calling))
    buffer.writeRepeatingByte(0, count: 32)
  }

  private static func counted(_ bytes: some Collection<UInt8>, _ buffer: inout ByteBuffer) {
    buffer.writeInteger(UInt16(clamping: bytes.count))
    buffer.writeBytes(bytes)
  }

  private static func userInformation(_ user: UserInformation, _ buffer: inout ByteBuffer) {
    item(ItemType.userInformation, &buffer) { buffer in
      item(ItemType.maximumLength, &buffer) { _ = $0.writeInteger(user.maximumLength) }
      if let uid = user.implementationClass { uidItem(ItemType.implementationClass, uid, &buffer) }
      if let window = user.operationsWindow {
        item(ItemType.operationsWindow, &buffer) {
          $0.writeMultipleIntegers(window.invoked, window.performed)
        }
      }
      for role in user.roles {
        item(ItemType.roleSelection, &buffer) { buffer in
          counted(role.sopClass.value.utf8, &buffer)
          buffer.writeBytes([role.isUser ? 1 : 0, role.isProvider ? 1 : 0])
        }
      }
      if let name = user.implementationVersion {
        item(ItemType.implementationVersion, &buffer) { _ = $0.writeString(name) }
      }
      negotiations(user, &buffer)
    }
  }

  private static func negotiations(_ user: UserInformation, _ buffer: inout ByteBuffer) {
    for extended in user.extended {
      item(ItemType.extendedNegotiation, &buffer) { buffer in
        counted(extended.sopClass.value.utf8, &buffer)
        buffer.writeBytes(extended.information)
      }
    }
    for common in user.commonExtended {
      item(ItemType.commonExtendedNegotiation, &buffer) { buffer in
        counted(common.sopClass.value.utf8, &buffer)
        counted(common.serviceClass.value.utf8, &buffer)
        var related = ByteBuffer()
        for uid in common.relatedGeneralClasses { counted(uid.value.utf8, &related) }
        counted(related.readableBytesView, &buffer)
      }
    }
    if let identity = user.identity {
      item(ItemType.userIdentity, &buffer) { buffer in
        buffer.writeBytes([identity.type, identity.wantsResponse ? 1 : 0])
        counted(identity.primary, &buffer)
        counted(identity.secondary, &buffer)
      }
    }
  }
}
