import DICOM
import GRDB

/// The tables of the index, and how older ones become the present ones. Migrations are only ever appended.
///
/// One wide table a level: a column for each main DICOM tag, normalised columns for matching and sorting,
/// counters of what lies below. Keys are integers; Orthanc's identifiers are 20-byte blobs beside them.
enum IndexSchema {
  /// `FILM`, in SQLite's header: tells our index from any other database.
  static let applicationID = 0x4649_4C4D
  /// Grows with every migration. An index with a higher one was written by a newer Filmroom.
  static let version = 8

  static func table(_ level: ResourceLevel) -> String {
    switch level {
    case .patient: "patient"
    case .study: "study"
    case .series: "series"
    case .instance: "instance"
    }
  }

  /// Tables that every index has.
  static let firstTables =
    ResourceLevel.allCases.map { table($0) } + [
      "label", "metadata", "attachment", "change", "source", "term", "doomed_file", "global_property",
      "totals",
    ]

  /// Every table of a present index.
  static let tables =
    firstTables + ["unstable", "modality_totals", "evicted", "job", "exported", "hook", "place"]

  static func migrate(_ db: Database, from version: Int) throws {
    if version < 1 { try createFirst(db) }
    if version < 2 { try addLastChange(db) }
    if version < 3 { try addJournal(db) }
    if version < 4 { try addPromises(db) }
    if version < 5 {
      try addOtherSizes(db)
      // New instances are most of all: they are found in their order. The others would be looked for among them.
      try db.execute(
        sql:
          "CREATE INDEX change_type ON change (type, sequence) WHERE type <> \(ChangeType.newInstance.rawValue)"
      )
    }
    if version < 6 { try addIdentifiers(db) }
    if version < 7 {
      // Numbers from 1024 up are for plugins and people: the archive's own mark makes room.
      try db.execute(sql: "UPDATE global_property SET property = -1 WHERE property = 100000")
    }
    if version < 8 { try SeriesPlaces.create(db) }
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(Self.version)")
  }

  /// Resources are asked for by the UIDs that they have in their files.
  private static func addIdentifiers(_ db: Database) throws {
    for (level, tag) in [
      (ResourceLevel.study, Tag.studyInstanceUID), (.series, .seriesInstanceUID),
      (.instance, .sopInstanceUID),
    ] {
      try db.execute(sql: "CREATE INDEX \(table(level))_uid ON \(table(level)) (\(tag.column))")
    }
  }

  private static func tagColumns(_ level: ResourceLevel) -> String {
    MainDicomTags.builtIn(level).map { "\($0.column) TEXT" }.joined(separator: ", ")
  }

  /// Columns of every level above instances.
  private static let common = """
    id INTEGER PRIMARY KEY, public_id BLOB NOT NULL UNIQUE, extra TEXT, signature INTEGER NOT NULL,
    search TEXT NOT NULL, series INTEGER NOT NULL DEFAULT 0, instances INTEGER NOT NULL DEFAULT 0,
    disk_size INTEGER NOT NULL DEFAULT 0, uncompressed_size INTEGER NOT NULL DEFAULT 0,
    last_update INTEGER NOT NULL DEFAULT 0, source INTEGER
    """

  /// When something below was last deleted, apart from when something was last received.
  private static func addLastChange(_ db: Database) throws {
    for table in ["patient", "study", "series"] {
      try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN last_change INTEGER NOT NULL DEFAULT 0")
    }
  }

  /// The number of the last journal record whose instance the index has taken in or refused.
  private static func addJournal(_ db: Database) throws {
    try db.execute(sql: "ALTER TABLE totals ADD COLUMN journal INTEGER NOT NULL DEFAULT 0")
  }

  /// What waits for something: resources to become stable, evicted patients to be taken apart, jobs, hooks.
  ///
  /// `unstable`: when a resource last received something. `evicted`: a patient that is out of sight and off the
  /// counts, whose rows and files go bit by bit. `exported`: as Orthanc's list of exported resources.
  private static func addPromises(_ db: Database) throws {
    let modality = Tag.modality.column
    try db.execute(
      sql: """
        CREATE INDEX patient_size ON patient (disk_size) WHERE recycling IS NOT NULL;
        CREATE INDEX patient_protected ON patient (sort_name, id, disk_size) WHERE is_protected = 1;

        CREATE TABLE unstable (level INTEGER NOT NULL, resource INTEGER NOT NULL, date INTEGER NOT NULL,
          PRIMARY KEY (level, resource)) WITHOUT ROWID;
        CREATE INDEX unstable_date ON unstable (date);

        CREATE TABLE modality_totals (modality TEXT PRIMARY KEY, series INTEGER NOT NULL,
          instances INTEGER NOT NULL, disk_size INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO modality_totals SELECT coalesce(\(modality), ''), count(*), sum(instances), sum(disk_size)
          FROM series GROUP BY 1;

        CREATE TABLE evicted (level INTEGER NOT NULL, resource INTEGER NOT NULL,
          PRIMARY KEY (level, resource)) WITHOUT ROWID;

        CREATE TABLE job (id TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE exported (sequence INTEGER PRIMARY KEY AUTOINCREMENT, level INTEGER NOT NULL,
          public_id BLOB NOT NULL, remote_modality TEXT NOT NULL, date INTEGER NOT NULL,
          patient_id TEXT NOT NULL, study_uid TEXT NOT NULL, series_uid TEXT NOT NULL,
          instance_uid TEXT NOT NULL);
        CREATE TABLE hook (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
        """)
  }

  /// How much of what is attached is no DICOM file: worked out from the bottom up, each row once. CROSS keeps
  /// the order: SQLite would look through all attachments for each series.
  private static func addOtherSizes(_ db: Database) throws {
    let sums = "coalesce(sum(a.disk_size), 0) AS disk, coalesce(sum(a.uncompressed_size), 0) AS content"
    for level in [ResourceLevel.series, .study, .patient] {
      let table = table(level)
      let below =
        level == .series
        ? """
        SELECT \(sums) FROM instance b CROSS JOIN attachment a ON a.level = 4 AND a.resource = b.id AND a.type <> 1
          WHERE b.parent = \(table).id
        """
        : """
        SELECT coalesce(sum(b.other_disk_size), 0) AS disk,
          coalesce(sum(b.other_uncompressed_size), 0) AS content
          FROM \(Self.table(level == .study ? .series : .study)) b WHERE b.parent = \(table).id
        """
      let own =
        "SELECT \(sums) FROM attachment a WHERE a.level = \(level.rawValue) AND a.resource = \(table).id"
      try db.execute(
        sql: """
          ALTER TABLE \(table) ADD COLUMN other_disk_size INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE \(table) ADD COLUMN other_uncompressed_size INTEGER NOT NULL DEFAULT 0;
          UPDATE \(table) SET (other_disk_size, other_uncompressed_size) =
            (SELECT sum(disk), sum(content) FROM (\(below) UNION ALL \(own)));
          """)
    }
  }

  private static func createFirst(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE patient (\(common), studies INTEGER NOT NULL DEFAULT 0,
          is_protected INTEGER NOT NULL DEFAULT 0, has_conflict INTEGER NOT NULL DEFAULT 0,
          recycling INTEGER, sort_name TEXT NOT NULL, sort_id TEXT NOT NULL, sort_birth TEXT NOT NULL,
          \(tagColumns(.patient)));
        CREATE INDEX patient_name ON patient (sort_name, id);
        CREATE INDEX patient_patient_id ON patient (sort_id, id);
        CREATE INDEX patient_birth ON patient (sort_birth, id);
        CREATE INDEX patient_update ON patient (last_update, id);
        CREATE INDEX patient_recycling ON patient (recycling) WHERE recycling IS NOT NULL;

        CREATE TABLE study (\(common), parent INTEGER NOT NULL REFERENCES patient (id),
          modalities TEXT NOT NULL DEFAULT '', sort_date TEXT NOT NULL, sort_name TEXT NOT NULL,
          sort_id TEXT NOT NULL, sort_description TEXT NOT NULL, sort_accession TEXT NOT NULL,
          \(tagColumns(.study)));
        CREATE INDEX study_parent ON study (parent, sort_date, id);
        CREATE INDEX study_date ON study (sort_date, id);
        CREATE INDEX study_name ON study (sort_name, id);
        CREATE INDEX study_patient_id ON study (sort_id, id);
        CREATE INDEX study_description ON study (sort_description, id);
        CREATE INDEX study_accession ON study (sort_accession, id);
        CREATE INDEX study_modalities ON study (modalities, id);
        CREATE INDEX study_update ON study (last_update, id);

        CREATE TABLE series (\(common), parent INTEGER NOT NULL REFERENCES study (id),
          expected INTEGER, sort_number INTEGER NOT NULL, sort_modality TEXT NOT NULL,
          sort_description TEXT NOT NULL, \(tagColumns(.series)));
        CREATE INDEX series_parent ON series (parent, sort_number, id);

        CREATE TABLE instance (id INTEGER PRIMARY KEY, public_id BLOB NOT NULL UNIQUE,
          parent INTEGER NOT NULL REFERENCES series (id), extra TEXT, signature INTEGER NOT NULL,
          sort_number INTEGER NOT NULL, last_update INTEGER NOT NULL, source INTEGER NOT NULL,
          sop_class INTEGER NOT NULL, transfer_syntax INTEGER NOT NULL, index_in_series INTEGER,
          pixel_data_offset INTEGER, pixel_data_vr TEXT, disk_size INTEGER NOT NULL,
          uncompressed_size INTEGER NOT NULL, \(tagColumns(.instance)));
        CREATE INDEX instance_parent ON instance (parent, sort_number, id);
        """)
    try createSides(db)
  }

  /// What hangs on resources of any level, and what belongs to the archive as a whole.
  private static func createSides(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE label (level INTEGER NOT NULL, resource INTEGER NOT NULL, label TEXT NOT NULL,
          PRIMARY KEY (level, resource, label)) WITHOUT ROWID;
        CREATE INDEX label_use ON label (label, level, resource);

        CREATE TABLE metadata (level INTEGER NOT NULL, resource INTEGER NOT NULL, key INTEGER NOT NULL,
          value TEXT NOT NULL, revision INTEGER NOT NULL,
          PRIMARY KEY (level, resource, key)) WITHOUT ROWID;

        CREATE TABLE attachment (level INTEGER NOT NULL, resource INTEGER NOT NULL, type INTEGER NOT NULL,
          uuid TEXT NOT NULL, compression INTEGER NOT NULL, disk_size INTEGER NOT NULL,
          uncompressed_size INTEGER NOT NULL, disk_md5 BLOB, md5 BLOB, revision INTEGER NOT NULL,
          PRIMARY KEY (level, resource, type)) WITHOUT ROWID;

        CREATE TABLE change (sequence INTEGER PRIMARY KEY AUTOINCREMENT, type INTEGER NOT NULL,
          level INTEGER NOT NULL, resource INTEGER NOT NULL, date INTEGER NOT NULL);
        CREATE INDEX change_resource ON change (level, resource);

        CREATE TABLE source (id INTEGER PRIMARY KEY, mechanism INTEGER NOT NULL, remote_ip TEXT NOT NULL,
          remote_aet TEXT NOT NULL, called_aet TEXT NOT NULL, username TEXT NOT NULL,
          UNIQUE (mechanism, remote_ip, remote_aet, called_aet, username));
        CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE doomed_file (uuid TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE global_property (property INTEGER PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), patients INTEGER NOT NULL,
          studies INTEGER NOT NULL, series INTEGER NOT NULL, instances INTEGER NOT NULL,
          disk_size INTEGER NOT NULL, uncompressed_size INTEGER NOT NULL, recycling INTEGER NOT NULL);
        INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, 0, 0);
        """)
  }
}
