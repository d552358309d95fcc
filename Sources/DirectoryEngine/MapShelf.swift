internal import DirectoryAPI
internal import DirectoryModel
internal import StreetMap
internal import Synchronization

/// The street map, and the tiles that were made of it lately, as JSON.
///
/// Safe to use from any thread. Whoever makes a tile holds the map that it is of, whatever is adopted meanwhile.
final class MapShelf: Sendable {
    /// Bytes of tiles that are kept.
    ///
    /// Chosen, not measured: some 150 tiles of a dense city, which is four screens.
    static let limit = 8 << 20
    /// Tiles that are kept, however small.
    static let countLimit = 1_024
    /// Raised when tiles of the same map are made otherwise, so that no browser goes on with the old ones.
    private static let making = 1

    private struct State {
        var map: StreetMap?
        /// Why there is none.
        var problem: DirectoryError?
        var tiles: [MapQuery.Tile: (members: [UInt8], lastUse: UInt64)] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    private let path: String
    /// Nil until somebody asks for the first time.
    private let state = Mutex<State?>(nil)

    /// The map of a file, which who first asks for it opens and checks.
    init(path: String) { self.path = path }

    private func withState<R>(_ body: (inout State) -> R) -> R {
        state.withLock { state in
            var present = state ?? opened()
            state = nil
            defer { state = present }
            return body(&present)
        }
    }

    private func opened() -> State {
        do throws(DirectoryError) { return State(map: try Self.open(path)) } catch {
            return State(problem: error)
        }
    }

    /// Opens a map file.
    ///
    /// - Throws: `no_map`.
    static func open(_ path: String) throws(DirectoryError) -> StreetMap {
        do throws(DirectoryError) {
            return try StreetMap.open(path)
        } catch {
            throw DirectoryError(
                .noMap, error.message, advice: error.advice, location: error.location, cause: error.cause)
        }
    }

    /// The map.
    ///
    /// - Throws: `no_map`.
    var map: StreetMap {
        get throws(DirectoryError) {
            let (map, problem) = withState { ($0.map, $0.problem) }
            guard let map else { throw problem ?? DirectoryError(.noMap, "there is no street map yet") }
            return map
        }
    }

    /// Why there is no map, or nil where there is one.
    var problem: DirectoryError? { withState { $0.problem } }

    /// The same as far as it is known without opening the map; waits where somebody is just opening it.
    var knownProblem: DirectoryError? { state.withLock { $0?.problem } }

    /// The number and the bytes of the tiles that are kept.
    var kept: (count: Int, bytes: Int) { withState { ($0.tiles.count, $0.bytes) } }

    /// What the `ETag` of a map's answers is made of.
    static func tag(of map: StreetMap) -> String { "map\(making)-\(map.checksum.prefix(16))" }

    /// Makes tiles of another map from now on.
    func adopt(_ map: StreetMap) { withState { $0 = State(map: map) } }

    /// A tile of a map as JSON, kept or made now; several who ask at once may each make it.
    func members(of tile: MapQuery.Tile, _ number: TileNumber, from map: StreetMap) -> [UInt8] {
        let known = withState { state -> [UInt8]? in
            guard state.map === map, let known = state.tiles[tile] else { return nil }
            state.uses += 1
            state.tiles[tile]?.lastUse = state.uses
            return known.members
        }
        if let known { return known }
        let made = map.tile(number).members(tile, attribution: map.attribution)
        withState { state in
            guard state.map === map, state.tiles[tile] == nil else { return }
            state.uses += 1
            state.tiles[tile] = (made, state.uses)
            state.bytes += made.count
            while state.bytes > Self.limit || state.tiles.count > Self.countLimit {
                guard let oldest = state.tiles.min(by: { $0.value.lastUse < $1.value.lastUse }) else { break }
                state.tiles[oldest.key] = nil
                state.bytes -= oldest.value.members.count
            }
        }
        return made
    }
}

extension MapTile {
    /// The members of the answer besides its revision.
    func members(_ tile: MapQuery.Tile, attribution: String) -> [UInt8] {
        var json = JSONWriter()
        json.key("z")
        json.whole(tile.zoom)
        json.key("x")
        json.whole(tile.x)
        json.key("y")
        json.whole(tile.y)
        json.key("extent")
        json.whole(TileNumber.extent)
        json.key("layers")
        json.beginObject()
        json.key("water")
        json.beginObject()
        json.polygons(waterAreas)
        json.key("lines")
        json.beginArray()
        for line in waterLines { json.numbers(line) }
        json.endArray()
        json.endObject()
        json.key("green")
        json.beginObject()
        json.polygons(green)
        json.endObject()
        json.key("buildings")
        json.beginObject()
        json.polygons(buildings)
        json.endObject()
        json.key("streets")
        json.beginArray()
        for street in streets {
            json.beginObject()
            json.key("kind")
            json.string(street.kind.word)
            if let name = street.name {
                json.key("name")
                json.string(name)
            }
            json.key("line")
            json.numbers(street.line)
            json.endObject()
        }
        json.endArray()
        json.key("labels")
        json.beginArray()
        for label in labels {
            json.beginObject()
            json.key("name")
            json.string(label.name)
            json.key("x")
            json.whole(Int(label.x))
            json.key("y")
            json.whole(Int(label.y))
            json.key("kind")
            json.string(label.kind.word)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.attribution(attribution.isEmpty ? [] : [attribution])
        return json.bytes()
    }
}

extension JSONWriter {
    /// `"areas":[…]`: polygons, each its rings.
    fileprivate mutating func polygons(_ polygons: [MapTile.Polygon]) {
        key("areas")
        beginArray()
        for polygon in polygons {
            beginArray()
            for ring in polygon { numbers(ring) }
            endArray()
        }
        endArray()
    }

    fileprivate mutating func numbers(_ numbers: [Int32]) {
        beginArray()
        for number in numbers { whole(Int(number)) }
        endArray()
    }
}
