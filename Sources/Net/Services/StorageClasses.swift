/// The SOP classes that can be stored, for those who list them.
public enum StorageClasses {
  /// By UID.
  public static var all: [(uid: String, name: String)] {
    StorageSOPClasses.names.map { ($0.key.value, $0.value) }.sorted { $0.0 < $1.0 }
  }
}
