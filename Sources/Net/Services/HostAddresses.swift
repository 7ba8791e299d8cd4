import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Addresses as text, always the same for the same host.
enum HostAddresses {
  /// An IPv4 address that came over an IPv6 socket is shown as the IPv4 address that it is.
  static func text(of address: SocketAddress?) -> String {
    guard let text = address?.ipAddress else { return "unknown" }
    return plain(text)
  }

  static func plain(_ text: String) -> String {
    let prefix = "::ffff:"
    return text.hasPrefix(prefix) && text.contains(".") ? String(text.dropFirst(prefix.count)) : text
  }

  /// All addresses of a host name; empty when there are none. Blocks, so never on an event loop.
  static func resolve(_ host: String) -> Set<String> {
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, nil, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var result: Set<String> = []
    var next = list
    while let entry = next?.pointee {
      var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let status = getnameinfo(
        entry.ai_addr, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
      if status == 0 {
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        result.insert(plain(String(decoding: bytes, as: UTF8.self)))
      }
      next = entry.ai_next
    }
    return result
  }
}
