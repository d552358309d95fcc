// RegistersTests: registers and the demo town, from the bytes of a file to what a directory is given.

import DemoTown
import DirectoryAPI
import DirectoryModel
import Foundation
import ModuleHost
import Registers
import ServiceTypeKit
import StreetMap
import Synchronization
import Testing
import WalkNetwork

/// A directory in memory that keeps the promises of `RegisterSink`: what is there stays, what changed is counted.
final class ManualDirectory: RegisterSink {
    struct State {
        var places: [PlaceID: SourcedPlace] = [:]
        var origins: [OriginID: Origin] = [:]
        var communities: [CommunityID: Community] = [:]
        var grids: [GridID: Grid] = [:]
        var sources: [Source] = []
        var batches: [RecordBatch] = []
        var network: [UInt8] = []
        var revision: UInt64 = 0
    }

    let typeDescriptions: [ServiceTypeDescription]
    let folder: TemporaryFolder
    private let state = Mutex(State())

    init(types: [ServiceTypeDescription] = TestTypes.all) throws {
        typeDescriptions = types
        folder = try TemporaryFolder()
    }

    var contents: State { state.withLock { $0 } }
    var allCommunities: [Community] {
        state.withLock { $0.communities.values.sorted { $0.id < $1.id } }
    }
    var networkBuildPath: String { folder.path + "/network.build" }

    func network() throws -> WalkNetwork { try WalkNetwork.open(folder.path + "/network") }

    func adoptNetwork(at path: String) throws(DirectoryError) {
        do {
            _ = try WalkNetwork.open(path)
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            try? FileManager.default.removeItem(atPath: folder.path + "/network")
            try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/network")
            state.withLock { $0.network = bytes }
        } catch {
            throw DirectoryError(.networkDamaged, "the network cannot be taken", cause: "\(error)")
        }
    }

    var mapBuildPath: String { folder.path + "/map.build" }

    func map() throws -> StreetMap { try StreetMap.open(folder.path + "/map") }

    func adoptMap(at path: String) throws(DirectoryError) {
        do {
            _ = try StreetMap.open(path)
            try? FileManager.default.removeItem(atPath: folder.path + "/map")
            try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/map")
        } catch {
            throw DirectoryError(.noMap, "the map cannot be taken", cause: "\(error)")
        }
    }

    func identity() -> String { "00000000-0000-4000-8000-000000000001" }

    func storedPlace(_ id: PlaceID) -> Place? { state.withLock { $0.places[id]?.place } }

    func storedOrganisation(_ id: OrganisationID) -> Organisation? { nil }

    let turnsOffsetDatums = false
    var registerFolder: String? { folder.path + "/registers" }
    var knownAddresses: [(id: String, text: String, location: Coordinate)] { [] }

    func take(
        _ batch: RowBatch, by actor: Actor, rows: (RowWriter) throws(DirectoryError) -> Void
    ) throws(DirectoryError) -> BatchReport {
        var given = RecordBatch(source: batch.source)
        try rows { place throws(DirectoryError) in
            guard let place else { return RowResult(.rejected) }
            given.places.append(place)
            return RowResult(.created, id: place.place.id)
        }
        return try apply(given, by: actor)
    }

    func apply(_ batch: RecordBatch, by actor: Actor) throws(DirectoryError) -> BatchReport {
        state.withLock { state in
            let before = state
            var counts: [RecordKind: BatchCounts] = [:]
            func count(_ kind: RecordKind, isNew: Bool, isSame: Bool) {
                if isNew {
                    counts[kind, default: BatchCounts()].created += 1
                } else if isSame {
                    counts[kind, default: BatchCounts()].unchanged += 1
                } else {
                    counts[kind, default: BatchCounts()].changed += 1
                }
            }
            for place in batch.places {
                let old = state.places[place.place.id]
                count(.place, isNew: old == nil, isSame: old?.place == place.place && old?.raw == place.raw)
                state.places[place.place.id] = place
            }
            for origin in batch.origins.map(\.origin) {
                let old = state.origins.updateValue(origin, forKey: origin.id)
                count(.origin, isNew: old == nil, isSame: old == origin)
            }
            for community in batch.communities {
                let old = state.communities.updateValue(community, forKey: community.id)
                count(.community, isNew: old == nil, isSame: old == community)
            }
            for grid in batch.grids {
                let old = state.grids.updateValue(grid, forKey: grid.id)
                count(.grid, isNew: old == nil, isSame: old == grid)
            }
            if batch.complete.contains(.place) {
                let given = Set(batch.places.map(\.place.id))
                for (id, place) in state.places where !given.contains(id) && place.place.status == .active {
                    state.places[id]?.place.status = .closedAtSource
                    counts[.place, default: BatchCounts()].vanished += 1
                }
            }
            if batch.complete.contains(.origin) {
                let given = Set(batch.origins.map(\.origin.id))
                for (id, origin) in state.origins where !given.contains(id) && origin.status == .active {
                    state.origins[id]?.status = .closedAtSource
                    counts[.origin, default: BatchCounts()].vanished += 1
                }
            }
            state.sources.append(batch.source)
            state.batches.append(batch)
            let isSame =
                before.places.mapValues(\.place) == state.places.mapValues(\.place)
                && before.origins == state.origins && before.communities == state.communities
                && before.grids == state.grids
            if !isSame { state.revision += 1 }
            return BatchReport(revision: Revision(state.revision), counts: counts, findings: [])
        }
    }

    /// Reads a file as a register.
    @discardableResult
    func take(_ path: String, format: String = "osm", source: String? = nil) throws -> RegisterReport {
        try RegisterReader(sink: self).take(
            RegisterRequest(
                path: path, fileName: URL(fileURLWithPath: path).lastPathComponent, format: format,
                source: source.map(SourceID.init(unchecked:)), actor: Actor(name: "tester")),
            progress: { _, _ in })
    }

    /// Writes bytes into a file of its folder and reads that as a register.
    @discardableResult
    func take(_ bytes: [UInt8], name: String, format: String = "osm") throws -> RegisterReport {
        try take(try folder.write(bytes, name: name), format: format)
    }
}

/// A folder that goes when it is no longer held.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent("registers-" + UUID().uuidString)
            .path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: [UInt8], name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// The service types: those that the repository declares, and the selectors of its five modules.
enum TestTypes {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let all: [ServiceTypeDescription] = (declared + ofModules).sorted { $0.order < $1.order }

    static var declared: [ServiceTypeDescription] {
        let folder = repository.appendingPathComponent("etc/quarter/types.d")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.sorted().filter { $0.hasSuffix(".toml") }.compactMap {
            try? DeclaredType(contentsOf: folder.appendingPathComponent($0).path).description
        }
    }

    private static let ofModules: [ServiceTypeDescription] = [
        type("wet_market", "菜市场", order: 3, [OSMSelector(tags: ["amenity": "marketplace"])]),
        type(
            "elder_care", "社区养老服务机构", order: 17,
            ["day_care", "nursing_home", "ambulatory_care"].map {
                OSMSelector(tags: [
                    "amenity": "social_facility", "social_facility": $0, "social_facility:for": "senior",
                ])
            }),
        type(
            "canteen", "社区食堂", order: 29,
            ["restaurant", "fast_food"].map {
                OSMSelector(tags: ["amenity": $0], nameWords: ["食堂", "助餐", "银发餐", "惠爱餐", "爱心餐"])
            }),
        type(
            "library", "图书馆", order: 30,
            ["library", "public_bookcase"].map { OSMSelector(tags: ["amenity": $0]) }),
        type(
            "volunteer_tutoring", "作业辅导", order: 31,
            [OSMSelector(tags: ["amenity": "community_centre"], nameWords: ["四点半", "作业辅导"])]),
    ]

    static func type(_ id: String, _ name: String, order: Int, _ selectors: [OSMSelector])
        -> ServiceTypeDescription
    {
        ServiceTypeDescription(
            id: ServiceTypeID(unchecked: id), name: LocalizedText(zh: name, en: id), serviceClass: .basic,
            order: order,
            targetMinutes: 15, osmSelectors: selectors, source: "RegistersTests")
    }
}

/// Files that lie beside the repository on the founders' machines, and nowhere else.
enum SharedFiles {
    static let folder = TestTypes.repository.deletingLastPathComponent().appendingPathComponent("shared")

    static func map(_ name: String) -> String {
        folder.appendingPathComponent("data/osm/\(name).osm.pbf").path
    }
    static func hasMap(_ name: String) -> Bool { FileManager.default.fileExists(atPath: map(name)) }
    static let catalogue = folder.appendingPathComponent("domain/catalogue.json").path
    static let hasCatalogue = FileManager.default.fileExists(atPath: catalogue)
}

/// A small map, drawn in metres around 32° N 118.7° E.
struct MapSketch {
    private(set) var file = OSMFile(writer: "RegistersTests")

    init() {}

    static func point(_ east: Double, _ north: Double) -> Coordinate {
        Coordinate(
            uncheckedLatitude: 32 + north / 111_195, longitude: 118.7 + east / (111_195 * cos(32 * .pi / 180))
        )
    }

    mutating func node(_ id: Int64, _ east: Double, _ north: Double, _ tags: [String: String] = [:]) {
        file.nodes.append(OSMFile.Node(id: id, point: Self.point(east, north), tags: tags))
    }

    mutating func way(_ id: Int64, _ nodes: [Int64], _ tags: [String: String]) {
        file.ways.append(OSMFile.Way(id: id, nodes: nodes, tags: tags))
    }

    /// A square with nodes `id * 10 + 1 … 4`, further nodes of the outline before the third corner.
    mutating func square(
        _ id: Int64, at east: Double, _ north: Double, size: Double, with more: [Int64] = [],
        _ tags: [String: String]
    ) {
        let corners = [(0.0, 0.0), (size, 0), (size, size), (0, size)]
        for (index, corner) in corners.enumerated() {
            node(id * 10 + Int64(index) + 1, east + corner.0, north + corner.1)
        }
        way(id, [id * 10 + 1] + more + [id * 10 + 2, id * 10 + 3, id * 10 + 4, id * 10 + 1], tags)
    }

    mutating func relation(_ id: Int64, ways: [(Int64, String)], _ tags: [String: String]) {
        file.relations.append(
            OSMFile.Relation(id: id, ways: ways.map { OSMFile.Member(way: $0.0, role: $0.1) }, tags: tags))
    }

    /// A street from west to east, so that there is a network.
    mutating func street() {
        node(1, -500, 0)
        node(2, 500, 0)
        way(1, [1, 2], ["highway": "residential", "name": "建康路"])
    }

    mutating func remove(node id: Int64) { file.nodes.removeAll { $0.id == id } }

    mutating func change(node id: Int64, _ change: (inout [String: String]) -> Void) {
        for index in file.nodes.indices where file.nodes[index].id == id { change(&file.nodes[index].tags) }
    }
}
