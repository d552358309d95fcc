import DirectoryModel

extension StoreTransaction {
    // MARK: Statements

    /// Keeps what a source says of a place; what it said before stays beside it until the next revision.
    ///
    /// - Parameter id: the place of which it speaks.
    package mutating func put(_ stated: PlaceStatement, of id: PlaceID) throws(DirectoryError) {
        try stated.place.check()
        var statement = try reader.connection.statement(.putStatement)
        statement.bind(id.rawValue)
        statement.bind(stated.source.rawValue)
        statement.bind(stated.key)
        statement.bind(utf8: RecordJSON.bytes(of: .place(stated.place)))
        statement.bind(utf8: RecordJSON.bytes(of: stated.since))
        statement.bind(nextRevision.number)
        try statement.run()
        changesSightings = true
    }

    /// Forgets what a source says of a place.
    package mutating func deleteStatement(
        of place: PlaceID, source: SourceID, key: String
    ) throws(DirectoryError) {
        var statement = try reader.connection.statement(.deleteStatement)
        statement.bind(place.rawValue)
        statement.bind(source.rawValue)
        statement.bind(key)
        try statement.run()
        changesSightings = true
    }

    /// Takes back what a revision stated: what it stated first is forgotten, the rest is as it was before.
    package mutating func undoStatements(at revision: Revision) throws(DirectoryError) {
        var new = try reader.connection.statement(.undoNewStatements)
        new.bind(revision.number)
        try new.run()
        var changed = try reader.connection.statement(.undoStatements)
        changed.bind(nextRevision.number)
        changed.bind(revision.number)
        try changed.run()
    }

    // MARK: Joining and parting

    /// Ties all that sources say of one place to another, which must be there; the first is left to be deleted.
    ///
    /// - Parameters:
    ///   - place: the one that is given up.
    ///   - kept: the one that stays.
    package mutating func moveSightings(from place: PlaceID, to kept: PlaceID) throws(DirectoryError) {
        var sightings = try reader.connection.statement(.moveSightings)
        sightings.bind(kept.rawValue)
        sightings.bind(nextRevision.number)
        sightings.bind(RecordKind.place.rawValue)
        sightings.bind(place.rawValue)
        try sightings.run()
        var apart = try reader.connection.statement(.moveKeptApart)
        apart.bind(kept.rawValue)
        apart.bind(place.rawValue)
        try apart.run()
        var words = try reader.connection.statement(.moveConfirmations)
        words.bind(kept.rawValue)
        words.bind(place.rawValue)
        try words.run()
        for query in [Query.dropKeptApart, .dropStatements] {
            var statement = try reader.connection.statement(query)
            statement.bind(place.rawValue)
            try statement.run()
        }
        changesSightings = true
    }

    /// Ties one key of a source to another place, which must be there.
    package mutating func moveSighting(
        of source: SourceID, key: String, to place: PlaceID
    ) throws(DirectoryError) {
        var statement = try reader.connection.statement(.moveSighting)
        statement.bind(place.rawValue)
        statement.bind(nextRevision.number)
        statement.bind(source.rawValue)
        statement.bind(RecordKind.place.rawValue)
        statement.bind(key)
        try statement.run()
        changesSightings = true
    }

    /// Remembers that two places are two.
    package mutating func keepApart(_ pair: KeptApart) throws(DirectoryError) {
        var statement = try reader.connection.statement(.putKeptApart)
        statement.bind(pair.one.rawValue)
        statement.bind(pair.other.rawValue)
        statement.bind(actor.name)
        statement.bind(actor.uid)
        statement.bind(time.secondsSince1970)
        try statement.run()
        changesSightings = true
    }

    /// Forgets that two places are two.
    package mutating func forgetApart(_ pair: KeptApart) throws(DirectoryError) {
        var statement = try reader.connection.statement(.deleteKeptApart)
        statement.bind(pair.one.rawValue)
        statement.bind(pair.other.rawValue)
        try statement.run()
        changesSightings = true
    }

    // MARK: Held rows

    /// Keeps a row aside; one that is held already keeps its number and since when.
    package mutating func hold(_ row: HeldRow) throws(DirectoryError) {
        try row.place.check()
        if let present = try reader.heldRow(of: row.source, key: row.key), present.place == row.place,
            present.candidates == row.candidates, present.fileName == row.fileName
        {
            return
        }
        var statement = try reader.connection.statement(.putHeldRow)
        statement.bind(row.source.rawValue)
        statement.bind(row.key)
        statement.bind(utf8: RecordJSON.bytes(of: .place(row.place)))
        statement.bind(utf8: RecordJSON.bytes(of: row.candidates))
        statement.bind(row.fileName)
        statement.bind(time.secondsSince1970)
        statement.bind(nextRevision.number)
        try statement.run()
        changesSightings = true
    }

    /// Forgets a held row; returns whether there was one.
    @discardableResult
    package mutating func dropHeldRow(of source: SourceID, key: String) throws(DirectoryError) -> Bool {
        guard try reader.heldRow(of: source, key: key) != nil else { return false }
        var statement = try reader.connection.statement(.deleteHeldRow)
        statement.bind(source.rawValue)
        statement.bind(key)
        try statement.run()
        changesSightings = true
        return true
    }

    /// Forgets the held rows of a source but those with `keys`.
    package mutating func dropHeldRows(
        of source: SourceID, keysNotIn keys: Set<String>
    ) throws(DirectoryError) {
        var last: Int64 = 0
        while true {
            let rows = try reader.heldRows(after: last, limit: 1_000)
            guard let end = rows.last else { return }
            last = end.number
            for row in rows where row.source == source && !keys.contains(row.key) {
                try dropHeldRow(of: source, key: row.key)
            }
        }
    }

    /// Forgets the rows that a revision held first.
    package mutating func undoHeldRows(of source: SourceID, at revision: Revision) throws(DirectoryError) {
        var statement = try reader.connection.statement(.undoHeldRows)
        statement.bind(source.rawValue)
        statement.bind(revision.number)
        try statement.run()
        changesSightings = true
    }

    // MARK: Confirmations

    /// Writes down that a party has looked at a fact.
    package mutating func add(_ confirmation: PlaceConfirmation) throws(DirectoryError) {
        var statement = try reader.connection.statement(.addConfirmation)
        statement.bind(confirmation.place.rawValue)
        statement.bind(confirmation.fact)
        statement.bind(PlaceConfirmation.verdict(confirmation.isConfirmed))
        statement.bind(confirmation.value)
        statement.bind(confirmation.party)
        statement.bind(confirmation.actor.name)
        statement.bind(confirmation.actor.uid)
        statement.bind(confirmation.time.secondsSince1970)
        statement.bind(confirmation.note)
        try statement.run()
        changesSightings = true
    }
}
