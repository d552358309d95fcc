/// Every statement that the store runs while it works, by name.
///
/// Columns are read, and parameters bound, in the order in which they stand here.
enum Query: Int, CaseIterable {
    case storeState, raiseRevision
    case allPlaces, placesOfRevision, placeByID, putPlace, deletePlace
    case allOrigins, originByID, putOrigin, deleteOrigin
    case allCommunities, communityByID, putCommunity, deleteCommunity
    case allGrids, gridByID, putGrid, deleteGrid
    case allSources, sourceByID, putSource, deleteSource
    case allOrganisations, organisationByID, putOrganisation, deleteOrganisation
    case allActivities, activityByID, putActivity, deleteActivity
    case allNotices, noticeByID, putNotice, deleteNotice
    case sightingByKey, putSighting, sightingsOfRecord, keysOfSource, markAbsent
    case isPresentSomewhere, otherSourcesOfRecord, presentKeysOfRecord, deleteSightings
    case addAudit, auditOfRecord, auditSince, auditOfRevision
    case auditAfter, auditEndOf, auditBeginOf, auditBegin
    case addImport, lastImports, importByNumber
    case undoNewSightings, undoAbsences, undoReturns
    case replyByKey, putReply, expireReplies
    case renewSighting, moveSightings, moveSighting, sightingTimes
    case statementsOfRecord, statedRecords, putStatement, deleteStatement
    case dropStatements, undoNewStatements, undoStatements
    case heldRowCount, heldRows, heldRowByNumber, heldRowByKey, putHeldRow, deleteHeldRow, undoHeldRows
    case keptApart, putKeptApart, deleteKeptApart, moveKeptApart, dropKeptApart
    case lastConfirmations, confirmationsOfPlace, addConfirmation, moveConfirmations

    /// The SQL.
    var sql: String {
        switch self {
        case .storeState: "SELECT revision, last_change FROM store"
        case .raiseRevision: "UPDATE store SET revision = ?, last_change = ?"
        case .allPlaces: "SELECT \(Self.placeColumns) FROM places ORDER BY id"
        case .placesOfRevision:
            """
            SELECT \(Self.placeColumns) FROM places
            WHERE id IN (SELECT record FROM audit WHERE revision = ? AND kind = 'place') ORDER BY id
            """
        case .placeByID: "SELECT \(Self.placeColumns) FROM places WHERE id = ?"
        case .putPlace: Self.put("places", Self.placeColumns)
        case .deletePlace: "DELETE FROM places WHERE id = ?"
        case .allOrigins: "SELECT \(Self.originColumns) FROM origins ORDER BY id"
        case .originByID: "SELECT \(Self.originColumns) FROM origins WHERE id = ?"
        case .putOrigin: Self.put("origins", Self.originColumns)
        case .deleteOrigin: "DELETE FROM origins WHERE id = ?"
        case .allCommunities: "SELECT \(Self.communityColumns) FROM communities ORDER BY id"
        case .communityByID: "SELECT \(Self.communityColumns) FROM communities WHERE id = ?"
        case .putCommunity: Self.put("communities", Self.communityColumns)
        case .deleteCommunity: "DELETE FROM communities WHERE id = ?"
        case .allGrids: "SELECT \(Self.gridColumns) FROM grids ORDER BY id"
        case .gridByID: "SELECT \(Self.gridColumns) FROM grids WHERE id = ?"
        case .putGrid: Self.put("grids", Self.gridColumns)
        case .deleteGrid: "DELETE FROM grids WHERE id = ?"
        case .allSources: "SELECT \(Self.sourceColumns) FROM sources ORDER BY id"
        case .sourceByID: "SELECT \(Self.sourceColumns) FROM sources WHERE id = ?"
        case .putSource: Self.put("sources", Self.sourceColumns)
        case .deleteSource: "DELETE FROM sources WHERE id = ?"
        case .allOrganisations: "SELECT \(Self.organisationColumns) FROM organisations ORDER BY id"
        case .organisationByID: "SELECT \(Self.organisationColumns) FROM organisations WHERE id = ?"
        case .putOrganisation: Self.put("organisations", Self.organisationColumns)
        case .deleteOrganisation: "DELETE FROM organisations WHERE id = ?"
        case .allActivities: "SELECT \(Self.activityColumns) FROM activities ORDER BY id"
        case .activityByID: "SELECT \(Self.activityColumns) FROM activities WHERE id = ?"
        case .putActivity: Self.put("activities", Self.activityColumns)
        case .deleteActivity: "DELETE FROM activities WHERE id = ?"
        case .allNotices: "SELECT \(Self.noticeColumns) FROM notices ORDER BY id"
        case .noticeByID: "SELECT \(Self.noticeColumns) FROM notices WHERE id = ?"
        case .putNotice: Self.put("notices", Self.noticeColumns)
        case .deleteNotice: "DELETE FROM notices WHERE id = ?"
        default: bookkeepingSQL
        }
    }

    private var bookkeepingSQL: String {
        switch self {
        case .sightingByKey:
            "SELECT record, present, seen FROM sightings WHERE source = ? AND kind = ? AND key = ?"
        case .putSighting:
            """
            INSERT INTO sightings (source, kind, key, record, present, first, last, seen)
            VALUES (?, ?, ?, ?, 1, ?, ?, ?)
            ON CONFLICT (source, kind, key) DO UPDATE
            SET record = excluded.record, present = 1, last = excluded.last, seen = excluded.seen
            """
        case .sightingsOfRecord:
            """
            SELECT source, kind, key, record, present, first, last, seen FROM sightings
            WHERE kind = ? AND record = ? ORDER BY source, key
            """
        case .keysOfSource:
            "SELECT key, record, present FROM sightings WHERE source = ? AND kind = ? ORDER BY key"
        case .markAbsent:
            "UPDATE sightings SET present = 0, last = ? WHERE source = ? AND kind = ? AND key = ?"
        case .isPresentSomewhere:
            "SELECT 1 FROM sightings WHERE kind = ? AND record = ? AND present = 1 LIMIT 1"
        case .otherSourcesOfRecord:
            """
            SELECT DISTINCT source FROM sightings
            WHERE kind = ? AND record = ? AND present = 1 AND source IS NOT ? ORDER BY source
            """
        case .presentKeysOfRecord:
            "SELECT key FROM sightings WHERE kind = ? AND record = ? AND present = 1 AND source = ? ORDER BY key"
        case .deleteSightings: "DELETE FROM sightings WHERE kind = ? AND record = ?"
        case .addAudit:
            """
            INSERT INTO audit (revision, time, actor, uid, source, kind, record, before, after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        case .auditOfRecord:
            "SELECT \(Self.auditColumns) FROM audit WHERE kind = ? AND record = ? ORDER BY number DESC LIMIT ?"
        case .auditSince:
            """
            SELECT \(Self.auditColumns) FROM audit WHERE revision >= ? AND number > ?
            ORDER BY revision, number LIMIT ?
            """
        case .auditOfRevision:
            "SELECT \(Self.auditColumns) FROM audit WHERE revision = ? ORDER BY number"
        case .undoNewSightings: "DELETE FROM sightings WHERE source = ? AND first = ?"
        case .undoAbsences:
            "UPDATE sightings SET present = 1, last = ? WHERE source = ? AND last = ? AND present = 0"
        case .undoReturns:
            """
            UPDATE sightings SET present = 0, last = ?
            WHERE source = ? AND last = ? AND first < last AND present = 1
            """
        case .auditAfter: "SELECT \(Self.auditColumns) FROM audit WHERE number > ? ORDER BY number"
        case .auditEndOf:
            "SELECT number FROM audit WHERE revision <= ? ORDER BY revision DESC, number DESC LIMIT 1"
        case .auditBeginOf: "SELECT number FROM audit WHERE revision = ? ORDER BY number LIMIT 1"
        case .auditBegin: "SELECT min(revision) FROM audit"
        case .addImport:
            """
            INSERT INTO imports (number, source, file_name, file_digest, row_count, accepted, changed, unchanged,
                rejected, held, closed, revision, time)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        case .lastImports:
            "SELECT \(Self.importColumns) FROM imports ORDER BY number DESC LIMIT ?"
        case .importByNumber:
            "SELECT \(Self.importColumns) FROM imports WHERE number = ?"
        case .replyByKey:
            "SELECT request_digest, status, body, time FROM replies WHERE key = ? AND uid = ? AND time > ?"
        case .putReply:
            "INSERT OR REPLACE INTO replies (key, uid, request_digest, status, body, time) VALUES (?, ?, ?, ?, ?, ?)"
        case .expireReplies: "DELETE FROM replies WHERE time <= ?"
        default: statementSQL
        }
    }

    private var statementSQL: String {
        switch self {
        case .renewSighting: "UPDATE sightings SET seen = ? WHERE source = ? AND kind = ? AND key = ?"
        case .moveSightings: "UPDATE sightings SET record = ?, last = ? WHERE kind = ? AND record = ?"
        case .moveSighting:
            "UPDATE sightings SET record = ?, last = ? WHERE source = ? AND kind = ? AND key = ?"
        case .sightingTimes:
            """
            SELECT record, source, max(coalesce(seen, (SELECT time FROM audit WHERE audit.revision = sightings.last LIMIT 1)))
            FROM sightings WHERE kind = ? AND present = 1 AND source <> ? GROUP BY record
            """
        case .statementsOfRecord:
            "SELECT source, key, place, since FROM statements WHERE record = ? ORDER BY source, key"
        case .statedRecords: "SELECT DISTINCT record FROM statements ORDER BY record"
        case .putStatement:
            """
            INSERT INTO statements (record, source, key, place, since, revision) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (record, source, key) DO UPDATE SET
                place_before = CASE WHEN revision = excluded.revision THEN place_before ELSE place END,
                since_before = CASE WHEN revision = excluded.revision THEN since_before ELSE since END,
                place = excluded.place, since = excluded.since, revision = excluded.revision
            """
        case .deleteStatement: "DELETE FROM statements WHERE record = ? AND source = ? AND key = ?"
        case .dropStatements: "DELETE FROM statements WHERE record = ?"
        case .undoNewStatements: "DELETE FROM statements WHERE revision = ? AND place_before IS NULL"
        case .undoStatements:
            """
            UPDATE statements SET place = place_before, since = since_before, revision = ?, place_before = NULL,
                since_before = NULL
            WHERE revision = ? AND place_before IS NOT NULL
            """
        case .heldRows: "SELECT \(Self.heldColumns) FROM held_rows WHERE number > ? ORDER BY number LIMIT ?"
        case .heldRowCount: "SELECT count(*) FROM held_rows"
        case .heldRowByNumber: "SELECT \(Self.heldColumns) FROM held_rows WHERE number = ?"
        case .heldRowByKey: "SELECT \(Self.heldColumns) FROM held_rows WHERE source = ? AND key = ?"
        case .putHeldRow:
            """
            INSERT INTO held_rows (source, key, place, candidates, file_name, since, revision)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, key) DO UPDATE
            SET place = excluded.place, candidates = excluded.candidates, file_name = excluded.file_name
            """
        case .deleteHeldRow: "DELETE FROM held_rows WHERE source = ? AND key = ?"
        case .undoHeldRows: "DELETE FROM held_rows WHERE source = ? AND revision = ?"
        case .keptApart: "SELECT one, other FROM kept_apart ORDER BY one, other"
        case .putKeptApart:
            "INSERT OR IGNORE INTO kept_apart (one, other, actor, uid, time) VALUES (?, ?, ?, ?, ?)"
        case .deleteKeptApart: "DELETE FROM kept_apart WHERE one = ? AND other = ?"
        case .moveKeptApart:
            """
            INSERT OR IGNORE INTO kept_apart (one, other, actor, uid, time)
            SELECT min(third, ?1), max(third, ?1), actor, uid, time
            FROM (SELECT CASE WHEN one = ?2 THEN other ELSE one END AS third, actor, uid, time
                  FROM kept_apart WHERE one = ?2 OR other = ?2)
            WHERE third <> ?1
            """
        case .dropKeptApart: "DELETE FROM kept_apart WHERE one = ?1 OR other = ?1"
        case .lastConfirmations:
            """
            SELECT \(Self.confirmationColumns) FROM confirmations WHERE number IN
                (SELECT max(number) FROM confirmations GROUP BY place, fact, party)
            ORDER BY number
            """
        case .moveConfirmations: "UPDATE confirmations SET place = ? WHERE place = ?"
        case .confirmationsOfPlace:
            "SELECT \(Self.confirmationColumns) FROM confirmations WHERE place = ? ORDER BY number DESC LIMIT ?"
        case .addConfirmation:
            """
            INSERT INTO confirmations (place, fact, verdict, value, party, actor, uid, time, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        default: preconditionFailure("\(self) has no SQL")
        }
    }

    private static let heldColumns = "number, source, key, place, candidates, file_name, since, revision"
    private static let confirmationColumns = "place, fact, verdict, value, party, actor, uid, time, note"

    private static let placeColumns = """
        id, type, name, name_en, lat, lon, given_datum, given_lat, given_lon, community, address, hours, phone, \
        attributes, status, exceptions, calendar_policy, within, room, organisation, service_area, walk_in
        """
    private static let originColumns = """
        id, kind, name, name_en, lat, lon, given_datum, given_lat, given_lon, community, grid, parent, households, \
        status
        """
    private static let communityColumns =
        "id, name, name_en, street_office, boundary, households, population, elder_share, time_zone, region"
    private static let gridColumns = "id, community, name, keeper, boundary"
    private static let sourceColumns = "id, kind, title, attribution, note"
    private static let organisationColumns =
        "id, name, name_en, kind, credit_code, phone, address, about"
    private static let activityColumns = """
        id, name, name_en, organisation, place, lat, lon, community, times, first_day, last_day, exceptions, \
        capacity, price, minimum_age, maximum_age, registration, about, status
        """
    private static let noticeColumns = """
        id, title, title_en, text, text_en, to_community, to_grid, to_origin, community, from_day, from_time, \
        until_day, until_time, urgent, organisation, place, status
        """
    private static let auditColumns =
        "number, revision, time, actor, uid, source, kind, record, before, after"

    private static let importColumns = """
        number, source, file_name, file_digest, row_count, accepted, changed, unchanged, rejected, held, closed, \
        revision, time
        """

    /// Inserts a row, or replaces all columns but the id of the row that is there.
    private static func put(_ table: String, _ columns: String) -> String {
        let names = columns.split(separator: ", ")
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let updates = names.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns)) VALUES (\(marks)) ON CONFLICT (id) DO UPDATE SET \(updates)"
    }
}
