import DirectoryModel

/// A row of the audit with its place in its revision.
package struct HistoryRow: Hashable, Sendable {
    /// The row.
    package let entry: AuditEntry
    /// Its number among the rows of its revision, from 1.
    package let part: Int
    /// Whether it is the last row of its revision.
    package let isLast: Bool
}

/// A piece of the audit, oldest first.
package struct HistoryPage: Hashable, Sendable {
    /// The rows.
    package let rows: [HistoryRow]
    /// Whether nothing that was asked for follows.
    package let isWhole: Bool
}

extension StoreReader {
    /// What was done after a point of the history, oldest first.
    ///
    /// - Parameters:
    ///   - revision: what was done before it is passed over.
    ///   - part: 0 to pass over that revision whole, else only its first `part` rows.
    ///   - last: the last revision that is read.
    ///   - limit: rows at most, 1 or more.
    ///   - bytes: the piece ends with the row whose records reach this many bytes together.
    /// - Complexity: O(log n) in the rows of the audit, and O(1) for each row that is returned.
    package func history(
        after revision: Revision, part: Int, through last: Revision, limit: Int, bytes: Int
    ) throws(DirectoryError) -> HistoryPage {
        var statement = try connection.statement(.auditAfter)
        defer { statement.reset() }
        statement.bind(try number(after: revision, part))
        var rows: [HistoryRow] = []
        var pending: (entry: AuditEntry, part: Int)?
        var before = (revision: revision, part: part)
        var size = 0
        while true {
            var next = try statement.step() ? try AuditEntry(row: &statement) : nil
            if let entry = next, entry.revision > last { next = nil }
            if let (entry, part) = pending {
                rows.append(
                    HistoryRow(entry: entry, part: part, isLast: next?.revision != entry.revision))
                size += (entry.before?.utf8.count ?? 0) + (entry.after?.utf8.count ?? 0)
                if next != nil, rows.count >= limit || size >= bytes {
                    return HistoryPage(rows: rows, isWhole: false)
                }
            }
            guard let next else { return HistoryPage(rows: rows, isWhole: true) }
            // Passed over whole, a revision has no further rows.
            let isSame = before.part > 0 && next.revision == before.revision
            before = (next.revision, isSame ? before.part + 1 : 1)
            pending = (next, before.part)
        }
    }

    /// The revision of the oldest row that the audit still has; nil where it has none.
    package func historyBegin() throws(DirectoryError) -> Revision? {
        try rows(.auditBegin) { _ in
        } read: { row throws(DirectoryError) in
            row.whole().map { Revision(UInt64(max(0, $0))) }
        }.first.flatMap { $0 }
    }

    /// The number of the last row that a point of the history has behind it.
    private func number(after revision: Revision, _ part: Int) throws(DirectoryError) -> Int64 {
        let end = try number(.auditEndOf, revision) ?? 0
        guard part > 0, let begin = try number(.auditBeginOf, revision) else { return end }
        // The rows of one revision were written in one go, and are numbered so.
        return min(begin + Int64(part) - 1, end)
    }

    private func number(_ query: Query, _ revision: Revision) throws(DirectoryError) -> Int64? {
        try rows(query) { statement in
            statement.bind(revision.number)
        } read: { row throws(DirectoryError) in
            try row.neededWhole()
        }.first
    }
}

/// What a row of the audit says about its record, without the records themselves.
package struct ChangeOutline: Hashable, Sendable {
    /// One state of the record.
    package struct Side: Hashable, Sendable {
        /// Its service type, of a place only.
        package var type: ServiceTypeID?
        /// The community that it belongs to, or is.
        package var community: CommunityID?
        /// Whether no source has it any more.
        package var isClosed = false
    }

    /// Before the change; nil where there was none.
    package var before: Side?
    /// After the change; nil where it is gone.
    package var after: Side?
    /// The fields that differ, by their names on the wire, ascending; empty for what is new or gone.
    ///
    /// An attribute is named by itself: `attributes.seats`.
    package var fields: [String] = []

    /// An outline that says nothing.
    package init() {}

    /// The outline of a row.
    ///
    /// - Throws: `store_damaged` where a record in it cannot be read.
    package init(_ entry: AuditEntry) throws(DirectoryError) {
        try self.init(kind: entry.kind, id: entry.id, before: entry.before, after: entry.after)
    }

    /// The outline of a change from one canonical JSON (`RecordJSON`) to another.
    ///
    /// - Throws: `store_damaged` where one of them cannot be read.
    package init(kind: RecordKind, id: String, before: String?, after: String?) throws(DirectoryError) {
        let old = try before.map { json throws(DirectoryError) in try Self.members(json, kind) }
        let new = try after.map { json throws(DirectoryError) in try Self.members(json, kind) }
        self.before = try old.map { members throws(DirectoryError) in try Self.side(members, kind, id) }
        self.after = try new.map { members throws(DirectoryError) in try Self.side(members, kind, id) }
        guard let old, let new else { return }
        var names: Set<String> = []
        for name in Set(old.keys).union(new.keys) where old[name] != new[name] {
            switch name {
            case "lat", "lon": names.insert("location")
            case "from_day", "from_time": names.insert("from")
            case "until_day", "until_time": names.insert("until")
            case "to_community", "to_grid", "to_origin": names.insert("to")
            case "attributes":
                let old = try old[name].map { json throws(DirectoryError) in try Self.members(json, kind) }
                let new = try new[name].map { json throws(DirectoryError) in try Self.members(json, kind) }
                for key in Set((old ?? [:]).keys).union((new ?? [:]).keys) where old?[key] != new?[key] {
                    names.insert("attributes." + key)
                }
            default: names.insert(name)
            }
        }
        fields = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func side(
        _ members: [String: String], _ kind: RecordKind, _ id: String
    ) throws(DirectoryError) -> Side {
        func text(_ name: String) throws(DirectoryError) -> String? {
            guard let json = members[name] else { return nil }
            return try reading(kind) { () throws(JSONFault) in
                try JSONReader.read(json) { reader throws(JSONFault) in try reader.text() }
            }
        }
        var side = Side()
        if kind == .place { side.type = try text("type").map { ServiceTypeID(unchecked: $0) } }
        side.community =
            kind == .community
            ? CommunityID(unchecked: id) : try text("community").map { CommunityID(unchecked: $0) }
        switch kind {
        case .place, .origin, .activity, .notice:
            side.isClosed = try text("status") == PlaceStatus.closedAtSource.rawValue
        default: break
        }
        return side
    }

    /// The members of an object, each value as its own JSON: canonical, so equal values are equal texts.
    private static func members(_ json: String, _ kind: RecordKind) throws(DirectoryError) -> [String: String]
    {
        try reading(kind) { () throws(JSONFault) in
            try JSONReader.read(json) { reader throws(JSONFault) in
                var members: [String: String] = [:]
                try reader.object { reader, name throws(JSONFault) in members[name] = try reader.raw() }
                return members
            }
        }
    }

    private static func reading<Result>(
        _ kind: RecordKind, _ body: () throws(JSONFault) -> Result
    ) throws(DirectoryError) -> Result {
        do throws(JSONFault) {
            return try body()
        } catch {
            throw DirectoryError(
                .storeDamaged, "a \(kind.rawValue) in the audit cannot be read",
                advice: StoreFailure.damageAdvice, cause: error.description)
        }
    }
}
