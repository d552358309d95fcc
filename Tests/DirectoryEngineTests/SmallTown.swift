import DirectoryAPI
import DirectoryModel
import Foundation
import ModuleHost
import Testing
import WalkNetwork

@testable import DirectoryEngine

/// A town of two streets that cross, on a state folder of its own, with the shipped declared types.
///
///     A──────────X──────────B      one street, 2 km from west to east
///                │
///                C                  and 500 m to the south
final class SmallTown {
    let folder: String
    let engine: DirectoryEngine
    static let crossing = (latitude: 32.0, longitude: 118.7)
    /// Degrees of longitude, or of latitude, per metre here.
    static let east = 1 / (111_195.08 * cos(32.0 * .pi / 180))
    static let north = 1 / 111_195.08
    let actor = Actor(name: "clerk", uid: 1000)

    static var repository: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    static let settings = EngineSettings(
        profiles: [
            Profile(
                id: ProfileID(unchecked: "standard"), name: LocalizedText(zh: "成人", en: "Adult"), pace: 1.11,
                avoidsSteps: false, source: "test"),
            Profile(
                id: ProfileID(unchecked: "wheelchair"), name: LocalizedText(zh: "轮椅", en: "Wheelchair"),
                pace: 0.8, avoidsSteps: true, source: "test"),
        ], defaultProfile: ProfileID(unchecked: "standard"), defaultMinutes: 15, timeZone: "Asia/Shanghai")

    init(
        withNetwork: Bool = true, network: BuiltNetwork? = nil, types: String? = nil,
        settings: EngineSettings = SmallTown.settings,
        reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)? = nil
    )
        throws
    {
        folder = NSTemporaryDirectory() + "quarter-engine-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if withNetwork {
            try (network ?? SmallTown.network()).write(to: folder + "/" + DirectoryEngine.networkFileName)
        }
        engine = try SmallTown.open(folder, types: types, settings: settings, reloading: reloading)
    }

    deinit {
        try? engine.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// - Parameter types: a folder of declared types; nil for the shipped ones.
    static func host(types: String? = nil) throws -> ModuleHost {
        try ModuleHost.open(
            ModuleHostSettings(typeDirectories: [types ?? repository + "/etc/quarter/types.d"]))
    }

    static func open(
        _ folder: String, types: String? = nil, settings: EngineSettings = SmallTown.settings,
        reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)? = nil
    ) throws -> DirectoryEngine {
        try DirectoryEngine(
            folder: folder, version: "test", settings: settings, host: try host(types: types),
            reloading: reloading)
    }

    static func point(east: Double, north: Double) -> Coordinate {
        Coordinate(
            uncheckedLatitude: crossing.latitude + north * self.north,
            longitude: crossing.longitude + east * self.east)
    }

    static func network(southStreet: Double = 500) throws -> BuiltNetwork {
        try unlabelled(southStreet: southStreet).labelled(threads: 1)
    }

    /// The network as a version before labels imported it.
    static func unlabelled(southStreet: Double = 500) throws -> BuiltNetwork {
        func node(_ id: Int64, _ east: Double, _ north: Double) -> WayNode {
            let at = point(east: east, north: north)
            return WayNode(
                id: id, latitude: Int32((at.latitude.value * 1e7).rounded()),
                longitude: Int32((at.longitude.value * 1e7).rounded()))
        }
        var builder = NetworkBuilder()
        let walkable = try #require(WalkingRules.way { $0 == "highway" ? "residential" : nil })
        builder.addWay(
            id: 1, attributes: walkable, name: "建康路", nameEnglish: "Jiankang Road",
            nodes: [node(1, -1000, 0), node(2, 0, 0), node(3, 1000, 0)])
        builder.addWay(
            id: 2, attributes: walkable, name: nil, nameEnglish: nil,
            nodes: [node(2, 0, 0), node(4, 0, -southStreet)])
        return try builder.build(sourceTimestamp: nil, attribution: "© nobody, made up")
    }

    // MARK: Asking and writing

    func reach(
        east: Double = 0, north: Double = 0, _ change: (inout ReachQuery) -> Void = { _ in }
    ) throws -> ReachReply {
        var query = ReachQuery(origin: .point(SmallTown.point(east: east, north: north)))
        change(&query)
        return try engine.reach(query)
    }

    @discardableResult
    func put(
        _ id: String, _ type: String, east: Double, north: Double, attributes: String = "{}",
        name: String = "店",
        context: WriteContext? = nil
    ) throws -> WriteReply {
        let at = SmallTown.point(east: east, north: north)
        let json = """
            {"type":"\(type)","name":"\(name)","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)},
             "attributes":\(attributes)}
            """
        return try engine.putPlace(
            PlaceID(validating: id), PlaceBody(JSONValue(json: Array(json.utf8))),
            context ?? WriteContext(actor: actor))
    }

    @discardableResult
    func putCommunity(_ id: String, east: ClosedRange<Double>) throws -> WriteReply {
        func corner(_ east: Double, _ north: Double) -> String {
            let at = SmallTown.point(east: east, north: north)
            return "[\(at.longitude.value),\(at.latitude.value)]"
        }
        let ring = [
            corner(east.lowerBound, -600), corner(east.upperBound, -600), corner(east.upperBound, 600),
            corner(east.lowerBound, 600), corner(east.lowerBound, -600),
        ].joined(separator: ",")
        let json = #"{"name":"社区\#(id)","boundary":{"type":"Polygon","coordinates":[[\#(ring)]]}}"#
        return try engine.putCommunity(
            CommunityID(validating: id), CommunityBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: actor))
    }
}

extension ReachReply {
    var ids: [String] { places.map(\.place.id.rawValue) }
}
