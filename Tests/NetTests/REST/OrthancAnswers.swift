/// What a real Orthanc 1.12.4 answered, one request after the other: method and URI, body, header, status, content type
/// (`json` is `application/json; charset=utf-8`, `text` is `text/plain`) and the shape of the JSON (`t` text, `n` number,
/// `b` Boolean, `l` list, `o` object, `z` null; `{}` any object, `[]` any list).
enum OrthancAnswers {
  static let text = #"""
    GET /system |  |  | 200 | json | {ApiVersion:n CheckRevisions:b DatabaseBackendPlugin:z DatabaseServerIdentifier:t DatabaseVersion:n DicomAet:t DicomPort:n HasLabels:b HttpPort:n IngestTranscoding:t IsHttpServerSecure:b MainDicomTags:o MaximumPatientCount:n MaximumStorageMode:t MaximumStorageSize:n Name:t OverwriteInstances:b PluginsEnabled:b StorageAreaPlugin:z StorageCompression:b UserMetadata:o Version:t}
    GET /statistics |  |  | 200 | json | {CountInstances:n CountPatients:n CountSeries:n CountStudies:n TotalDiskSize:t TotalDiskSizeMB:n TotalUncompressedSize:t TotalUncompressedSizeMB:n}
    GET /instances |  |  | 200 | json | []
    GET /nothing |  |  | 404 | text | error
    DELETE /system |  |  | 405 | - | 
    HEAD /system |  |  | 404 | - | 
    GET /tools |  |  | 200 | json | [t]
    GET /tools/now |  |  | 200 | text | 
    GET /plugins |  |  | 200 | json | [t]
    GET /tools/accepted-transfer-syntaxes |  |  | 200 | json | []
    POST /instances | FIRST |  | 200 | json | {ID:t ParentPatient:t ParentSeries:t ParentStudy:t Path:t Status:t}
    POST /instances | FIRST |  | 200 | json | {ID:t ParentPatient:t ParentSeries:t ParentStudy:t Path:t Status:t}
    POST /instances | not DIC |  | 400 | text | error+
    POST /instances |  |  | 400 | text | error+
    POST /instances | SECOND |  | 200 | json | {ID:t ParentPatient:t ParentSeries:t ParentStudy:t Path:t Status:t}
    GET /patients |  |  | 200 | json | [t]
    GET /patients?expand |  |  | 200 | json | [{ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o Studies:l Type:t}]
    GET /studies?since=0&limit=1 |  |  | 200 | json | [t]
    GET /studies?expand&requested-tags=PatientName;ModalitiesInStudy;NumberOfStudyRelatedInstances |  |  | 200 | json | []
    GET /patients/{patient} |  |  | 200 | json | {ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o Studies:l Type:t}
    GET /studies/{study} |  |  | 200 | json | {ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o ParentPatient:t PatientMainDicomTags:o Series:l Type:t}
    GET /series/{series} |  |  | 200 | json | {ExpectedNumberOfInstances:z ID:t Instances:l IsStable:b Labels:l LastUpdate:t MainDicomTags:o ParentStudy:t Status:t Type:t}
    GET /instances/{instance} |  |  | 200 | json | {FileSize:n FileUuid:t ID:t IndexInSeries:n Labels:l MainDicomTags:o ParentSeries:t Type:t}
    GET /studies/{study}?full |  |  | 200 | json | {}
    GET /studies/{study}?short |  |  | 200 | json | {ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o ParentPatient:t PatientMainDicomTags:o Series:l Type:t}
    GET /instances/{instance}/tags?short |  |  | 200 | json | {}
    GET /instances/{instance}/simplified-tags |  |  | 200 | json | {}
    GET /instances/{instance}/tags |  |  | 200 | json | {}
    GET /instances/{instance}/header?simplify |  |  | 200 | json | {}
    GET /instances/{instance}/content |  |  | 200 | json | []
    GET /instances/{instance}/content/0008-0008 |  |  | 200 | bytes | 
    GET /instances/{instance}/content/PatientName |  |  | 200 | bytes | 
    GET /instances/{instance}/statistics |  |  | 200 | json | {DicomDiskSize:t DicomDiskSizeMB:n DicomUncompressedSize:t DicomUncompressedSizeMB:n DiskSize:t DiskSizeMB:n UncompressedSize:t UncompressedSizeMB:n}
    GET /studies/{study}/statistics |  |  | 200 | json | {CountInstances:n CountSeries:n DicomDiskSize:t DicomDiskSizeMB:n DicomUncompressedSize:t DicomUncompressedSizeMB:n DiskSize:t DiskSizeMB:n UncompressedSize:t UncompressedSizeMB:n}
    GET /patients/{patient}/statistics |  |  | 200 | json | {CountInstances:n CountSeries:n CountStudies:n DicomDiskSize:t DicomDiskSizeMB:n DicomUncompressedSize:t DicomUncompressedSizeMB:n DiskSize:t DiskSizeMB:n UncompressedSize:t UncompressedSizeMB:n}
    GET /studies/{study}/series |  |  | 200 | json | [{ExpectedNumberOfInstances:z ID:t Instances:l IsStable:b Labels:l LastUpdate:t MainDicomTags:o ParentStudy:t Status:t Type:t}]
    GET /studies/{study}/instances |  |  | 200 | json | [{FileSize:n FileUuid:t ID:t IndexInSeries:n Labels:l MainDicomTags:o ParentSeries:t Type:t}]
    GET /patients/{patient}/studies |  |  | 200 | json | [{ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o ParentPatient:t PatientMainDicomTags:o Series:l Type:t}]
    GET /instances/{instance}/patient |  |  | 200 | json | {ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o Studies:l Type:t}
    GET /studies/{study}/module |  |  | 200 | json | {}
    GET /studies/{study}/module-patient?simplify |  |  | 200 | json | {}
    GET /series/{series}/shared-tags?simplify |  |  | 200 | json | {}
    GET /studies/{study}/instances-tags?short |  |  | 200 | json | {}
    GET /patients/{patient}/protected |  |  | 200 | text | 
    GET /patients/nothing |  |  | 404 | - | 
    GET /instances/nothing/tags |  |  | 404 | text | {}
    GET /instances/{instance}/frames |  |  | 200 | json | []
    GET /series/{series}/ordered-slices |  |  | 200 | json | {Dicom:l Slices:l SlicesShort:l Type:t}
    GET /instances/{instance}/file |  |  | 200 | application/dicom | 
    PUT /patients/{patient}/protected | 1 |  | 200 | text | 
    GET /patients/{patient}/protected |  |  | 200 | text | 
    PUT /patients/{patient}/protected | 0 |  | 200 | text | 
    PUT /patients/{patient}/protected | yes |  | 400 | text | error+
    PUT /patients/nothing/protected | 1 |  | 400 | text | error
    PUT /studies/{study}/protected | 1 |  | 404 | text | error
    GET /instances/{instance}/metadata |  |  | 200 | json | [t]
    GET /instances/{instance}/metadata?expand |  |  | 200 | json | {}
    GET /instances/{instance}/metadata/RemoteAET |  |  | 200 | text | 
    GET /instances/{instance}/metadata/Origin |  |  | 200 | text | 
    GET /instances/{instance}/metadata/9 |  |  | 200 | text | 
    PUT /instances/{instance}/metadata/1024 | hello |  | 200 | text | 
    GET /instances/{instance}/metadata/1024 |  |  | 200 | text | 
    GET /instances/{instance}/metadata/my-note |  |  | 200 | text | 
    PUT /instances/{instance}/metadata/my-note | again |  | 409 | text | error
    PUT /instances/{instance}/metadata/my-note | again | If-Match: "0-5d41402abc4b2a76b9719d911017c592" | 200 | text | 
    PUT /instances/{instance}/metadata/my-note | stale | If-Match: "0-5d41402abc4b2a76b9719d911017c592" | 409 | text | error
    PUT /instances/{instance}/metadata/my-note | bare | If-Match: "0" | 400 | text | error+
    GET /instances/{instance}/metadata/my-note |  | If-None-Match: "1-639849f6b368019778991b32434354fc" | 200 | text | 
    DELETE /instances/{instance}/metadata/my-note |  | If-Match: "0-5d41402abc4b2a76b9719d911017c592" | 409 | text | error
    DELETE /instances/{instance}/metadata/my-note |  | If-Match: "1-639849f6b368019778991b32434354fc" | 409 | text | error
    PUT /instances/{instance}/metadata/ReceptionDate | x |  | 403 | - | 
    PUT /instances/{instance}/metadata/70000 | x |  | 403 | - | 
    PUT /instances/{instance}/metadata/no-such-name | x |  | 404 | text | error
    GET /instances/{instance}/metadata/2000 |  |  | 404 | - | 
    GET /studies/{study}/metadata?expand |  |  | 200 | json | {}
    GET /series/{series}/metadata?expand |  |  | 200 | json | {}
    GET /instances/{instance}/attachments |  |  | 200 | json | [t]
    GET /instances/{instance}/attachments?full |  |  | 200 | json | {dicom:n}
    GET /instances/{instance}/attachments/dicom |  |  | 200 | json | [t]
    GET /instances/{instance}/attachments/dicom/info |  |  | 200 | json | {CompressedMD5:t CompressedSize:n ContentType:n UncompressedMD5:t UncompressedSize:n Uuid:t}
    GET /instances/{instance}/attachments/dicom/size |  |  | 200 | text | 
    GET /instances/{instance}/attachments/dicom/md5 |  |  | 200 | text | 
    GET /instances/{instance}/attachments/dicom/is-compressed |  |  | 200 | text | 
    POST /instances/{instance}/attachments/dicom/verify-md5 |  |  | 200 | plainjson | {}
    POST /instances/{instance}/attachments/dicom/compress |  |  | 200 | plainjson | {}
    GET /instances/{instance}/attachments/dicom/compressed-size |  |  | 200 | text | 
    POST /instances/{instance}/attachments/dicom/uncompress |  |  | 200 | plainjson | {}
    DELETE /instances/{instance}/attachments/dicom |  |  | 403 | - | 
    PUT /studies/{study}/attachments/sampleRaw | raw data |  | 200 | plainjson | {}
    GET /studies/{study}/attachments/sampleRaw/data |  |  | 200 | bytes | 
    GET /studies/{study}/attachments/sampleRaw/data |  | Range: bytes=4-7 | 200 | bytes | 
    PUT /studies/{study}/attachments/sampleRaw | unconditional |  | 409 | text | error
    PUT /studies/{study}/attachments/sampleRaw | more | If-Match: "0-ea5e37f5b7ba587f6fd82123b7734249" | 200 | plainjson | {}
    GET /studies/{study}/attachments/sampleRaw/info |  |  | 200 | json | {CompressedMD5:t CompressedSize:n ContentType:n UncompressedMD5:t UncompressedSize:n Uuid:t}
    PUT /studies/{study}/attachments/samplePdf | %PDF-1.4 x |  | 200 | plainjson | {}
    GET /studies/{study}/attachments/samplePdf/data |  |  | 200 | application/pdf | 
    PUT /studies/{study}/attachments/5 | x |  | 403 | - | 
    GET /studies/{study}/attachments/2000/data |  |  | 404 | text | error
    GET /studies/{study}/attachments/sampleRaw/data |  |  | 200 | bytes | 
    DELETE /studies/{study}/attachments/sampleRaw |  | If-Match: "0-addec426932e71323700afa1911f8f1c" | 200 | text | 
    GET /studies/{study}/attachments |  |  | 200 | json | [t]
    GET /studies/{study}/labels |  |  | 200 | json | []
    PUT /studies/{study}/labels/urgent |  |  | 200 | text | 
    GET /studies/{study}/labels/urgent |  |  | 200 | text | 
    GET /studies/{study}/labels/nothing |  |  | 404 | - | 
    PUT /studies/{study}/labels/not%20allowed |  |  | 400 | text | error+
    GET /studies/{study}/labels |  |  | 200 | json | [t]
    GET /tools/labels |  |  | 200 | json | [t]
    DELETE /studies/{study}/labels/nothing |  |  | 200 | text | 
    PUT /studies/nothing/labels/x |  |  | 404 | text | error
    POST /tools/find | {"Level": "Study", "Query": {}, "Labels": ["urgent"]} |  | 200 | json | [t]
    POST /tools/find | {"Level": "Study", "Query": {}, "Labels": ["urgent"], "LabelsConstraint": "None", "Expand": true} |  | 200 | json | [{ID:t IsStable:b Labels:l LastUpdate:t MainDicomTags:o ParentPatient:t PatientMainDicomTags:o Series:l Type:t}]
    POST /tools/find | {"Level": "Patient", "Query": {"PatientName": "comp*"}} |  | 200 | json | [t]
    POST /tools/find | {"Level": "Study", "Query": {"StudyDate": "20040101-20041231"}, "Expand": true, "RequestedTags": ["ModalitiesInStudy", "PatientBirthDate"]} |  | 200 | json | []
    POST /tools/find | {"Level": "Series", "Query": {"Modality": "CT\\MR"}, "Limit": 1} |  | 200 | json | [t]
    POST /tools/find | {"Level": "Instance", "Query": {"SOPInstanceUID": "*"}, "Short": true, "Expand": true} |  | 400 | text | error+
    POST /tools/find | {"Level": "Study", "Query": {"PatientID": "1CT1"}, "CaseSensitive": true} |  | 200 | json | [t]
    POST /tools/find | {"Level": "Nothing", "Query": {}} |  | 400 | text | error+
    POST /tools/find | {"Query": {}} |  | 400 | text | error+
    POST /tools/find | {"Level": "Study", "Query": {"NoSuchTag": "x"}} |  | 500 | text | error+
    POST /tools/find | not json |  | 400 | text | error+
    POST /tools/lookup | 1CT1 |  | 200 | json | [{ID:t Path:t Type:t}]
    POST /tools/bulk-content | {"Resources": ["{study}", "{series}"], "Short": true, "Metadata": true} |  | 200 | json | []
    GET /changes?limit=4 |  |  | 200 | json | {Changes:l Done:b Last:n}
    GET /changes?last |  |  | 200 | json | {Changes:l Done:b Last:n}
    GET /changes?since=4&limit=100 |  |  | 200 | json | {}
    GET /exports |  |  | 200 | json | {Done:b Exports:l Last:n}
    GET /modalities |  |  | 200 | json | [t]
    GET /modalities?expand |  |  | 200 | json | {}
    GET /modalities/self |  |  | 200 | json | [t]
    GET /modalities/self/configuration |  |  | 200 | json | {AET:t AllowEcho:b AllowEventReport:b AllowFind:b AllowFindWorklist:b AllowGet:b AllowMove:b AllowNAction:b AllowStore:b AllowTranscoding:b Host:t LocalAet:t Manufacturer:t Port:n Timeout:n UseDicomTls:b}
    GET /peers |  |  | 200 | json | [t]
    GET /peers?expand |  |  | 200 | json | {}
    GET /peers/self |  |  | 200 | json | [t]
    GET /peers/self/system |  |  | 200 | plainjson | {ApiVersion:n CheckRevisions:b DatabaseBackendPlugin:z DatabaseServerIdentifier:t DatabaseVersion:n DicomAet:t DicomPort:n HasLabels:b HttpPort:n IngestTranscoding:t IsHttpServerSecure:b MainDicomTags:o MaximumPatientCount:n MaximumStorageMode:t MaximumStorageSize:n Name:t OverwriteInstances:b PluginsEnabled:b StorageAreaPlugin:z StorageCompression:b UserMetadata:o Version:t}
    PUT /modalities/new | {"AET": "NEW", "Host": "127.0.0.1", "Port": 104, "Manufacturer": "Generic"} |  | 200 | text | 
    PUT /modalities/bad | ["X"] |  | 400 | text | error
    DELETE /modalities/new |  |  | 200 | text | 
    POST /modalities/self/echo | {} |  | 200 | plainjson | {}
    POST /modalities/nobody/echo | {} |  | 500 | text | error+
    POST /modalities/unknown/echo | {} |  | 404 | text | error+
    POST /modalities/self/store | {instance} |  | 200 | json | {Description:t FailedInstancesCount:n InstancesCount:n LocalAet:t ParentResources:l RemoteAet:t}
    POST /modalities/self/store | {"Resources": ["{study}"], "Synchronous": false} |  | 200 | json | {ID:t Path:t}
    POST /modalities/nobody/store | {instance} |  | 500 | text | error+
    POST /peers/self/store | {instance} |  | 200 | json | {Compress:b Description:t FailedInstancesCount:n InstancesCount:n ParentResources:l Peer:l Size:t SizeMB:n}
    POST /peers/nobody/store | {instance} |  | 500 | text | error+
    POST /modalities/self/query | {"Level": "Study", "Query": {"PatientID": "*"}} |  | 200 | json | {ID:t Path:t}
    GET /queries/{query} |  |  | 200 | json | [t]
    GET /queries/{query}/answers |  |  | 200 | json | [t]
    GET /queries/{query}/answers/0/content |  |  | 200 | json | {0008,0005:o 0008,0050:o 0008,0052:o 0008,0054:o 0010,0020:o 0020,000d:o}
    GET /queries/{query}/level |  |  | 200 | text | 
    GET /queries/{query}/query |  |  | 200 | json | {0010,0020:o}
    GET /queries/{query}/modality |  |  | 200 | text | 
    GET /queries |  |  | 200 | json | [t]
    POST /queries/{query}/answers/0/retrieve | {"TargetAet": "ORTHANC", "Synchronous": true} |  | 200 | json | {Description:t LocalAet:t Query:l RemoteAet:t}
    POST /studies/{study}/archive | {"Asynchronous": true} |  | 200 | json | {ID:t Path:t}
    GET /jobs |  |  | 200 | json | [t]
    GET /jobs/{job} |  |  | 200 | json | {CompletionTime:t Content:o CreationTime:t EffectiveRuntime:n ErrorCode:n ErrorDescription:t ErrorDetails:t ID:t Priority:n Progress:n State:t Timestamp:t Type:t}
    GET /jobs/{job}/archive |  |  | 200 | application/zip | 
    GET /studies/{study}/archive |  |  | 200 | application/zip | 
    POST /jobs/{job}/cancel |  |  | 200 | plainjson | {}
    POST /jobs/nothing/cancel |  |  | 400 | - | 
    GET /jobs?expand |  |  | 200 | json | []
    GET /tools/generate-uid?level=study |  |  | 200 | text | 
    GET /tools/default-encoding |  |  | 200 | text | 
    PUT /tools/default-encoding | Latin1 |  | 200 | text | 
    PUT /tools/default-encoding | Nope |  | 400 | text | error
    GET /tools/log-level |  |  | 200 | text | 
    POST /tools/execute-script | print(1) |  | 403 | - | 
    GET /tools/metrics-prometheus |  |  | 200 | text/plain; version=0.0.4 | 
    POST /tools/invalidate-tags |  |  | 200 | text | 
    DELETE /instances/{instance} |  |  | 200 | json | {RemainingAncestor:z}
    DELETE /instances/{instance} |  |  | 404 | - | 
    DELETE /patients/{patient2} |  |  | 200 | json | {RemainingAncestor:z}
    GET /statistics |  |  | 200 | json | {CountInstances:n CountPatients:n CountSeries:n CountStudies:n TotalDiskSize:t TotalDiskSizeMB:n TotalUncompressedSize:t TotalUncompressedSizeMB:n}
    GET /changes?last |  |  | 200 | json | {Changes:l Done:b Last:n}
    """#
}
