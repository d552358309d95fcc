import DirectoryAPI
import DirectoryModel
import DirectoryStore
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import DirectoryEngine

/// Several sources for one place: held rows, decisions, whose word is shown, since when and from whom.
@Suite struct EngineSourcesTests {
    private let map = SourceID(unchecked: "osm")
    private let office = SourceID(unchecked: "office")

    private func settings(_ change: (inout EngineSettings) -> Void = { _ in }) -> EngineSettings {
        var settings = SmallTown.settings
        change(&settings)
        return settings
    }

    private func place(
        _ id: String, _ name: String, east: Double = 0, _ change: (inout Place) -> Void = { _ in }
    ) -> Place {
        var place = Place(
            id: PlaceID(unchecked: id), type: ServiceTypeID(unchecked: "bookshop"), name: name,
            location: SmallTown.point(east: east, north: 0))
        change(&place)
        return place
    }

    /// The map's delivery, whole.
    @discardableResult
    private func deliver(_ town: SmallTown, _ places: [Place]) throws -> BatchReport {
        var batch = RecordBatch(source: Source(id: map, kind: "osm", title: "map"))
        batch.places = places.map { SourcedPlace(key: "k-" + $0.id.rawValue, place: $0, raw: [:]) }
        batch.complete = [.place]
        (batch.fileName, batch.fileDigest) = ("map.osm.pbf", "0")
        return try town.engine.apply(batch, by: town.actor)
    }

    /// The office's table.
    @discardableResult
    private func take(
        _ town: SmallTown, _ rows: [Place], isComplete: Bool = true, isRehearsal: Bool = false,
        party: Party? = nil
    ) throws -> (report: BatchReport, outcomes: [RowOutcome], findings: [RecordFinding]) {
        var results: [RowResult] = []
        let batch = RowBatch(
            source: Source(id: office, kind: "table", title: "街道台账"), fileName: "台账.xlsx",
            fileDigest: String(repeating: "0", count: 64), isComplete: isComplete, isRehearsal: isRehearsal,
            party: party)
        let report = try town.engine.take(batch, by: town.actor) { (put) throws(DirectoryError) in
            for row in rows {
                results.append(try put(SourcedPlace(key: row.id.rawValue, place: row, raw: [:])))
            }
        }
        return (report, results.map(\.outcome), results.flatMap(\.findings))
    }

    private func stored(_ town: SmallTown, _ id: String) throws -> Place {
        try #require(town.engine.storedPlace(PlaceID(unchecked: id)))
    }

    private func waiting(_ town: SmallTown) throws -> [HeldPlace] {
        try town.engine.heldPlaces(HeldQuery()).rows
    }

    private func patch(_ town: SmallTown, _ id: String, _ json: String, party: Party? = nil) throws
        -> WriteReply
    {
        try town.engine.patchPlace(
            PlaceID(unchecked: id), JSONValue(json: Array(json.utf8)),
            WriteContext(actor: town.actor, party: party))
    }

    // MARK: Held rows

    @Test func aRowThatLooksLikeAPlaceOfAnotherSourceWaits() throws {
        let town = try SmallTown()
        try deliver(town, [place("osm-n1", "翠竹园社区书屋") { $0.phone = "025-84412345" }])
        let rows = [
            place("office-1", "翠竹园社区书屋有限公司", east: 8) {
                ($0.phone, $0.hours) = ("025-84412345", "09:00-18:00")
            }, place("office-2", "先锋书店", east: 300),
        ]
        let first = try take(town, rows)
        #expect(first.outcomes == [.held, .created])
        #expect(first.findings.map(\.code) == ["row_held"])
        #expect(first.findings.first?.value == "osm-n1")
        let counts = try #require(first.report.counts[.place])
        #expect(counts.held == 1 && counts.given == 2)
        #expect(town.engine.storedPlace(PlaceID(unchecked: "office-1")) == nil)
        let row = try #require(try waiting(town).first)
        #expect(row.source == office && row.key == "office-1" && row.place.hours == "09:00-18:00")
        #expect(row.candidates.map(\.place.id.rawValue) == ["osm-n1"] && row.fileName == "台账.xlsx")
        #expect(try #require(row.candidates.first).confidence >= 0.9)

        let second = try take(town, rows)
        #expect(second.outcomes == [.held, .unchanged])
        #expect(second.report.revision == first.report.revision, "the same file changes nothing")
        #expect(try waiting(town).map(\.number) == [row.number])
        // A row that is no longer delivered does not wait any more.
        try take(town, [rows[1]])
        #expect(try waiting(town).isEmpty)
    }

    @Test func aRowWithNothingInCommonIsTaken() throws {
        let town = try SmallTown()
        try deliver(town, [place("osm-n1", "翠竹园社区书屋")])
        #expect(try take(town, [place("office-1", "先锋书店", east: 5)]).outcomes == [.created])
        // The office itself tells its two apart.
        let twice = [place("office-2", "春风书屋", east: 400), place("office-3", "春风书屋", east: 401)]
        #expect(try take(town, twice).outcomes == [.created, .created])
    }

    @Test func nothingWaitsWhereThatIsSetSo() throws {
        let town = try SmallTown(settings: settings { $0.holdsDuplicates = false })
        try deliver(town, [place("osm-n1", "翠竹园社区书屋")])
        #expect(try take(town, [place("office-1", "翠竹园社区书屋")]).outcomes == [.created])
    }

    @Test func theMapWaitsForTheOfficeAsWell() throws {
        let town = try SmallTown()
        try take(town, [place("office-1", "翠竹园社区书屋")])
        let report = try deliver(town, [place("osm-n1", "翠竹园社区书屋"), place("osm-n2", "先锋书店", east: 300)])
        #expect(report.counts[.place]?.held == 1 && report.counts[.place]?.created == 1)
        #expect(report.findings.map(\.code) == ["row_held"])
        #expect(try waiting(town).map(\.key) == ["k-osm-n1"])
        // What others of the delivery lie in is taken: they would lie in nothing.
        let shop = place("osm-n3", "店", east: 1) { $0.within = PlaceID(unchecked: "osm-n1") }
        let whole = try deliver(town, [place("osm-n1", "翠竹园社区书屋"), shop])
        #expect(whole.counts[.place]?.held ?? 0 == 0 && whole.counts[.place]?.created == 2)
        #expect(try waiting(town).isEmpty)
    }

    @Test func aRehearsalHoldsNothing() throws {
        let town = try SmallTown()
        try deliver(town, [place("osm-n1", "翠竹园社区书屋")])
        #expect(try take(town, [place("office-1", "翠竹园社区书屋")], isRehearsal: true).outcomes == [.held])
        #expect(try waiting(town).isEmpty)
    }

    // MARK: Decisions

    @Test func aJoinedRowSpeaksOfThePlaceFromThenOn() throws {
        let town = try SmallTown()
        let there = place("osm-n1", "翠竹园社区书屋") { ($0.hours, $0.address) = ("10:00-17:00", "建康路1号") }
        try deliver(town, [there])
        let row = place("office-1", "翠竹园社区书屋") { ($0.hours, $0.phone) = ("09:00-18:00", "025-84412345") }
        try take(town, [row])
        let number = try #require(try waiting(town).first).number
        let reply = try town.engine.decide(.joinRow(number, to: nil), by: town.actor)
        #expect(reply.place.rawValue == "osm-n1" && reply.gone == nil)
        var now = try stored(town, "osm-n1")
        // The newest word, and what the row does not state stays.
        #expect(now.hours == "09:00-18:00" && now.phone == "025-84412345" && now.address == "建康路1号")
        #expect(try waiting(town).isEmpty)
        #expect(
            try town.engine.place(PlaceID(unchecked: "osm-n1")).sources.map(\.source.rawValue) == [
                "office", "osm",
            ])
        // Next month's files go in by themselves, each with its own word.
        #expect(try take(town, [row]).outcomes == [.unchanged])
        #expect(try deliver(town, [there]).counts[.place]?.unchanged == 1)
        var newer = there
        newer.hours = "10:00-16:00"
        #expect(try deliver(town, [newer]).counts[.place]?.changed == 1)
        now = try stored(town, "osm-n1")
        #expect(now.hours == "10:00-16:00" && now.phone == "025-84412345")
        // What the office no longer has, it no longer says.
        try take(town, [])
        now = try stored(town, "osm-n1")
        #expect(now.status == .active && now.phone == nil && now.hours == "10:00-16:00")
        // And says again when it has it again.
        #expect(try take(town, [row]).outcomes == [.changed])
        #expect(try stored(town, "osm-n1").phone == "025-84412345")
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        #expect(again.storedPlace(PlaceID(unchecked: "osm-n1"))?.hours == "09:00-18:00")
    }

    @Test func aRowThatSaysItselfWhichPlaceItIsWaitsNoLonger() throws {
        let town = try SmallTown()
        try deliver(town, [place("osm-n1", "翠竹园社区书屋")])
        try take(town, [place("office-1", "翠竹园社区书屋")])
        #expect(try waiting(town).count == 1)
        let batch = RowBatch(
            source: Source(id: office, kind: "table", title: "街道台账"), fileName: "台账.xlsx",
            fileDigest: String(repeating: "1", count: 64), isComplete: true)
        var outcome: RowOutcome?
        _ = try town.engine.take(batch, by: town.actor) { (put) throws(DirectoryError) in
            let row = place("osm-n1", "翠竹园社区书屋") { $0.phone = "025-84412345" }
            outcome = try put(SourcedPlace(key: "office-1", place: row, raw: [:], isIdentified: true)).outcome
        }
        #expect(outcome == .changed)
        #expect(try waiting(town).isEmpty)
        #expect(try stored(town, "osm-n1").phone == "025-84412345")
    }

    @Test func aRowKeptApartIsAPlaceAndIsNotAskedAboutAgain() throws {
        let town = try SmallTown()
        try deliver(town, [place("osm-n1", "翠竹园社区书屋")])
        let row = place("office-1", "翠竹园社区书屋")
        try take(town, [row])
        let number = try #require(try waiting(town).first).number
        #expect(try town.engine.decide(.rowApart(number), by: town.actor).place.rawValue == "office-1")
        #expect(try take(town, [row]).outcomes == [.unchanged])
        #expect(try town.engine.placePairs(PairQuery()).count == 0)
        let error = try #require(throws: DirectoryError.self) {
            try town.engine.decide(.rowApart(number), by: town.actor)
        }
        #expect(error.code == .notFound)
    }

    @Test func twoPlacesBecomeOneAndTwoAgain() throws {
        let town = try SmallTown(settings: settings { $0.holdsDuplicates = false })
        let there = place("osm-n1", "翠竹园社区书屋") { $0.hours = "10:00-17:00" }
        let row = place("office-1", "翠竹园社区书屋") { $0.phone = "025-84412345" }
        try deliver(
            town, [there, place("osm-n2", "书摊", east: 2) { $0.within = PlaceID(unchecked: "osm-n1") }])
        try take(town, [row])
        let pairs = try town.engine.placePairs(PairQuery()).pairs
        #expect(pairs.map { [$0.one.id.rawValue, $0.other.place.id.rawValue] } == [["office-1", "osm-n1"]])
        let (kept, gone) = (PlaceID(unchecked: "office-1"), PlaceID(unchecked: "osm-n1"))
        #expect(try town.engine.decide(.join(kept, with: gone), by: town.actor).gone == gone)
        #expect(town.engine.storedPlace(gone) == nil)
        var now = try stored(town, "office-1")
        #expect(now.hours == "10:00-17:00" && now.phone == "025-84412345")
        #expect(try stored(town, "osm-n2").within == kept)
        #expect(try take(town, [row]).outcomes == [.unchanged])
        let report = try deliver(town, [there, try stored(town, "osm-n2")])
        #expect(report.counts[.place]?.unchanged == 2, "the map speaks of the one that stayed")

        let reply = try town.engine.decide(
            .part(kept, source: map, key: "k-osm-n1"), by: town.actor)
        #expect(reply.place == gone, "by the id that it had")
        now = try stored(town, "office-1")
        #expect(now.hours == nil && now.phone == "025-84412345")
        #expect(try stored(town, "osm-n1").hours == "10:00-17:00")
        #expect(try town.engine.placePairs(PairQuery()).count == 0, "it is remembered that they are two")
        for wrong in [
            DuplicateDecision.join(kept, with: kept), .join(kept, with: PlaceID(unchecked: "nobody")),
            .part(kept, source: map, key: "k-osm-n1"), .apart(kept, kept), .joinRow(7, to: nil),
        ] {
            #expect(throws: DirectoryError.self, "\(wrong)") { try town.engine.decide(wrong, by: town.actor) }
        }
        let part = DuplicateDecision.join(kept, with: PlaceID(unchecked: "osm-n2"))
        let error = try #require(throws: DirectoryError.self) { try town.engine.decide(part, by: town.actor) }
        #expect(error.message.contains("lies in the other"))
    }

    @Test func anImportIsTakenBackWithItsWordsAndItsHeldRows() throws {
        let town = try SmallTown()
        let there = place("osm-n1", "翠竹园社区书屋") { $0.hours = "10:00-17:00" }
        try deliver(town, [there, place("osm-n2", "春风书屋", east: 400)])
        var row = place("office-1", "翠竹园社区书屋") { $0.hours = "09:00-18:00" }
        try take(town, [row])
        let number = try #require(try waiting(town).first).number
        _ = try town.engine.decide(.joinRow(number, to: nil), by: town.actor)
        row.hours = "08:00-20:00"
        let last = try take(town, [row, place("office-2", "春风书屋", east: 402)])
        #expect(last.outcomes == [.changed, .held])
        _ = try town.engine.undoImport(try #require(last.report.number), by: town.actor)
        #expect(try stored(town, "osm-n1").hours == "09:00-18:00")
        #expect(try waiting(town).isEmpty)
        // The words are as they were, too: the map says nothing new.
        #expect(
            try deliver(town, [there, place("osm-n2", "春风书屋", east: 400)]).counts[.place]?.unchanged == 2)
        #expect(try stored(town, "osm-n1").hours == "09:00-18:00")
    }

    // MARK: Whose word is shown

    @Test func theConfigurationSaysWhoIsBelieved() throws {
        let rules = Precedence([
            Precedence.Rule(fields: ["hours"], sources: [map]),
            Precedence.Rule(fields: ["attributes"], sources: [office]),
            Precedence.Rule(sources: [office, map]),
        ])
        let town = try SmallTown(settings: settings { ($0.precedence, $0.holdsDuplicates) = (rules, false) })
        let there = place("osm-n1", "翠竹园社区书屋") { ($0.hours, $0.phone) = ("10:00-17:00", "025-11112222") }
        let row = place("office-1", "翠竹园书屋") { ($0.hours, $0.phone) = ("09:00-18:00", "025-84412345") }
        try take(town, [row])
        try deliver(town, [there])
        _ = try town.engine.decide(
            .join(PlaceID(unchecked: "osm-n1"), with: PlaceID(unchecked: "office-1")), by: town.actor)
        let now = try stored(town, "osm-n1")
        #expect(now.hours == "10:00-17:00" && now.phone == "025-84412345" && now.name == "翠竹园书屋")
        // A word that is not believed is kept, and that is said.
        let reply = try patch(town, "osm-n1", #"{"hours":"24/7","address":"建康路1号"}"#)
        #expect(reply.findings.map(\.code) == ["other_source_believed"])
        #expect(reply.findings.first?.field == "hours" && reply.findings.first?.value == "osm")
        #expect(try stored(town, "osm-n1").hours == "10:00-17:00")
        #expect(try stored(town, "osm-n1").address == "建康路1号")
        // When the believed one is silent, the next one is heard.
        var silent = there
        silent.hours = nil
        try deliver(town, [silent])
        #expect(try stored(town, "osm-n1").hours == "24/7", "the newest of those that no rule names")
    }

    @Test func everyFieldSaysSinceWhenAndFromWhom() throws {
        let town = try SmallTown()
        try deliver(town, [place("osm-n1", "翠竹园社区书屋") { $0.hours = "10:00-17:00" }])
        let before = try town.engine.provenance(PlaceID(unchecked: "osm-n1"))
        #expect(before.fields.map(\.field) == ["hours", "location", "name", "type"])
        #expect(before.fields.allSatisfy { $0.source == map && $0.revision == Revision(1) })
        #expect(before.sources.map(\.key) == ["k-osm-n1"] && before.sources.first?.seen != nil)
        _ = try patch(town, "osm-n1", #"{"phone":"025-84412345"}"#)
        let after = try town.engine.provenance(PlaceID(unchecked: "osm-n1"))
        let phone = try #require(after.fields.first { $0.field == "phone" })
        #expect(phone.source?.rawValue == "api" && phone.revision == Revision(2))
        #expect(phone.value == .string("025-84412345"))
        #expect(after.fields.first { $0.field == "hours" }?.source == map)
        // What another says instead stands beside it.
        _ = try patch(town, "osm-n1", #"{"hours":"24/7"}"#)
        let hours = try #require(
            try town.engine.provenance(PlaceID(unchecked: "osm-n1")).fields.first { $0.field == "hours" })
        #expect(hours.source?.rawValue == "api" && hours.value == .string("24/7"))
        #expect(hours.others == [.init(source: map, value: .string("10:00-17:00"))])
        // A record that was made by hand is known by its history alone.
        try town.put("p", "bookshop", east: 300, north: 0, name: "手写")
        let own = try town.engine.provenance(PlaceID(unchecked: "p"))
        #expect(own.fields.allSatisfy { $0.source?.rawValue == "api" && $0.revision == Revision(4) })
    }

    @Test func aRecordIsVerifiedByCodeNameOrKey() throws {
        let town = try SmallTown()
        let body = try OrganisationBody(
            JSONValue(json: Array(#"{"name":"互助会","credit_code":"91110000600037341L"}"#.utf8)))
        _ = try town.engine.putOrganisation(
            OrganisationID(unchecked: "org-1"), body, WriteContext(actor: town.actor))
        try deliver(town, [place("osm-n1", "翠竹园社区书屋（总店）"), place("osm-n2", "先锋书店", east: 300)])
        _ = try patch(town, "osm-n1", #"{"organisation":"org-1"}"#)
        func ids(_ query: VerifyQuery) throws -> [String] {
            try town.engine.verify(query).matches.map(\.place.id.rawValue)
        }
        #expect(try ids(.creditCode("91110000600037341L")) == ["osm-n1"])
        #expect(try ids(.creditCode("91320105MA1MXXXX0Q")).isEmpty)
        #expect(try ids(.name("先锋书店有限公司")) == ["osm-n2"])
        #expect(try ids(.name("先锋")).isEmpty)
        #expect(try ids(.name("翠竹园社区书屋(总店)")) == ["osm-n1"])
        #expect(try ids(.key(source: map, key: "k-osm-n2")) == ["osm-n2"])
        #expect(try ids(.key(source: office, key: "k-osm-n2")).isEmpty)
    }

    // MARK: At random

    /// Deliveries, edits by hand, decisions and undone imports in any order: what is shown is always what the words say,
    /// the index is the store, every key stands for a place, and what is taken back is as it was.
    @Test(arguments: 1...12 as ClosedRange<UInt64>) func anyOrderKeepsTheWordsAndTheRecordsInStep(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(state: seed)
        let town = try SmallTown()
        let names = ["翠竹园书屋", "春风书屋", "先锋书店", "老王书摊", "银河书吧"]
        func some(_ id: String, _ number: Int) -> Place {
            place(id, names[number], east: Double(number) * 150) { place in
                place.hours = [nil, "09:00-17:00", "10:00-18:00"].randomElement(using: &random) ?? nil
                place.phone = [nil, "025-8441234\(number)"].randomElement(using: &random) ?? nil
                place.address = [nil, "建康路\(number)号", "建康路\(number)号院"].randomElement(using: &random) ?? nil
            }
        }
        for step in 0..<60 {
            let before = try snapshot(town)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                let wanted = (0..<5).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
                try deliver(town, wanted.map { some("osm-n\($0)", $0) })
            case 2, 3:
                let wanted = (0..<5).filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
                let report = try take(town, wanted.map { some("office-\($0)", $0) }).report
                guard Int.random(in: 0..<3, using: &random) == 0, let number = report.number else { break }
                _ = try town.engine.undoImport(number, by: town.actor)
                #expect(try snapshot(town) == before, "seed \(seed), step \(step)")
            case 4:
                guard let id = before.keys.sorted().randomElement(using: &random) else { break }
                _ = try patch(town, id, #"{"hours":"0\#(step % 9):00-20:00"}"#)
            case 5:
                guard let row = try waiting(town).randomElement(using: &random), !row.candidates.isEmpty
                else { break }
                _ = try town.engine.decide(
                    Bool.random(using: &random) ? .joinRow(row.number, to: nil) : .rowApart(row.number),
                    by: town.actor)
            case 6:
                let ids = before.keys.sorted().map { PlaceID(unchecked: $0) }
                guard let one = ids.randomElement(using: &random),
                    let other = ids.randomElement(using: &random),
                    one != other
                else { break }
                _ = try town.engine.decide(.join(one, with: other), by: town.actor)
            default:
                guard let id = before.keys.sorted().randomElement(using: &random) else { break }
                let words = try town.engine.store.read { try $0.statements(of: PlaceID(unchecked: id)) }
                guard words.count > 1,
                    let word = words.filter({ !$0.source.isHand }).randomElement(using: &random)
                else { break }
                // Whoever is left alone with a word that is no place stays.
                _ = try? town.engine.decide(
                    .part(PlaceID(unchecked: id), source: word.source, key: word.key), by: town.actor)
            }
            try expectInStep(town, "seed \(seed), step \(step)")
        }
        let last = try snapshot(town)
        try town.engine.close()
        let again = try SmallTown.open(town.folder)
        defer { try? again.close() }
        for (id, place) in last { #expect(again.storedPlace(PlaceID(unchecked: id)) == place) }
    }

    private func snapshot(_ town: SmallTown) throws -> [String: Place] {
        var places: [String: Place] = [:]
        try town.engine.store.read { reader in
            try reader.forEachPlace { places[$0.id.rawValue] = $0 }
        }
        return places
    }

    private func expectInStep(_ town: SmallTown, _ comment: String) throws {
        let stored = try snapshot(town)
        for (id, place) in stored {
            let shown = town.engine.storedPlace(PlaceID(unchecked: id))
            #expect(shown == place, "\(comment): \(id) in the index")
            let words = try town.engine.store.read { try $0.statements(of: place.id) }
            guard let combined = Combination(words, of: place.id, by: Precedence())?.place else { continue }
            let differences = PlaceFields.differences(combined, place).subtracting(["community"])
            #expect(differences.isEmpty, "\(comment): \(id) shows other than is said: \(differences)")
        }
        #expect(
            town.engine.reading { index in Set(index.places.keys.map(\.rawValue)) }
                == Set(stored.keys),
            "\(comment)")
        for source in [map, office] {
            let ids = try town.engine.store.read { reader in
                try reader.recordIDs(of: source, kind: .place, presentOnly: false)
            }
            for (key, id) in ids { #expect(stored[id] != nil, "\(comment): \(key) stands for \(id)") }
        }
    }

    private struct SeededRandom: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ (state >> 29)) &* 0xBF58_476D_1CE4_E5B9
        }
    }

    // MARK: Parties

    private let committee = Party(
        id: "committee", name: "翠竹园居委会", kind: .residentsCommittee, users: ["juweihui"],
        communities: [CommunityID(unchecked: "c1")], types: [ServiceTypeID(unchecked: "bookshop")],
        organisations: [OrganisationID(unchecked: "org-1")], sources: [SourceID(unchecked: "office")])
    private let captain = Party(
        id: "captain-3", name: "3幢", kind: .buildingCaptain, users: ["captain"],
        buildings: [OriginID(unchecked: "b3")])

    private func communityTown() throws -> SmallTown {
        let town = try SmallTown(settings: settings { $0.parties = [committee, captain] })
        try town.putCommunity("c1", east: -1100...0)
        try town.putCommunity("c2", east: 1...1100)
        try deliver(
            town,
            [
                place("osm-n1", "书屋", east: -300) { $0.hours = "10:00-17:00" },
                place("osm-n2", "东书屋", east: 300),
            ])
        return town
    }

    @Test func aPartyChangesOnlyWhatIsItsOwn() throws {
        let town = try communityTown()
        #expect(town.engine.party(of: "juweihui") == committee && town.engine.party(of: "root") == nil)
        let context = WriteContext(actor: Actor(name: "juweihui", uid: 1001), party: committee)
        // Its own: in its community, of its types.
        try town.put("own", "bookshop", east: -100, north: 0, name: "社区书屋", context: context)
        #expect(
            try town.engine.place(PlaceID(unchecked: "own")).sources.map(\.source.rawValue) == [
                "party-committee"
            ])
        #expect(try patch(town, "own", #"{"hours":"09:00-17:00"}"#, party: committee).outcome == .changed)
        func refused(_ body: () throws -> Void) throws {
            #expect(try #require(throws: DirectoryError.self, performing: body).code == .forbidden)
        }
        try refused { try town.put("east", "bookshop", east: 100, north: 0, context: context) }
        try refused { try town.put("wc", "toilet", east: -100, north: 0, context: context) }
        try refused { _ = try patch(town, "osm-n1", #"{"hours":"24/7"}"#, party: committee) }
        try refused { _ = try town.engine.deletePlace(PlaceID(unchecked: "osm-n1"), context) }
        // Moving its own out of its community is no way round.
        let far = SmallTown.point(east: 200, north: 0)
        try refused {
            _ = try patch(
                town, "own",
                #"{"location":{"lat":\#(far.latitude.value),"lon":\#(far.longitude.value)}}"#,
                party: committee)
        }
        let organisation = try OrganisationBody(JSONValue(json: Array(#"{"name":"会"}"#.utf8)))
        _ = try town.engine.putOrganisation(OrganisationID(unchecked: "org-1"), organisation, context)
        try refused {
            _ = try town.engine.putOrganisation(OrganisationID(unchecked: "org-2"), organisation, context)
        }
        // What belongs to its organisation is its own.
        _ = try patch(town, "osm-n1", #"{"organisation":"org-1"}"#)
        #expect(try patch(town, "osm-n1", #"{"phone":"025-84412345"}"#, party: committee).outcome == .changed)
        #expect(
            try town.engine.provenance(PlaceID(unchecked: "osm-n1")).fields.first { $0.field == "phone" }?
                .source?
                .rawValue == "party-committee")
    }

    /// One wins, the other is told; the audit names both.
    @Test func twoPartiesAtOnceDoNotOverwriteEachOther() throws {
        let second = Party(
            id: "owners", name: "业委会", kind: .ownersCommittee,
            organisations: [OrganisationID(unchecked: "org-1")])
        let town = try communityTown()
        let body = try OrganisationBody(JSONValue(json: Array(#"{"name":"会"}"#.utf8)))
        _ = try town.engine.putOrganisation(
            OrganisationID(unchecked: "org-1"), body, WriteContext(actor: town.actor))
        _ = try patch(town, "osm-n1", #"{"organisation":"org-1"}"#)
        let id = PlaceID(unchecked: "osm-n1")
        for round in 0..<40 {
            let tag = try town.engine.place(id).tag
            let codes = Mutex<[DirectoryError.Code?]>([])
            let (engine, committee) = (town.engine, committee)
            DispatchQueue.concurrentPerform(iterations: 2) { number in
                let context = WriteContext(
                    actor: Actor(name: number == 0 ? "juweihui" : "yeweihui", uid: UInt32(1001 + number)),
                    ifMatch: tag, party: number == 0 ? committee : second)
                let patch = Array(#"{"hours":"0\#(number + 7):\#(round + 10)-18:00"}"#.utf8)
                let result = Result {
                    try engine.patchPlace(id, try JSONValue(json: patch), context)
                }
                if case .failure(let error as DirectoryError) = result {
                    codes.withLock { $0.append(error.code) }
                } else {
                    codes.withLock { $0.append(nil) }
                }
            }
            let outcome = codes.withLock { $0 }
            #expect(outcome.contains(nil) && outcome.contains(.changedMeanwhile), "\(outcome)")
            // The one that was told reads again, and then writes: both are in the audit.
            for (name, party) in [("juweihui", committee), ("yeweihui", second)] {
                let context = WriteContext(
                    actor: Actor(name: name), ifMatch: try town.engine.place(id).tag, party: party)
                _ = try town.engine.patchPlace(
                    id, try JSONValue(json: Array(#"{"address":"\#(round)\#(name)"}"#.utf8)), context)
            }
        }
        let actors = try town.engine.store.read { reader in
            try reader.audit(of: .place, "osm-n1", limit: 200)
        }.map(\.actor.name)
        #expect(actors.filter { $0 == "juweihui" }.count + actors.filter { $0 == "yeweihui" }.count == 120)
        #expect(Set(actors.prefix(2)) == ["juweihui", "yeweihui"])
    }

    @Test func rowsOfAPartyThatAreNotItsOwnAreRefused() throws {
        let town = try communityTown()
        let rows = [
            place("office-1", "西书店", east: -600), place("office-2", "东书店", east: 600),
            place("office-3", "厕所", east: -500) { $0.type = ServiceTypeID(unchecked: "toilet") },
        ]
        let taken = try take(town, rows, party: committee)
        #expect(taken.outcomes == [.created, .rejected, .rejected])
        #expect(taken.findings.map(\.code) == ["not_yours", "not_yours"])
        #expect(taken.findings.map(\.field) == ["community", "type"])
    }

    @Test func aPartyConfirmsWhatIsNotItsOwn() throws {
        let town = try communityTown()
        let id = PlaceID(unchecked: "osm-n1")
        let context = WriteContext(actor: Actor(name: "captain", uid: 1002), party: captain)
        let before = town.engine.version.revision
        let word = try town.engine.confirm(id, ConfirmationBody(fact: .hours, isConfirmed: true), context)
        #expect(word.party == "captain-3" && word.isCurrent)
        #expect(word.words.zh.hasSuffix("日楼栋长确认营业时间"))
        #expect(town.engine.version.revision > before, "answers show it")
        var shown = try town.engine.place(id).confirmations
        #expect(shown.map(\.fact) == [.hours] && shown.first?.isConfirmed == true)
        // The last word of a party counts.
        _ = try town.engine.confirm(
            id, ConfirmationBody(fact: .hours, isConfirmed: false, note: "周日不开"), context)
        shown = try town.engine.place(id).confirmations
        #expect(shown.map(\.isConfirmed) == [false] && shown.first?.note == "周日不开")
        // A fact that is another one now was not confirmed; the history still has the word.
        _ = try patch(town, "osm-n1", #"{"hours":"09:00-17:00"}"#)
        #expect(try town.engine.place(id).confirmations.isEmpty)
        #expect(try town.engine.provenance(id).confirmations.map(\.isCurrent) == [false])
        try town.engine.close()
        let again = try SmallTown.open(town.folder, settings: settings { $0.parties = [captain] })
        defer { try? again.close() }
        #expect(try again.provenance(id).confirmations.map(\.party) == ["captain-3"])
    }

    @Test func whoMayConfirmWhat() throws {
        let town = try communityTown()
        let (west, east) = (PlaceID(unchecked: "osm-n1"), PlaceID(unchecked: "osm-n2"))
        let own = WriteContext(actor: Actor(name: "juweihui"), party: committee)
        _ = try town.engine.confirm(west, ConfirmationBody(fact: .status, isConfirmed: true), own)
        func code(_ id: PlaceID, _ body: ConfirmationBody, _ context: WriteContext) -> DirectoryError.Code? {
            let result = Result { try town.engine.confirm(id, body, context) }
            guard case .failure(let error as DirectoryError) = result else { return nil }
            return error.code
        }
        let plain = ConfirmationBody(fact: .status, isConfirmed: true)
        #expect(code(east, plain, own) == .forbidden, "not in its community")
        #expect(
            code(west, ConfirmationBody(fact: .status, isConfirmed: true, party: "captain-3"), own)
                == .forbidden)
        let clerk = WriteContext(actor: town.actor)
        #expect(code(west, plain, clerk) == .invalidRecord, "an administrator says for whom he speaks")
        #expect(
            code(west, ConfirmationBody(fact: .status, isConfirmed: true, party: "captain-3"), clerk) == nil)
        #expect(
            code(west, ConfirmationBody(fact: .status, isConfirmed: true, party: "x"), clerk)
                == .invalidRecord)
        #expect(code(PlaceID(unchecked: "no"), plain, own) == .notFound)
        var stale = own
        stale.ifMatch = "other"
        #expect(code(west, plain, stale) == .changedMeanwhile)
    }

    @Test func placesThatNobodyLookedAtAreListedByCaptain() throws {
        let town = try communityTown()
        let json = """
            {"kind":"building","name":"3幢","location":{"lat":\(SmallTown.crossing.latitude),
             "lon":\(SmallTown.crossing.longitude - 300 * SmallTown.east)}}
            """
        _ = try town.engine.putOrigin(
            OriginID(unchecked: "b3"), OriginBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
        try town.put("hand", "bookshop", east: -250, north: 0, name: "手写")
        try town.put("far", "bookshop", east: 1000, north: 0, name: "远")
        // Delivered today: nothing is old but what nobody delivers.
        var old = try town.engine.freshness(FreshnessQuery(months: 1))
        #expect(old.places.map(\.place.id.rawValue) == ["hand", "far"] && old.among == 4)
        #expect(
            old.places.map(\.captain?.id) == ["captain-3", nil], "1,300 m are more than a quarter of an hour")
        let context = WriteContext(actor: Actor(name: "captain", uid: 1002), party: captain)
        _ = try town.engine.confirm(
            PlaceID(unchecked: "hand"), ConfirmationBody(fact: .status, isConfirmed: true), context)
        old = try town.engine.freshness(FreshnessQuery(months: 1))
        #expect(old.places.map(\.place.id.rawValue) == ["far"])
        let all = try town.engine.freshness(FreshnessQuery(months: 0))
        #expect(Set(all.places.map(\.by)) == ["captain-3", "osm", nil])
        #expect(all.places.first { $0.place.id.rawValue == "osm-n1" }?.months == 0)
        #expect(
            try town.engine.freshness(FreshnessQuery(months: 0, community: CommunityID(unchecked: "c1")))
                .places.count
                == 2)
    }
}
