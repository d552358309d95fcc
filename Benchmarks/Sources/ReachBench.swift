// Measures the answer itself: from the decoded query to the bytes of the JSON, inside one process.

import Assembly
import DirectoryAPI
import DirectoryEngine
import DirectoryModel

/// The origins of a bench: beside places, because people live where places are.
///
/// The same in every run.
struct BenchOrigins {
    let points: [Coordinate]

    /// How many origins are drawn.
    static let count = 1_000

    init(of engine: DirectoryEngine) throws {
        var locations: [Coordinate] = []
        var query = PlaceListQuery()
        query.limit = WalkLimit.maximumPage
        repeat {
            let page = try engine.places(query)
            locations += page.places.compactMap(\.location)
            query.after = page.next
        } while query.after != nil
        var numbers = SeededNumbers(state: 1)
        var points: [Coordinate] = []
        while points.count < Self.count, let near = locations.randomElement(using: &numbers) {
            let point = Coordinate(
                uncheckedLatitude: near.latitude.value + Double.random(in: -0.001...0.001, using: &numbers),
                longitude: near.longitude.value + Double.random(in: -0.001...0.001, using: &numbers))
            if (try? engine.reach(ReachQuery(origin: .point(point), limit: 1))) != nil {
                points.append(point)
            }
        }
        self.points = points
    }
}

enum ReachBench {
    /// How often all origins are asked from.
    static let rounds = 15

    static func run(state: String) throws {
        let assembly = try Assembly(Layout(stateFolder: state))
        defer { try? assembly.close() }
        let engine = assembly.engine
        let origins = try BenchOrigins(of: engine)
        guard !origins.points.isEmpty else { return print("reach: no origins") }
        for (name, open) in [("no filter", nil), ("open=arrival", OpenCondition.arrival)] {
            var prepared = Times()
            var dressed = Times()
            var bytes = 0
            var places = 0
            // Turn about by rounds, so that whatever else the machine does falls on both and neither finds warm what
            // the other has just looked at.
            for round in 0..<rounds * 2 {
                for point in origins.points {
                    var query = ReachQuery(origin: .point(point))
                    query.open = open
                    let start = now()
                    var json = JSONWriter()
                    let found: Int?
                    if round.isMultiple(of: 2) {
                        try engine.writeReach(query, to: &json)
                        found = nil
                    } else {
                        let reply = try engine.reach(query)
                        reply.write(to: &json)
                        found = reply.places.count
                    }
                    let time = now() - start
                    // The first rounds warm caches and pages.
                    guard round > 1 else { continue }
                    if let found {
                        dressed.add(time)
                        places += found
                    } else {
                        prepared.add(time)
                        bytes += json.count
                    }
                }
            }
            print(
                "reach, query to JSON, \(name): \(prepared.text); by way of values \(dressed.text); "
                    + "\(places / prepared.count) places, \(bytes / prepared.count) bytes")
        }
    }
}

/// Samples of one thing that was timed, in microseconds.
struct Times {
    private var samples: [Double] = []

    var count: Int { samples.count }

    mutating func add(_ microseconds: Double) { samples.append(microseconds) }

    /// The sample that a share of all does not exceed.
    func percentile(_ share: Double) -> Double {
        let sorted = samples.sorted()
        return sorted.isEmpty ? .nan : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var text: String { "p50 \(rounded(percentile(0.5))) µs, p99 \(rounded(percentile(0.99))) µs" }

    /// With the longest of all.
    var textWithMost: String { text + ", most \(rounded(samples.max() ?? .nan)) µs" }
}
