/// What a client of the HTTP server may ask of us. Each crossing has an answer of its own; docs/rest.md lists them.
enum HTTPLimits {
  /// Bytes of one header field, or of a URI that is not even looked at: 400, and the connection ends.
  static let headerField = 32 * 1024
  /// Bytes of all header fields, and how many: 400, and the connection ends.
  static let headers = 64 * 1024
  static let headerCount = 100
  /// Bytes of a URI: 414.
  static let uri = 16 * 1024
  /// Bytes of a body that is read whole, such as JSON: 413.
  static let textBody = 16 << 20
  /// Bytes of an uploaded body that stays in memory; a longer one goes through a file.
  static let uploadInMemory = 4 << 20
  /// Bytes of an uploaded file: 413.
  static let upload = 64 << 30
  /// Bytes that an upload with Content-Encoding may inflate to: 413.
  static let inflatedUpload = 16 << 30
  /// Connections at once; more wait until one ends.
  static let connections = 256
  /// A body that is sent, or an answer that is taken, by fewer bytes a second over a minute ends with the connection.
  static let slowestBody = 1024
  /// Bytes of a body that still are read when its answer is out already; more ends the connection.
  static let unwanted = 16 << 20
}
