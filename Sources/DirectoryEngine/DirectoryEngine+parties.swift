package import DirectoryAPI
internal import DirectoryModel
internal import DirectoryStore

extension DirectoryEngine {
    /// The party that a user of the machine speaks for; nil for a user who speaks for none.
    package func party(of user: String) -> Party? {
        reading { index in index.settings.parties.first { $0.users.contains(user) } }
    }

    /// The source under which somebody's writing by hand is kept.
    func hand(_ context: WriteContext) -> Source {
        context.party.map { Source(id: $0.source, kind: "party", title: $0.name) } ?? Self.handSource
    }

    /// Throws `forbidden` where a party would change a place that is not its own, or make one that it has nothing to
    /// do with.
    ///
    /// - Parameters:
    ///   - present: the place as it is; nil where there is none yet.
    ///   - new: the place as it is to be; nil where it is to go.
    func require(_ party: Party?, mayChange present: Place?, to new: Place?) throws(DirectoryError) {
        guard let party else { return }
        if let present {
            let own = try store.read { reader in try party.owns(present, in: reader) }
            guard own else {
                throw DirectoryError(
                    .forbidden,
                    "\(party.name) may not change \(present.id.rawValue.shortened()): it is not its own",
                    advice:
                        "confirm or contest it instead: `quarterctl confirm \(present.id.rawValue.shortened())`"
                )
            }
        }
        for place in [present, new].compactMap(\.self) where !party.isConcerned(with: place) {
            throw DirectoryError(
                .forbidden,
                "\(party.name) has nothing to do with places of type \(place.type) in "
                    + (place.community.map { "community \($0)" } ?? "no community"),
                advice: "see [[parties]] in the configuration")
        }
    }

    /// Throws `forbidden` where a party would change what belongs to an organisation that is not its own.
    func require(_ party: Party?, mayChangeFor organisation: OrganisationID?) throws(DirectoryError) {
        guard let party else { return }
        guard let organisation, party.organisations.contains(organisation) else {
            throw DirectoryError(
                .forbidden,
                "\(party.name) may not change what \(organisation.map { "belongs to \($0)" } ?? "belongs to nobody")",
                advice: "its organisations are "
                    + (party.organisations.map(\.rawValue).joined(separator: ", ").nonEmpty ?? "none"))
        }
    }
}

extension Party {
    /// Whether a place is its own: of one of its organisations, registers, or written by its own hand.
    func owns(_ place: Place, in reader: borrowing StoreReader) throws(DirectoryError) -> Bool {
        if let organisation = place.organisation, organisations.contains(organisation) { return true }
        return try reader.sightings(of: .place, place.id.rawValue).contains { sighting in
            sighting.isPresent && (sources.contains(sighting.source) || sighting.source == source)
        }
    }
}

extension String {
    /// The text, or nil where it is empty.
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
