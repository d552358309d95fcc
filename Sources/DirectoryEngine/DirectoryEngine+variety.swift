package import DirectoryAPI
package import DirectoryModel
internal import ModuleHost
internal import ServiceTypeKit

extension DirectoryEngine {
    /// How many different things are to be had within some walks.
    package func variety(_ query: VarietyQuery) throws(DirectoryError) -> VarietyReply {
        let now = Timestamp.now
        return try reading { (index: LiveIndex) throws(DirectoryError) in
            let start = try index.start(query.reach.origin, query.reach.profile)
            let conditions = try Conditions(query.reach.conditions, types: query.reach.types, index: index)
            let counted = try CountedKey(query.by, types: query.reach.types, host: index.host)
            var all = query.reach
            all.limit = max(1, index.places.count)
            let reached = try index.list(
                all, conditions, from: start, minutes: query.minutes.last ?? 0, now: now)
            let judge = index.judge
            let limits = query.minutes.map { minutes in
                let farthest = LiveIndex.limit(minutes: minutes, profile: start.profile)
                return index.limit(minutes, start.profile, reached.prefix { $0.metres <= farthest }) {
                    entry, metres in
                    let arrival = now.after(start.profile.pace.time(for: metres))
                    return counted.values(of: entry, host: index.host, conditions) { times in
                        guard let open = query.reach.open else { return true }
                        return judge.holds(open, times: times, of: entry, now: now, arrival: arrival)
                    }
                }
            }
            return VarietyReply(
                revision: index.revision, origin: start.resolved, profile: start.profile, by: query.by,
                limits: limits, attributions: index.attributions, language: query.reach.language)
        }
    }
}

extension LiveIndex {
    /// The different things of some places, which come nearest first.
    fileprivate func limit(
        _ minutes: Double, _ profile: Profile, _ reached: ArraySlice<(entry: PlaceEntry, metres: Metres)>,
        values: (PlaceEntry, Metres) -> [String: LocalizedText]
    ) -> VarietyReply.Limit {
        var found: [String: VarietyReply.Value] = [:]
        for (entry, metres) in reached {
            for (key, name) in values(entry, metres) {
                if found[key] != nil {
                    found[key]?.places += 1
                } else {
                    found[key] = VarietyReply.Value(
                        key: key, name: name, places: 1, nearest: entry.record.place,
                        walk: Walk(metres: metres, seconds: profile.pace.time(for: metres)))
                }
            }
        }
        return VarietyReply.Limit(
            minutes: minutes, places: reached.count,
            values: found.values.sorted { left, right in
                left.places != right.places ? left.places > right.places : left.key < right.key
            })
    }
}

/// What is counted: the type, an attribute or facet, or a column of a table.
private enum CountedKey {
    case type
    case attribute(String)
    case column(table: String, column: String)

    /// - Throws: `invalid_request` for a key that no wanted type has.
    init(_ key: String, types: [ServiceTypeID], host: ModuleHost) throws(DirectoryError) {
        if key == "type" {
            self = .type
            return
        }
        let wanted = host.types.filter { types.isEmpty || types.contains($0.id) }
        let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2, wanted.contains(where: { $0.column(parts[1], of: parts[0]) != nil }) {
            self = .column(table: parts[0], column: parts[1])
        } else if wanted.contains(where: { type in
            (type.attributes + type.facets).contains { $0.key == key && !$0.kind.isRows }
        }) {
            self = .attribute(key)
        } else {
            throw DirectoryError(
                .invalidRequest, "no wanted service type has an attribute \(key.shortened())",
                advice:
                    "`quarterctl types ID` lists those of a type; a table is counted by one of its columns",
                location: "by")
        }
    }

    /// The different things of one place by their keys.
    ///
    /// - Parameter isOpen: whether a row's own opening times meet the query.
    func values(
        of entry: PlaceEntry, host: ModuleHost, _ conditions: Conditions, isOpen: (String) -> Bool
    ) -> [String: LocalizedText] {
        let place = entry.record.place
        guard let type = host.type(place.type) else { return [:] }
        switch self {
        case .type: return [place.type.rawValue: type.name]
        case .attribute(let key):
            guard let value = place.attributes[key] ?? entry.facets[key],
                let described = (type.attributes + type.facets).first(where: { $0.key == key })
            else { return [:] }
            return described.kind.named(value)
        case .column(let table, let column):
            guard let described = type.column(column, of: table) else { return [:] }
            let asked = conditions.tables.first { $0.table == table }
            let rows = asked?.rows(of: entry, isOpen: isOpen) ?? place.rows(table)
            return rows.reduce(into: [:]) { found, row in
                guard let value = row[column] else { return }
                found.merge(described.kind.named(value)) { first, _ in first }
            }
        }
    }
}

extension ServiceTypeDescription {
    fileprivate func column(_ column: String, of table: String) -> AttributeDescription? {
        guard case .rows(let schema)? = attribute(table)?.kind else { return nil }
        return schema.column(column)
    }
}

extension AttributeKind {
    fileprivate var isRows: Bool { if case .rows = self { true } else { false } }

    /// The things that a value of this kind names, by key.
    fileprivate func named(_ value: AttributeValue) -> [String: LocalizedText] {
        func plain(_ text: String) -> [String: LocalizedText] { [text: LocalizedText(zh: text, en: text)] }
        let keys: [String]
        switch value {
        case .bool(let flag): return flag ? ["yes": LocalizedText(zh: "是", en: "yes")] : [:]
        case .whole(let number): return plain("\(number)")
        case .decimal(let number): return plain("\(number)")
        case .money(let money):
            return ["\(money.fen)": LocalizedText(zh: money.text(in: .zh), en: money.text(in: .en))]
        case .text(let text): keys = [text]
        case .texts(let texts): keys = texts
        case .rows: return [:]
        }
        guard case .oneOf(let options) = self.options else {
            return keys.reduce(into: [:]) { $0.merge(plain($1)) { first, _ in first } }
        }
        return keys.reduce(into: [:]) { found, key in
            found[key] = options.first { $0.key == key }?.name ?? LocalizedText(zh: key, en: key)
        }
    }

    /// The options of a kind that has some, as those of one choice.
    private var options: AttributeKind {
        if case .manyOf(let options) = self { .oneOf(options) } else { self }
    }
}
