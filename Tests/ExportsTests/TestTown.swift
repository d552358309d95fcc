import DemoTown
import DirectoryAPI
import DirectoryModel
import Exports
import Foundation
import HSDS
import ModuleHost
import Registers
import TableFiles
import Testing

@testable import DirectoryEngine

/// A directory on a state folder of its own, with the shipped declared types and, where wanted, the five modules.
final class TestTown {
    let folder: String
    let engine: DirectoryEngine
    let actor = Actor(name: "clerk", uid: 1000)

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Where SwiftPM puts programs and modules.
    static let buildFolder: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: program).deletingLastPathComponent().path
    }()

    /// The five modules, alone in a folder: beside them lie the ones that only tests of the host load.
    static let modules = ["Markets", "Canteens", "Libraries", "ElderCare", "Tutoring"]

    static var areModulesBuilt: Bool {
        modules.allSatisfy { FileManager.default.fileExists(atPath: buildFolder + "/lib\($0)Module.so") }
    }

    static let settings = EngineSettings(
        profiles: [
            Profile(
                id: ProfileID(unchecked: "standard"), name: LocalizedText(zh: "成人", en: "Adult"), pace: 1.11,
                avoidsSteps: false, source: "test")
        ], defaultProfile: ProfileID(unchecked: "standard"), defaultMinutes: 15, timeZone: "Asia/Shanghai")

    init(withModules: Bool = false) throws {
        folder = NSTemporaryDirectory() + "quarter-exports-" + UUID().uuidString
        var settings = ModuleHostSettings(typeDirectories: [Self.root + "/etc/quarter/types.d"])
        try FileManager.default.createDirectory(
            atPath: folder + "/modules", withIntermediateDirectories: true)
        if withModules {
            for name in Self.modules {
                try FileManager.default.createSymbolicLink(
                    atPath: folder + "/modules/lib\(name)Module.so",
                    withDestinationPath: Self.buildFolder + "/lib\(name)Module.so")
            }
            settings.directories = [folder + "/modules"]
        }
        engine = try DirectoryEngine(
            folder: folder, version: "test", settings: Self.settings, host: try ModuleHost.open(settings))
    }

    deinit {
        try? engine.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    @discardableResult
    func take(
        _ path: String, as format: String, source: String? = nil,
        _ change: (inout TableInstructions) -> Void = { _ in }
    ) throws -> RegisterReport {
        var table = TableInstructions()
        change(&table)
        return try RegisterReader(sink: engine).take(
            RegisterRequest(
                path: path, fileName: URL(fileURLWithPath: path).lastPathComponent, format: format,
                source: try source.map { try SourceID(validating: $0) }, actor: actor, table: table)
        ) { _, _ in }
    }

    /// The demo town, as `quarterctl demo` and three imports make it.
    func bringInDemo(seed: UInt64 = 1) throws {
        let files = try DemoTown.write(to: folder + "/demo", seed: seed)
        for (ending, format) in [
            (".osm.pbf", "osm"), ("communities.geojson", "communities"), ("records.json", "records"),
        ] {
            try take(try #require(files.first { $0.hasSuffix(ending) }), as: format)
        }
    }

    @discardableResult
    func put(_ id: String, _ json: String) throws -> WriteReply {
        try engine.putPlace(
            PlaceID(validating: id), PlaceBody(JSONValue(json: Array(json.utf8))), WriteContext(actor: actor))
    }

    func putOrganisation(_ id: String, _ json: String) throws {
        _ = try engine.putOrganisation(
            OrganisationID(validating: id), OrganisationBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: actor))
    }

    func putCommunity(_ id: String, _ name: String) throws {
        let json = #"{"name":"\#(name)"}"#
        _ = try engine.putCommunity(
            CommunityID(validating: id), CommunityBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: actor))
    }

    /// The answers of the routes that an extract asks, made as the daemon makes them.
    func reply(_ path: String, _ query: [(name: String, value: String)]) throws(DirectoryError) -> JSONValue {
        var json = JSONWriter()
        let words = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        var read = try QueryWords(query: words[...])
        let parts = path.split(separator: "/").map(String.init)
        if parts == ["hsds"] {
            try HSDSDirectory(engine).writeMetadata(to: &json)
            return try JSONValue(json: json.bytes())
        }
        switch parts[1] {
        case "types" where parts.count == 2: engine.types().write(to: &json, in: .zh)
        case "types": try engine.type(ServiceTypeID(validating: parts[2])).write(to: &json, in: .zh)
        case "communities": engine.communities().write(to: &json, in: .zh)
        case "places": try engine.places(PlaceListQuery(words: &read)).write(to: &json)
        case "organisations": try engine.organisations(OrganisationListQuery(words: &read)).write(to: &json)
        case "freshness": try engine.freshness(FreshnessQuery(months: 0)).write(to: &json, in: .zh)
        default:
            let query = try ChangeQuery(words: &read)
            let page = try engine.changes(query)
            page.write(to: &json, for: query)
        }
        return try JSONValue(json: json.bytes())
    }
}

extension RegisterReport {
    /// Created, changed, unchanged, rejected, held.
    var outcomes: [Int] {
        let counts = batch.counts[.place] ?? BatchCounts()
        return [counts.created, counts.changed, counts.unchanged, counts.rejected, counts.held]
    }
}
