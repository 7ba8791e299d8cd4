import DICOM

/// The tags that are collected while a data set streams by, in ascending order; made once for all instances.
struct CollectedTags: Sendable {
  let tags: [Tag]

  init(_ tags: [Tag]) {
    self.tags = Set(tags + [.specificCharacterSet, .sopClassUID]).sorted()
  }

  /// Where a tag stands among them.
  func position(of tag: Tag) -> Int? {
    var low = 0
    var high = tags.count
    while low < high {
      let middle = (low + high) / 2
      if tags[middle] < tag { low = middle + 1 } else { high = middle }
    }
    return low < tags.count && tags[low] == tag ? low : nil
  }
}
