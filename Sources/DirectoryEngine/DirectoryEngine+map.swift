package import DirectoryAPI
package import DirectoryModel
internal import Glibc
internal import StreetMap

extension DirectoryEngine {
    /// The name of the street map's file in the state folder.
    package static let mapFileName = "map.qmap"

    /// Where the street map's file lies.
    var mapPath: String { folder + "/" + DirectoryEngine.mapFileName }

    /// A path beside the map file, on its file system.
    package var mapBuildPath: String { mapPath + ".new" }

    /// What the `ETag` of every answer of `map` is made of; nil where there is no map.
    package var mapTag: String? { (try? mapShelf.map).map(MapShelf.tag) }

    /// Opens and checks the street map, so that nobody has to wait for that; says so where it cannot be used.
    ///
    /// Blocking: as long as it takes to read the file.
    package func prepareMap() {
        if mapShelf.problem != nil { observer(.changed) }
    }

    /// A tile of the street map to be drawn, or where and in which zooms there are tiles.
    package func map(_ query: MapQuery) throws(DirectoryError) -> MapReply {
        let map = try mapShelf.map
        let revision = reading { index in index.revision }
        guard let tile = query.tile else {
            return MapReply(revision: revision, tag: MapShelf.tag(of: map), members: Self.about(map))
        }
        guard let number = TileNumber(zoom: tile.zoom, x: tile.x, y: tile.y) else {
            throw DirectoryError(
                .invalidRequest, "there is no tile \(tile.zoom)/\(tile.x)/\(tile.y)", location: "z")
        }
        return MapReply(
            revision: revision, tag: MapShelf.tag(of: map),
            members: mapShelf.members(of: tile, number, from: map))
    }

    private static func about(_ map: StreetMap) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        if let bounds = map.bounds {
            json.key("bounds")
            json.beginArray()
            for degrees in [
                bounds.southWest.longitude, bounds.southWest.latitude, bounds.northEast.longitude,
                bounds.northEast.latitude,
            ] { json.fixed(degrees.value, places: 6) }
            json.endArray()
        }
        json.key("zooms")
        json.beginArray()
        json.whole(TileNumber.zooms.lowerBound)
        json.whole(TileNumber.zooms.upperBound)
        json.endArray()
        json.attribution(map.attribution.isEmpty ? [] : [map.attribution])
        return json.bytes()
    }

    /// Puts a new map file in the place of the present one; the next tile is of it.
    package func adoptMap(at path: String) throws(DirectoryError) {
        try exclusively { () throws(DirectoryError) in
            let candidate = try MapShelf.open(path)
            if (try? mapShelf.map)?.checksum == candidate.checksum {
                unlink(path)
                return
            }
            guard rename(path, mapPath) == 0 else {
                throw DirectoryError(
                    .storeUnwritable, "the map file \(mapPath) cannot be replaced",
                    advice: "check space and permissions of the state folder",
                    cause: String(cString: strerror(errno)))
            }
            mapShelf.adopt(try MapShelf.open(mapPath))
            observer(.changed)
        }
    }
}
