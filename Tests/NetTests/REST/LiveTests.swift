import Foundation
import TestSupport
import Testing

@testable import Net

/// The HTTP server with real connections: who gets in, and what bad clients come to.
@Suite(.serialized) struct LiveTests {
  @Test func usersOverTheWire() async throws {
    try await LiveServer.run { configuration, _ in
      configuration.users = ["alice": "wonder"]
    } _: { server async throws in
      #expect(try await server.curl() == "0:401")
      #expect(try await server.curl("--user", "alice:wonder") == "0:200")
      #expect(try await server.curl("--user", "alice:land") == "0:401")
    }
  }

  /// A key and a certificate that it has signed itself, in one file and apart.
  private static func certificate(_ folder: TemporaryFolder, _ name: String) async throws -> String {
    let path = folder.path + "/" + name
    let made = try await RunningProgram.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path + ".key", "-out", path + ".crt",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
      ])
    #expect(made.status == 0, "\(made.output)")
    let text = try [".crt", ".key"].map { try String(contentsOfFile: path + $0, encoding: .utf8) }
    try text.joined().write(toFile: path + ".pem", atomically: true, encoding: .utf8)
    return path
  }

  @Test func onlyNewEnoughTLSIsSpoken() async throws {
    try await LiveServer.run { configuration, folder in
      configuration.certificate = try await Self.certificate(folder, "server") + ".pem"
      configuration.minimumTLSVersion = 5
    } _: { server async throws in
      let trust = server.folder.path + "/server.crt"
      #expect(try await server.curl("--cacert", trust, scheme: "https") == "0:200")
      #expect(try await server.curl("--cacert", trust, "--tls-max", "1.2", scheme: "https").hasSuffix(":000"))
      // A certificate that nobody vouches for, and no TLS at all.
      #expect(try await server.curl(scheme: "https") == "60:000")
      #expect(try await server.curl().hasSuffix(":000"))
      #expect(try await server.curl("--cacert", trust, scheme: "https") == "0:200")
    }
  }

  @Test func clientsMustShowACertificate() async throws {
    try await LiveServer.run { configuration, folder in
      configuration.certificate = try await Self.certificate(folder, "server") + ".pem"
      configuration.trustedClients = try await Self.certificate(folder, "known") + ".crt"
      _ = try await Self.certificate(folder, "stranger")
    } _: { server async throws in
      let path = server.folder.path
      #expect(
        try await server.curl("--cacert", path + "/server.crt", scheme: "https").hasSuffix(":000"))
      for (name, status) in [("known", "0:200"), ("stranger", ":000")] {
        let answer = try await server.curl(
          "--cacert", path + "/server.crt", "--cert", path + "/\(name).pem", scheme: "https")
        #expect(answer.hasSuffix(status), "\(name): \(answer)")
      }
    }
  }

  @Test func badCertificatesStopTheStart() async throws {
    let error = await #expect(throws: NetError.self) {
      try await LiveServer.run { configuration, folder in
        configuration.certificate = try folder.write(Array("no certificate".utf8), to: "bad.pem")
      } _: { _ in
      }
    }
    #expect(error?.message.contains("SslCertificate") == true)
  }

  /// Sends a byte now and then until the server has had enough; others are served meanwhile.
  private func trickle(_ start: String, to server: LiveServer) async throws -> Bool {
    let slow = try RawClient(port: server.port)
    slow.send(Array(start.utf8))
    #expect(try await server.curl() == "0:200")
    for _ in 0..<900 {
      if slow.isReadable(milliseconds: 100) || !slow.send([UInt8(ascii: "x")]) { return true }
    }
    return false
  }

  @Test func aSlowHeadIsDropped() async throws {
    try await LiveServer.run { configuration, _ in
      configuration.timeoutSeconds = 1
    } _: { server async throws in
      #expect(try await trickle("GET /system HTTP/1.1\r\nX-Slow: ", to: server))
    }
  }

  @Test func aSlowBodyIsDropped() async throws {
    try await LiveServer.run { configuration, _ in
      configuration.speedSeconds = 1
    } _: { server async throws in
      let head = "POST /instances HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
      #expect(try await trickle(head, to: server))
    }
  }

  @Test func aHandshakeThatDoesNotBeginIsDropped() async throws {
    try await LiveServer.run { configuration, folder in
      configuration.certificate = try await Self.certificate(folder, "server") + ".pem"
      configuration.timeoutSeconds = 1
    } _: { server async throws in
      let silent = try RawClient(port: server.port)
      #expect(silent.isReadable(milliseconds: 30_000))
    }
  }

  @Test(arguments: [
    "\u{0}\u{1}\u{2}garbage\r\n\r\n", "HELO example.org\r\n\r\n", "GET /system\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /tools/find HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "POST /tools/find HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /tools/find HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "POST /tools/find HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
    "POST /tools/find HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
    "POST /tools/find HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
    "GET /system HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
    "GET /system HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
    "GET /system HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "y", count: 40_000) + "\r\n\r\n",
    "GET /system HTTP/1.1\r\nHost: x\r\n"
      + (0..<200).map { "X\($0): y\r\n" }.joined() + "\r\n",
  ]) func whatIsNoProperRequestIsRefused(request: String) async throws {
    try await LiveServer.run { server async throws in
      let answer = try server.raw(request)
      // What the server has not read when it closes may take its answer along (RFC 9293 §3.10.4).
      #expect(
        answer.isClosed && (answer.text.isEmpty || answer.text.hasPrefix("HTTP/1.1 400 ")), "\(answer.text)")
      #expect(!answer.text.dropFirst(9).contains("HTTP/1.1 2"), "\(answer.text)")
      #expect(try await server.curl() == "0:200")
    }
  }

  @Test func longURIsAndBodiesHaveAnswersOfTheirOwn() async throws {
    try await LiveServer.run { server async throws in
      let long = String(repeating: "a", count: HTTPLimits.uri + 10)
      let uri = try server.raw("GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(uri.text.hasPrefix("HTTP/1.1 414 "), "\(uri.text.prefix(300))")
      for (path, length) in [("/tools/find", 4 << 30), ("/instances", HTTPLimits.upload + 1)] {
        let huge = try server.raw("POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n{}")
        #expect(huge.text.hasPrefix("HTTP/1.1 413 "), "\(huge.text.prefix(300))")
      }
    }
  }

  /// An answer that is out is no reason to read on for ever.
  @Test func whatFollowsARefusalIsNotReadToTheEnd() async throws {
    try await LiveServer.run { server async throws in
      let client = try RawClient(port: server.port)
      client.send(Array("POST /tools/find HTTP/1.1\r\nHost: x\r\nContent-Length: \(4 << 30)\r\n\r\n".utf8))
      let piece = [UInt8](repeating: 0x20, count: 1 << 20)
      var sent = 0
      while sent < 512, client.send(piece) { sent += 1 }
      #expect(sent < 512)
    }
  }

  @Test func aBodyThatIsCutOffIsNotStored() async throws {
    try await LiveServer.run { server async throws in
      let file = DataSetSamples.file(pixels: 5000)
      let client = try RawClient(port: server.port)
      let head = "POST /instances HTTP/1.1\r\nHost: x\r\nContent-Length: \(file.count + 1000)\r\n\r\n"
      client.send(Array(head.utf8) + file)
      client.finishSending()
      #expect(!client.receiveAll().text.contains(" 200 "))
      #expect(try await server.client.archive.totals().instances == 0)
      #expect(try await server.curl() == "0:200")
    }
  }

  @Test func aKeptConnectionEndsWhenNothingMoreComes() async throws {
    let request = "GET /system HTTP/1.1\r\nHost: x\r\n\r\n"
    try await LiveServer.run { configuration, _ in
      // Nothing else would end it.
      configuration.timeoutSeconds = 0
      configuration.keepAliveSeconds = 1
    } _: { server async throws in
      let client = try RawClient(port: server.port)
      client.send(Array((request + request).utf8))
      let answer = client.receiveAll()
      #expect(answer.isClosed && answer.text.components(separatedBy: "200 OK").count == 3)
    }
  }

  @Test func connectionsEndWithTheAnswerWithoutKeepAlive() async throws {
    let request = "GET /tools/now HTTP/1.1\r\nHost: x\r\n\r\n"
    try await LiveServer.run { configuration, _ in
      configuration.keepsAlive = false
    } _: { server async throws in
      let answer = try server.raw(request, isComplete: false)
      #expect(answer.isClosed && answer.text.lowercased().contains("connection: close"), "\(answer.text)")
    }
    try await LiveServer.run { server async throws in
      let client = try RawClient(port: server.port)
      client.send(Array((request + request).utf8))
      client.finishSending()
      #expect(client.receiveAll().text.components(separatedBy: "200 OK").count == 3)
    }
  }

  @Test func moreConnectionsThanAllowedWait() async throws {
    try await LiveServer.run { configuration, _ in
      configuration.timeoutSeconds = 3
    } _: { server async throws in
      let idle = try (0..<HTTPLimits.connections + 20).map { _ in try RawClient(port: server.port) }
      #expect(try await server.curl() == "0:200")
      withExtendedLifetime(idle) {}
    }
  }

  @Test func everyAddressIsListenedOn() async throws {
    try await LiveServer.run { configuration, _ in
      configuration.hosts = ["127.0.0.1", "127.0.0.2"]
    } _: { server async throws in
      for host in ["127.0.0.1", "127.0.0.2"] {
        let answer = try await RunningProgram.run(
          "curl", ["--silent", "--fail", "http://\(host):\(server.port)/tools/now"])
        #expect(answer.status == 0)
      }
      let other = try await RunningProgram.run(
        "curl", ["--silent", "--fail", "http://127.0.0.3:\(server.port)/tools/now"])
      #expect(other.status == 7)
    }
  }
}
