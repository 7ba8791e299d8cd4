import Explorer
import Foundation
import Net
import Store
import Synchronization

/// What the status line shows, gathered from the listener and the archive.
final class StatusSource: ServiceStatusSource {
  private let services: Services
  private let used = Mutex<Int64>(0)
  private let rate = Mutex(RecentRate())
  private let requestRate = Mutex(RecentRate())
  private let host: String
  private let addresses: [String]

  init(_ services: Services) {
    self.services = services
    host = Self.hostName()
    addresses = HostAddressList.current()
    let archive = services.archive
    if let totals = try? waitFor({ try await archive.totals() }) { used.withLock { $0 = totals.diskSize } }
    Task.detached { [weak self] in
      for await event in archive.events() { self?.used.withLock { $0 = event.totals.diskSize } }
    }
  }

  /// What this machine calls itself. Asks no name server, which might not answer for a while.
  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whatever comes or goes leaves a line in the log, but for requests that only read.
  func updates() -> AsyncStream<Void> {
    let (stream, told) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let sources = [services.log.updates(), services.http?.requestUpdates()].compactMap { $0 }
    let tasks = sources.map { source in Task.detached { for await _ in source { told.yield() } } }
    told.onTermination = { _ in for task in tasks { task.cancel() } }
    return stream
  }

  func snapshot() -> ServiceStatus {
    let listener = services.listener?.status()
    let total = listener?.instancesStored ?? 0
    let running = services.jobs.jobs().filter { $0.state == .running }
    let now = ContinuousClock.now
    return ServiceStatus(
      aeTitle: services.settings.listener.aeTitle, hostName: host, addresses: addresses,
      dicomPort: listener?.port, openAssociations: listener?.associations.count ?? 0,
      instancesPerSecond: rate.withLock { $0.update(total, at: now) }, totalReceived: total,
      storageUsed: used.withLock { $0 }, note: services.archive.storageProblem() ?? services.hooks?.problem,
      runningJobs: running.count,
      jobPercent: running.isEmpty ? nil : running.reduce(0) { $0 + $1.progress.percent } / running.count,
      http: http(at: now))
  }

  /// Nil where only this machine's own commands are served.
  private func http(at now: ContinuousClock.Instant) -> HTTPServerStatus? {
    guard let http = services.http, let port = http.port else { return nil }
    let configuration = http.configuration
    let requests = http.requests
    return HTTPServerStatus(
      isSecure: configuration.certificate != nil, hosts: configuration.hosts, port: port,
      users: configuration.users?.count,
      requestsPerSecond: requestRate.withLock { $0.update(requests.total + requests.active, at: now) })
  }
}

/// How much comes per second, over the last seconds; rounded up, so that what comes seldom shows too.
struct RecentRate {
  private var samples: [(time: ContinuousClock.Instant, total: Int)] = []
  private static let window = Duration.seconds(3)

  mutating func update(_ total: Int, at now: ContinuousClock.Instant) -> Int {
    // Nobody asked for a while: what has come since has come just now, which is why somebody asks.
    if let last = samples.last, now - last.time > Self.window {
      samples = [(now - .seconds(1), last.total)]
    }
    samples.append((now, total))
    while samples.count > 2, now - samples[1].time > Self.window { samples.removeFirst() }
    guard let first = samples.first, now > first.time else { return 0 }
    let elapsed = now - first.time
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    return seconds < 0.2 ? 0 : Int((Double(total - first.total) / seconds).rounded(.up))
  }
}

/// The addresses that another machine could reach this one at.
enum HostAddressList {
  static func current() -> [String] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return [] }
    defer { freeifaddrs(list) }
    var addresses: [String] = []
    var next = list
    while let interface = next {
      next = interface.pointee.ifa_next
      let isUp = interface.pointee.ifa_flags & UInt32(IFF_UP) != 0
      let isLoopback = interface.pointee.ifa_flags & UInt32(IFF_LOOPBACK) != 0
      guard isUp, !isLoopback, let address = interface.pointee.ifa_addr,
        address.pointee.sa_family == sa_family_t(AF_INET)
      else { continue }
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let status = getnameinfo(
        address, socklen_t(MemoryLayout<sockaddr_in>.size), &text, socklen_t(text.count), nil, 0,
        NI_NUMERICHOST)
      if status == 0 {
        addresses.append(
          String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
    }
    return addresses
  }
}
