internal import AreaGeometry
package import DirectoryAPI
package import DirectoryModel
internal import Glibc
internal import WalkNetwork

extension DirectoryEngine {
    /// The ways and the area within reach, for each limit: one search for the widest of them.
    package func isochrone(_ query: IsochroneQuery) throws(DirectoryError) -> IsochroneReply {
        let (start, revision, attributions) = try reading { (index: LiveIndex) throws(DirectoryError) in
            (try index.start(query.origin, query.profile), index.revision, index.attributions)
        }
        let limits = query.minutes.map { LiveIndex.limit(minutes: $0, profile: start.profile) }
        guard let widest = limits.max() else {
            throw DirectoryError(.invalidRequest, "no limit is given", location: "minutes")
        }
        let reached = start.hung.pool.withScratch { scratch in
            start.network.reached(
                from: start.snap, limit: widest, avoidsSteps: start.profile.avoidsSteps, scratch: scratch)
        }
        var bands: [IsochroneBand] = []
        for (minutes, limit) in zip(query.minutes, limits) {
            let ways = reached.lines(within: limit)
            let area: Area
            do {
                let drawn = try AreaGeometry.buffered(ways, by: AreaGeometry.isochroneBuffer)
                // Each outline is simplified by itself: what five minutes reach, ten must not miss by a metre.
                area = try bands.last.map { try AreaGeometry.union([$0.area, drawn]) } ?? drawn
            } catch {
                throw DirectoryError.wrapping(error)
            }
            bands.append(IsochroneBand(minutes: minutes, metres: limit, ways: ways, area: area))
        }
        return IsochroneReply(
            revision: revision, origin: start.resolved, profile: start.profile, bands: bands,
            attributions: attributions)
    }

    /// The way to one place; its metres are those that `reach` gives.
    package func route(_ query: RouteQuery) throws(DirectoryError) -> RouteReply {
        let (start, entry, revision, attributions) = try reading {
            (index: LiveIndex) throws(DirectoryError) in
            guard let entry = index.places[query.destination] else { throw noSuch(query.destination) }
            return (
                try index.start(query.origin, query.profile), entry, index.revision, index.attributions
            )
        }
        let place = entry.record.place
        guard let location = place.location, let goal = start.network.snap(location) else {
            throw DirectoryError(
                .unreachable,
                "place \(place.id.rawValue.shortened()) \(place.name.shortened()) lies on no walkable way",
                advice: place.location == nil
                    ? "its register gives no point" : "no way is within 250 m of it")
        }
        let found: FoundRoute
        do throws(DirectoryError) {
            found = try FoundRoute(
                on: start.network, pool: start.hung.pool, from: start.snap, to: goal,
                avoidsSteps: start.profile.avoidsSteps)
        } catch {
            guard error.code == .unreachable else { throw error }
            throw DirectoryError(
                .unreachable,
                "there is no walk to \(place.id.rawValue.shortened()) \(place.name.shortened()) from here",
                advice: start.profile.avoidsSteps
                    ? "there may be one with steps: ask for another profile"
                    : "it lies on another island, or behind a closed gate")
        }
        var point = 0
        let steps = found.steps.map { step in
            // Steps begin at points of the line, in its order.
            while point < found.line.count - 1, found.line[point] != step.start { point += 1 }
            return RouteInstruction(text: step.text, metres: step.metres, firstPoint: point)
        }
        return RouteReply(
            revision: revision, origin: start.resolved, place: place, profile: start.profile,
            walk: Walk(metres: found.metres, seconds: start.profile.pace.time(for: found.metres)),
            line: found.line, steps: steps, attributions: attributions, language: query.language)
    }

    /// Writes what is really walked on into a folder: `nodes.csv`, `edges.csv`, `snaps.csv`.
    ///
    /// - Returns: the rows of each file, headers not counted.
    /// - Throws: `no_network`, `store_unwritable` for the folder.
    package func exportNetwork(to folder: String) throws(DirectoryError) -> [(file: String, rows: Int)] {
        let (found, snaps) = reading { (index: LiveIndex) -> (WalkNetwork?, [SnappedThing]) in
            (index.network, index.things)
        }
        guard let network = found else {
            throw DirectoryError(
                .noNetwork, "no walking network has been imported", advice: "run `quarterctl import osm FILE`"
            )
        }
        mkdir(folder, 0o755)
        try TextFile.write(folder + "/nodes.csv") { file in try network.writeNodesCSV(file.append) }
        try TextFile.write(folder + "/edges.csv") { file in try network.writeEdgesCSV(file.append) }
        var rows = 0
        try TextFile.write(folder + "/snaps.csv") { file in
            try file.append(Array("kind,id,edge,offset_m,leg_m\n".utf8))
            for thing in snaps {
                guard let snap = network.snap(thing.location) else { continue }
                let exported = network.exported(snap)
                // Six decimals: a micrometre, so that a checker's sums differ from ours by rounding alone.
                // An array's two numbers, without its brackets, are two cells of a row.
                var cells = JSONWriter(capacity: 256)
                cells.fixed(exported.offset.value, places: 6)
                cells.fixed(exported.leg.value, places: 6)
                let id =
                    thing.id.contains { $0 == "," || $0 == "\"" }
                    ? "\""
                        + thing.id.split(separator: "\"", omittingEmptySubsequences: false)
                        .joined(separator: "\"\"") + "\"" : thing.id
                try file.append(
                    Array("\(thing.kind),\(id),\(exported.edge.number),".utf8) + cells.bytes()
                        + [UInt8(ascii: "\n")])
                rows += 1
            }
        }
        return [
            ("nodes.csv", network.nodeCount), ("edges.csv", network.pieceCount), ("snaps.csv", rows),
        ]
    }
}

/// A place or an origin that may lie on the network.
struct SnappedThing {
    let kind: String
    let id: String
    let location: Coordinate
}

extension LiveIndex {
    /// Active places and origins with a point, places first, in the order of their ids.
    var things: [SnappedThing] {
        let listed = placeOrder.ids.compactMap { id -> SnappedThing? in
            guard let place = places[id]?.record.place, place.status == .active, let location = place.location
            else { return nil }
            return SnappedThing(kind: "place", id: id.rawValue, location: location)
        }
        let starts = originOrder.ids.compactMap { id -> SnappedThing? in
            guard let origin = origins[id], origin.status == .active else { return nil }
            return SnappedThing(kind: "origin", id: id.rawValue, location: origin.location)
        }
        return listed + starts
    }
}

/// A file that is written from its start to its end.
final class TextFile {
    private let path: String
    private let descriptor: Int32

    private init(path: String) throws(DirectoryError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw TextFile.failure(path) }
    }

    deinit { close(descriptor) }

    private static func failure(_ path: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "\(path) cannot be written", advice: "choose a folder that you may write to",
            cause: String(cString: strerror(errno)))
    }

    /// Writes a file whole.
    static func write(_ path: String, _ body: (TextFile) throws -> Void) throws(DirectoryError) {
        let file = try TextFile(path: path)
        do { try body(file) } catch { throw DirectoryError.wrapping(error) }
    }

    /// Writes more bytes.
    func append(_ bytes: [UInt8]) throws(DirectoryError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw TextFile.failure(path) }
            done += written
        }
    }
}

extension DirectoryError {
    /// The error itself, or an internal error with another library's words.
    static func wrapping(_ error: any Error) -> DirectoryError {
        error as? DirectoryError ?? DirectoryError(.internalError, "a fault of Quarter", cause: "\(error)")
    }
}
