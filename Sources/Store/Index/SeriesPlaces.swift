import GRDB

/// The places that instances take in series whose modality announced how many there are. Triggers count them whoever adds,
/// changes or deletes instances: a list could not read thousands of instances for the status of each row.
///
/// `place`: how many instances take a place. In `series`: `placed`, how many instances have a place, and `places`, how
/// many different ones those are. All are 0 and empty where no number was announced.
enum SeriesPlaces {
  static func create(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE place (series INTEGER NOT NULL, place INTEGER NOT NULL, instances INTEGER NOT NULL,
          PRIMARY KEY (series, place)) WITHOUT ROWID;
        ALTER TABLE series ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE series ADD COLUMN places INTEGER NOT NULL DEFAULT 0;
        """)
    try recount(db)
    try createTriggers(db)
  }

  /// Makes the table anew; the counters of `series` are among those that `ConsistencyOperations` sets.
  static func rebuild(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM place; INSERT INTO place \(truth)")
  }

  /// Series whose places are not as counted.
  static func wrong(_ db: Database) throws -> [PublicID] {
    let kept = "SELECT series, place, instances FROM place"
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT public_id FROM series WHERE id IN (
          SELECT series FROM (SELECT * FROM (\(truth)) EXCEPT \(kept))
          UNION SELECT series FROM (\(kept) EXCEPT SELECT * FROM (\(truth))))
        """)
    var wrong: [PublicID] = []
    while let row = try rows.next() { wrong.append(try row.publicID("public_id")) }
    return wrong
  }

  /// SQL for the counters of row `t` of `series`, from its instances.
  static let counters = [
    ("placed", counter("count(index_in_series)")), ("places", counter("count(DISTINCT index_in_series)")),
  ]

  private static func counter(_ expression: String) -> String {
    """
    SELECT CASE WHEN t.expected IS NULL THEN 0 ELSE
      (SELECT \(expression) FROM instance b WHERE b.parent = t.id) END
    """
  }

  /// SQL for what stands in `place`, from the instances.
  private static let truth = """
    SELECT b.parent AS series, b.index_in_series AS place, count(*) AS instances
    FROM series e CROSS JOIN instance b ON b.parent = e.id
    WHERE e.expected IS NOT NULL AND b.index_in_series IS NOT NULL GROUP BY 1, 2
    """

  private static func recount(_ db: Database) throws {
    try rebuild(db)
    for (column, truth) in counters {
      try db.execute(sql: "UPDATE series AS t SET \(column) = (\(truth)) WHERE expected IS NOT NULL")
    }
  }

  private static func createTriggers(_ db: Database) throws {
    let moved = "OLD.parent IS NOT NEW.parent OR OLD.index_in_series IS NOT NEW.index_in_series"
    try db.execute(
      sql: """
        CREATE TRIGGER place_taken AFTER INSERT ON instance WHEN \(counts("NEW")) BEGIN \(taken) END;
        CREATE TRIGGER place_left AFTER DELETE ON instance WHEN \(counts("OLD")) BEGIN \(left) END;
        CREATE TRIGGER place_moved_from AFTER UPDATE OF parent, index_in_series ON instance
          WHEN (\(moved)) AND \(counts("OLD")) BEGIN \(left) END;
        CREATE TRIGGER place_moved_to AFTER UPDATE OF parent, index_in_series ON instance
          WHEN (\(moved)) AND \(counts("NEW")) BEGIN \(taken) END;
        CREATE TRIGGER place_series AFTER DELETE ON series WHEN OLD.expected IS NOT NULL BEGIN
          DELETE FROM place WHERE series = OLD.id;
        END;
        CREATE TRIGGER place_announced AFTER UPDATE OF expected ON series
          WHEN (OLD.expected IS NULL) <> (NEW.expected IS NULL) BEGIN
          DELETE FROM place WHERE series = NEW.id;
          INSERT INTO place SELECT parent, index_in_series, count(*) FROM instance
            WHERE parent = NEW.id AND NEW.expected IS NOT NULL AND index_in_series IS NOT NULL GROUP BY 2;
          UPDATE series SET placed = (SELECT coalesce(sum(instances), 0) FROM place WHERE series = NEW.id),
            places = (SELECT count(*) FROM place WHERE series = NEW.id) WHERE id = NEW.id;
        END;
        """)
  }

  /// SQL: an instance has a place, in a series with a number announced.
  private static func counts(_ instance: String) -> String {
    """
    \(instance).index_in_series IS NOT NULL
      AND (SELECT expected FROM series WHERE id = \(instance).parent) IS NOT NULL
    """
  }

  private static let taken = """
    INSERT INTO place VALUES (NEW.parent, NEW.index_in_series, 1)
      ON CONFLICT (series, place) DO UPDATE SET instances = instances + 1;
    UPDATE series SET placed = placed + 1, places = places
      + (SELECT instances = 1 FROM place WHERE series = NEW.parent AND place = NEW.index_in_series)
      WHERE id = NEW.parent;
    """

  private static let left = """
    UPDATE place SET instances = instances - 1 WHERE series = OLD.parent AND place = OLD.index_in_series;
    UPDATE series SET placed = placed - 1, places = places
      - (SELECT instances = 0 FROM place WHERE series = OLD.parent AND place = OLD.index_in_series)
      WHERE id = OLD.parent;
    DELETE FROM place WHERE series = OLD.parent AND place = OLD.index_in_series AND instances = 0;
    """
}
