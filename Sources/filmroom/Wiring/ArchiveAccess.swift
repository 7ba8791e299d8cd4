import Explorer
import Store

/// The archive in the same process is what the explorer shows.
extension Archive: ArchiveAccess {}

/// So are its jobs.
extension JobsEngine: JobAccess {}
