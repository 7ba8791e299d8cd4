import DICOM
import Store

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Metrics in the text format of Prometheus, named as Orthanc's.
enum MetricsText {
  static func text(_ services: RESTServices) async throws -> String {
    if !services.metrics.isOn { return "" }
    let totals = try await services.archive.totals()
    let last = try await services.archive.lastChange().last
    let jobs = services.jobs.jobs()
    func count(_ states: JobState...) -> Double { Double(jobs.count { states.contains($0.state) }) }
    let requests = services.metrics.now
    let values: [(String, Double)] = [
      ("orthanc_count_instances", Double(totals.instances)),
      ("orthanc_count_patients", Double(totals.patients)),
      ("orthanc_count_series", Double(totals.series)), ("orthanc_count_studies", Double(totals.studies)),
      ("orthanc_disk_size_mb", Double(totals.diskSize) / 1_048_576),
      ("orthanc_jobs_completed", count(.success, .failure)), ("orthanc_jobs_failed", count(.failure)),
      ("orthanc_jobs_pending", count(.pending, .paused, .retry)), ("orthanc_jobs_running", count(.running)),
      ("orthanc_jobs_success", count(.success)), ("orthanc_last_change", Double(last)),
      ("orthanc_rest_api_active_requests", Double(requests.active)),
      ("orthanc_rest_api_duration_ms", Double(requests.slowest)),
      ("orthanc_rest_api_requests_total", Double(requests.total)),
      ("orthanc_uncompressed_size_mb", Double(totals.uncompressedSize) / 1_048_576),
      ("orthanc_up_time_s", Double(services.uptime)),
    ]
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    return values.map { "\($0) \(JSONValue.number($1).description) \(milliseconds)\n" }.joined()
  }
}
