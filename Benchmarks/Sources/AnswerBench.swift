// Measures answers in one process, from a coordinate on: snapping, searching, conditions, words.

import Assembly
import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import WalkNetwork

/// Coordinates anywhere near walkable ways, the same in every run: not only beside places.
struct AnywhereOrigins {
    /// As far from a way as a building's middle is.
    ///
    /// Chosen, not measured.
    static let farthest = Metres(60)
    let points: [Coordinate]

    init(on network: WalkNetwork, count: Int, seed: UInt64 = 3) {
        var points: [Coordinate] = []
        var numbers = SeededNumbers(state: seed)
        if let bounds = network.bounds {
            let north = bounds.southWest.latitude.value...bounds.northEast.latitude.value
            let east = bounds.southWest.longitude.value...bounds.northEast.longitude.value
            while points.count < count {
                let point = Coordinate(
                    uncheckedLatitude: Double.random(in: north, using: &numbers),
                    longitude: Double.random(in: east, using: &numbers))
                if let snap = network.snap(point), snap.leg <= Self.farthest { points.append(point) }
            }
        }
        self.points = points
    }
}

enum AnswerBench {
    /// How often all origins are asked from; the best time of each counts.
    static let rounds = 21

    /// Asks all questions, or those whose name has a word in it, as a profiler wants.
    static func run(state: String, naming word: String = "") throws {
        let network = try WalkNetwork.open(state + "/network.qnet")
        let assembly = try Assembly(Layout(stateFolder: state))
        defer { try? assembly.close() }
        let engine = assembly.engine
        let beside = try BenchOrigins(of: engine)
        let types = try placeTypes(of: engine)
        let anywhere = AnywhereOrigins(on: network, count: BenchOrigins.count).points
        for (name, points) in [("anywhere near a way", anywhere), ("beside places", beside.points)] {
            print("\(points.count) origins \(name), with snapping; load \(systemLoad())")
            try ask(from: points, of: engine, on: network, types: types, naming: word)
        }
    }

    /// The type of each place: one drawn from these is asked about as often as there are places of it.
    static func placeTypes(of engine: DirectoryEngine) throws -> [ServiceTypeID] {
        var types: [ServiceTypeID] = []
        var query = PlaceListQuery()
        query.limit = WalkLimit.maximumPage
        repeat {
            let page = try engine.places(query)
            types += page.places.map(\.type)
            query.after = page.next
        } while query.after != nil
        return types
    }

    private static func ask(
        from points: [Coordinate], of engine: DirectoryEngine, on network: WalkNetwork,
        types: [ServiceTypeID], naming word: String
    ) throws {
        func time(_ name: String, _ count: Int, ask: (Int) throws -> Int) throws {
            if word.isEmpty || name.contains(word) { try Self.time(name, count, ask: ask) }
        }
        var numbers = SeededNumbers(state: 4)
        let wanted = points.map { _ in types.randomElement(using: &numbers) }
        func query(_ index: Int, typed: Bool = false, open: OpenCondition? = nil) -> ReachQuery {
            ReachQuery(
                origin: .point(points[index]), types: typed ? wanted[index].map { [$0] } ?? [] : [],
                open: open)
        }
        try time("snapping alone", points.count) { network.snap(points[$0]) == nil ? 0 : 1 }
        try time("nearest 50", points.count) { try engine.listedCount(query($0)) }
        try time("nearest 50 of one type", points.count) {
            try engine.listedCount(query($0, typed: true))
        }
        try time("nearest 50 of one type, open on arrival", points.count) {
            try engine.listedCount(query($0, typed: true, open: .arrival))
        }
        try time("nearest 50, open on arrival", points.count) {
            try engine.listedCount(query($0, open: .arrival))
        }
        try time("all within 15 minutes", points.count) {
            var all = query($0)
            all.limit = types.count
            return try engine.listedCount(all)
        }
        let counts = try points.indices.map { min(try engine.listedCount(query($0)), WalkLimit.defaultPage) }
        func writeJSON(_ index: Int) throws -> Int {
            var json = JSONWriter()
            try engine.writeReach(query(index), to: &json)
            return counts[index]
        }
        try time("nearest 50, to the bytes of the JSON", points.count, ask: writeJSON)
        let full = try points.indices.filter {
            try engine.listedCount(query($0)) > WalkLimit.defaultPage
        }
        try time("… where there are 50", full.count) { try writeJSON(full[$0]) }
    }

    /// Prints what a question costs; `ask` says how many places it listed.
    private static func time(_ name: String, _ count: Int, ask: (Int) throws -> Int) throws {
        guard count > 0 else { return print("  \(name): no origins") }
        var found = 0
        let times = try best(count) { found += try ask($0) }
        print("  \(name): \(times.text), \(rounded(Double(found) / Double(count * rounds))) places")
    }

    /// The best time of each of so many questions.
    static func best(_ count: Int, ask: (Int) throws -> Void) rethrows -> Times {
        var best = [Double](repeating: .infinity, count: count)
        for _ in 0..<rounds {
            for index in 0..<count {
                let start = now()
                try ask(index)
                best[index] = min(best[index], now() - start)
            }
        }
        var times = Times()
        for time in best { times.add(time) }
        return times
    }
}
