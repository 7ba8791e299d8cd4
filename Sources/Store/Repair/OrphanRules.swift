/// What becomes of a file that no row of the index knows: decided from what it holds and what the archive has of it.
enum OrphanRules {
  /// What the archive has of the instance that the file holds.
  enum Holder: Equatable {
    case none
    case sound(md5: [UInt8]?)
    /// A row without a file.
    case missing
    /// A row whose file is not what it was, with what it was.
    case damaged(md5: [UInt8]?, size: Int64)
  }

  enum Verdict: Equatable {
    case adopt
    case takePlace
    /// For this reason.
    case setAside(String)
  }

  /// - Parameter instance: how to call the instance.
  static func verdict(md5: [UInt8], size: Int64, instance: String, holder: Holder) -> Verdict {
    switch holder {
    case .none: return .adopt
    case .missing: return .takePlace
    case .sound(md5): return .setAside("a second copy of \(instance), which is there")
    case .sound: return .setAside("another version of \(instance), which is there")
    case .damaged(let expected, let expectedSize):
      let isWhatItWas = expected.map { $0 == md5 } ?? (expectedSize == size)
      return isWhatItWas
        ? .takePlace
        : .setAside(
          "another version of \(instance), whose own file is damaged; import this one with OverwriteInstances "
            + "set to true to have it instead")
    }
  }
}
