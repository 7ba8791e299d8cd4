import Glibc

/// A peer on a plain socket that can say anything at all.
public final class RawClient {
  public enum Received: Equatable, Sendable {
    case pdu(type: UInt8, body: [UInt8])
    /// The other side has closed in an orderly way.
    case closed
    case reset
    /// Nothing came in time.
    case nothing
  }

  private var descriptor: Int32

  /// A connection that could not be made.
  public struct Unreachable: Error { public var code: Int32 }

  /// How long each call waits for the other side, in seconds.
  public var patience: Double = 60 {
    didSet { setPatience() }
  }

  public init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    setPatience()
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Unreachable(code: errno) }
  }

  private func setPatience() {
    let microseconds = max(1, Int(patience * 1_000_000))
    var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  deinit { close() }

  public func close() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Closes with a reset in place of a FIN.
  public func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// False when the other side has closed.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Whether something, or the end, arrives within a time.
  public func isReadable(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0
  }

  /// Sends until the other side takes nothing more for a while; how many bytes went out.
  public func sendUntilStuck(_ bytes: [UInt8]) -> Int {
    let before = patience
    patience = 0.5
    defer { patience = before }
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { break }
      sent += count
    }
    return sent
  }

  private func read(_ count: Int, pieces: Int = .max) -> (bytes: [UInt8], end: Received?) {
    var bytes: [UInt8] = []
    while bytes.count < count {
      var chunk = [UInt8](repeating: 0, count: min(pieces, count - bytes.count))
      let got = recv(descriptor, &chunk, chunk.count, 0)
      if got == 0 { return (bytes, .closed) }
      if got < 0 { return (bytes, errno == ECONNRESET ? .reset : .nothing) }
      bytes += chunk[..<got]
    }
    return (bytes, nil)
  }

  public func receive() -> Received {
    let header = read(6)
    if let end = header.end { return end }
    let length = header.bytes[2...].reduce(0) { $0 << 8 | Int($1) }
    let body = read(length)
    return body.end ?? .pdu(type: header.bytes[0], body: body.bytes)
  }

  /// Everything up to the end of the connection, which came if `isClosed`.
  public func receiveAll() -> (text: String, isClosed: Bool) {
    let (bytes, end) = read(1 << 30, pieces: 1 << 16)
    return (String(decoding: bytes, as: UTF8.self), end == .closed || end == .reset)
  }

  /// The A-ABORT that should come now, as `source,reason`, and that the connection closes after it.
  public func receiveAbort() -> String {
    guard case .pdu(7, let body) = receive(), body.count == 4 else { return "no abort" }
    guard receive() == .closed else { return "not closed" }
    return "\(body[2]),\(body[3])"
  }

  /// The A-ASSOCIATE-RJ that should come now, as `result,source,reason`.
  public func receiveReject() -> String {
    guard case .pdu(3, let body) = receive(), body.count == 4 else { return "no reject" }
    return "\(body[1]),\(body[2]),\(body[3])"
  }
}
