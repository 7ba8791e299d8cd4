import DICOM

/// What lies within the file of an instance: single frames, an enclosed document.
extension Archive {
  /// More frames than that nobody has made yet.
  private static let frameLimit = 1_000_000

  /// How many frames an instance has, as its file says. Throws `StoreError`: `notFound` when it is gone,
  /// `cannotUnderstand` for a number that can't be.
  public func frameCount(of instance: PublicID) async throws(StoreError) -> Int {
    try Self.frameCount(try await info(of: ResourceReference(.instance, instance)).mainTags[.numberOfFrames])
  }

  private static func frameCount(_ text: String?) throws(StoreError) -> Int {
    let digits = text.flatMap { $0.split(separator: "\\").first }?.filter { $0 != " " }
    guard let digits, let count = Int(digits) else { return 1 }
    guard (0...frameLimit).contains(count) else {
      throw StoreError(.cannotUnderstand, "the file says that it has \(count) frames", tag: .numberOfFrames)
    }
    return count
  }

  /// The bytes of one frame as they lie in the file, and how they are encoded.
  ///
  /// Throws `StoreError`: `notFound` when the instance is gone, `badValue` when it has no such frame, `cannotUnderstand`
  /// when it has no pixel data, or nothing tells where the frame lies.
  public func frame(
    _ number: Int, of instance: PublicID
  ) async throws(StoreError) -> (content: AttachmentContent, syntax: TransferSyntax) {
    let parts = try await parts(of: instance)
    let count = try Self.frameCount(parts[.numberOfFrames]?.value)
    guard (0..<count).contains(number) else {
      throw StoreError(.badValue, "there is no frame \(number): the instance has \(count), counted from 0")
    }
    return try await Archive.blocking { () throws(StoreError) in
      let source = try Frames(parts: parts, count: count).frame(number)
      return (
        try AttachmentContent(source, isCompressed: false, name: "frame \(number) of \(instance)"),
        parts.syntax
      )
    }
  }

  /// The document that an instance encloses, without padding, where it is a PDF (PS3.3 §C.24.2); nil for any other
  /// instance. Throws `StoreError.notFound` when it is gone.
  public func pdf(of instance: PublicID) async throws(StoreError) -> AttachmentContent? {
    let parts = try await parts(of: instance)
    guard let document = parts[Tag(0x0042, 0x0011)], document.length != nil,
      parts[Tag(0x0042, 0x0012)]?.value.lowercased() == "application/pdf"
    else { return nil }
    return try await Archive.blocking { () throws(StoreError) in
      var range = document.valueRange
      if let length = parts.number(Tag(0x0042, 0x0015)), (0...range.count).contains(length) {
        range = range.lowerBound..<range.lowerBound + length
      } else if range.count > 0, try parts.source.read(at: range.upperBound - 1, count: 1) == [0] {
        // Without its length, only a NUL can be padding: the text of a PDF does not end with one.
        range = range.lowerBound..<range.upperBound - 1
      }
      return try AttachmentContent(
        PieceSource(parts.source, pieces: [range]), isCompressed: false, name: "document of \(instance)")
    }
  }

  /// The value of an element, from where `tags(of:)` says that it lies: in a deflated data set that is no place in the file.
  /// Throws `StoreError.notFound` when the instance is gone.
  public func value(
    at range: Range<Int>, of instance: PublicID
  ) async throws(StoreError) -> AttachmentContent {
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    return try await Archive.blocking { () throws(StoreError) in
      let (source, _) = try Self.dataSet(of: content)
      return try AttachmentContent(
        PieceSource(source, pieces: [range]), isCompressed: false, name: "a value of \(instance)")
    }
  }

  /// The bytes that the places of elements are counted in, and how they are encoded.
  private static func dataSet(
    of content: AttachmentContent
  ) throws(StoreError) -> (source: any ByteSource, syntax: TransferSyntax) {
    let start = try content.read(at: 0, count: min(content.size, FileHeader.sufficientLength))
    let header = try header(start)
    let isDeflated = header.transferSyntax.isDeflated
    return (
      isDeflated ? InflatedDataSet(content, at: header.dataSetOffset) : content, header.transferSyntax
    )
  }

  private func parts(of instance: PublicID) async throws(StoreError) -> InstanceParts {
    let nodes = try await tags(of: instance)
    let content = try await content(of: .dicom, of: ResourceReference(.instance, instance))
    return try await Archive.blocking { () throws(StoreError) in
      let (source, syntax) = try Self.dataSet(of: content)
      return InstanceParts(
        nodes: Dictionary(nodes.map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first }),
        syntax: syntax, source: source)
    }
  }
}

/// The elements of an instance, and the bytes in which their values lie.
struct InstanceParts: Sendable {
  let nodes: [Tag: TagNode]
  let syntax: TransferSyntax
  let source: any ByteSource

  subscript(tag: Tag) -> TagNode? { nodes[tag] }

  func number(_ tag: Tag) -> Int? { nodes[tag].flatMap { Int($0.value) } }
}
