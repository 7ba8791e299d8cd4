import DICOM
import Store

/// Why an operation did not work, for the person.
struct Failure: Error, Equatable, Sendable {
  var text: String
  var isConflict = false

  init(_ text: String) { self.text = text }

  init(_ error: any Error) {
    if let error = error as? StoreError {
      text = error.message
      isConflict = error.code == .revisionConflict
    } else if let failure = error as? Failure {
      self = failure
    } else {
      text = String(describing: error)
    }
  }
}

/// Everything that can happen to the explorer.
enum Message: Sendable {
  case start
  case input(InputEvent)
  /// A click on something that the drawn screen has marked.
  case hit(Hit.Target)
  /// A new minute, or a new second while something is measured by seconds.
  case tick(Int64)
  case status(ServiceStatus)
  case archive(ArchiveEvent)
  case remoteWrites([RemoteWrite])
  case totals(ArchiveTotals)
  case window(WindowRequest, Result<ListWindow, Failure>)
  case markAll(list: Int, Result<ListWindow, Failure>)
  case detail(ResourceReference, Result<ResourceDetail?, Failure>)
  case tags(PublicID, Result<[TagNode], Failure>)
  case bytes(PublicID, start: Int, Result<[UInt8], Failure>)
  case changes(before: Int64?, Result<[Change], Failure>)
  case log([LogLine])
  case jobs(Result<[Job], Failure>, at: Double)
  case storage(StorageRequest, Result<StorageUse, Failure>)
  case jobSubmitted(Result<String, Failure>)
  case located(Result<ResourceDetail?, Failure>)
  case labels([ResourceReference: [String]], uses: [LabelUse])
  case labelsInUse([LabelUse])
  case metadata(ResourceReference, [MetadataEntry], names: [String])
  case metadataOfMany([ResourceReference: [MetadataEntry]], names: [String])
  case metadataWritten(MetadataChange, MetadataWriteReport)
  case metadataKey(name: String, Result<MetadataKey, Failure>)
  case edited(MetadataDialog.Edit, text: String?)
  case attachments(ResourceReference, Result<[AttachmentInfo], Failure>, names: [String])
  case attachmentType(name: String, Result<AttachmentType, Failure>)
  case attachmentText(AttachmentInfo, Result<[UInt8], Failure>)
  case attachmentVerified(AttachmentInfo, Result<String?, Failure>)
  /// Its new revision; nil: it was deleted.
  case attachmentChanged(AttachmentChange, Result<Int?, Failure>)
  /// There is such a file already: nothing was written.
  case attachmentExists(AttachmentExport)
  /// The path of a copy for another program.
  case attachmentFetched(Result<String, Failure>, AttachmentOpener)
  /// Another program was given an attachment, or could not be.
  case handedOn(String, isFine: Bool)
  case preview([ResourceReference], Result<DeletionPreview, Failure>)
  case deleted(Result<Int, Failure>)
  /// Something was done (or not); on success it can be undone.
  case done(Completion, Failure?)
  case candidates(for: String, [String])
  /// The demo studies that are there.
  case demoFound(Result<[ResourceReference], Failure>)
  case progress(WorkProgress)
  /// The long task ended.
  case worked(Result<String, Failure>)
}

extension Message {
  /// An input, or what a click meets on the screen as it was drawn last.
  static func of(_ event: InputEvent, on screen: Grid?) -> Message {
    if case .mouse(let mouse) = event, mouse.kind == .click || mouse.kind == .doubleClick,
      let target = screen?.hit(at: mouse.position)
    {
      return .hit(target)
    }
    return .input(event)
  }
}

/// What to say and to remember when an effect has worked.
struct Completion: Equatable, Sendable {
  var notice: String
  var undo: Undo?
}

/// How to take an edit back.
struct Undo: Equatable, Sendable {
  var notice: String
  var edits: [Edit]

  enum Edit: Equatable, Sendable {
    case protect(Bool, patients: [PublicID])
    case labels(adding: [String], removing: [String], on: [ResourceReference])
    case metadata([MetadataWrite])
  }
}

/// What `update` wants done.
enum Effect: Sendable, Equatable {
  case loadTotals
  case loadWindow(WindowRequest)
  case loadAll(list: Int, ListQuery, limit: Int)
  case loadDetail(ResourceReference)
  case loadTags(PublicID)
  case loadBytes(PublicID, Range<Int>)
  case loadChanges(before: Int64?, limit: Int)
  case loadLog
  case loadJobs
  case loadStorage(StorageRequest)
  case submitJob(JobKind)
  case commandJob(String, JobCommand)
  case locate(ResourceReference)
  case loadLabels([ResourceReference])
  case loadLabelsInUse
  case loadMetadata(ResourceReference)
  case loadMetadataOfMany([ResourceReference])
  case writeMetadata(MetadataChange, [MetadataWrite])
  case findMetadataKey(String)
  case loadAttachments(ResourceReference)
  case findAttachmentType(String)
  case readAttachment(ResourceReference, AttachmentInfo)
  case verifyAttachment(ResourceReference, AttachmentInfo)
  case changeAttachment(AttachmentChange)
  case exportAttachment(AttachmentExport)
  case fetchAttachment(ResourceReference, AttachmentInfo, AttachmentOpener)
  case perform([Undo.Edit], Completion)
  case preview([ResourceReference])
  case delete([ResourceReference])
  case importFolder(String)
  case lookForDemo
  case makeDemo
  case stopWork
  case completePath(String)
  // For whoever owns the terminal:
  case copy(String)
  case editExternally(MetadataDialog.Edit)
  case openFile(String, AttachmentOpener)
  case suspend
  case redraw
  case quit
}
