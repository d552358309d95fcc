internal import DirectoryAPI
internal import DirectoryModel

/// Finds the organisations that the rows of a register name as running their places.
struct RowRunners {
    private var byCode: [String: Organisation] = [:]
    private var byName: [String: Organisation] = [:]
    private var ids: Set<OrganisationID> = []
    private let party: Party?

    /// The organisations of a directory.
    ///
    /// - Parameter party: who brings the register, and may make none but its own; nil for an administrator.
    init(_ engine: DirectoryEngine, party: Party?) {
        self.party = party
        // Of several with one name the first by id is meant.
        let all = engine.reading { index in Array(index.organisations.values) }.sorted { $0.id < $1.id }
        for organisation in all { note(organisation) }
    }

    /// What is known of one row's organisation.
    struct Runner {
        /// The organisation that is named; nil where none may be.
        var id: OrganisationID?
        /// One that is to be stored before the place that names it.
        var made: Organisation?
        var findings: [RecordFinding] = []

        /// Names it in a row; where there is none, the row says nothing about it.
        func name(in sourced: inout SourcedPlace) {
            if let id {
                sourced.place.organisation = id
            } else {
                sourced.stated?.remove("organisation")
            }
        }

        /// A place that waits, without an organisation that is not made unless the place is.
        func nameless(_ place: Place) -> Place {
            guard made != nil else { return place }
            var place = place
            place.organisation = nil
            return place
        }
    }

    /// The organisation that a row means.
    ///
    /// - Parameter key: the source's key of the row.
    func find(_ given: Organisation, of key: String) -> Runner {
        if let code = given.creditCode {
            if let known = byCode[code] {
                return Runner(
                    id: known.id,
                    findings: known.name == given.name ? [] : [.otherName(given.name, than: known, key)])
            }
        } else if let known = byName[given.name] {
            return Runner(id: known.id)
        }
        if let party, !party.organisations.contains(given.id) {
            return Runner(findings: [.notMade(given.name, key, party)])
        }
        // Another organisation may have been put under the id by hand.
        guard !ids.contains(given.id) else { return Runner(id: given.id) }
        return Runner(id: given.id, made: given)
    }

    /// Remembers an organisation that was stored.
    mutating func note(_ organisation: Organisation) {
        ids.insert(organisation.id)
        if let code = organisation.creditCode, byCode[code] == nil { byCode[code] = organisation }
        if byName[organisation.name] == nil { byName[organisation.name] = organisation }
    }
}

extension RecordFinding {
    /// That a credit code is stored with another name; that one stays.
    fileprivate static func otherName(_ name: String, than known: Organisation, _ key: String)
        -> RecordFinding
    {
        RecordFinding(
            severity: "warning", code: "organisation_name_differs", record: key, field: "organisation",
            value: name,
            message: LocalizedText(
                zh: "该统一社会信用代码登记的是“\(known.name)”，已按代码关联，名称未改；请核对代码和名称",
                en:
                    "the credit code is that of \(known.name), which is named and keeps its name; check code and name"
            ))
    }

    /// That a party's row names an organisation that is not there and that the party may not make.
    fileprivate static func notMade(_ name: String, _ key: String, _ party: Party) -> RecordFinding {
        RecordFinding(
            severity: "warning", code: "organisation_not_yours", record: key, field: "organisation",
            value: name,
            message: LocalizedText(
                zh: "没有这个单位，\(party.name)不能新建，网点未关联单位；请由街道先登记该单位",
                en:
                    "there is no such organisation, and \(party.name) may not make it, so none is named; ask the office to enter it first"
            ))
    }
}
