import Foundation
import FoundationNetworking
import Glibc
import TestSupport

/// An Orthanc that a test runs on a folder of its own, spoken to over REST.
final class OrthancServer {
  static let program = "/usr/sbin/Orthanc"
  static let isInstalled = access(program, X_OK) == 0

  let folder: TemporaryFolder
  private let process: RunningProgram
  private let port: UInt16

  var storage: String { folder.path + "/orthanc" }

  init(_ options: [String: Any] = [:]) async throws {
    folder = try TemporaryFolder()
    let storage = folder.path + "/orthanc"
    port = Self.freePort()
    var configuration: [String: Any] = [
      "StorageDirectory": storage, "IndexDirectory": storage, "HttpPort": Int(port),
      "DicomServerEnabled": false,
      "Plugins": [String](), "RemoteAccessAllowed": false,
    ]
    configuration.merge(options) { $1 }
    let file = try folder.write(
      Array(try JSONSerialization.data(withJSONObject: configuration)), to: "orthanc.json")
    process = try RunningProgram(Self.program, [file])
    let isUp = await eventually(within: 60) { await (try? send("GET", "/system")) != nil }
    if !isUp { throw CancellationError() }
  }

  /// In good order, or as a crash would.
  func stop(isCrash: Bool = false) async throws {
    if isCrash {
      process.signal(SIGKILL)
    } else {
      try await send("POST", "/tools/shutdown")
    }
    if await process.exitStatus(within: 60) == nil { throw CancellationError() }
  }

  /// A port that was free just now.
  private static func freePort() -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length)
        getsockname(socket, $0, &length)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  /// The body of an answer; throws unless it is a success.
  @discardableResult
  func send(_ method: String, _ path: String, _ body: [UInt8] = []) async throws -> [UInt8] {
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw CancellationError() }
    var request = URLRequest(url: url)
    request.httpMethod = method
    if method != "GET" { request.httpBody = Data(body) }
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let status = (response as? HTTPURLResponse)?.statusCode, (200..<300).contains(status) else {
      throw CancellationError()
    }
    return Array(data)
  }

  func json(_ path: String) async throws -> Any {
    try JSONSerialization.jsonObject(with: Data(try await send("GET", path)), options: .fragmentsAllowed)
  }
}
