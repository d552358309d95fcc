import DirectoryModel
import Testing

@testable import WalkNetwork

/// A network under test beside its oracle, with everything that finds a snap in both.
struct Comparison {
    /// Two walks are the same when they differ by no more than this many metres; the issue asks for 0.5.
    static let tolerance = 1e-6

    let network: WalkNetwork
    let oracle: Oracle
    let tables: ExportedTables
    let pool: SearchPool
    private var piecesByEnds: [[Int]: [Int]] = [:]

    init(_ raw: RawNetwork) throws {
        network = try raw.build().network
        oracle = Oracle(raw)
        tables = ExportedTables(network)
        pool = SearchPool(network: network)
        for (number, piece) in oracle.pieces.enumerated() {
            piecesByEnds[[piece.from, piece.to].sorted(), default: []].append(number)
        }
        #expect(tables.rows.count == oracle.pieces.count)
    }

    /// The oracle's spot for a snap of the network, after checking that it is a nearest point.
    func spot(_ snap: Snap) throws -> Oracle.Spot {
        let nearest = try #require(oracle.nearest(snap.thing))
        #expect(abs(nearest.leg - snap.leg.value) < Self.tolerance)
        let exported = network.exported(snap)
        let row = tables.rows[Int(exported.edge.number)]
        let own = oracle.pieces[nearest.piece]
        let isSame =
            oracle.ids[own.from] == row.from && oracle.ids[own.to] == row.to && own.steps == row.steps
            && own.oneway == row.oneway
        if isSame && abs(nearest.offset - exported.offset.value) < Self.tolerance { return nearest }
        // A tie: several pieces are equally near. The row must be one of the oracle's pieces.
        let from = try #require(oracle.ids.firstIndex(of: row.from))
        let to = try #require(oracle.ids.firstIndex(of: row.to))
        let number = try #require(
            piecesByEnds[[from, to].sorted()]?.first { number in
                let piece = oracle.pieces[number]
                return piece.steps == row.steps && piece.oneway == row.oneway
                    && (!piece.oneway || piece.from == from) && abs(piece.metres - row.metres) < 0.001
            })
        let piece = oracle.pieces[number]
        let offset = piece.from == from ? exported.offset.value : piece.metres - exported.offset.value
        let part = piece.metres > 0 ? offset / piece.metres : 0
        let leg = Oracle.haversine(
            snap.thing.latitude.value, snap.thing.longitude.value,
            oracle.latitudes[piece.from] + part * (oracle.latitudes[piece.to] - oracle.latitudes[piece.from]),
            oracle.longitudes[piece.from]
                + part * (oracle.longitudes[piece.to] - oracle.longitudes[piece.from]))
        // 1e-4: where a piece of a few centimetres is rounded, its metres are no exact share of its line.
        #expect(abs(leg - snap.leg.value) < 1e-4)
        return Oracle.Spot(piece: number, offset: offset, leg: snap.leg.value)
    }

    /// All targets within reach by the code under test, by slot.
    func reach(
        _ origin: Snap, _ limit: Double, _ table: TargetTable, avoidsSteps: Bool, wanted: Int = .max
    ) -> [ReachedTarget] {
        var results: [ReachedTarget] = []
        pool.withScratch { scratch in
            network.reach(
                TargetQuery(
                    origin: origin, limit: Metres(limit), avoidsSteps: avoidsSteps, wanted: wanted),
                targets: table, scratch: scratch, accept: { _, _ in true }, precedes: { $0 < $1 },
                into: &results)
        }
        return results
    }

    /// Compares the list from one origin with the oracle, the isochrone and the routes.
    ///
    /// - Returns: how many targets were listed.
    func check(
        origin: Snap, targets: [Snap], spots: [Oracle.Spot], limit: Double, avoidsSteps: Bool,
        table: TargetTable, slots: [TargetSlot], routes: Int = 3
    ) throws -> Int {
        let listed = reach(origin, limit, table, avoidsSteps: avoidsSteps)
        let metres = Dictionary(uniqueKeysWithValues: listed.map { ($0.slot, $0.metres.value) })
        for (left, right) in zip(listed, listed.dropFirst()) {
            #expect((left.metres, left.slot) < (right.metres, right.slot))
        }
        for wanted in [1, 7, listed.count] where wanted > 0 {
            let first = reach(origin, limit, table, avoidsSteps: avoidsSteps, wanted: wanted)
            #expect(first == Array(listed.prefix(wanted)), "a search that ends early ends with the same")
        }
        let start = try spot(origin)
        let distances = oracle.distances(from: start, avoidsSteps: avoidsSteps, limit: limit + 1)
        let reached = pool.withScratch { scratch in
            network.reached(from: origin, limit: Metres(limit), avoidsSteps: avoidsSteps, scratch: scratch)
        }
        for (index, target) in targets.enumerated() {
            let expected = oracle.total(from: start, to: spots[index], distances: distances)
            let found = metres[slots[index]]
            if let found, let expected { #expect(abs(found - expected) < Self.tolerance) }
            if let expected, abs(expected - limit) < Self.tolerance { continue }
            let isWithin = expected.map { $0 <= limit } ?? false
            #expect((found != nil) == isWithin, "expected \(String(describing: expected)) of \(limit)")
            #expect(reached.metres(to: target)?.value == found)
            let intervals = reached.intervals(within: Metres(limit - target.leg.value))
            let isOnPieces = intervals.contains {
                $0.edge == target.edge.number && $0.from - Self.tolerance <= target.offset.value
                    && target.offset.value <= $0.to + Self.tolerance
            }
            #expect(isOnPieces == (found != nil))
        }
        try checkRoutes(origin, targets, slots, listed, limit, avoidsSteps, routes)
        return listed.count
    }

    private func checkRoutes(
        _ origin: Snap, _ targets: [Snap], _ slots: [TargetSlot], _ listed: [ReachedTarget], _ limit: Double,
        _ avoidsSteps: Bool, _ count: Int
    ) throws {
        let stride = max(1, listed.count / max(1, count))
        for index in Swift.stride(from: 0, to: listed.count, by: stride) {
            let position = try #require(slots.firstIndex(of: listed[index].slot))
            let route = try pool.withScratch { scratch in
                try network.route(
                    from: origin, to: targets[position], limit: Metres(limit), avoidsSteps: avoidsSteps,
                    scratch: scratch)
            }
            #expect(route.metres == listed[index].metres)
            let sum = route.steps.reduce(0) { $0 + $1.metres.value }
            #expect(abs(sum - route.metres.value) < 1e-6)
            let drawn = zip(route.line, route.line.dropFirst()).reduce(0.0) { sum, pair in
                sum
                    + Oracle.haversine(
                        pair.0.latitude.value, pair.0.longitude.value, pair.1.latitude.value,
                        pair.1.longitude.value)
            }
            // Each piece is rounded by half a centimetre at most.
            #expect(abs(drawn - route.metres.value) < 0.01 + 0.0051 * Double(route.line.count))
        }
    }
}
