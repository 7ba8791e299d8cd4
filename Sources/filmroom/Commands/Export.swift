import ArgumentParser
import Explorer
import Foundation
import Net
import Store

/// `filmroom export`: resources as a ZIP file.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write patients, studies, series or instances into a ZIP file.",
    discussion: """
      In the file is a folder for each patient (ID and name), study (accession number and description) and series \
      (modality and description), as Orthanc writes them. `filmroom import` and other programs read it. The file \
      gets its name when it is complete: an export that was interrupted leaves none. While another Filmroom uses the \
      archive, it gives the content; the explorer's key w exports too.
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The ZIP file to write.", valueName: "file"))
  var output: String

  @Flag(help: "Export the whole archive.")
  var all = false

  @Flag(help: "Replace the file if it is there already.")
  var force = false

  @Argument(help: ArgumentHelp("Orthanc's identifiers of what to export, of any level.", valueName: "id"))
  var ids: [String] = []

  func validate() throws {
    if all != ids.isEmpty {
      throw ValidationError("give the identifiers of what to export, or --all")
    }
    for id in ids where PublicID(id) == nil {
      throw ValidationError(
        "\(id) is no identifier: they look like 0b42a6cf-… with five groups of eight; y in the explorer copies one"
      )
    }
    if output.isEmpty { throw ValidationError("--output is empty: give the name of a file") }
  }

  func run() throws {
    let interruption = Interruption()
    let isCancelled = interruption.isAsked
    let (ids, path, replaces) = (all ? nil : ids.compactMap { PublicID($0) }, output, force)
    let bar = ProgressBar(unit: "instances")
    let summary = try Failure.report {
      let holder = try Services.holder(common, log: LogStore(.standardError), mustExist: true)
      defer { holder.close() }
      defer { bar.finish() }
      let progress: @Sendable (ExportProgress) throws -> Void = {
        if isCancelled() { throw CancellationError() }
        bar.update($0.instances + $0.gone, of: $0.ofInstances, note: NumberText.size($0.bytes))
      }
      return try waitFor { () -> ExportSummary? in
        do {
          switch holder {
          case .here(let archive):
            let selection = try await Self.selection(ids, in: archive)
            return try await archive.export(
              selection, to: path, replaces: replaces, token: "\(getpid())", progress: progress)
          case .elsewhere(let archive):
            return try await archive.export(
              ids, to: path, replaces: replaces, token: "\(getpid())", progress: progress)
          }
        } catch is CancellationError {
          return nil
        } catch let error as StoreError where error.message.hasSuffix("stays as it is") {
          throw StoreError(error.code, error.message + "; --force replaces it")
        }
      }
    }
    guard let summary else {
      Console.error("interrupted: \(path) was not written")
      throw ExitCode(130)
    }
    Console.print(Self.sentence(summary))
  }

  private static func selection(_ ids: [PublicID]?, in archive: Archive) async throws -> ExportSelection {
    guard let ids else { return .all }
    var resources: [ResourceReference] = []
    for id in ids {
      let found = try await archive.resources(named: id)
      if found.isEmpty { throw StoreError(.notFound, "nothing in the archive has the identifier \(id)") }
      resources += found
    }
    return .resources(resources)
  }

  private static func sentence(_ summary: ExportSummary) -> String {
    let gone = summary.gone > 0 ? ", \(NumberText.count(summary.gone)) deleted meanwhile" : ""
    return "\(summary.path): \(NumberText.count(summary.instances, "instance"))\(gone), "
      + "\(NumberText.size(summary.bytes)) in \(NumberText.size(summary.archiveSize))"
  }
}
