import DICOM

/// Data sets made up for tests.
public enum DataSetSamples {
  /// 0, 1, 2 … 255, 0 … in so many bytes, put together from ever larger parts.
  private static func ramp(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](0...255)
    while bytes.count < count { bytes += bytes }
    return Array(bytes.prefix(count))
  }

  /// A small, complete instance.
  public static func instance(
    patientID: String = "P1", patientName: String = "DOE^JANE", study: String = "1.2.3",
    series: String = "1.2.3.4", instance: String = "1.2.3.4.5", modality: String = "CT", number: Int = 1,
    description: String = "Chest", date: String = "20240302", pixels: Int = 32,
    extra: [DataElement] = []
  ) -> DataSet {
    var dataSet = DataSet([
      DataElement(.specificCharacterSet, .CS, text: "ISO_IR 192"),
      DataElement(.sopClassUID, .UI, text: "1.2.840.10008.5.1.4.1.1.2"),
      DataElement(.sopInstanceUID, .UI, text: instance),
      DataElement(.studyDate, .DA, text: date),
      DataElement(.modality, .CS, text: modality),
      DataElement(.studyDescription, .LO, text: description),
      DataElement(.patientName, .PN, text: patientName),
      DataElement(.patientID, .LO, text: patientID),
      DataElement(.studyInstanceUID, .UI, text: study),
      DataElement(.seriesInstanceUID, .UI, text: series),
      DataElement(.instanceNumber, .IS, text: String(number)),
      DataElement(.rows, numbers: [4]),
      DataElement(.columns, numbers: [4]),
      DataElement(.pixelData, .OW, bytes: ramp(pixels)),
    ])
    for element in extra { dataSet[element.tag] = element }
    return dataSet
  }

  /// The same as a file in explicit VR little endian.
  public static func file(
    patientID: String = "P1", patientName: String = "DOE^JANE", study: String = "1.2.3",
    series: String = "1.2.3.4", instance: String = "1.2.3.4.5", modality: String = "CT", number: Int = 1,
    description: String = "Chest", date: String = "20240302", pixels: Int = 32, extra: [DataElement] = []
  ) -> [UInt8] {
    DataSetWriter.encodeFile(
      self.instance(
        patientID: patientID, patientName: patientName, study: study, series: series, instance: instance,
        modality: modality, number: number, description: description, date: date, pixels: pixels, extra: extra
      ),
      as: .explicitLittleEndian)
  }
}
