/// Numbers of attachments, metadata and global properties that known plugins use, from the central registry of Orthanc's
/// documentation: whoever picks numbers of their own keeps clear of them.
public enum NumberRegistry {
  /// Some numbers and what keeps what under them.
  struct Entry: Sendable {
    var numbers: ClosedRange<Int>
    var owner: String
    var use: String

    init(_ number: Int, _ owner: String, _ use: String) { self.init(number...number, owner, use) }

    init(_ numbers: ClosedRange<Int>, _ owner: String, _ use: String) {
      self.numbers = numbers
      self.owner = owner
      self.use = use
    }

    var name: String { "\(owner): \(use)" }
  }

  static let attachments = [
    Entry(4301, "DICOMweb plugin", "WADO-RS series metadata"),
    Entry(9997, "Osimis WebViewer", "series information"),
    Entry(9998, "Osimis WebViewer", "instance information"),
    Entry(9999, "Osimis WebViewer", "annotations"),
    Entry(10000...13999, "Osimis WebViewer", "reduced-quality images"),
  ]

  static let metadata = [
    Entry(4200, "whole-slide imaging plugin", "version 0.7 and before"),
    Entry(4201, "whole-slide imaging plugin", "version 1.0 and later"),
    Entry(4202, "OHIF plugin", "precomputed instance information"),
  ]

  static let globalProperties = [
    Entry(1025, "Housekeeper plugin", "its progress"),
    Entry(5467, "Osimis Cloud plugin", "its settings"),
    Entry(5468, "DICOMweb plugin", "DICOMweb servers"),
  ]

  private static func entry(_ number: Int, in entries: [Entry]) -> Entry? {
    entries.first { $0.numbers.contains(number) }
  }

  /// What is known to use an attachment's number; nil for any other.
  public static func name(ofAttachment type: AttachmentType) -> String? {
    entry(Int(type.rawValue), in: attachments)?.name
  }

  /// What is known to use a metadata key; nil for any other.
  public static func name(ofMetadata key: MetadataKey) -> String? {
    entry(Int(key.rawValue), in: metadata)?.name
  }

  /// What is known to use a global property; nil for any other.
  public static func name(ofGlobalProperty property: GlobalProperty) -> String? {
    entry(property.rawValue, in: globalProperties)?.name
  }

  /// A sentence for each name of the configuration whose number a known plugin uses: both would take each other's data for
  /// their own.
  public static func clashes(
    metadata: [String: MetadataKey], attachments: [String: UserAttachmentType]
  ) -> [String] {
    func sentence(_ option: String, _ number: UInt16, _ known: String?) -> String? {
      known.map {
        "\(option) is \(number), which a known plugin uses (\($0)): choose another number, unless this name is meant "
          + "for just that"
      }
    }
    return metadata.sorted { $0.key < $1.key }.compactMap { name, key in
      sentence("UserMetadata.\(name)", key.rawValue, self.name(ofMetadata: key))
    }
      + attachments.sorted { $0.key < $1.key }.compactMap { name, user in
        sentence("UserContentType.\(name)", user.type.rawValue, self.name(ofAttachment: user.type))
      }
  }
}
