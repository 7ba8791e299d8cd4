import Store

/// What the sort menu and `:sort` call the keys.
enum SortKeyText {
  static func name(_ key: SortKey) -> String {
    switch key {
    case .patientName: "patient's name"
    case .patientID: "patient's ID"
    case .birthDate: "birth date"
    case .studyDate: "study date"
    case .modality: "modality"
    case .description: "description"
    case .accessionNumber: "accession number"
    case .number: "number"
    case .instances: "instances"
    case .diskSize: "size"
    case .lastUpdate: "received"
    }
  }
}
