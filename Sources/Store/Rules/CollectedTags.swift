import DICOM

/// The tags that are collected while a data set streams by, in ascending order; made once for all instances.
struct CollectedTags: Sendable {
  let tags: [Tag]

  init(_ tags: [Tag]) {
    self.tags = Set(tags + [.specificCharacterSet, .sopClassUID]).sorted()
  }
}
