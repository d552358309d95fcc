// Measures what service types cost: normalising records, and dressing the answers of a page.

import Assembly
import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import Glibc
import ModuleHost
import ServiceTypeKit

enum ModuleBench {
    /// The most that is asked, in microseconds: of one record, and of a page of 50 answers.
    ///
    /// Source: the requirement.
    private static let askedOfRecord = 10.0
    private static let askedOfPage = 20.0
    /// Answers on a page.
    private static let page = 50
    /// How often each record is normalised in a row: once is too short for the clock.
    private static let repetitions = 20

    static func run(state: String) throws {
        let assembly = try Assembly(Layout(stateFolder: state))
        defer { try? assembly.close() }
        try normalise(assembly)
        try dress(assembly)
    }

    /// Every place of a state folder, normalised anew: from its typed values, and from a row of a register.
    private static func normalise(_ assembly: Assembly) throws {
        var typed: [ServiceTypeID: Times] = [:]
        var words: [ServiceTypeID: Times] = [:]
        var all = (plain: Times(), tables: Times(), words: Times())
        for place in try places(of: assembly.engine) {
            guard let type = assembly.host.type(place.type) else { continue }
            let own = perRepetition { assembly.host.normalise(PlaceDraft(place: place)) }
            typed[place.type, default: Times()].add(own)
            if hasTable(place) { all.tables.add(own) } else { all.plain.add(own) }
            var bare = place
            bare.attributes = [:]
            let row = PlaceDraft(place: bare, raw: cells(of: place, type))
            let read = perRepetition { assembly.host.normalise(row) }
            words[place.type, default: Times()].add(read)
            all.words.add(read)
        }
        print(
            "normalising a record (asked: \(rounded(askedOfRecord)) µs): typed values \(all.plain.text); "
                + "with tables \(all.tables.text); a register's row \(all.words.text)")
        for type in assembly.host.types {
            guard let own = typed[type.id], let row = words[type.id] else { continue }
            print("  \(type.id): \(own.count) places, typed \(own.text); a register's row \(row.text)")
        }
    }

    /// The same page twice at one moment: what the second is cheaper by is what its lines cost to make.
    private static func dress(_ assembly: Assembly) throws {
        let engine = assembly.engine
        let origins = try BenchOrigins(of: engine)
        var first = Times()
        var again = Times()
        var made = Times()
        var moment = Timestamp(secondsSince1970: 1_795_920_000)
        var bytes = 0
        for round in 0..<5 {
            for point in origins.points {
                moment = Timestamp(secondsSince1970: moment.secondsSince1970 + 60)
                let query = ReachQuery(origin: .point(point), open: .at(moment), limit: page)
                var start = now()
                let reply = try engine.reach(query)
                let unknown = now() - start
                guard reply.places.count == page else { continue }
                start = now()
                bytes &+= try engine.reach(query).places.count
                let known = now() - start
                // The first round warms caches and pages.
                guard round > 0 else { continue }
                first.add(unknown)
                again.add(known)
                made.add(unknown - known)
            }
        }
        guard made.count > 0, bytes > 0 else { return print("dressing: no origin has \(page) open places") }
        print(
            "a page of \(page) open answers: lines made \(first.text); lines known \(again.text); so making them "
                + "takes \(made.text) (asked: \(rounded(askedOfPage)) µs)")
    }

    private static func places(of engine: DirectoryEngine) throws -> [Place] {
        var query = PlaceListQuery()
        query.limit = WalkLimit.maximumPage
        var places: [Place] = []
        repeat {
            let page = try engine.places(query)
            places += page.places.compactMap { engine.storedPlace($0.id) }
            query.after = page.next
        } while query.after != nil
        return places
    }

    private static func hasTable(_ place: Place) -> Bool {
        place.attributes.values.contains { value in
            if case .rows = value { true } else { false }
        }
    }

    /// What a clerk's spreadsheet says of a place: a cell for each attribute, under its first Chinese name.
    private static func cells(of place: Place, _ type: ServiceTypeDescription) -> [String: String] {
        var cells = ["名称": place.name, "地址": place.address ?? "", "备注": ""]
        for attribute in type.attributes {
            let header = attribute.columnNames.first ?? attribute.name.zh
            guard let value = place.attributes[attribute.key] else {
                cells[header] = ""
                continue
            }
            if case .rows = value { continue }
            cells[header] = attribute.text(of: value, in: .zh)
        }
        return cells
    }

    /// Microseconds of one call, the best of three times many.
    private static func perRepetition(_ body: () -> NormalisedPlace) -> Double {
        var best = Double.infinity
        var findings = 0
        for _ in 0..<3 {
            let start = now()
            for _ in 0..<repetitions { findings &+= body().findings.count }
            best = min(best, (now() - start) / Double(repetitions))
        }
        // What is never so keeps the calls from being left out.
        return findings < 0 ? .nan : best
    }
}
