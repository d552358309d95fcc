import DirectoryAPI
import DirectoryModel
import Foundation
import Synchronization
import TestSockets
import Testing

@testable import DirectoryServer

/// Takes registers as what they are: it keeps their bytes' number and looks at the spool.
final class ManualIntake: RegisterIntake {
    struct Taken {
        var request: RegisterRequest
        var size: Int
        var first: UInt8?
    }

    let taken = Mutex<[Taken]>([])
    let formats = ["osm", "communities", "table"]

    func answer(_ name: String, from offset: Int, count: Int?) throws(DirectoryError) -> [UInt8] {
        guard name != "none" else { throw DirectoryError(.notFound, "there is no answer none") }
        return Array(name.utf8.dropFirst(offset).prefix(count ?? .max))
    }

    func take(_ request: RegisterRequest, progress: @Sendable (LocalizedText, Double) -> Void)
        throws(DirectoryError) -> RegisterReport
    {
        guard let data = FileManager.default.contents(atPath: request.path) else {
            throw DirectoryError(.unreadableFile, "cannot read \(request.path)")
        }
        taken.withLock { $0.append(Taken(request: request, size: data.count, first: data.first)) }
        guard !data.isEmpty else { throw DirectoryError(.invalidFile, "the file is empty") }
        return RegisterReport(
            format: request.format, source: request.source ?? SourceID(unchecked: request.format),
            batch: BatchReport(revision: Revision(8), counts: [:], findings: []))
    }
}

@Suite(.onThreads) struct WriteTests {
    private let place = #"{"type":"canteen","name":"爱心食堂","location":{"lat":32.04,"lon":118.78}}"#

    @Test func passesOnWhoWritesAndOnWhatCondition() async throws {
        try await withServer { server in
            let client = try server.admin()
            let answer = try client.ask(
                "PUT", "/v1/places/%E9%A3%9F%E5%A0%82",
                headers: ["Host: x", "Idempotency-Key: abc-1", "If-Match: \"t9\""],
                body: place)
            #expect(answer.status == 200)
            #expect(try answer.object()["id"] as? String == "食堂")
            #expect(answer.headers["etag"] == "\"t1\"")
            let first = try #require(server.service.state.withLock { $0.lastContext })
            #expect(first.actor.uid == geteuid())
            #expect(first.actor.name == UserAccounts.name(of: geteuid()))
            #expect(first.ifMatch == "t9")
            #expect(first.idempotencyKey == "abc-1")
            _ = try client.ask("PUT", "/v1/places/%E9%A3%9F%E5%A0%82", body: place)
            let same = try #require(server.service.state.withLock { $0.lastContext })
            #expect(same.requestDigest == first.requestDigest)
            _ = try client.ask("PUT", "/v1/places/%E9%A3%9F%E5%A0%82", body: place + " ")
            let other = try #require(server.service.state.withLock { $0.lastContext })
            #expect(other.requestDigest != first.requestDigest)
        }
    }

    /// A user who speaks for a party writes for it, and does nothing that is an administrator's.
    @Test func aPartyHasRightsOfItsOwn() async throws {
        let user = UserAccounts.name(of: geteuid())
        let party = Party(
            id: "committee", name: "居委会", kind: .residentsCommittee, users: [user],
            sources: [SourceID(unchecked: "committee-places")])
        try await withServer(intake: ManualIntake()) { server in
            let admin = try server.admin()
            server.service.state.withLock { $0.parties[user] = party }
            #expect(try admin.ask("PATCH", "/v1/places/osm-n1", body: #"{"name":"甲"}"#).status == 200)
            #expect(server.service.state.withLock { $0.lastContext?.party } == party)
            let confirmed = try admin.ask(
                "POST", "/v1/confirmations/osm-n1",
                body: #"{"fact":"hours","verdict":"contested","note":"周日不开"}"#)
            #expect(confirmed.status == 200)
            #expect(try confirmed.object()["text"] as? String == "11月29日楼栋长质疑营业时间")
            for (method, path, body) in [
                ("POST", "/v1/reload", nil), ("GET", "/v1/duplicates", nil),
                ("GET", "/v1/duplicate-places", nil),
                ("POST", "/v1/duplicates", #"{"decision":"apart","row":12}"#),
                ("DELETE", "/v1/imports/1", nil),
                ("PUT", "/v1/communities/c", #"{"name":"甲"}"#),
                ("PUT", "/v1/origins/o", #"{"kind":"gate","name":"东门","location":{"lat":32,"lon":118}}"#),
                ("DELETE", "/v1/quarantine/x", nil), ("POST", "/v1/registers?format=table&source=other", "a"),
                ("POST", "/v1/registers?format=table", "a"),
                ("POST", "/v1/registers?format=osm&source=committee-places", "a"),
            ] as [(String, String, String?)] {
                // A refused register ends its connection.
                let answer = try server.admin().ask(method, path, body: body)
                #expect(answer.status == 403, "\(method) \(path)")
                #expect(try answer.code() == "forbidden")
            }
            let own = try admin.ask("POST", "/v1/registers?format=table&source=committee-places", body: "a")
            #expect(own.status == 200)
        }
    }

    /// A long answer file is fetched piece by piece.
    @Test func anAnswerComesInPieces() async throws {
        try await withServer(intake: ManualIntake()) { server in
            let admin = try server.admin()
            #expect(try admin.get("/v1/answers/abcdef.csv").text == "abcdef.csv")
            #expect(try admin.get("/v1/answers/abcdef.csv?length=4").text == "abcd")
            #expect(try admin.get("/v1/answers/abcdef.csv?offset=8&length=4").text == "sv")
            #expect(try admin.get("/v1/answers/abcdef.csv?offset=10&length=4").text == "")
            #expect(try admin.get("/v1/answers/abcdef.csv?offset=99&length=4").text == "")
            for wrong in ["offset=-1", "length=0", "length=16777217", "offset=x"] {
                #expect(try admin.get("/v1/answers/abcdef.csv?\(wrong)").status == 400, "\(wrong)")
            }
        }
    }

    /// A decision that is none, and ways to verify that are none, are refused with a word.
    @Test func whatIsNoDecisionIsRefused() async throws {
        try await withServer { server in
            let admin = try server.admin()
            for body in [
                "{}", #"{"decision":"join"}"#, #"{"decision":"join","row":0}"#,
                #"{"decision":"merge","row":1}"#,
                #"{"decision":"part","place":"p"}"#, #"{"decision":"apart","place":"p"}"#,
                #"{"decision":"join","row":1,"other":"p"}"#, #"{"decision":"join","row":1,"colour":1}"#, "[]",
                "x",
            ] {
                let answer = try admin.ask("POST", "/v1/duplicates", body: body)
                #expect([400, 422].contains(answer.status), "\(body) \(answer.status)")
            }
            for query in [
                "", "?credit_code=1", "?name=a&source=b", "?source=a", "?key=a",
                "?credit_code=91110000600037341L&name=a",
            ] {
                #expect(try server.client().get("/v1/verify" + query).status == 400, "\(query)")
            }
            for body in [
                "{}", #"{"fact":"hours"}"#, #"{"fact":"colour","verdict":"confirmed"}"#,
                #"{"fact":"hours","verdict":"yes"}"#,
                #"{"fact":"hours","verdict":"confirmed","note":"找王师傅13812345678"}"#,
            ] {
                let answer = try admin.ask("POST", "/v1/confirmations/osm-n1", body: body)
                #expect([400, 422].contains(answer.status), "\(body) \(answer.status)")
            }
        }
    }

    /// Whatever comes as a notice ends in an answer that names what is wrong, and in none that is stored.
    @Test func noticesThatAreNoneAreRefused() async throws {
        try await withServer { server in
            let admin = try server.admin()
            func status(_ body: String) throws -> Int {
                try admin.ask("PUT", "/v1/notices/n", body: body).status
            }
            let sound = #""title":"停水 🚰","to":{"id":"c"},"from":"2026-11-27","until":null"#
            #expect(try status(#"{"text":"8点起\n请储水",\#(sound)}"#) == 200)
            let script = #"{"text":"<script>alert(1)</script>\u202e",\#(sound)}"#
            #expect(try status(script) == 200, "it is a text like any other")
            server.service.state.withLock { $0.lastContext = nil }
            for body in [
                "", "{", #"{"text":"x",\#(sound)"#, #"{"text":"x",\#(sound)}}"#,
                #"{"text":"\ud800",\#(sound)}"#, "{\"text\":\"a\nb\",\(sound)}",
                String(repeating: #"{"to":"#, count: 50_000), String(repeating: "[", count: 100_000),
            ] {
                #expect(try status(body) == 400, "\(body.prefix(60))")
            }
            for body in [
                "[]", "null", "5", #"{\#(sound)}"#, #"{"text":"x"}"#, #"{"text":"\u0000",\#(sound)}"#,
                #"{"text":"请致电13812345678",\#(sound)}"#, #"{"text":"x","to":[],\#(sound)}"#,
                #"{"text":"\#(String(repeating: "知", count: 2_001))",\#(sound)}"#,
            ] {
                let answer = try admin.ask("PUT", "/v1/notices/n", body: body)
                #expect(answer.status == 422, "\(body.prefix(60)) \(answer.status)")
                #expect(try !answer.text.contains("13812345678") && answer.code() == "invalid_record")
            }
            #expect(try admin.ask("PUT", "/v1/notices/a%20b", body: #"{"text":"x",\#(sound)}"#).status == 400)
            #expect(server.service.state.withLock { $0.lastContext } == nil)
            // Over the limit of a body the connection ends with the answer.
            let huge = #"{"text":"\#(String(repeating: "知", count: 400_000))",\#(sound)}"#
            #expect(try server.admin().ask("PUT", "/v1/notices/n", body: huge).status == 413)
        }
    }

    @Test func changesShowInTheNextAnswer() async throws {
        try await withServer { server in
            let (admin, reader) = (try server.admin(), try server.client())
            let before = try reader.get("/v1/places/osm-n1")
            let tag = try #require(before.headers["etag"])
            let stale = try admin.ask(
                "PATCH", "/v1/places/osm-n1", headers: ["Host: x", "If-Match: \"no\""], body: #"{"name":"甲"}"#
            )
            #expect(stale.status == 412)
            #expect(try stale.code() == "changed_meanwhile")
            // With the record as it is, and its tag: nobody has to ask again.
            let current = try #require(try stale.object()["current"] as? [String: Any])
            #expect(current["name"] as? String == (try before.object()["name"] as? String))
            #expect(stale.headers["etag"] == tag)
            let patched = try admin.ask(
                "PATCH", "/v1/places/osm-n1",
                headers: ["Host: x", "If-Match: \(tag)", "Content-Type: application/merge-patch+json"],
                body: #"{"name":"甲"}"#)
            #expect(patched.status == 200)
            let after = try reader.get("/v1/places/osm-n1", headers: ["Host: x", "If-None-Match: \(tag)"])
            #expect(after.status == 200)
            #expect(try after.object()["name"] as? String == "甲")
            #expect(try admin.ask("DELETE", "/v1/places/osm-n1").status == 200)
            #expect(try reader.get("/v1/places/osm-n1").status == 404)
            #expect(try admin.ask("DELETE", "/v1/places/osm-n1").status == 404)
        }
    }

    @Test(arguments: [
        ("", [], 400, "invalid_request"), ("{", [], 400, "invalid_request"),
        ("[]", [], 422, "invalid_record"),
        (#"{"type":"canteen","name":"x","colour":1}"#, [], 422, "invalid_record"),
        ("{}", ["Content-Type: text/csv"], 415, "unsupported_media_type"),
        ("{}", ["If-Match: t1"], 400, "invalid_request"),
        ("{}", ["If-Match: \"a\", \"b\""], 400, "invalid_request"),
        ("{}", ["Idempotency-Key: " + String(repeating: "k", count: 129)], 400, "invalid_request"),
        ("{}", ["Idempotency-Key: a b"], 400, "invalid_request"),
    ])
    func refusesAFaultyWrite(body: String, headers: [String], status: Int, code: String) async throws {
        try await withServer { server in
            let client = try server.admin()
            let answer = try client.ask("PUT", "/v1/places/a", headers: ["Host: x"] + headers, body: body)
            #expect(answer.status == status)
            #expect(try answer.code() == code)
            #expect(server.service.state.withLock { $0.lastContext } == nil)
            #expect(try client.get("/v1/health").status == 200)
        }
    }

    @Test func saysWhoAsksAndWhatIsNeeded() throws {
        let access = WriteAccess(group: "quarter-admin-that-is-not", ownUser: 4_000_000)
        let stranger = Peer(process: 1, user: 3_999_999, group: 3_999_999)
        let error = #expect(throws: DirectoryError.self) { try access.actor(stranger) }
        #expect(error?.code == .forbidden)
        #expect(error?.description.contains("uid 3999999") == true)
        #expect(error?.description.contains("quarter-admin-that-is-not") == true)
        #expect(throws: DirectoryError.self) { try access.actor(nil) }
        #expect(try access.actor(Peer(process: 1, user: 0, group: 0)).name == "root")
        #expect(try access.actor(Peer(process: 1, user: 4_000_000, group: 1)).uid == 4_000_000)
        // A member by the record of groups: every machine's root is in the group root.
        #expect(UserAccounts.isMember(0, of: "root"))
        #expect(!UserAccounts.isMember(3_999_999, of: "root"))
    }

    @Test func takesARegisterThroughTheSpool() async throws {
        let intake = ManualIntake()
        try await withServer(intake: intake) { server in
            let client = try server.admin()
            let size = 30 << 20
            client.send(
                "POST /v1/registers?format=osm&source=city HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                    + "Content-Disposition: attachment; filename*=UTF-8''%E5%8D%97%E4%BA%AC.osm.pbf\r\n"
                    + "Content-Length: \(size)\r\n\r\n")
            #expect(try client.answer().status == 100)
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<(size / piece.count) { client.send(piece) }
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(try answer.object()["source"] as? String == "city")
            let taken = try #require(intake.taken.withLock { $0.first })
            #expect(taken.size == size)
            #expect(taken.first == 7)
            #expect(taken.request.fileName == "南京.osm.pbf")
            #expect(taken.request.actor.uid == geteuid())
            #expect(try client.get("/v1/health").status == 200, "the connection goes on")
            try expectEmptySpool(server)
        }
    }

    @Test func removesTheSpooledFileHoweverItEnds() async throws {
        let intake = ManualIntake()
        var limits = ServerLimits()
        limits.requestTime = 1
        limits.registerBytes = 1 << 20
        try await withServer(intake: intake, limits: limits) { server in
            // An empty file: the intake refuses it.
            let empty = try server.admin().ask("POST", "/v1/registers?format=osm", body: "")
            #expect(try empty.code() == "invalid_file")
            // Too long, by its own word and by its bytes.
            let long = try server.admin()
            long.send("POST /v1/registers?format=osm HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
            #expect(try long.answer().code() == "too_large")
            let chunked = try server.admin()
            chunked.send(
                "POST /v1/registers?format=osm HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<17 { chunked.send("10000\r\n" + String(repeating: "x", count: 0x10000) + "\r\n") }
            #expect(try chunked.answer().code() == "too_large")
            // One that stalls, and one that goes away.
            let stalled = try server.admin()
            stalled.send(
                "POST /v1/registers?format=osm HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
            let gone = try server.admin()
            gone.send("POST /v1/registers?format=osm HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
            pause(0.3)
            gone.close()
            #expect(try stalled.answer().code() == "request_timeout")
            // Words that are not understood are refused before the file comes.
            let format = try server.admin()
            format.send("POST /v1/registers?format=dwg HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            #expect(try format.answer().code() == "unsupported_media_type")
            let none = try server.admin()
            none.send("POST /v1/registers HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            #expect(try none.answer().code() == "invalid_request")
            #expect(
                try server.client().ask("POST", "/v1/registers?format=osm", body: "x").code() == "forbidden")
            #expect(intake.taken.withLock { $0.count } == 1)
            try expectEmptySpool(server)
        }
    }

    private func expectEmptySpool(_ server: RunningServer) throws {
        var files: [String] = ["?"]
        for _ in 0..<20 where !files.isEmpty {
            pause(0.05)
            files = try FileManager.default.contentsOfDirectory(atPath: server.spool)
        }
        #expect(files.isEmpty)
    }

    @Test func aReloadThatFailsSaysWhere() async throws {
        let service = ManualDirectoryService()
        service.state.withLock {
            $0.reloadFault = DirectoryError(.configurationInvalid, "unknown key", location: "quarter.toml:3")
        }
        try await withServer(service) { server in
            let answer = try server.admin().ask("POST", "/v1/reload")
            #expect(answer.status == 503)
            #expect(try answer.code() == "configuration_invalid")
            #expect(try answer.object()["location"] as? String == "quarter.toml:3")
        }
    }

    @Test func aModuleIsReleasedThroughTheAdminSocketAlone() async throws {
        try await withServer(ManualDirectoryService()) { server in
            let released = try server.admin().ask("DELETE", "/v1/quarantine/trapping")
            #expect(released.status == 200)
            #expect(try released.object()["changes"] as? [String] == ["type trapping is new"])
            #expect(try server.admin().ask("DELETE", "/v1/quarantine/nobody").code() == "not_found")
            #expect(try server.client().ask("DELETE", "/v1/quarantine/trapping").code() == "forbidden")
        }
    }
}
