import DemoTown
import Foundation
import TestSockets
import Testing

/// Exports through the real programs: with the daemon and without it the same bytes, and back again unchanged.
@Suite(.serialized, .onThreads) struct TableExportTests {
    @Test func theDaemonsExportsAreThoseOfTheFolderAndComeBackUnchanged() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        func quarterctl(_ words: [String]) throws -> String {
            let ending = try Tool.run("quarterctl", ["--state", state] + words)
            #expect(ending.status == 0, "\(words): \(ending.complaint)")
            return ending.output
        }
        let files = try DemoTown.write(to: scratch.path + "/demo", seed: 3)
        for (format, name) in [
            ("communities", "communities.geojson"), ("osm", ".osm.pbf"), ("records", "records.json"),
        ] {
            let file = try #require(files.first { $0.hasSuffix(name) })
            _ = try quarterctl(["import", format, file])
        }
        let exports = [
            (name: "places.csv", words: ["places"]), ("places.geojson", ["places"]),
            ("places.json", ["places"]),
            ("canteen.csv", ["places", "--type", "canteen"]), ("counts.csv", ["counts"]),
            ("freshness.csv", ["freshness"]), ("dictionary.csv", ["dictionary"]),
            (
                "some.csv",
                ["places", "--columns", "id,name,organisation.name", "--community", "demo-qingshan"]
            ),
        ]
        func export(to folder: String) throws -> [String: Data] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            var written: [String: Data] = [:]
            for (name, words) in exports {
                let said = try quarterctl(["export"] + words + ["--output", folder + "/" + name])
                #expect(said.contains("rows in"), "\(said)")
                written[name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            }
            return written
        }
        let alone = try export(to: scratch.path + "/alone")
        let daemon = try RunningDaemon(state: state)
        let asked = try export(to: scratch.path + "/asked")
        for (name, _) in exports { #expect(asked[name] == alone[name], "\(name)") }
        // A workbook holds the moment at which it was made, so it is read instead.
        let book = scratch.path + "/places.xlsx"
        _ = try quarterctl(["export", "places", "--output", book])
        for file in [book, scratch.path + "/asked/places.csv"] {
            let said = try quarterctl(["import", file, "--source", "office", "--dry-run", "--json"])
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(said.utf8)) as? [String: Any])
            let counts = try #require((report["counts"] as? [String: Any])?["place"] as? [String: Any])
            let given = try #require(counts["given"] as? Int)
            #expect(given > 500 && counts["unchanged"] as? Int == given, "\(file): \(counts)")
        }
        #expect(daemon.stop() == 0)
    }

    @Test func aFaultIsOneLineAndLeavesNoFile() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let template = try scratch.write("t.toml", "[[columns]]\ntitle = \"甲\"\nfield = \"nom\"\n")
        let output = scratch.path + "/out.csv"
        for (words, said) in [
            (["places", "--template", template], "t.toml:3: there is no field"),
            (["places", "--columns", "nom"], "there is no field"),
            (["places", "--format", "pdf"], "--format"), (["counts", "--format", "geojson"], "--format"),
            (["places", "--datum", "mars"], "--datum"), (["places", "--type", "nope"], "no service type"),
            (["places", "--format", "geojson", "--datum", "gcj02"], "WGS-84 only"),
        ] {
            let ending = try Tool.run(
                "quarterctl", ["--state", state, "export"] + words + ["--output", output])
            #expect(ending.status != 0 && ending.complaint.contains(said), "\(words): \(ending.complaint)")
            #expect(ending.complaint.split(separator: "\n").count == 1, "\(ending.complaint)")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
        let nowhere = try Tool.run(
            "quarterctl", ["--state", state, "export", "counts", "--output", scratch.path + "/no/such/x.csv"])
        #expect(nowhere.status != 0 && nowhere.complaint.contains("cannot be written"))
    }
}
