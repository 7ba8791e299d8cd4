import DICOM
import HTTPTypes
import Store

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What stands below `/tools` and concerns no resource.
enum ToolRoutes {
  static let routes =
    [
      Route(.get, "/tools/now", "The time, UTC.") { _, _ in .text(OrthancDate.text(Int64(time(nil)))) },
      Route(.get, "/tools/now-local", "The time, as this machine's clock shows it.") { _, _ in
        var (now, parts) = (time(nil), tm())
        localtime_r(&now, &parts)
        return .text(OrthancDate.text(Int64(now) + Int64(parts.tm_gmtoff)))
      },
      Route(.get, "/tools/generate-uid", "A new UID for a `level`.") { request, _ in
        let level = request.query["level"] ?? ""
        guard ["patient", "study", "series", "instance"].contains(level.lowercased()) else {
          throw RESTError(.parameterOutOfRange, "Invalid resource type '\(level)'")
        }
        return .text(NewUID.text())
      },
      Route(.get, "/tools/default-encoding", "The character set of files that name none.") { _, _ in
        .text(DefaultEncoding.current.name)
      },
      Route(.put, "/tools/default-encoding", "Set the character set of files that name none.") {
        request, _ in
        let name = try await request.text()
        guard let encoding = DefaultEncoding(named: name) else { throw RESTError(.parameterOutOfRange) }
        DefaultEncoding.current = encoding
        return .text(name)
      },
      Route(.get, "/tools/accepted-transfer-syntaxes", "The transfer syntaxes that are taken in.") {
        _, services in
        .json(.texts(services.reception.acceptedTransferSyntaxes))
      },
      Route(.put, "/tools/accepted-transfer-syntaxes", "Set the transfer syntaxes that are taken in.") {
        request, services in
        let patterns = try await texts(request)
        guard services.reception.accept(patterns) else {
          throw RESTError(.parameterOutOfRange, "no transfer syntax matches")
        }
        return .json(.texts(services.reception.acceptedTransferSyntaxes))
      },
      Route(.get, "/tools/accepted-sop-classes", "The SOP classes that are taken in.") { _, _ in
        .json(.texts(StorageClasses.all.map(\.uid)))
      },
      Route(.get, "/tools/unknown-sop-class-accepted", "Whether any SOP class is taken in: 0 or 1.") {
        _, services in
        .text(services.reception.acceptsUnknownSOPClasses ? "1" : "0")
      },
      Route(.put, "/tools/unknown-sop-class-accepted", "Set whether any SOP class is taken in.") {
        request, services in
        services.reception.acceptUnknownSOPClasses(try boolean(try await request.text()))
        return .text(services.reception.acceptsUnknownSOPClasses ? "1" : "0")
      },
      Route(.post, "/tools/invalidate-tags", "Forget what was made from files: nothing is kept here.") {
        _, _ in
        .written
      },
      Route(.post, "/tools/reset", "Start the services anew, with the configuration read again.") {
        _, services in
        services.program.end(restarting: true)
        return .done
      },
      Route(.post, "/tools/shutdown", "End the program in good order.") { _, services in
        services.program.end(restarting: false)
        return .done
      },
      Route(.post, "/tools/execute-script", "Lua is not run: 403, as Orthanc with ExecuteLuaEnabled false.") {
        _, _ in .empty(403)
      },
      Route(.get, "/tools/dicom-conformance", "The DICOM conformance statement.") { _, services in
        .text(services.program.conformance)
      },
    ] + metrics + logLevels

  private static let metrics = [
    Route(.get, "/tools/metrics", "Whether there are metrics: 0 or 1.") { _, services in
      .text(services.metrics.isOn ? "1" : "0")
    },
    Route(.put, "/tools/metrics", "Turn metrics on or off.") { request, services in
      services.metrics.isOn = try boolean(try await request.text())
      return .written
    },
    Route(.get, "/tools/metrics-prometheus", "Metrics in the text format of Prometheus.") { _, services in
      .text(try await MetricsText.text(services), type: "text/plain; version=0.0.4")
    },
  ]

  /// Orthanc's categories of log lines.
  private static let categories = ["generic", "http", "dicom", "jobs", "lua", "plugins", "sqlite"]
  private static let levels = ["default", "verbose", "trace"]

  private static let logLevels = ([""] + categories).flatMap { category -> [Route] in
    let path = "/tools/log-level" + (category.isEmpty ? "" : "-" + category)
    let what = category.isEmpty ? "every category" : "the category “\(category)”"
    return [
      Route(.get, path, "How much is logged of \(what): default, verbose or trace.") { _, services in
        .text(services.program.logLevel(of: category))
      },
      Route(.put, path, "Set how much is logged of \(what).") { request, services in
        let level = try await request.text()
        guard levels.contains(level) else {
          throw RESTError(.parameterOutOfRange, "Unknown log level: \(level)")
        }
        services.program.setLogLevel(level, of: category)
        return .written
      },
    ]
  }

  static func boolean(_ text: String) throws(RESTError) -> Bool {
    switch text.filter({ !$0.isWhitespace }) {
    case "0", "false": return false
    case "1", "true": return true
    default: throw RESTError(.badFileFormat, "Boolean value expected")
    }
  }

  /// A list, a text alone, or a text that is no JSON.
  private static func texts(_ request: RESTRequest) async throws -> [String] {
    let text = try await request.text()
    switch try? JSONParser.parse(text) {
    case .array(let items)?:
      return try items.map { item throws(RESTError) in
        guard case .text(let text) = item else {
          throw RESTError(.badFileFormat, "a list of UIDs is expected")
        }
        return text
      }
    case .text(let text)?: return [text]
    default: return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
  }
}
