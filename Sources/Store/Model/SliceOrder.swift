import DICOM

/// The order of a series' instances in space, or else by their numbers.
public struct SliceOrder: Equatable, Sendable {
  public struct Slice: Equatable, Sendable {
    public var instance: PublicID
    public var frames: Int
  }

  /// Whether they lie behind one another, each at a place of its own.
  public let isVolume: Bool
  public let slices: [Slice]

  /// - Parameter orientation: the series' Image Orientation (Patient), where the index has it.
  public init(_ instances: [ResourceInfo], orientation: String?) {
    let positions = Self.positions(instances, orientation: orientation)
    isVolume = positions != nil
    let order: [Int]
    if let positions {
      order = instances.indices.sorted { positions[$0] < positions[$1] }
    } else {
      // Those without a number come last, as they came.
      order = instances.indices.sorted {
        let (left, right) = (instances[$0].indexInSeries ?? .max, instances[$1].indexInSeries ?? .max)
        return (left, $0) < (right, $1)
      }
    }
    slices = order.map { place in
      let frames = instances[place].mainTags[.numberOfFrames].flatMap { Int($0) } ?? 1
      return Slice(instance: instances[place].row.id, frames: min(max(frames, 0), 1_000_000))
    }
  }

  /// How far each lies along the normal of the slices; nil unless all have a place, are parallel and apart.
  private static func positions(_ instances: [ResourceInfo], orientation: String?) -> [Double]? {
    if instances.count < 2 { return nil }
    let orientations = instances.map { $0.mainTags[imageOrientation].flatMap(normal) }
    guard let normal = orientation.flatMap(normal) ?? orientations.lazy.compactMap({ $0 }).first else {
      return nil
    }
    var positions: [Double] = []
    for (instance, own) in zip(instances, orientations) {
      guard let position = instance.mainTags[imagePosition].flatMap({ numbers($0, 3) }),
        own.map({ isParallel($0, normal) }) ?? true
      else { return nil }
      positions.append(dot(position, normal))
    }
    let sorted = positions.sorted()
    let isApart = zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 > tolerance }
    return isApart ? positions : nil
  }

  private static let imagePosition = Tag(0x0020, 0x0032)
  private static let imageOrientation = Tag(0x0020, 0x0037)
  private static let tolerance = 10 * Double(Float.ulpOfOne)

  private static func numbers(_ text: String, _ count: Int) -> [Double]? {
    let numbers = text.split(separator: "\\").map { Double($0.filter { $0 != " " }) ?? .nan }
    return numbers.count == count && numbers.allSatisfy(\.isFinite) ? numbers : nil
  }

  /// At right angles to the rows and columns.
  private static func normal(_ orientation: String) -> [Double]? {
    guard let cosines = numbers(orientation, 6) else { return nil }
    let (row, column) = (Array(cosines[..<3]), Array(cosines[3...]))
    return [
      row[1] * column[2] - row[2] * column[1], row[2] * column[0] - row[0] * column[2],
      row[0] * column[1] - row[1] * column[0],
    ]
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func isParallel(_ left: [Double], _ right: [Double]) -> Bool {
    let lengths = (dot(left, left) * dot(right, right)).squareRoot()
    return lengths > tolerance && abs(abs(dot(left, right) / lengths) - 1) < tolerance
  }
}
