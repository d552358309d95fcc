// AllocationCounter: how often one answer asks for memory once a daemon has answered for a while.
// May import: DirectoryAPI, DirectoryEngine, DirectoryModel, ModuleHost, WalkNetwork, CountedAllocations.
//
//     AllocationCounter TYPES FILE   answers of a made-up street, with the declared types of TYPES, against the
//                                    most that FILE allows: lines of `debug|release QUESTION ALLOCATIONS`
//
// Ends with 1 where an answer takes more, or FILE says nothing of a question. Scripts/checks/allocations.sh runs it.

import CountedAllocations
import DirectoryAPI
import DirectoryEngine
import DirectoryModel
import Foundation
import ModuleHost
import WalkNetwork

@main
struct AllocationCounter {
    #if DEBUG
        static let configuration = "debug"
    #else
        static let configuration = "release"
    #endif

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            print("usage: AllocationCounter TYPES FILE")
            exit(64)
        }
        let allowed = try thresholds(arguments[2])
        let street = try Street(types: arguments[1])
        defer { street.remove() }
        var questions: [(name: String, query: ReachQuery)] = []
        var query = ReachQuery(origin: .point(Street.point(east: 12, north: 6)))
        questions.append(("all", query))
        query.open = .arrival
        questions.append(("open=arrival", query))
        query.open = nil
        query.language = .en
        questions.append(("lang=en", query))
        query.types = [ServiceTypeID(unchecked: "bakery")]
        questions.append(("type=bakery", query))
        var failed = false
        var words: [String] = []
        for (name, query) in questions {
            let (count, places) = try street.allocations(of: query)
            guard places >= 5, places <= query.limit else {
                print("\(name): \(places) places, which is no answer to count on")
                exit(1)
            }
            words.append("\(name) \(count)")
            guard let most = allowed[name] else {
                print("\(configuration): nothing says how often an answer to “\(name)” may ask for memory")
                failed = true
                continue
            }
            if count > most {
                print(
                    "\(configuration): an answer to “\(name)” asks for memory \(count) times, allowed are \(most)"
                )
                failed = true
            }
        }
        print("allocations of an answer, \(configuration): \(words.joined(separator: ", "))")
        if failed { exit(1) }
    }

    /// The most that a file allows this configuration, by question.
    static func thresholds(_ path: String) throws -> [String: Int] {
        var allowed: [String: Int] = [:]
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("#") { continue }
            let words = line.split(separator: " ")
            guard words.count == 3, ["debug", "release"].contains(words[0]), let most = Int(words[2]) else {
                print("\(path): “\(line)” is not `debug|release QUESTION ALLOCATIONS`")
                exit(1)
            }
            if words[0] == configuration { allowed[String(words[1])] = most }
        }
        return allowed
    }
}

/// A street with eighty places, in a state folder of its own.
struct Street {
    let folder: String
    let engine: DirectoryEngine

    /// Answers of a batch; of several batches the least counts, since with a new minute some things are made anew.
    private static let answers = 20
    private static let batches = 6

    private static let hours: [String?] = [
        nil, "24/7", "08:00-20:00", "Mo-Fr 08:00-12:00,13:30-17:30; PH off", "Tu-Su 18:00-02:00",
        "00:00-24:00",
    ]

    init(types: String) throws {
        folder = NSTemporaryDirectory() + "quarter-allocations-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.network().write(to: folder + "/" + DirectoryEngine.networkFileName)
        let profile = Profile(
            id: ProfileID(unchecked: "standard"), name: LocalizedText(zh: "成人", en: "Adult"), pace: 1.11,
            avoidsSteps: false, source: "made up")
        engine = try DirectoryEngine(
            folder: folder, version: "test",
            settings: EngineSettings(
                profiles: [profile], defaultProfile: profile.id, defaultMinutes: 15,
                timeZone: "Asia/Shanghai"),
            host: try ModuleHost.open(ModuleHostSettings(typeDirectories: [types])))
        var batch = RecordBatch(
            source: Source(id: SourceID(unchecked: "made-up"), kind: "test", title: "made up"))
        for number in 0..<80 {
            let type = ["bakery", "pharmacy", "clinic", "toilet"][number % 4]
            var place = Place(
                id: PlaceID(unchecked: "p\(number)"), type: ServiceTypeID(unchecked: type),
                name: "第\(number)号店", location: Self.point(east: Double(number * 12 - 480), north: 8),
                hours: Self.hours[number % Self.hours.count])
            if type == "bakery" {
                // Lines of a type that depend on the moment.
                place.attributes["oven_hours"] = .text("07:00-09:00,15:00-16:00")
            }
            batch.places.append(SourcedPlace(key: "\(number)", place: place, raw: [:]))
        }
        _ = try engine.apply(batch, by: Actor(name: "test", uid: 0))
    }

    func remove() {
        try? engine.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    static func point(east: Double, north: Double) -> Coordinate {
        Coordinate(uncheckedLatitude: 32 + north / 111_195, longitude: 118.7 + east / 94_300)
    }

    private static func network() throws -> BuiltNetwork {
        func node(_ id: Int64, _ east: Double) -> WayNode {
            let at = point(east: east, north: 0)
            return WayNode(
                id: id, latitude: Int32((at.latitude.value * 1e7).rounded()),
                longitude: Int32((at.longitude.value * 1e7).rounded()))
        }
        guard let walkable = WalkingRules.way({ $0 == "highway" ? "residential" : nil }) else {
            preconditionFailure("a residential street can be walked")
        }
        var builder = NetworkBuilder()
        builder.addWay(
            id: 1, attributes: walkable, name: "建康路", nameEnglish: nil,
            nodes: [node(1, -1000), node(2, 0), node(3, 1000)])
        return try builder.build(sourceTimestamp: nil, attribution: "© nobody, made up").labelled(threads: 1)
    }

    /// How often an answer asks for memory, its buffer included, and how many places it has.
    func allocations(of query: ReachQuery) throws -> (count: Int, places: Int) {
        var least = UInt64.max
        for _ in 0..<Self.batches {
            let before = counted_allocations()
            for _ in 0..<Self.answers {
                var json = JSONWriter(capacity: 1 << 16)
                try engine.writeReach(query, to: &json)
            }
            least = min(least, counted_allocations() - before)
        }
        return (
            Int((least + UInt64(Self.answers) - 1) / UInt64(Self.answers)),
            try engine.reach(query).places.count
        )
    }
}
