import DICOM
import Foundation
import Store

@testable import Explorer

/// An attachment in memory.
struct ScriptedAttachment {
  var info: AttachmentInfo
  var bytes: [UInt8]

  init(
    _ number: UInt16, _ name: String, _ bytes: [UInt8], mimeType: String = "application/octet-stream",
    revision: Int = 0
  ) {
    self.bytes = bytes
    info = AttachmentInfo(
      type: AttachmentType(rawValue: number), name: name, mimeType: mimeType,
      uuid: "\(number)-\(revision)-\(bytes.count)", diskSize: Int64(bytes.count),
      uncompressedSize: Int64(bytes.count), md5: String(repeating: "\(revision)", count: 32),
      isCompressed: false,
      revision: revision)
  }
}

extension ScriptedArchive {
  func attachments(of resource: ResourceReference) async throws -> [AttachmentInfo] {
    guard let detail = try await detail(of: resource) else {
      throw StoreError(.notFound, "There is no such resource")
    }
    return detail.attachments
  }

  func attachmentType(named name: String) throws -> AttachmentType {
    if let known = userAttachmentTypes.first(where: { $0.name == name }) { return known.type }
    guard let number = UInt16(name), number > 0 else {
      throw StoreError(.badValue, "“\(name)” is no attachment: give a number from 1024 to 65535")
    }
    return AttachmentType(rawValue: number)
  }

  var userAttachmentTypes: [(name: String, type: AttachmentType)] {
    [("report", AttachmentType(rawValue: 1030)), ("thumbnail", AttachmentType(rawValue: 1031))]
  }

  private func held(_ type: AttachmentType, _ resource: ResourceReference) throws -> ScriptedAttachment {
    let found = content.withLock { $0.attachments[resource]?.first { $0.info.type == type } }
    guard let found else { throw StoreError(.notFound, "There is no attachment \(type.rawValue)") }
    return found
  }

  func bytes(of type: AttachmentType, of resource: ResourceReference, in range: Range<Int>) async throws
    -> [UInt8]
  {
    content.withLock { $0.asked.append("bytes \(type.rawValue) \(range)") }
    let bytes = try held(type, resource).bytes
    return Array(bytes[range.clamped(to: 0..<bytes.count)])
  }

  func exportAttachment(
    _ type: AttachmentType, of resource: ResourceReference, toFile path: String, replaces: Bool,
    progress: @Sendable (Int, Int) -> Void
  ) async throws {
    let bytes = try held(type, resource).bytes
    progress(bytes.count, bytes.count)
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: replaces ? [] : .withoutOverwriting)
  }

  func setAttachment(
    _ type: AttachmentType, toFile path: String, expecting expected: ExpectedRevision,
    of resource: ResourceReference, progress: @Sendable (Int, Int) -> Void
  ) async throws -> Int {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StoreError(.inputOutput, "can't open \(path)")
    }
    return try set(type, to: Array(data), expecting: expected, of: resource)
  }

  /// What another person does.
  @discardableResult
  func set(
    _ type: AttachmentType, to bytes: [UInt8], expecting expected: ExpectedRevision,
    of resource: ResourceReference
  ) throws -> Int {
    try content.withLock { content in
      content.asked.append("attach \(type.rawValue) \(bytes.count) bytes at \(expected)")
      let old = content.attachments[resource]?.first { $0.info.type == type }?.info
      try Self.check(expected, old, type)
      let revision = old.map { $0.revision + 1 } ?? 0
      let name = userAttachmentTypes.first { $0.type == type }?.name ?? String(type.rawValue)
      content.attachments[resource, default: []].removeAll { $0.info.type == type }
      content.attachments[resource, default: []].append(
        ScriptedAttachment(type.rawValue, name, bytes, revision: revision))
      content.tell([Change(sequence: 0, type: .updatedAttachment, resource: resource, date: 0, detail: name)])
      return revision
    }
  }

  func removeAttachment(
    _ type: AttachmentType, expecting expected: ExpectedRevision, of resource: ResourceReference
  ) async throws {
    try content.withLock { content in
      content.asked.append("detach \(type.rawValue) at \(expected)")
      try Self.check(expected, content.attachments[resource]?.first { $0.info.type == type }?.info, type)
      content.attachments[resource]?.removeAll { $0.info.type == type }
    }
  }

  private static func check(
    _ expected: ExpectedRevision, _ present: AttachmentInfo?, _ type: AttachmentType
  ) throws {
    let isFine =
      switch expected {
      case .any: true
      case .absent: present == nil
      case .revision(let number): present?.revision == number
      }
    if !isFine { throw StoreError(.revisionConflict, "somebody else changed attachment \(type.rawValue)") }
  }

  func verify(_ type: AttachmentType, of resource: ResourceReference) async throws -> Fault? {
    try held(type, resource).bytes.isEmpty
      ? Fault(kind: .wrongSize, subject: "file", detail: "0 bytes instead of 1") : nil
  }
}
