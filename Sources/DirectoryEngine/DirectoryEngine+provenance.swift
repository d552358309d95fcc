package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import RegisterMatching

extension DirectoryEngine {
    /// Since when each field of a place is what it is, and from whom.
    package func provenance(_ id: PlaceID) throws(DirectoryError) -> ProvenanceReply {
        let found = reading { index in
            index.places[id].map {
                ($0.record.place, index.revision, index.sources, index.settings.precedence)
            }
        }
        guard let (place, revision, sources, precedence) = found else { throw noSuch(id) }
        let (statements, origins, sightings) = try store.read { reader in
            (
                try reader.statements(of: id), try FieldOrigins(of: place, in: reader).byField,
                try reader.sightings(of: .place, id.rawValue)
            )
        }
        let winners = Combination(statements, of: id, by: precedence)?.winners ?? [:]
        let names = PlaceFields.stated(by: place).union(
            winners.keys.filter { !PlaceFields.stated(by: place).contains($0) && $0 != "community" })
        let fields = names.sorted().compactMap { name -> FieldProvenance? in
            let others = statements.filter {
                $0.since[name] != nil && $0.source != winners[name]?.source
                    && !PlaceFields.isEqual(name, $0.place, place)
            }.map { FieldProvenance.OtherWord(source: $0.source, value: Self.value(of: name, in: $0.place)) }
            let value = Self.value(of: name, in: place)
            if winners[name] != nil {
                // Of several who say the same the first one: since then it is so.
                let same = statements.filter {
                    $0.since[name] != nil && PlaceFields.isEqual(name, $0.place, place)
                }
                let first = same.min {
                    ($0.since[name]?.revision ?? Revision(0)) < ($1.since[name]?.revision ?? Revision(0))
                }
                if let first, let since = first.since[name] {
                    return FieldProvenance(
                        field: name, value: value, source: first.source, revision: since.revision,
                        since: since.time, others: others)
                }
            }
            return origins[name].map {
                FieldProvenance(
                    field: name, value: value, source: $0.source, revision: $0.revision, since: $0.time,
                    others: others)
            }
        }
        return ProvenanceReply(
            revision: revision, place: place, fields: fields,
            sources: sightings.map {
                SourceWord(
                    source: $0.source, title: sources[$0.source]?.title ?? $0.source.rawValue, key: $0.key,
                    isPresent: $0.isPresent, seen: $0.seen)
            }, confirmations: reading { index in index.mentions(of: place) })
    }

    private static func value(of field: String, in place: Place) -> JSONValue {
        let whole = PlaceBody.json(of: place)
        guard field.hasPrefix(PlaceFields.attributes) else { return whole[field] ?? .null }
        return whole["attributes"]?[String(field.dropFirst(PlaceFields.attributes.count))] ?? .null
    }

    /// The places that a code, a name or a source's key stands for, with what is known of each.
    package func verify(_ query: VerifyQuery) throws(DirectoryError) -> VerifyReply {
        let ids: [PlaceID]
        let wanted: String
        switch query {
        case .creditCode(let code):
            wanted = code
            ids = reading { index in
                let owners = Set(index.organisations.values.filter { $0.creditCode == code }.map(\.id))
                return index.places.values.filter {
                    $0.record.place.organisation.map(owners.contains) == true
                }
                .map(\.record.id)
            }
        case .name(let name):
            let form = NameForm(name)
            wanted = form.core
            ids = reading { index in
                index.places.values.filter { entry in
                    let place = entry.record.place
                    if place.name == name || place.nameEnglish == name { return true }
                    // A cheap look first: few names have so much in common.
                    guard place.name.contains(form.core) || form.core.contains(place.name) else {
                        return false
                    }
                    return NameForm(place.name).isSame(as: form)
                }.map(\.record.id)
            }
        case .key(let source, let key):
            wanted = "\(source.rawValue)/\(key)"
            ids = try store.read { reader in
                try reader.recordID(of: source, kind: .place, key: key).map { [PlaceID(unchecked: $0)] } ?? []
            }
        }
        var matches: [ProvenanceReply] = []
        for id in ids.sorted().prefix(Self.mostVerified) { matches.append(try provenance(id)) }
        return VerifyReply(revision: reading { index in index.revision }, wanted: wanted, matches: matches)
    }

    /// Places that one answer to `verify` has at most; chosen, not measured: more are no record but a chain.
    private static let mostVerified = 50
}
