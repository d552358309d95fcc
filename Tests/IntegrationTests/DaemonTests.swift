import DemoTown
import Foundation
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The real daemon on real sockets.
@Suite(.serialized, .onThreads) struct DaemonTests {
    /// A town in the state folder's daemon; its communities first, so that places find theirs.
    private func takeTown(_ daemon: RunningDaemon, _ scratch: Scratch) throws {
        let files = try DemoTown.write(to: scratch.path + "/demo", seed: 15)
        let communities = try unwrapped(files.first { $0.hasSuffix(".geojson") }, "no communities")
        let town = try unwrapped(files.first { $0.hasSuffix(".osm.pbf") }, "no town")
        let first = try daemon.take(communities, format: "communities")
        #expect(first.status == 200, "\(first.text.prefix(500))")
        let second = try daemon.take(town, format: "osm")
        #expect(second.status == 200, "\(second.text.prefix(500))")
    }

    /// The id and the point of some origin.
    private func origin(_ client: RawClient) throws -> String {
        let object = try client.get("/v1/origins?kind=gate&limit=1").object()
        let origins = try #require(object["origins"] as? [[String: Any]])
        return try #require(origins.first?["id"] as? String)
    }

    @Test func servesWithoutANetworkAndSaysSo() throws {
        let scratch = try Scratch()
        let notify = try NotifySocket(in: scratch.path)
        let daemon = try RunningDaemon(
            state: scratch.path + "/s", arguments: ["--kiosk", "127.0.0.1:0"],
            environment: ["NOTIFY_SOCKET": notify.path])
        let ready = try notify.message(with: "READY=1")
        #expect(ready.contains { $0.hasPrefix("STATUS=0 communities") })
        let client = try daemon.client()
        #expect(try client.get("/v1/health").object()["state"] as? String == "degraded")
        let answer = try client.get("/v1/reach?lat=32.04&lon=118.78")
        #expect(answer.status == 503)
        #expect(try answer.code() == "no_network")
        for role in ["public", "admin", "kiosk"] { #expect(daemon.output.contains("(\(role))")) }
        #expect(daemon.stop() == 0)
        _ = try notify.message(with: "STOPPING=1")
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/s/public.sock"))
        #expect(daemon.output.contains("stopped"))
    }

    @Test func anAcknowledgedWriteShowsAtOnceAndSurvivesAKill() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        var daemon = try RunningDaemon(state: state)
        try takeTown(daemon, scratch)
        let client = try daemon.client()
        let start = try origin(client)
        let reach = "/v1/reach?origin=\(start)&limit=500"
        let before = try #require(try client.get(reach).object()["places"] as? [[String: Any]])
        #expect(before.count > 10)
        let spot = try #require(before.first?["location"] as? [String: Double])
        let (lat, lon) = (try #require(spot["lat"]), try #require(spot["lon"]))
        let admin = try daemon.admin()
        let type = try #require(before.first?["type"] as? String)
        let body = #"{"type":"\#(type)","name":"新开的店","location":{"lat":\#(lat),"lon":\#(lon)}}"#
        let written = try admin.ask("PUT", "/v1/places/new-1", body: body)
        #expect(written.status == 200, "\(written.text)")
        let after = try #require(try client.get(reach).object()["places"] as? [[String: Any]])
        #expect(after.count == before.count + 1)
        #expect(after.contains { $0["id"] as? String == "new-1" })
        daemon.stop(SIGKILL)
        daemon = try RunningDaemon(state: state)
        let again = try #require(try daemon.client().get(reach).object()["places"] as? [[String: Any]])
        #expect(again.map { $0["id"] as? String } == after.map { $0["id"] as? String })
        let id = try #require(again.last?["id"] as? String)
        let route = try daemon.client().get("/v1/route?origin=\(start)&to=\(id)")
        #expect(route.status == 200)
        let metres = try #require((try route.object()["properties"] as? [String: Any])?["metres"] as? Double)
        let walk = try #require(again.last?["walk"] as? [String: Any])
        #expect(walk["metres"] as? Double == metres)
        #expect(daemon.stop() == 0)
    }

    @Test func oneProcessHoldsTheStateFolder() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(state: scratch.path + "/s")
        let second = try RunningDaemon.end(["--state", scratch.path + "/s"])
        #expect(second.status == 75)
        #expect(second.output.contains("process \(daemon.id)"))
        #expect(try daemon.client().get("/v1/health").status == 200)
        let look = try RunningDaemon.end(["--state", scratch.path + "/s", "--check"])
        #expect(look.status == 0, "\(look.output)")
    }

    @Test func theCheckNamesTheLineOfAFaultyConfiguration() throws {
        let scratch = try Scratch()
        let config = try scratch.write(
            "quarter.toml", "[requests]\nhead_limit = \"16KiB\"\nhead_limits = 3\n")
        let end = try RunningDaemon.end(["--state", scratch.path + "/s", "--config", config, "--check"])
        #expect(end.status == 78, "\(end.output)")
        #expect(end.output.contains("quarter.toml:3"))
        #expect(end.output.contains("head_limits"))
    }

    @Test func aFaultyConfigurationAtTheFirstStartIsAnsweredUntilItIsMended() throws {
        let scratch = try Scratch()
        let notify = try NotifySocket(in: scratch.path)
        let config = try scratch.write("quarter.toml", "[requests]\nhead_limits = 3\n")
        let daemon = try RunningDaemon(
            state: scratch.path + "/s", config: config, environment: ["NOTIFY_SOCKET": notify.path],
            waits: false)
        let ready = try notify.message(with: "READY=1")
        #expect(ready.contains { $0.hasPrefix("STATUS=cannot serve: ") && $0.contains("quarter.toml:2") })
        let client = try daemon.client()
        for path in ["/v1/health", "/v1/reach?lat=32&lon=118", "/v1/types", "/v1/places/x"] {
            let answer = try client.get(path)
            #expect(answer.status == 503)
            #expect(try answer.code() == "configuration_invalid")
            #expect((try answer.object()["location"] as? String)?.hasSuffix("quarter.toml:2") == true)
        }
        #expect(try client.get("/metrics").text.contains("quarter_healthy 0"))
        #expect(try client.get("/v1/openapi.json").status == 200)
        #expect(try daemon.take(config, format: "osm").code() == "configuration_invalid")
        #expect(try daemon.admin().ask("POST", "/v1/reload").code() == "configuration_invalid")
        _ = try scratch.write("quarter.toml", "[requests]\nhead_limit = \"2KiB\"\n")
        #expect(try client.ask("POST", "/v1/reload").status == 403, "not for everybody")
        #expect(try daemon.admin().ask("POST", "/v1/reload").status == 200)
        #expect(try client.get("/v1/health").status == 200)
        let long = "/v1/types?x=" + String(repeating: "y", count: 3000)
        #expect(try daemon.client().get(long).status == 413, "new connections have the mended limit")
        #expect(daemon.stop() == 0)
    }

    @Test func theLastValidConfigurationServesWhereThePresentOneIsWrong() throws {
        let scratch = try Scratch()
        let types = scratch.path + "/types"
        try FileManager.default.copyItem(atPath: treeRoot + "/etc/quarter/types.d", toPath: types)
        let good = "[walking]\ndefault_profile = \"elder\"\n[modules]\ntype_directories = [\"types\"]\n"
        let config = try scratch.write("quarter.toml", good)
        let arguments = ["--state", scratch.path + "/s", "--config", config, "--modules", buildFolder]
        func start() throws -> RunningDaemon {
            try RunningDaemon(
                state: scratch.path + "/s", config: nil, arguments: Array(arguments.dropFirst(2)))
        }
        var daemon = try start()
        let types35 = try daemon.client().get("/v1/types").object()["types"] as? [Any]
        #expect(daemon.stop() == 0)
        // First the settings, then a declared type, then a folder that is gone.
        _ = try scratch.write("quarter.toml", good + "[walking2]\n")
        daemon = try start()
        #expect(try standardProfile(daemon) == "elder")
        let health = try daemon.client().get("/v1/health").object()
        #expect(health["state"] as? String == "degraded")
        let summary = try #require(health["summary"] as? String)
        #expect(
            summary.contains("the last valid configuration serves: ") && summary.contains("quarter.toml:5"))
        #expect(try daemon.admin().ask("POST", "/v1/reload").code() == "configuration_invalid")
        #expect(try standardProfile(daemon) == "elder")
        _ = try scratch.write("quarter.toml", good.replacing("elder", with: "frail"))
        #expect(
            try daemon.admin().ask("POST", "/v1/reload").object()["changes"] as? [String] == [
                "walking.default_profile is \"frail\""
            ])
        #expect(
            try daemon.client().get("/v1/health").object()["problems"] as? [String] == [
                try #require((try daemon.client().get("/v1/health").object()["problems"] as? [String])?.first)
            ])
        #expect(daemon.stop() == 0)
        _ = try scratch.write("types/pharmacy.toml", "id = \"pharmacy\"\nnonsense = 1\n")
        daemon = try start()
        #expect(try daemon.client().get("/v1/types").object()["types"] as? [Any] != nil)
        #expect((try daemon.client().get("/v1/types").object()["types"] as? [Any])?.count == types35?.count)
        #expect(try standardProfile(daemon) == "frail")
        #expect(daemon.output.contains("pharmacy.toml:"))
        #expect(daemon.stop() == 0)
        try FileManager.default.removeItem(atPath: types)
        daemon = try start()
        #expect((try daemon.client().get("/v1/types").object()["types"] as? [Any])?.count == types35?.count)
        #expect(daemon.stop() == 0)
    }

    @Test func waitsForAStateFolderThatAnotherProcessHolds() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let descriptor = open(state + "/lock", O_RDWR | O_CREAT, 0o640)
        #expect(flock(descriptor, LOCK_EX) == 0)
        let daemon = try RunningDaemon(state: state, waits: false)
        try daemon.wait(for: "cannot serve: ")
        #expect(try daemon.client().get("/v1/health").code() == "state_locked")
        close(descriptor)
        try daemon.wait(for: "ready: ")
        #expect(try daemon.client().get("/v1/health").status == 200)
        #expect(daemon.stop() == 0)
    }

    @Test func feedsTheWatchdogByWork() throws {
        let scratch = try Scratch()
        let notify = try NotifySocket(in: scratch.path)
        let daemon = try RunningDaemon(
            state: scratch.path + "/s",
            environment: ["NOTIFY_SOCKET": notify.path, "WATCHDOG_USEC": "4000000"])
        for _ in 0..<3 { #expect(try notify.message(with: "WATCHDOG=1") == ["WATCHDOG=1"]) }
        #expect(!daemon.output.contains("hang"))
        #expect(daemon.stop() == 0)
    }

    @Test func theStatusFollowsAWrite() throws {
        let scratch = try Scratch()
        let notify = try NotifySocket(in: scratch.path)
        let daemon = try RunningDaemon(
            state: scratch.path + "/s", environment: ["NOTIFY_SOCKET": notify.path])
        let body = #"{"type":"pharmacy","name":"药店"}"#
        let answer = try daemon.admin().ask("PUT", "/v1/places/p1", body: body)
        #expect(answer.status == 200, "\(answer.text)")
        let revision = try #require(try answer.object()["revision"] as? Int)
        let words = "1 place, "
        let status = try notify.message { $0.hasPrefix("STATUS=0 communities, " + words) }
        #expect(status.contains { $0.contains("revision \(revision)") })
        #expect(daemon.stop() == 0)
    }

    @Test func reloadsWholeOrNotAtAll() throws {
        let scratch = try Scratch()
        let config = try scratch.write("quarter.toml", "[walking]\ndefault_minutes = 15\n")
        let daemon = try RunningDaemon(state: scratch.path + "/s", config: config)
        _ = try scratch.write(
            "quarter.toml", "[walking]\ndefault_profile = \"elder\"\n[requests]\nhead_limit = \"2KiB\"\n")
        daemon.signal(SIGHUP)
        try daemon.wait(for: "reloaded: ")
        #expect(try standardProfile(daemon) == "elder")
        let long = "/v1/types?x=" + String(repeating: "y", count: 3000)
        #expect(try daemon.client().get(long).status == 413, "new connections have the new limit")
        _ = try scratch.write("quarter.toml", "[walking]\ndefault_profile = \"nobody\"\n")
        let refused = try daemon.admin().ask("POST", "/v1/reload")
        #expect(refused.status == 503)
        #expect(try refused.code() == "configuration_invalid")
        #expect((try refused.object()["location"] as? String)?.hasSuffix("quarter.toml:2") == true)
        #expect(try standardProfile(daemon) == "elder")
        daemon.signal(SIGHUP)
        try daemon.wait(for: "the reload changed nothing")
        _ = try scratch.write("quarter.toml", "[admin]\ngroup = \"other\"\n")
        let taken = try daemon.admin().ask("POST", "/v1/reload").object()
        #expect(taken["needs_restart"] as? [String] == ["admin.group"])
        #expect(try standardProfile(daemon) == "standard")
        #expect(daemon.stop(SIGINT) == 0)
    }

    private func standardProfile(_ daemon: RunningDaemon) throws -> String {
        let profiles = try #require(
            try daemon.client().get("/v1/profiles").object()["profiles"] as? [[String: Any]])
        return try #require(profiles.first { $0["default"] as? Bool == true }?["id"] as? String)
    }

    @Test func refusesEachBadMapInItsOwnWords() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(state: scratch.path + "/s")
        try takeTown(daemon, scratch)
        let town = try #require(
            FileManager.default.contents(atPath: scratch.path + "/demo/" + DemoTown.fileNames[0]))
        let before = try #require(try daemon.client().get("/v1/health").object()["counts"] as? [String: Int])
        var details: Set<String> = []
        for (name, data) in [
            ("empty", Data()), ("text", Data("no map\n".utf8)), ("truncated", town.prefix(town.count / 2)),
        ] {
            let path = scratch.path + "/" + name
            try data.write(to: URL(fileURLWithPath: path))
            let answer = try daemon.take(path, format: "osm")
            #expect((400..<500).contains(answer.status), "\(name): \(answer.text)")
            let detail = try #require(try answer.object()["detail"] as? String)
            #expect(!detail.contains("/spool/"), "the sender never saw the spool: \(detail)")
            details.insert(detail)
        }
        #expect(details.count == 3, "\(details)")
        #expect(try daemon.client().get("/v1/health").object()["counts"] as? [String: Int] == before)
        let spool = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/s/spool")
        #expect(spool.isEmpty)
    }

    @Test func namesADamagedNetworkAndGoesOn() throws {
        let scratch = try Scratch()
        let state = scratch.path + "/s"
        var daemon = try RunningDaemon(state: state)
        try takeTown(daemon, scratch)
        daemon.stop()
        let file = URL(fileURLWithPath: state + "/network.qnet")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        daemon = try RunningDaemon(state: state)
        let client = try daemon.client()
        let answer = try client.get("/v1/reach?lat=32.04&lon=118.78")
        #expect(answer.status == 503)
        #expect(try answer.code() == "network_damaged")
        #expect(try client.get("/v1/health").object()["state"] as? String == "degraded")
        #expect(try client.get("/v1/places?limit=5").status == 200)
    }

    @Test func twoThousandIdleConnectionsHinderNobody() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(state: scratch.path + "/s")
        try takeTown(daemon, scratch)
        raiseDescriptorLimit()
        var idle: [RawClient] = []
        for _ in 0..<2000 { idle.append(try daemon.client()) }
        let client = try daemon.client()
        let start = try origin(client)
        for _ in 0..<100 { #expect(try client.get("/v1/reach?origin=\(start)").status == 200) }
        #expect(try daemon.admin().get("/v1/health").status == 200)
        #expect(idle.count == 2000)
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-socket-activate")))
    func servesTheSocketsThatItIsHanded() throws {
        let scratch = try Scratch()
        let (open, closed) = (scratch.path + "/p", scratch.path + "/a")
        let daemon = try RunningDaemon(
            state: scratch.path + "/s", program: "/usr/bin/systemd-socket-activate",
            before: ["-l", open, "-l", closed, "--fdname=public:admin", buildFolder + "/quarterd"],
            waits: false)
        // The first connection starts the daemon, and waits in the socket until it answers.
        try daemon.wait(for: "Listening on \(closed)")
        let client = try RawClient(unix: open)
        #expect(try client.get("/v1/health").status == 200)
        #expect(try RawClient(unix: closed).ask("POST", "/v1/reload").status == 200)
        #expect(try RawClient(unix: open).ask("POST", "/v1/reload").status == 403)
        #expect(daemon.stop() == 0)
        #expect(FileManager.default.fileExists(atPath: open), "the service manager's sockets stay")
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/s/public.sock"))
    }

    @Test(.enabled(if: sharedFile("nanjing-xinjiekou.osm.pbf") != nil))
    func takesARealCity() throws {
        let scratch = try Scratch()
        let daemon = try RunningDaemon(state: scratch.path + "/s")
        let file = try #require(sharedFile("nanjing-xinjiekou.osm.pbf"))
        let first = try daemon.take(file, format: "osm")
        #expect(first.status == 200)
        let revision = try #require(try first.object()["revision"] as? Int)
        let second = try daemon.take(file, format: "osm")
        #expect(try second.object()["revision"] as? Int == revision, "the same file changes nothing")
        let answer = try daemon.client().get("/v1/isochrone?lat=32.043&lon=118.779&minutes=5,10")
        #expect(answer.status == 200)
        #expect((try answer.object()["features"] as? [Any])?.count == 4)
    }
}
