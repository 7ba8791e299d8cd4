/// Every path of Orthanc 1.12.11 with its methods.
enum OrthancPaths {
  static let all: [(method: String, path: String)] = text.split(separator: "\n").flatMap { line in
    let parts = line.split(separator: " ")
    return parts.dropFirst().map { (String($0), String(parts[0])) }
  }

  private static let text = """
    /changes DELETE GET
    /exports DELETE GET
    /instances GET POST
    /instances/{id} DELETE GET
    /instances/{id}/anonymize POST
    /instances/{id}/attachments GET
    /instances/{id}/attachments/{name} DELETE GET PUT
    /instances/{id}/attachments/{name}/compress POST
    /instances/{id}/attachments/{name}/compressed-data GET
    /instances/{id}/attachments/{name}/compressed-md5 GET
    /instances/{id}/attachments/{name}/compressed-size GET
    /instances/{id}/attachments/{name}/data GET
    /instances/{id}/attachments/{name}/info GET
    /instances/{id}/attachments/{name}/is-compressed GET
    /instances/{id}/attachments/{name}/md5 GET
    /instances/{id}/attachments/{name}/size GET
    /instances/{id}/attachments/{name}/uncompress POST
    /instances/{id}/attachments/{name}/verify-md5 POST
    /instances/{id}/content/{path} GET
    /instances/{id}/export POST
    /instances/{id}/file GET
    /instances/{id}/frames GET
    /instances/{id}/frames/{frame} GET
    /instances/{id}/frames/{frame}/image-int16 GET
    /instances/{id}/frames/{frame}/image-uint16 GET
    /instances/{id}/frames/{frame}/image-uint8 GET
    /instances/{id}/frames/{frame}/matlab GET
    /instances/{id}/frames/{frame}/numpy GET
    /instances/{id}/frames/{frame}/preview GET
    /instances/{id}/frames/{frame}/raw GET
    /instances/{id}/frames/{frame}/raw.gz GET
    /instances/{id}/frames/{frame}/rendered GET
    /instances/{id}/header GET
    /instances/{id}/image-int16 GET
    /instances/{id}/image-uint16 GET
    /instances/{id}/image-uint8 GET
    /instances/{id}/labels GET
    /instances/{id}/labels/{label} DELETE GET PUT
    /instances/{id}/matlab GET
    /instances/{id}/metadata GET
    /instances/{id}/metadata/{name} DELETE GET PUT
    /instances/{id}/modify POST
    /instances/{id}/module GET
    /instances/{id}/numpy GET
    /instances/{id}/patient GET
    /instances/{id}/pdf GET
    /instances/{id}/preview GET
    /instances/{id}/reconstruct POST
    /instances/{id}/rendered GET
    /instances/{id}/series GET
    /instances/{id}/simplified-tags GET
    /instances/{id}/statistics GET
    /instances/{id}/study GET
    /instances/{id}/tags GET
    /jobs GET
    /jobs/{id} DELETE GET
    /jobs/{id}/cancel POST
    /jobs/{id}/pause POST
    /jobs/{id}/resubmit POST
    /jobs/{id}/resume POST
    /jobs/{id}/{key} DELETE GET
    /modalities GET
    /modalities/{id} DELETE GET PUT
    /modalities/{id}/configuration GET
    /modalities/{id}/echo POST
    /modalities/{id}/find POST
    /modalities/{id}/find-instance POST
    /modalities/{id}/find-patient POST
    /modalities/{id}/find-series POST
    /modalities/{id}/find-study POST
    /modalities/{id}/find-worklist POST
    /modalities/{id}/get POST
    /modalities/{id}/move POST
    /modalities/{id}/query POST
    /modalities/{id}/storage-commitment POST
    /modalities/{id}/store POST
    /modalities/{id}/store-straight POST
    /patients GET
    /patients/{id} DELETE GET
    /patients/{id}/anonymize POST
    /patients/{id}/archive GET POST
    /patients/{id}/attachments GET
    /patients/{id}/attachments/{name} DELETE GET PUT
    /patients/{id}/attachments/{name}/compress POST
    /patients/{id}/attachments/{name}/compressed-data GET
    /patients/{id}/attachments/{name}/compressed-md5 GET
    /patients/{id}/attachments/{name}/compressed-size GET
    /patients/{id}/attachments/{name}/data GET
    /patients/{id}/attachments/{name}/info GET
    /patients/{id}/attachments/{name}/is-compressed GET
    /patients/{id}/attachments/{name}/md5 GET
    /patients/{id}/attachments/{name}/size GET
    /patients/{id}/attachments/{name}/uncompress POST
    /patients/{id}/attachments/{name}/verify-md5 POST
    /patients/{id}/instances GET
    /patients/{id}/instances-tags GET
    /patients/{id}/labels GET
    /patients/{id}/labels/{label} DELETE GET PUT
    /patients/{id}/media GET POST
    /patients/{id}/metadata GET
    /patients/{id}/metadata/{name} DELETE GET PUT
    /patients/{id}/modify POST
    /patients/{id}/module GET
    /patients/{id}/protected GET PUT
    /patients/{id}/reconstruct POST
    /patients/{id}/series GET
    /patients/{id}/shared-tags GET
    /patients/{id}/statistics GET
    /patients/{id}/studies GET
    /peers GET
    /peers/{id} DELETE GET PUT
    /peers/{id}/configuration GET
    /peers/{id}/store POST
    /peers/{id}/store-straight POST
    /peers/{id}/system GET
    /plugins GET
    /plugins/explorer.js GET
    /plugins/{id} GET
    /queries GET
    /queries/{id} DELETE GET
    /queries/{id}/answers GET
    /queries/{id}/answers/{index} GET
    /queries/{id}/answers/{index}/content GET
    /queries/{id}/answers/{index}/query-instances POST
    /queries/{id}/answers/{index}/query-series POST
    /queries/{id}/answers/{index}/query-studies POST
    /queries/{id}/answers/{index}/retrieve POST
    /queries/{id}/level GET
    /queries/{id}/modality GET
    /queries/{id}/query GET
    /queries/{id}/retrieve POST
    /series GET
    /series/{id} DELETE GET
    /series/{id}/anonymize POST
    /series/{id}/archive GET POST
    /series/{id}/attachments GET
    /series/{id}/attachments/{name} DELETE GET PUT
    /series/{id}/attachments/{name}/compress POST
    /series/{id}/attachments/{name}/compressed-data GET
    /series/{id}/attachments/{name}/compressed-md5 GET
    /series/{id}/attachments/{name}/compressed-size GET
    /series/{id}/attachments/{name}/data GET
    /series/{id}/attachments/{name}/info GET
    /series/{id}/attachments/{name}/is-compressed GET
    /series/{id}/attachments/{name}/md5 GET
    /series/{id}/attachments/{name}/size GET
    /series/{id}/attachments/{name}/uncompress POST
    /series/{id}/attachments/{name}/verify-md5 POST
    /series/{id}/instances GET
    /series/{id}/instances-tags GET
    /series/{id}/labels GET
    /series/{id}/labels/{label} DELETE GET PUT
    /series/{id}/media GET POST
    /series/{id}/metadata GET
    /series/{id}/metadata/{name} DELETE GET PUT
    /series/{id}/modify POST
    /series/{id}/module GET
    /series/{id}/numpy GET
    /series/{id}/ordered-slices GET
    /series/{id}/patient GET
    /series/{id}/reconstruct POST
    /series/{id}/shared-tags GET
    /series/{id}/statistics GET
    /series/{id}/study GET
    /statistics GET
    /storage-commitment/{id} GET
    /storage-commitment/{id}/remove POST
    /studies GET
    /studies/{id} DELETE GET
    /studies/{id}/anonymize POST
    /studies/{id}/archive GET POST
    /studies/{id}/attachments GET
    /studies/{id}/attachments/{name} DELETE GET PUT
    /studies/{id}/attachments/{name}/compress POST
    /studies/{id}/attachments/{name}/compressed-data GET
    /studies/{id}/attachments/{name}/compressed-md5 GET
    /studies/{id}/attachments/{name}/compressed-size GET
    /studies/{id}/attachments/{name}/data GET
    /studies/{id}/attachments/{name}/info GET
    /studies/{id}/attachments/{name}/is-compressed GET
    /studies/{id}/attachments/{name}/md5 GET
    /studies/{id}/attachments/{name}/size GET
    /studies/{id}/attachments/{name}/uncompress POST
    /studies/{id}/attachments/{name}/verify-md5 POST
    /studies/{id}/instances GET
    /studies/{id}/instances-tags GET
    /studies/{id}/labels GET
    /studies/{id}/labels/{label} DELETE GET PUT
    /studies/{id}/media GET POST
    /studies/{id}/merge POST
    /studies/{id}/metadata GET
    /studies/{id}/metadata/{name} DELETE GET PUT
    /studies/{id}/modify POST
    /studies/{id}/module GET
    /studies/{id}/module-patient GET
    /studies/{id}/patient GET
    /studies/{id}/reconstruct POST
    /studies/{id}/series GET
    /studies/{id}/shared-tags GET
    /studies/{id}/split POST
    /studies/{id}/statistics GET
    /system GET
    /tools GET
    /tools/accepted-sop-classes GET
    /tools/accepted-transfer-syntaxes GET PUT
    /tools/bulk-anonymize POST
    /tools/bulk-content POST
    /tools/bulk-delete POST
    /tools/bulk-modify POST
    /tools/count-resources POST
    /tools/create-archive GET POST
    /tools/create-dicom POST
    /tools/create-media GET POST
    /tools/create-media-extended GET POST
    /tools/default-encoding GET PUT
    /tools/dicom-conformance GET
    /tools/dicom-echo POST
    /tools/execute-script POST
    /tools/find POST
    /tools/generate-uid GET
    /tools/invalidate-tags POST
    /tools/labels GET
    /tools/log-level GET PUT
    /tools/log-level-dicom GET PUT
    /tools/log-level-generic GET PUT
    /tools/log-level-http GET PUT
    /tools/log-level-jobs GET PUT
    /tools/log-level-lua GET PUT
    /tools/log-level-plugins GET PUT
    /tools/log-level-sqlite GET PUT
    /tools/lookup POST
    /tools/metrics GET PUT
    /tools/metrics-prometheus GET
    /tools/now GET
    /tools/now-local GET
    /tools/reconstruct POST
    /tools/reset POST
    /tools/shutdown POST
    /tools/unknown-sop-class-accepted GET PUT
    """
}
