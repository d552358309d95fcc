internal import DirectoryModel
internal import DirectoryStore

/// Since when each field of a place is what it is, and from whom, told from the history of the record.
struct FieldOrigins {
    /// Where the present value of a field comes from.
    struct Origin: Equatable {
        /// The revision that made it so.
        let revision: Revision
        /// When.
        let time: Timestamp
        /// Who wrote it.
        let actor: Actor
        /// The source that the writer spoke for, if any.
        let source: SourceID?

        /// Since when it is so.
        var since: PlaceStatement.Since { PlaceStatement.Since(revision: revision, time: time) }
    }

    /// By field; fields in which the place says nothing are left out, unless somebody took away what stood there.
    private(set) var byField: [String: Origin] = [:]

    /// Entries of the history that are read; the oldest of them then counts as the beginning.
    ///
    /// Chosen, not measured: a place that changes every day has 500 after a year and a half.
    private static let depth = 500

    /// Reads the history of a place as it is stored.
    init(of place: Place, in reader: borrowing StoreReader) throws(DirectoryError) {
        var open = PlaceFields.stated(by: place)
        var later = place
        for entry in try reader.audit(of: .place, place.id.rawValue, limit: Self.depth) {
            let origin = Origin(
                revision: entry.revision, time: entry.time, actor: entry.actor, source: entry.source)
            guard let json = entry.before, case .place(let before) = try RecordJSON.decode(json, as: .place)
            else {
                for name in open { byField[name] = origin }
                return
            }
            for name in PlaceFields.differences(before, later) where byField[name] == nil {
                byField[name] = origin
                open.remove(name)
            }
            later = before
            if open.isEmpty { return }
            oldest = origin
        }
        if let oldest { for name in open { byField[name] = oldest } }
    }

    private var oldest: Origin?
}
