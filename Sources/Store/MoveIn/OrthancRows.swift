import DICOM

/// A patient of an Orthanc with what lies below it: the unit in which an archive moves.
struct OrthancPatient: Equatable {
  var key: Int64
  var publicID: String
  /// Whether recycling passes over it.
  var isProtected: Bool
}

/// An instance of an Orthanc, as its index knows it.
struct OrthancInstance: Equatable {
  var resource: OrthancResource
  /// Nil: the index names no DICOM file for it.
  var file: OrthancAttachment?
}

/// A resource of any level: its key in Orthanc's index, and those of what it lies in, the patient first.
struct OrthancResource: Equatable {
  var level: ResourceLevel
  var key: Int64
  var publicID: String
}

/// A file of the storage area of an Orthanc.
struct OrthancAttachment: Equatable {
  var type: Int
  var uuid: String
  var diskSize: Int64
  var size: Int64
  /// zlib, with Orthanc's framing.
  var isCompressed: Bool
  /// MD5 of the content in lower-case hexadecimal; nil where none was kept.
  var md5: String?
}

/// What hangs on a resource beside its DICOM file.
struct OrthancDetails: Equatable {
  struct Metadata: Equatable {
    var key: Int
    /// Nil where it is no UTF-8.
    var value: String?
    var revision: Int
  }

  var labels: [String] = []
  var metadata: [Metadata] = []
  /// Those that people added, and the summary (`dicom-as-json`) that Orthanc kept until 1.9.
  var attachments: [OrthancAttachment] = []

  func value(_ key: MetadataKey) -> String? {
    metadata.first { $0.key == Int(key.rawValue) }?.value
  }

  /// From whom an instance came, as far as Orthanc noted it.
  var origin: InstanceOrigin {
    let name = value(.origin) ?? ""
    let mechanism = InstanceOrigin.Mechanism.allCases.first { $0.name == name } ?? .unknown
    return InstanceOrigin(
      mechanism, remoteIP: value(.remoteIP) ?? "", remoteAET: value(.remoteAET) ?? "",
      calledAET: value(.calledAET) ?? "", httpUsername: value(.httpUsername) ?? "")
  }

  /// When an instance was received, or a resource last received something; nil where Orthanc doesn't say.
  func date(_ level: ResourceLevel) -> Int64? {
    value(level == .instance ? .receptionDate : .lastUpdate).flatMap { OrthancDate.seconds($0) }
  }

  /// Core metadata that the archive keeps as they are: it can't work them out itself.
  var kept: [Metadata] {
    let own: Set<Int> = Set(1...17).subtracting([
      Int(MetadataKey.modifiedFrom.rawValue), Int(MetadataKey.anonymizedFrom.rawValue),
    ])
    return metadata.filter { !own.contains($0.key) }
  }
}
