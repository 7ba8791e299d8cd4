/// What Orthanc serves and Filmroom does not, with the reason.
enum LaterRoutes {
  /// Patterns of paths with a method; `*` stands for any part of a path.
  static let reasons: [(method: String, path: String, reason: String)] = [
    ("POST", "/modalities/*/echo", network), ("POST", "/modalities/*/find", network),
    ("POST", "/modalities/*/find-instance", network), ("POST", "/modalities/*/find-patient", network),
    ("POST", "/modalities/*/find-series", network), ("POST", "/modalities/*/find-study", network),
    ("POST", "/modalities/*/find-worklist", network), ("POST", "/modalities/*/get", network),
    ("POST", "/modalities/*/move", network), ("POST", "/modalities/*/query", network),
    ("POST", "/modalities/*/storage-commitment", commitment), ("POST", "/modalities/*/store", network),
    ("POST", "/modalities/*/store-straight", network), ("POST", "/peers/*/store", network),
    ("POST", "/peers/*/store-straight", network), ("GET", "/peers/*/system", network),
    ("GET", "/queries/*/answers", network), ("GET", "/queries/*/answers/*", network),
    ("GET", "/queries/*/answers/*/content", network),
    ("POST", "/queries/*/answers/*/query-instances", network),
    ("POST", "/queries/*/answers/*/query-series", network),
    ("POST", "/queries/*/answers/*/query-studies", network),
    ("POST", "/queries/*/answers/*/retrieve", network), ("GET", "/queries/*/level", network),
    ("GET", "/queries/*/modality", network), ("GET", "/queries/*/query", network),
    ("POST", "/queries/*/retrieve", network), ("POST", "/tools/dicom-echo", network),
    ("GET", "/storage-commitment/*", commitment), ("POST", "/storage-commitment/*/remove", commitment),
    ("GET", "/instances/*/frames/*/image-int16", images),
    ("GET", "/instances/*/frames/*/image-uint16", images),
    ("GET", "/instances/*/frames/*/image-uint8", images), ("GET", "/instances/*/frames/*/matlab", images),
    ("GET", "/instances/*/frames/*/numpy", images), ("GET", "/instances/*/frames/*/preview", images),
    ("GET", "/instances/*/frames/*/rendered", images), ("GET", "/instances/*/image-int16", images),
    ("GET", "/instances/*/image-uint16", images), ("GET", "/instances/*/image-uint8", images),
    ("GET", "/instances/*/matlab", images), ("GET", "/instances/*/numpy", images),
    ("GET", "/instances/*/preview", images), ("GET", "/instances/*/rendered", images),
    ("GET", "/series/*/numpy", images), ("POST", "/*/*/anonymize", making), ("POST", "/*/*/modify", making),
    ("POST", "/studies/*/merge", making), ("POST", "/studies/*/split", making),
    ("POST", "/tools/bulk-anonymize", making), ("POST", "/tools/bulk-modify", making),
    ("POST", "/tools/create-dicom", making),
  ]

  private static let network = "asks other DICOM nodes or peers, which comes with query/retrieve and sending"
  private static let commitment = "storage commitment comes with sending"
  private static let images = "needs pixels to be decoded, which comes with the image viewer"
  private static let making = "makes new DICOM files, which comes with modification and anonymization"

  /// Nil where there is none.
  static func reason(_ method: String, _ path: String) -> String? {
    let parts = path.split(separator: "/")
    return reasons.first { later in
      let pattern = later.path.split(separator: "/")
      return later.method == method && pattern.count == parts.count
        && zip(pattern, parts).allSatisfy { $0 == "*" || $0 == $1 }
    }?.reason
  }
}
