import DICOM

/// In tests a tag is DICOM's, not the testing library's.
typealias Tag = DICOM.Tag
