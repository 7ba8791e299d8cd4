import DICOM
import Store
import TestSupport
import Testing

@testable import Net

/// What Orthanc was asked once, asked of us, with instances of our own: the same status, content type and shape.
struct TranscriptTests {
  private struct Exchange {
    var method, uri, body, header, type, shape: String
    var status: Int
    var name: String { method + " " + uri }
  }

  /// Where we answer otherwise, and why. Status nil: only the shape differs.
  private static let otherwise: [String: (status: Int?, reason: String)] = [
    "GET /system": (nil, "more members: those of 1.12.11, and our own name and version"),
    "HEAD /system": (200, "HEAD is GET without the body"),
    "GET /plugins": (nil, "there are no plugins, not even that of Orthanc's web page"),
    "PUT /instances/{instance}/metadata/my-note bare": (
      409, "a bare revision is understood; this one is old"
    ),
    "GET /instances/{instance}/metadata/my-note If-None-Match": (304, "nothing has changed"),
    "DELETE /instances/{instance}/metadata/my-note current": (200, "revisions count up on SQLite too"),
    "GET /studies/{study}/attachments/sampleRaw/data Range": (206, "ranges are served"),
    "DELETE /studies/{study}/attachments/sampleRaw": (409, "revisions count up on SQLite too"),
    "GET /studies/{study}/attachments": (nil, "the attachment that could not be deleted is still there"),
    "GET /queries": (nil, "nothing can be queried yet"),
  ]

  private static let exchanges = OrthancAnswers.text.split(separator: "\n").map { line in
    let parts = line.split(separator: " | ", omittingEmptySubsequences: false).map(String.init)
    let target = parts[0].split(separator: " ")
    return Exchange(
      method: String(target[0]), uri: String(target[1]), body: parts[1], header: parts[2], type: parts[4],
      shape: parts[5], status: Int(parts[3])!)
  }

  private let first = DataSetSamples.file(
    patientID: "1CT1", patientName: "CompressedSamples^CT1", study: "1.2.1", series: "1.2.1.1",
    instance: "1.2.1.1.1", date: "20040119",
    extra: [
      DataElement(Tag(0x0008, 0x0008), .CS, text: "ORIGINAL\\PRIMARY\\AXIAL"),
      DataElement(Tag(0x0010, 0x0030), .DA, text: ""), DataElement(Tag(0x0028, 0x0100), numbers: [16]),
      DataElement(Tag(0x0028, 0x0002), numbers: [1]),
    ])
  private let second = DataSetSamples.file(
    patientID: "4MR1", patientName: "CompressedSamples^MR1", study: "1.2.4", series: "1.2.4.1",
    instance: "1.2.4.1.1", modality: "MR", date: "20040826")

  @Test func ourAnswersAreOrthancs() async throws {
    let client = try RESTClient { configuration, _ in
      configuration.checksRevisions = true
      configuration.userMetadata = ["my-note": MetadataKey(rawValue: 1024)]
      configuration.userAttachments = [
        "samplePdf": UserAttachmentType(AttachmentType(rawValue: 1024), mimeType: "application/pdf"),
        "sampleRaw": UserAttachmentType(AttachmentType(rawValue: 1025)),
      ]
    }
    var names: [String: String] = [:]
    for exchange in Self.exchanges {
      if LaterRoutes.reason(exchange.method, exchange.uri.replacing("{query}", with: "x")) != nil { continue }
      if exchange.uri.contains("{query}") { continue }
      let answer = try await send(exchange, names, client)
      try await learn(answer, exchange, client, &names)
      let allowed = Self.otherwise[exchange.name] ?? Self.otherwise[exchange.name + " " + detail(exchange)]
      if let allowed {
        if let status = allowed.status { #expect(answer.status == status, "\(exchange.name)") }
        continue
      }
      let told = Comment(rawValue: "\(exchange.name) \(exchange.body): \(answer.text.prefix(200))")
      #expect(answer.status == exchange.status, told)
      #expect(Self.type(answer.type) == exchange.type, told)
      #expect(Self.fits(answer.json, exchange.shape), told)
    }
  }

  /// Tells apart what has the same URI.
  private func detail(_ exchange: Exchange) -> String {
    if exchange.header.hasPrefix("If-Match: \"1-") { return "current" }
    if exchange.header.hasPrefix("If-") && exchange.body.isEmpty {
      return String(exchange.header.prefix { $0 != ":" })
    }
    return exchange.body.isEmpty ? String(exchange.header.prefix { $0 != ":" }) : exchange.body
  }

  private func send(
    _ exchange: Exchange, _ names: [String: String], _ client: RESTClient
  ) async throws -> RESTClient.Answer {
    func filled(_ text: String) -> String {
      names.reduce(text) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
    let body =
      switch exchange.body {
      case "FIRST": first
      case "SECOND": second
      default: Array(filled(exchange.body).utf8)
      }
    var headers: [String: String] = [:]
    if let colon = exchange.header.firstRange(of: ": ") {
      headers[String(exchange.header[..<colon.lowerBound])] = String(exchange.header[colon.upperBound...])
    }
    return try await client.send(exchange.method, filled(exchange.uri), body, headers: headers)
  }

  private func learn(
    _ answer: RESTClient.Answer, _ exchange: Exchange, _ client: RESTClient, _ names: inout [String: String]
  ) async throws {
    if exchange.body == "FIRST" {
      names["instance"] = answer.json["ID"]?.string
      for level in ["Patient", "Study", "Series"] {
        names[level.lowercased()] = answer.json["Parent" + level]?.string
      }
    } else if exchange.body == "SECOND" {
      names["patient2"] = answer.json["ParentPatient"]?.string
    } else if exchange.method == "POST" && exchange.uri.hasSuffix("/archive") {
      let id = try #require(answer.json["ID"]?.string)
      names["job"] = id
      #expect(await eventually(within: 300) { client.jobs.job(id)?.state == .success })
    }
  }

  private static func type(_ type: String?) -> String {
    switch type {
    case nil: "-"
    case "application/json; charset=utf-8"?: "json"
    case "application/json"?: "plainjson"
    case "text/plain"?: "text"
    case "application/octet-stream"?: "bytes"
    case let type?: type
    }
  }

  private static let errors =
    "HttpError:t HttpStatus:n Message:t Method:t OrthancError:t OrthancStatus:n Uri:t"

  private static func fits(_ json: JSONValue, _ shape: String) -> Bool {
    switch shape {
    case "": return true
    case "{}": return json.names != nil
    case "[]": if case .array = json { return true } else { return false }
    case "[t]": return json.strings?.isEmpty == false
    case "error": return hasMembers(json, errors, mayHave: ["Details"])
    case "error+": return hasMembers(json, "Details:t " + errors)
    default: break
    }
    if shape.hasPrefix("[") {
      guard case .array(let items) = json, let first = items.first else { return false }
      return hasMembers(first, String(shape.dropFirst(2).dropLast(2)))
    }
    return hasMembers(json, String(shape.dropFirst().dropLast()))
  }

  private static func hasMembers(_ json: JSONValue, _ members: String, mayHave: Set<String> = []) -> Bool {
    guard case .object(let present) = json else { return false }
    let wanted = Dictionary(
      uniqueKeysWithValues: members.split(separator: " ").map { member in
        let parts = member.split(separator: ":")
        return (String(parts[0]), String(parts[1]))
      })
    return Set(present.keys).subtracting(mayHave) == Set(wanted.keys)
      && wanted.allSatisfy { kind(present[$0.key] ?? .null) == $0.value }
  }

  private static func kind(_ json: JSONValue) -> String {
    switch json {
    case .null: "z"
    case .boolean: "b"
    case .number: "n"
    case .text: "t"
    case .array: "l"
    case .object: "o"
    }
  }
}
