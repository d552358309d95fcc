import DirectoryModel
import GRDB

/// The store's tables, and how an older format becomes the present one.
enum Schema {
    /// The format that this code writes, and the newest that it reads; every migration raises it.
    static let format = 4
    /// Marks the file as a store of Quarter (SQLite's application id): "QRTR" in ASCII.
    static let applicationID = 0x5152_5452

    /// The steps from an empty file to the present format; a step that has been released never changes.
    ///
    /// - Parameter version: the version of Quarter that is written beside the format.
    static func migrator(version: String) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-directory") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            for statement in formatOne { try database.execute(sql: statement) }
            try database.execute(
                sql: "INSERT INTO store (one, format, written_by, revision) VALUES (1, 1, ?, 0)",
                arguments: [version])
        }
        migrator.registerMigration("2-organisations") { database in
            for statement in formatTwo { try database.execute(sql: statement) }
            try database.execute(sql: "UPDATE store SET format = 2, written_by = ?", arguments: [version])
        }
        migrator.registerMigration("3-statements") { database in
            for statement in formatThree { try database.execute(sql: statement) }
            try database.execute(sql: "UPDATE store SET format = 3, written_by = ?", arguments: [version])
        }
        migrator.registerMigration("4-notices") { database in
            for statement in formatFour { try database.execute(sql: statement) }
            try database.execute(sql: "UPDATE store SET format = 4, written_by = ?", arguments: [version])
        }
        return migrator
    }

    /// Degrees are REAL and come back bit for bit; times are seconds since 1970; ids order by their bytes.
    ///
    /// References are checked when the transaction ends, so that a file may name what comes later in it.
    private static let formatOne = [
        """
        CREATE TABLE store (
            one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
            format INTEGER NOT NULL,
            written_by TEXT NOT NULL,
            revision INTEGER NOT NULL,
            last_change INTEGER
        ) STRICT
        """,
        """
        CREATE TABLE sources (
            id TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            attribution TEXT,
            note TEXT
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE communities (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            name_en TEXT,
            street_office TEXT,
            boundary TEXT,
            households INTEGER,
            population INTEGER,
            elder_share REAL
        ) STRICT
        """,
        """
        CREATE TABLE grids (
            id TEXT NOT NULL PRIMARY KEY,
            community TEXT NOT NULL REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
            name TEXT NOT NULL,
            keeper TEXT,
            boundary TEXT
        ) STRICT
        """,
        """
        CREATE TABLE origins (
            id TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            name_en TEXT,
            lat REAL NOT NULL,
            lon REAL NOT NULL,
            given_datum TEXT,
            given_lat REAL,
            given_lon REAL,
            community TEXT REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
            grid TEXT REFERENCES grids (id) DEFERRABLE INITIALLY DEFERRED,
            parent TEXT REFERENCES origins (id) DEFERRABLE INITIALLY DEFERRED,
            households INTEGER,
            status TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX origins_by_parent ON origins (parent)",
        """
        CREATE TABLE places (
            id TEXT NOT NULL PRIMARY KEY,
            type TEXT NOT NULL,
            name TEXT NOT NULL,
            name_en TEXT,
            lat REAL,
            lon REAL,
            given_datum TEXT,
            given_lat REAL,
            given_lon REAL,
            community TEXT REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
            address TEXT,
            hours TEXT,
            phone TEXT,
            attributes TEXT NOT NULL,
            status TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE sightings (
            source TEXT NOT NULL REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            record TEXT NOT NULL,
            present INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (source, kind, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX sightings_by_record ON sightings (kind, record)",
        """
        CREATE TABLE audit (
            number INTEGER NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL,
            uid INTEGER,
            source TEXT,
            kind TEXT NOT NULL,
            record TEXT NOT NULL,
            before TEXT,
            after TEXT
        ) STRICT
        """,
        "CREATE INDEX audit_by_record ON audit (kind, record)",
        "CREATE INDEX audit_by_revision ON audit (revision)",
        """
        CREATE TABLE imports (
            number INTEGER NOT NULL PRIMARY KEY,
            source TEXT NOT NULL REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED,
            file_name TEXT NOT NULL,
            file_digest TEXT NOT NULL,
            row_count INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            unchanged INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            held INTEGER NOT NULL,
            closed INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            time INTEGER NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE replies (
            key TEXT NOT NULL,
            uid INTEGER NOT NULL,
            request_digest BLOB NOT NULL,
            status INTEGER NOT NULL,
            body BLOB NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (key, uid)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX replies_by_time ON replies (time)",
    ]

    /// Exceptions and a service area are JSON, or NULL for none; days are ISO dates.
    private static let formatTwo = [
        """
        CREATE TABLE organisations (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            name_en TEXT,
            kind TEXT NOT NULL,
            credit_code TEXT,
            phone TEXT,
            address TEXT,
            about TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "ALTER TABLE places ADD COLUMN within TEXT REFERENCES places (id) DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE places ADD COLUMN room TEXT",
        """
        ALTER TABLE places ADD COLUMN organisation TEXT
        REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED
        """,
        "ALTER TABLE places ADD COLUMN service_area TEXT",
        "ALTER TABLE places ADD COLUMN walk_in INTEGER NOT NULL DEFAULT 1",
        "CREATE INDEX places_by_within ON places (within) WHERE within IS NOT NULL",
        "CREATE INDEX places_by_organisation ON places (organisation) WHERE organisation IS NOT NULL",
        """
        CREATE TABLE activities (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            name_en TEXT,
            organisation TEXT REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED,
            place TEXT REFERENCES places (id) DEFERRABLE INITIALLY DEFERRED,
            lat REAL,
            lon REAL,
            community TEXT REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
            times TEXT NOT NULL,
            first_day TEXT,
            last_day TEXT,
            exceptions TEXT,
            capacity INTEGER,
            price INTEGER,
            minimum_age INTEGER,
            maximum_age INTEGER,
            registration TEXT,
            about TEXT,
            status TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX activities_by_place ON activities (place) WHERE place IS NOT NULL",
        "CREATE INDEX activities_by_organisation ON activities (organisation) WHERE organisation IS NOT NULL",
        "ALTER TABLE places ADD COLUMN exceptions TEXT",
        "ALTER TABLE places ADD COLUMN calendar_policy TEXT",
        "ALTER TABLE communities ADD COLUMN time_zone TEXT",
        "ALTER TABLE communities ADD COLUMN region TEXT",
    ]
    /// Places and candidates are JSON (`RecordJSON`), and so is what is stated of a place, by field, since when.
    ///
    /// What a statement was before its last revision stays beside it, so that an import can be taken back.
    private static let formatThree = [
        """
        CREATE TABLE statements (
            record TEXT NOT NULL,
            source TEXT NOT NULL REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED,
            key TEXT NOT NULL,
            place TEXT NOT NULL,
            since TEXT NOT NULL,
            revision INTEGER NOT NULL,
            place_before TEXT,
            since_before TEXT,
            PRIMARY KEY (record, source, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX statements_by_source ON statements (source, revision)",
        """
        CREATE TABLE held_rows (
            number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            source TEXT NOT NULL REFERENCES sources (id) DEFERRABLE INITIALLY DEFERRED,
            key TEXT NOT NULL,
            place TEXT NOT NULL,
            candidates TEXT NOT NULL,
            file_name TEXT NOT NULL,
            since INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            UNIQUE (source, key)
        ) STRICT
        """,
        """
        CREATE TABLE kept_apart (
            one TEXT NOT NULL,
            other TEXT NOT NULL,
            actor TEXT NOT NULL,
            uid INTEGER,
            time INTEGER NOT NULL,
            PRIMARY KEY (one, other),
            CHECK (one < other)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE confirmations (
            number INTEGER NOT NULL PRIMARY KEY,
            place TEXT NOT NULL,
            fact TEXT NOT NULL,
            verdict TEXT NOT NULL,
            value TEXT,
            party TEXT NOT NULL,
            actor TEXT NOT NULL,
            uid INTEGER,
            time INTEGER NOT NULL,
            note TEXT
        ) STRICT
        """,
        "CREATE INDEX confirmations_by_place ON confirmations (place)",
        "ALTER TABLE sightings ADD COLUMN seen INTEGER",
    ]

    /// A notice is for one community, grid or origin; it begins, and ends, with a day (an ISO date) or at a moment.
    private static let formatFour = [
        """
        CREATE TABLE notices (
            id TEXT NOT NULL PRIMARY KEY,
            title TEXT NOT NULL,
            title_en TEXT,
            text TEXT NOT NULL,
            text_en TEXT,
            to_community TEXT REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
            to_grid TEXT REFERENCES grids (id) DEFERRABLE INITIALLY DEFERRED,
            to_origin TEXT REFERENCES origins (id) DEFERRABLE INITIALLY DEFERRED,
            community TEXT REFERENCES communities (id) DEFERRABLE INITIALLY DEFERRED,
            from_day TEXT,
            from_time INTEGER,
            until_day TEXT,
            until_time INTEGER,
            urgent INTEGER NOT NULL,
            organisation TEXT REFERENCES organisations (id) DEFERRABLE INITIALLY DEFERRED,
            place TEXT REFERENCES places (id) DEFERRABLE INITIALLY DEFERRED,
            status TEXT NOT NULL,
            CHECK ((to_community IS NOT NULL) + (to_grid IS NOT NULL) + (to_origin IS NOT NULL) = 1),
            CHECK ((from_day IS NULL) <> (from_time IS NULL)),
            CHECK (until_day IS NULL OR until_time IS NULL)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX notices_by_origin ON notices (to_origin) WHERE to_origin IS NOT NULL",
        "CREATE INDEX notices_by_place ON notices (place) WHERE place IS NOT NULL",
        "CREATE INDEX notices_by_organisation ON notices (organisation) WHERE organisation IS NOT NULL",
    ]
}
