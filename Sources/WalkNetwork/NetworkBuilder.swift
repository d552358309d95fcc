import DirectoryModel

/// One node of a way, as the source gives it.
package struct WayNode: Hashable, Sendable {
    /// The OSM id.
    package var id: Int64
    /// 1e-7 degrees north, or `unknown`.
    package var latitude: Int32
    /// 1e-7 degrees east, or `unknown`.
    package var longitude: Int32

    /// What stands for a number that the source does not give.
    package static let unknown = Int32.max

    /// A node at its position, in 1e-7 degrees.
    package init(id: Int64, latitude: Int32, longitude: Int32) {
        self.id = id
        self.latitude = latitude
        self.longitude = longitude
    }

    /// A node whose position the source does not give: the way is broken there.
    package init(missing id: Int64) {
        self.init(id: id, latitude: Self.unknown, longitude: Self.unknown)
    }

    /// Whether the position is not known, or is none on Earth.
    package var isMissing: Bool {
        latitude < -900_000_000 || latitude > 900_000_000 || longitude < -1_800_000_000
            || longitude > 1_800_000_000
    }
}

/// What the builder met and made.
package struct NetworkReport: Hashable, Sendable {
    /// Walkable ways that were added.
    package var ways = 0
    /// Of those, ways that came to nothing: fewer than two nodes in a row with a position.
    package var emptyWays = 0
    /// Times that a way was broken because a node's position is missing.
    package var missingNodes = 0
    /// Times that a way names the same node twice in a row; such a pair is left out.
    package var repeatedNodes = 0
    /// Blocked nodes that walkable ways use.
    package var blockedNodes = 0
    /// Pieces: pairs of consecutive nodes.
    package var pieces = 0
    /// Nodes that pieces use.
    package var nodes = 0
    /// Contracted edges.
    package var edges = 0
    /// Vertices.
    package var vertices = 0
    /// Components, in the undirected sense.
    package var components = 0
    /// Of those, components of less than 1 km.
    package var smallComponents = 0
    /// The length of all pieces.
    package var length: Metres = 0
}

/// Collects walkable ways, then contracts them into a network.
///
/// Order of calls: any; the same calls in the same order give the same file, byte for byte.
package struct NetworkBuilder {
    var report = NetworkReport()
    var blocked: Set<Int64> = []
    var nodeNumbers: [Int64: UInt32] = [:]
    var nodes: [SourceNode] = []
    var pieces: [SourcePiece] = []
    var names = NameTable()

    /// A builder without ways.
    package init() {}

    /// Says that no walk passes a node.
    ///
    /// Nodes that no way uses are ignored.
    package mutating func addBlockedNode(_ id: Int64) { blocked.insert(id) }

    /// Adds a walkable way.
    ///
    /// - Parameters:
    ///   - id: its OSM id; only for the reader of a debugger.
    ///   - attributes: what `WalkingRules.way` said of it.
    ///   - name: its `name`.
    ///   - nameEnglish: its `name:en`.
    ///   - wayNodes: its nodes in order. The position of a node is the one that was given first.
    /// - Complexity: O(nodes of the way), amortised.
    package mutating func addWay(
        id: Int64, attributes: WayAttributes, name: String?, nameEnglish: String?,
        nodes wayNodes: some Sequence<WayNode>
    ) {
        report.ways += 1
        let nameNumber = names.number(of: name ?? "", english: nameEnglish ?? "")
        let before = pieces.count
        var previous: UInt32?
        for node in wayNodes {
            guard !node.isMissing else {
                report.missingNodes += 1
                previous = nil
                continue
            }
            let number = self.number(of: node)
            if previous == number {
                report.repeatedNodes += 1
                continue
            }
            if let previous {
                let turned = attributes.oneway == .backward
                let from = turned ? number : previous
                let to = turned ? previous : number
                let length = nodes[Int(from)].position.centimetres(to: nodes[Int(to)].position)
                pieces.append(
                    SourcePiece(
                        from: from, to: to, length: length, name: nameNumber,
                        attributes: (attributes.steps ? EdgeRecord.steps : 0)
                            | (attributes.oneway == .no ? 0 : EdgeRecord.oneway)))
            }
            previous = number
        }
        if pieces.count == before { report.emptyWays += 1 }
    }

    private mutating func number(of node: WayNode) -> UInt32 {
        if let known = nodeNumbers[node.id] { return known }
        let number = UInt32(nodes.count)
        nodeNumbers[node.id] = number
        nodes.append(
            SourceNode(
                id: node.id, position: GridPosition(latitude: node.latitude, longitude: node.longitude)))
        return number
    }

    /// Contracts what was added.
    ///
    /// - Parameters:
    ///   - sourceTimestamp: the time up to which the source's data go, where it says so.
    ///   - attribution: whom to credit.
    /// - Throws: `.invalidFile` when nothing walkable was added, or more than a network file can hold.
    /// - Complexity: O(n log n) in the pieces.
    package consuming func build(sourceTimestamp: Timestamp?, attribution: String) throws -> BuiltNetwork {
        guard !pieces.isEmpty else {
            throw DirectoryError(
                .invalidFile, "the map holds no way that can be walked",
                advice: "take a file with ways tagged highway=* and with their nodes")
        }
        guard pieces.count < Contraction.maximumPieces else {
            throw DirectoryError(
                .invalidFile, "the map holds \(pieces.count) pieces of way, more than a network file can",
                advice: "cut the map to one city")
        }
        nodeNumbers = [:]
        var contraction = Contraction(nodes: nodes, pieces: pieces, blocked: blocked)
        contraction.run()
        let writer = NetworkWriter(contraction: contraction, names: names)
        var report = report
        let image = writer.image(
            timestamp: sourceTimestamp, attribution: attribution, report: &report)
        return BuiltNetwork(report: report, image: image)
    }
}

/// A node that walkable ways use.
struct SourceNode {
    /// The OSM id.
    var id: Int64
    /// Where it is.
    var position: GridPosition
}

/// A pair of consecutive nodes of a walkable way; a one-way piece goes from `from` to `to`.
struct SourcePiece {
    /// The number of its first node.
    var from: UInt32
    /// The number of its second node.
    var to: UInt32
    /// Centimetres.
    var length: UInt32
    /// The number of its name.
    var name: UInt32
    /// `EdgeRecord.steps`, `EdgeRecord.oneway`.
    var attributes: UInt32
}

/// The names of streets, each pair once; number 0 is the unnamed way.
struct NameTable {
    private var numbers: [NamePair: UInt32] = [NamePair(name: "", english: ""): 0]
    private(set) var pairs: [NamePair] = [NamePair(name: "", english: "")]

    /// A street's names; an empty one: none.
    struct NamePair: Hashable {
        /// `name`.
        var name: String
        /// `name:en`.
        var english: String
    }

    /// The number of a pair of names.
    mutating func number(of name: String, english: String) -> UInt32 {
        if name.isEmpty && english.isEmpty { return 0 }
        let pair = NamePair(name: name, english: english)
        if let known = numbers[pair] { return known }
        let number = UInt32(pairs.count)
        numbers[pair] = number
        pairs.append(pair)
        return number
    }
}
