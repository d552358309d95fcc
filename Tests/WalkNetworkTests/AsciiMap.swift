import DirectoryModel
import Glibc

@testable import WalkNetwork

/// A walking network drawn as a map: letters are nodes, digits are things to ask about, one character is
/// `metres` wide and one line is `metres` high.
///
/// Ways are named by their nodes, as in "ABC".
struct AsciiMap {
    /// The middle of the drawing's first character.
    static let corner = (latitude: 32.05, longitude: 118.78)

    let raw: RawNetwork
    let network: WalkNetwork
    let pool: SearchPool
    private let places: [Character: Coordinate]

    init(
        _ drawing: String, metres: Double = 10, ways: KeyValuePairs<String, [String: String]>,
        nodes: [Character: [String: String]] = [:]
    ) throws {
        var places: [Character: Coordinate] = [:]
        for (row, line) in drawing.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            for (column, letter) in line.enumerated() where letter.isLetter || letter.isNumber {
                places[letter] = Self.place(east: Double(column) * metres, south: Double(row) * metres)
            }
        }
        var raw = RawNetwork()
        for (letter, tags) in nodes where WalkingRules.blocksNode({ tags[$0] }) {
            raw.blocked.insert(Self.id(letter))
        }
        for (letters, tags) in ways {
            guard let attributes = WalkingRules.way({ tags[$0] }) else { continue }
            let nodes = letters.map { letter in
                guard let place = places[letter] else { return WayNode(missing: Self.id(letter)) }
                return WayNode(
                    id: Self.id(letter), latitude: Int32((place.latitude.value * 1e7).rounded()),
                    longitude: Int32((place.longitude.value * 1e7).rounded()))
            }
            raw.ways.append(
                RawNetwork.Way(
                    id: Int64(raw.ways.count + 1), attributes: attributes, name: tags["name"],
                    nameEnglish: tags["name:en"], nodes: nodes))
        }
        self.raw = raw
        self.places = places
        network = try raw.build().network
        pool = SearchPool(network: network)
    }

    static func id(_ letter: Character) -> Int64 { Int64(letter.unicodeScalars.first?.value ?? 0) }

    static func place(east: Double, south: Double) -> Coordinate {
        let perDegree = 6_371_008.8 * Double.pi / 180
        return Coordinate(
            uncheckedLatitude: corner.latitude - south / perDegree,
            longitude: corner.longitude + east / (perDegree * cos(corner.latitude * Double.pi / 180)))
    }

    func coordinate(_ letter: Character) -> Coordinate {
        places[letter] ?? Coordinate(uncheckedLatitude: 0, longitude: 0)
    }

    func snap(_ letter: Character) -> Snap? { network.snap(coordinate(letter)) }

    /// The walk from one thing to another in metres, by the list; nil where there is none.
    func walk(_ from: Character, _ to: Character, avoidsSteps: Bool = false, limit: Double = 5_000) -> Double?
    {
        guard let origin = snap(from), let goal = snap(to) else { return nil }
        let table = TargetTable(edgeCount: network.edgeCount)
        _ = table.insert(goal, kind: 3)
        var results: [ReachedTarget] = []
        pool.withScratch { scratch in
            network.reach(
                TargetQuery(origin: origin, limit: Metres(limit), avoidsSteps: avoidsSteps), targets: table,
                scratch: scratch, accept: { _, _ in true }, precedes: { $0 < $1 }, into: &results)
        }
        return results.first?.metres.value
    }

    func route(_ from: Character, _ to: Character, avoidsSteps: Bool = false) throws -> Route {
        let origin = try network.snapOrigin(coordinate(from))
        let goal = try network.snapOrigin(coordinate(to))
        return try pool.withScratch { scratch in
            try network.route(
                from: origin, to: goal, limit: 5_000, avoidsSteps: avoidsSteps, scratch: scratch)
        }
    }
}
