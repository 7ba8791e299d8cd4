import DICOM
import Store

/// Orthanc's errors: its number, its sentence and the HTTP status that it gives.
enum OrthancError: Int, CaseIterable, Sendable {
  case internalError = -1
  case notImplemented = 2
  case parameterOutOfRange = 3
  case timeout = 5
  case badSequenceOfCalls = 6
  case inexistentItem = 7
  case badRequest = 8
  case networkProtocol = 9
  case database = 11
  case cannotWriteFile = 14
  case badFileFormat = 15
  case unknownResource = 17
  case fullStorage = 19
  case corruptedFile = 20
  case inexistentTag = 21
  case readOnly = 22
  case unknownDicomTag = 27
  case badJobTransition = 36
  case revision = 43
  case mainDicomTagsMultiplyDefined = 44
  case forbiddenAccess = 45
  case duplicateResource = 46

  var message: String {
    switch self {
    case .internalError: "Internal error"
    case .notImplemented: "Not implemented yet"
    case .parameterOutOfRange: "Parameter out of range"
    case .timeout: "Timeout"
    case .badSequenceOfCalls: "Bad sequence of calls"
    case .inexistentItem: "Accessing an inexistent item"
    case .badRequest: "Bad request"
    case .networkProtocol: "Error in the network protocol"
    case .database: "Error with the database engine"
    case .cannotWriteFile: "Cannot write to file"
    case .badFileFormat: "Bad file format"
    case .unknownResource: "Unknown resource"
    case .fullStorage: "The file storage is full"
    case .corruptedFile: "Corrupted file (e.g. inconsistent MD5 hash)"
    case .inexistentTag: "Inexistent tag"
    case .readOnly: "Cannot modify a read-only data structure"
    case .unknownDicomTag: "Unknown DICOM tag"
    case .badJobTransition: "Bad state machine transition of job"
    case .revision:
      "A bad revision number was provided, which might indicate conflict between multiple writers"
    case .mainDicomTagsMultiplyDefined:
      "A main DICOM Tag has been defined multiple times for the same resource level"
    case .forbiddenAccess: "Access to a resource is forbidden"
    case .duplicateResource: "Duplicate resource"
    }
  }

  var status: Int {
    switch self {
    case .parameterOutOfRange, .badRequest, .badFileFormat: 400
    case .forbiddenAccess, .readOnly: 403
    case .inexistentItem, .unknownResource: 404
    case .revision: 409
    case .fullStorage: 507
    case .internalError, .notImplemented, .timeout, .badSequenceOfCalls, .networkProtocol, .database,
      .cannotWriteFile, .corruptedFile, .inexistentTag, .unknownDicomTag, .badJobTransition,
      .mainDicomTagsMultiplyDefined, .duplicateResource:
      500
    }
  }
}

/// Why a request failed, as its client is told.
struct RESTError: Error, Equatable {
  var code: OrthancError
  /// A sentence more; nil where the code says it all.
  var details: String?
  /// Where it differs from the code's.
  var status: Int

  init(_ code: OrthancError, _ details: String? = nil, status: Int? = nil) {
    self.code = code
    self.details = details
    self.status = status ?? code.status
  }

  /// What the archive says, in Orthanc's words.
  init(_ error: StoreError) {
    let code: OrthancError =
      switch error.code {
      case .storageFull: .fullStorage
      case .storageUnusable, .inputOutput: .cannotWriteFile
      case .storageInUse, .closed: .database
      case .cannotUnderstand, .dataSetMismatch: .badFileFormat
      case .notFound: .unknownResource
      case .badValue: .parameterOutOfRange
      case .readOnly: .forbiddenAccess
      case .revisionConflict: .revision
      }
    self.init(code, error.message)
  }

  /// The JSON that a client gets (Orthanc's `HttpDescribeErrors`).
  func description(method: String, uri: String) -> String {
    var members: [String: JSONValue] = [
      "HttpError": .text(HTTPStatusText.phrase(status)), "HttpStatus": .number(status),
      "Message": .text(code.message), "Method": .text(method), "OrthancError": .text(code.message),
      "OrthancStatus": .number(code.rawValue), "Uri": .text(uri),
    ]
    if let details { members["Details"] = .text(details) }
    return JSONWriter.text(.object(members), indentation: "\t") + "\n"
  }
}

/// Names of the HTTP statuses that are given (RFC 9110 §15).
enum HTTPStatusText {
  static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 206: "Partial Content"
    case 301: "Moved Permanently"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 413: "Payload Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    case 507: "Insufficient Storage"
    default: "Error"
    }
  }
}
