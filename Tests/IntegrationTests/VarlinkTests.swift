import Foundation
import TestSockets
import Testing

/// Varlink of the real daemon on the demo town, asked by the client of the Varlink project.
@Suite(.serialized, .onThreads) struct VarlinkTests {
    /// A Python that has the client, if there is one: `QUARTER_ORACLE_PYTHON`, else `python3`.
    private static let python = ProcessInfo.processInfo.environment["QUARTER_ORACLE_PYTHON"] ?? "python3"
    private static let hasClient = (try? run([python, "-c", "import varlink"]).status) == 0

    private static func run(_ words: [String]) throws -> RunningDaemon.End {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after=5", "300"] + words
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) {
            $1
        }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return RunningDaemon.End(
            status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    private static func control(_ words: String...) throws {
        let end = try run([buildFolder + "/quarterctl"] + words)
        guard end.status == 0 else { throw RunningDaemon.Fault(description: "\(words): \(end.output)") }
    }

    /// The demo town in a state folder.
    private static func town(in scratch: Scratch) throws -> String {
        let (demo, state) = (scratch.path + "/demo", scratch.path + "/s")
        try control("demo", demo)
        for (format, file) in [
            ("osm", "demo-town.osm.pbf"), ("communities", "demo-communities.geojson"),
            ("records", "demo-records.json"),
        ] { try control("--state", state, "import", format, demo + "/" + file, "--json") }
        return state
    }

    @Test(.enabled(if: hasClient, "no Python with varlink: see Scripts/oracle-python.sh"))
    func theClientOfOthersIsAnswered() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(state: try Self.town(in: scratch))
        let end = try Self.run([
            Self.python, treeRoot + "/Tests/IntegrationTests/varlink_client.py",
            daemon.state + "/org.quarter.Directory", daemon.state + "/public.sock",
            daemon.state + "/admin.sock",
        ])
        #expect(end.status == 0 && end.output.contains("as over HTTP"), "\(end.output)")
        #expect(daemon.stop() == 0)
    }

    @Test func aWatchGoesOnAfterARestart() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        func watch(_ since: String?) throws -> RawClient {
            let client = try RawClient(unix: state + "/org.quarter.Directory")
            let parameters = since.map { #"{"since":"\#($0)"}"# } ?? "{}"
            client.send(
                #"{"method":"org.quarter.Directory.Watch","parameters":\#(parameters),"more":true}"# + "\0")
            return client
        }
        func reply(_ client: RawClient) throws -> [String: Any] {
            let message = try unwrapped(try client.message(), "closed before a reply")
            return try unwrapped(
                try JSONSerialization.jsonObject(with: Data(message)) as? [String: Any], "no object")
        }
        func next(_ reply: [String: Any]) throws -> String {
            try unwrapped((reply["parameters"] as? [String: Any])?["next"] as? String, "no next in \(reply)")
        }
        var daemon = try RunningDaemon(state: state)
        let client = try watch(nil)
        _ = try reply(client)
        #expect(
            try daemon.admin().ask("PUT", "/v1/places/p1", body: #"{"type":"pharmacy","name":"一"}"#).status
                == 200)
        let seen = try next(try reply(client))
        #expect(daemon.stop() == 0)
        #expect(try reply(client)["error"] as? String == "org.quarter.Directory.Unavailable")
        #expect(try client.isAtEnd())
        #expect(!FileManager.default.fileExists(atPath: state + "/org.quarter.Directory"))
        daemon = try RunningDaemon(state: state)
        #expect(
            try daemon.admin().ask("PUT", "/v1/places/p2", body: #"{"type":"pharmacy","name":"二"}"#).status
                == 200)
        let again = try watch(seen)
        let first = try reply(again)
        let changes = (first["parameters"] as? [String: Any])?["changes"] as? [[String: Any]]
        #expect(changes?.map { $0["id"] as? String } == ["p2"])
        // The daemon is killed: whoever watches sees the end, and the next daemon takes the socket's file over.
        daemon.stop(SIGKILL)
        #expect(try again.isAtEnd())
        daemon = try RunningDaemon(state: state)
        #expect(try next(try reply(try watch(nil))) == (try next(first)))
        #expect(daemon.stop() == 0)
    }
}
