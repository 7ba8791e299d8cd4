import DICOM

/// What an export takes.
public enum ExportSelection: Equatable, Sendable {
  case all
  case resources([ResourceReference])
}

/// One series of an export, with what its folders are named after.
struct ExportSeries: Equatable, Sendable {
  var key: Int64
  var study: Int64
  var patient: Int64
  /// Nil: all of its instances.
  var chosen: Set<PublicID>?
  var instances: Int
  /// Of the files before compression.
  var bytes: Int64
  var patientName = ""
  var patientID = ""
  var accessionNumber = ""
  var studyDescription = ""
  var modality = ""
  var seriesDescription = ""
}

struct ExportInstance: Sendable {
  /// Where it stands in the order of its series.
  struct Place: Sendable {
    var number: Int64
    var key: Int64
    static let start = Place(number: .min, key: .min)
  }

  var id: PublicID
  var place: Place
  var size: Int64
  var date: Int64
  var sopClass: String
  var sopInstance: String
  /// Instance Number; empty where there is none.
  var number: String
  var transferSyntax: String

  /// Pixels that are compressed already gain nothing; what is no known plain syntax counts as such.
  var isCompressed: Bool {
    ![TransferSyntax.implicitLittleEndian, .explicitLittleEndian, .explicitBigEndian]
      .contains { $0.uid.value == transferSyntax }
  }
}

/// The series of an export, each once, and how much there is in them.
struct ExportPlan: Sendable {
  private(set) var series: [ExportSeries] = []
  private var places: [Int64: Int] = [:]

  var instances: Int { series.reduce(0) { $0 + $1.instances } }
  var bytes: Int64 { series.reduce(0) { $0 + $1.bytes } }

  /// What is there already, as part of something larger or itself, is not taken twice.
  mutating func add(_ more: [ExportSeries]) {
    for new in more {
      guard let place = places[new.key] else {
        places[new.key] = series.count
        series.append(new)
        continue
      }
      guard let known = series[place].chosen else { continue }
      guard let chosen = new.chosen else {
        series[place] = new
        continue
      }
      if chosen.isSubset(of: known) { continue }
      series[place].chosen = known.union(chosen)
      series[place].instances += new.instances
      series[place].bytes += new.bytes
    }
  }
}

extension ExportPlan {
  /// Every patient, and every study, in one piece, in the order in which they were first met.
  var grouped: [ExportSeries] {
    var (patients, studies): ([Int64: Int], [Int64: Int]) = ([:], [:])
    for (place, series) in series.enumerated() {
      if patients[series.patient] == nil { patients[series.patient] = place }
      if studies[series.study] == nil { studies[series.study] = place }
    }
    func rank(_ place: Int) -> [Int] {
      [patients[series[place].patient] ?? 0, studies[series[place].study] ?? 0, place]
    }
    return series.indices.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }.map { series[$0] }
  }
}

/// How far an export has come.
public struct ExportProgress: Equatable, Sendable {
  public var instances = 0
  public var ofInstances = 0
  /// Of the files before compression.
  public var bytes: Int64 = 0
  public var ofBytes: Int64 = 0
  /// Instances that were deleted before their turn came.
  public var gone = 0

  public init() {}
}

/// What an export wrote.
public struct ExportSummary: Equatable, Sendable {
  public var path: String
  public var instances: Int
  /// Of the files before compression, and of the archive.
  public var bytes: Int64
  public var archiveSize: Int64
  public var gone: Int

  public init(path: String, instances: Int, bytes: Int64, archiveSize: Int64, gone: Int) {
    (self.path, self.instances, self.bytes) = (path, instances, bytes)
    (self.archiveSize, self.gone) = (archiveSize, gone)
  }
}
