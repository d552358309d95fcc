import Foundation
import GRDB
import Synchronization
import TestSockets
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What docs/bridges.md shows works as it stands there.
@Suite("Examples of docs/bridges.md", .serialized, OnOwnThreads()) struct BridgeDocumentTests {
    /// The blocks of a language, in order, without their indentation.
    private func blocks(_ language: String) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/bridges.md"), encoding: .utf8)
        var blocks: [String] = []
        var block: [Substring]?
        var indent = 0
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            let text = line.drop { $0 == " " }
            if let begun = block {
                if text == "```" {
                    blocks.append(begun.joined(separator: "\n") + "\n")
                    block = nil
                } else {
                    block = begun + [line.dropFirst(min(indent, line.count - text.count))]
                }
            } else if text == "```" + language {
                block = []
                indent = line.count - text.count
            }
        }
        return blocks
    }

    @Test func theListOfThePageBecomesARegister() throws {
        let scene = try RemoteScene()
        let answer = try #require(try blocks("json").first).replacing("\"c2\"", with: "null").replacing(
            "212", with: "1")
        let server = try ScriptedWebServer { _ in .reply(200, [:], answer) }
        let settings = try #require(try blocks("toml").first { $0.contains("list =") })
        let url = "https://api.example.gov.cn/canteens"
        #expect(settings.contains(url))
        try scene.write("config/pull/canteens.toml", settings.replacing(url, with: server.url + "/canteens"))
        try scene.write("secret", "abc")
        let end = try scene.run("pull", "canteens", environment: ["CREDENTIALS_DIRECTORY": scene.path])
        #expect(end.status == 0 && end.complaint.contains("1 created"), "\(end.complaint)")
        #expect(server.calls.first?.target == "/canteens?size=100")
        #expect(server.calls.first?.headers["authorization"] == "Bearer abc")
    }

    @Test func theSettingsOfThePageTellAReceiver() throws {
        let scene = try RemoteScene()
        let server = try ScriptedWebServer { _ in .reply(200) }
        let settings = try #require(try blocks("toml").first { $0.contains("receipt =") })
        let url = "https://hooks.example.gov.cn/quarter"
        #expect(settings.contains(url))
        try scene.write("config/push/office.toml", settings.replacing(url, with: server.url))
        try scene.write("secret", "abc")
        try scene.write("signing", "def")
        let process = try scene.bridge(
            ["push", "office"], log: "push.log", environment: ["CREDENTIALS_DIRECTORY": scene.path])
        try process.run()
        // The community is not there yet, and what is not known is asked for again.
        func log() throws -> String { try String(contentsOfFile: scene.path + "/push.log", encoding: .utf8) }
        #expect(try RemoteScene.wait { try log().contains("there is no community “cuixi”") })
        let made = try scene.admin().ask(
            "PUT", "/v1/communities/cuixi", headers: ["Host: x", "Content-Type: application/json"],
            body: #"{"name":"翠溪社区"}"#)
        #expect(made.status < 300, "\(made.text)")
        let isTold = try RemoteScene.wait { server.calls.count == 2 }
        let said = try log()
        #expect(isTold, "\(said)")
        #expect(server.calls.allSatisfy { $0.headers["webhook-signature"]?.hasPrefix("v1,") == true })
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// The receiver of the page, killed now and then, has in the end what the directory has.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "there is no Python"))
    func theReceiverOfThePageKeepsACopy() throws {
        let scene = try RemoteScene()
        // A port that nobody has: that of a server that is gone.
        let port = try ScriptedWebServer { _ in .drop }.port
        let program = try #require(try blocks("python").first)
        try scene.write("receiver.py", program.replacing("8080", with: "\(port)"))
        let signing = try scene.write("signing", "a secret of two")
        try scene.write(
            "config/push/copy.toml",
            """
            url = "http://127.0.0.1:\(port)/"
            backoff = "5ms"
            longest_wait = "50ms"
            receipt = "receipt"
            [signature]
            file = "\(signing)"
            """)
        func receiver() throws -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
            process.arguments = ["receiver.py"]
            process.currentDirectoryURL = URL(fileURLWithPath: scene.path)
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }
        for number in 0..<20 { try scene.put("shop-\(number)", name: "书店\(number)") }
        let bridge = try scene.bridge(["push", "copy"], log: "push.log")
        try bridge.run()
        for round in 0..<6 {
            let process = try receiver()
            for number in 0..<10 { try scene.put("shop-\(number)", name: "第\(round)次\(number)") }
            _ = try scene.admin().ask("DELETE", "/v1/places/shop-\(10 + round)")
            pause(0.15)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let process = try receiver()
        let isDone = try RemoteScene.wait(40) {
            let status = try scene.run("outbox", "status", "copy", "--json").output
            return status.contains("\"waiting\":0,") && status.contains("\"lag_revisions\":0,")
        }
        let status = try scene.run("outbox", "status", "copy").output
        #expect(isDone, "\(status)")
        kill(bridge.processIdentifier, SIGTERM)
        bridge.waitUntilExit()
        // Foundation starts programs with most signals blocked, and Python leaves them so.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let page = try scene.client().get("/v1/places?limit=500").object()
        var expected: [String: String] = [:]
        for place in page["places"] as? [[String: Any]] ?? [] {
            expected[place["id"] as? String ?? ""] = place["name"] as? String
        }
        #expect(expected.count == 14)
        var copied: [String: String] = [:]
        let copy = try DatabaseQueue(path: scene.path + "/copy.sqlite")
        for row in try copy.read({ try Row.fetchAll($0, sql: "SELECT id, record FROM records") }) {
            let record = try JSONSerialization.jsonObject(with: Data((row["record"] as String).utf8))
            copied[row["id"]] = (record as? [String: Any])?["name"] as? String
        }
        #expect(copied == expected)
    }
}
