package import DirectoryModel

extension DirectoryError.Code {
    /// There is no street map, or none that can be read.
    package static let noMap = Self(rawValue: "no_map")
}

/// The question for a tile of the street map, or for what there is of it.
package struct MapQuery: Hashable, Sendable {
    /// The zooms of which there are tiles.
    package static let zooms = 13...18

    /// The number of a tile, as web maps count them.
    package struct Tile: Hashable, Sendable {
        /// The zoom, within `zooms`.
        package var zoom: Int
        /// Its number eastward, below 2^zoom.
        package var x: Int
        /// Its number southward, below 2^zoom.
        package var y: Int

        /// A number; see the fields.
        package init(zoom: Int, x: Int, y: Int) {
            self.zoom = zoom
            self.x = x
            self.y = y
        }
    }

    /// The tile; nil for where and in which zooms there are tiles.
    package var tile: Tile?

    /// A query; see the field.
    package init(tile: Tile? = nil) { self.tile = tile }

    /// Reads the words of `GET /v1/map`.
    ///
    /// - Throws: `invalid_request`.
    package init(words: inout QueryWords) throws(DirectoryError) {
        let zoom = try words.whole("z", in: Self.zooms)
        let numbers = 0...(1 << Self.zooms.upperBound) - 1
        let x = try words.whole("x", in: numbers)
        let y = try words.whole("y", in: numbers)
        try words.finish()
        if zoom == nil, x == nil, y == nil {
            self.init()
            return
        }
        guard let zoom, let x, let y else {
            throw DirectoryError(
                .invalidRequest, "the number of the tile is not whole",
                advice: "give `z=`, `x=` and `y=`, or none of them for what there is of the map",
                location: zoom == nil ? "z" : x == nil ? "x" : "y")
        }
        for (name, number) in [("x", x), ("y", y)] where number >= 1 << zoom {
            throw DirectoryError(
                .invalidRequest,
                "“\(name)” is \(number), and at zoom \(zoom) there are only \(1 << zoom) tiles",
                advice: "count tiles as web maps do, from the north-western corner", location: name)
        }
        self.init(tile: Tile(zoom: zoom, x: x, y: y))
    }
}

/// A tile of the street map, or what there is of it.
package struct MapReply: Sendable {
    /// What was known when it was answered.
    package var revision: Revision
    /// The same for every answer about one map, and another for another map.
    package var tag: String
    /// The members of the answer besides its revision, as JSON: a tile is written once and kept.
    package var members: [UInt8]

    /// An answer; see the fields.
    package init(revision: Revision, tag: String, members: [UInt8]) {
        self.revision = revision
        self.tag = tag
        self.members = members
    }

    /// Writes the answer as `GET /v1/map` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        members.withUnsafeBytes { json.written($0) }
        json.endObject()
    }
}
