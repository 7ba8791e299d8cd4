import Foundation

/// A head made of ellipsoids, after the idea of Shepp and Logan: skull, brain, ventricles and two lesions.
/// Coordinates run from -1 to 1 in each direction.
struct HeadPhantom {
  /// What a place consists of.
  enum Tissue: Int, CaseIterable {
    case air, scalp, bone, brain, ventricle, greyMatter, lesion, calcification
  }

  private struct Ellipsoid {
    var center: (x: Double, y: Double, z: Double)
    var radii: (x: Double, y: Double, z: Double)
    /// Turned about the long axis of the body, in radians.
    var angle: Double
    var tissue: Tissue

    func contains(_ x: Double, _ y: Double, _ z: Double) -> Bool {
      let (dx, dy, dz) = (x - center.x, y - center.y, z - center.z)
      let turnedX = dx * cos(angle) + dy * sin(angle)
      let turnedY = dy * cos(angle) - dx * sin(angle)
      let (a, b, c) = (turnedX / radii.x, turnedY / radii.y, dz / radii.z)
      return a * a + b * b + c * c <= 1
    }
  }

  /// Later ones lie inside earlier ones.
  private static let parts: [Ellipsoid] = [
    Ellipsoid(center: (0, 0, 0), radii: (0.72, 0.95, 0.93), angle: 0, tissue: .scalp),
    Ellipsoid(center: (0, 0, 0), radii: (0.68, 0.91, 0.89), angle: 0, tissue: .bone),
    Ellipsoid(center: (0, -0.01, 0), radii: (0.62, 0.85, 0.83), angle: 0, tissue: .greyMatter),
    Ellipsoid(center: (0, -0.01, 0), radii: (0.55, 0.77, 0.75), angle: 0, tissue: .brain),
    Ellipsoid(center: (0.2, -0.05, 0.05), radii: (0.1, 0.3, 0.3), angle: -0.3, tissue: .ventricle),
    Ellipsoid(center: (-0.2, -0.05, 0.05), radii: (0.1, 0.3, 0.3), angle: 0.3, tissue: .ventricle),
    Ellipsoid(center: (0.28, 0.4, 0.1), radii: (0.1, 0.1, 0.1), angle: 0, tissue: .lesion),
    Ellipsoid(center: (-0.3, -0.45, -0.1), radii: (0.07, 0.09, 0.08), angle: 0, tissue: .lesion),
    Ellipsoid(center: (0, 0.12, 0), radii: (0.03, 0.04, 0.05), angle: 0, tissue: .calcification),
  ]

  static func tissue(_ x: Double, _ y: Double, _ z: Double) -> Tissue {
    parts.last { $0.contains(x, y, z) }?.tissue ?? .air
  }

  /// One axial slice as numbers, row by row.
  ///
  /// - Parameters:
  ///   - z: from -1 at the neck to 1 at the crown.
  ///   - value: what a tissue is shown as.
  ///   - noise: the largest deviation from it.
  static func slice(size: Int, z: Double, value: (Tissue) -> Int, noise: Int, seed: UInt64) -> [Int16] {
    let values = Tissue.allCases.map(value)
    var random = SeededNoise(seed: seed)
    var pixels: [Int16] = []
    pixels.reserveCapacity(size * size)
    let step = 2 / Double(size)
    for row in 0..<size {
      let y = -1 + (Double(row) + 0.5) * step
      for column in 0..<size {
        let x = -1 + (Double(column) + 0.5) * step
        let inside = x * x + y * y < 1.5 ? tissue(x, y, z) : .air
        pixels.append(Int16(clamping: values[inside.rawValue] + random.next(noise)))
      }
    }
    return pixels
  }
}

/// The same noise each time, so that the studies are the same on every machine.
struct SeededNoise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// A number from -amplitude to amplitude.
  mutating func next(_ amplitude: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return amplitude == 0 ? 0 : Int(state >> 40) % (2 * amplitude + 1) - amplitude
  }
}
