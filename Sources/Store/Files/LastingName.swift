import Dispatch
import Synchronization

/// Gives a file that is still being written its final name and makes both of its names durable, beside the writing:
/// what is left behind the last byte is the sync of the file.
final class LastingName: Sendable {
  private let uuid: String
  private let storage: StorageArea
  private let failure = Mutex<StoreError?>(nil)
  private let work = DispatchGroup()
  private static let threads = DispatchQueue(label: "filmroom.names", attributes: .concurrent)

  /// Begins. The file must be there under its name in `incoming`.
  init(_ uuid: String, storage: StorageArea) {
    self.uuid = uuid
    self.storage = storage
    Self.threads.async(group: work) { [self] in
      do throws(StoreError) {
        // The first name must last before there is a second one, else a power cut could leave only that, unknown to all.
        try StorageArea.syncFolder(storage.incoming)
        try storage.linkIncoming(uuid)
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  /// Waits until both names are durable. Throws `StoreError`.
  func wait() throws(StoreError) {
    work.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  /// Waits and takes both names away.
  func remove() {
    work.wait()
    storage.remove(uuid)
  }
}
