import DirectoryAPI
import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import DirectoryServer

@Suite(.onThreads) struct ReadTests {
    @Test func answersReachOnEverySocket() async throws {
        try await withServer { server in
            let target = "/v1/reach?lat=32.04&lon=118.78&limit=2"
            let tcp = try RawClient(port: server.port)
            for answer in [
                try server.client().get(target), try server.admin().get(target),
                try tcp.get(target, headers: ["Host: 127.0.0.1:\(server.port)"]),
            ] {
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
                #expect(answer.headers["date"]?.hasSuffix("GMT") == true)
                let object = try answer.object()
                #expect(object["revision"] as? Int == 7)
                #expect((object["places"] as? [Any])?.count == 2)
            }
        }
    }

    @Test func answersNothingNewWhereTheClientHasIt() async throws {
        try await withServer { server in
            let client = try server.client()
            for target in [
                "/v1/types", "/v1/reach?origin=kiosk-1", "/v1/places/osm-n1", "/v1/communities",
                "/v1/communities/320102004011", "/v1/origins/kiosk-1",
            ] {
                let first = try client.get(target)
                let tag = try #require(first.headers["etag"])
                let second = try client.get(
                    target, headers: ["Host: x", "If-None-Match: \"other\", W/\(tag)"])
                #expect(second.status == 304)
                #expect(second.headers["etag"] == tag)
                let third = try client.get(target, headers: ["Host: x", "If-None-Match: \"other\""])
                #expect(third.status == 200)
            }
            let place = try #require(try client.get("/v1/places/osm-n1").headers["etag"])
            server.service.state.withLock { $0.revision += 1 }
            // A place's answer holds more than the record: a change elsewhere makes the copy a stale one,
            // but it is no conflict for a write.
            #expect(
                try client.get("/v1/places/osm-n1", headers: ["Host: x", "If-None-Match: \(place)"]).status
                    == 200)
            let written = try server.admin().ask(
                "PATCH", "/v1/places/osm-n1", headers: ["Host: x", "If-Match: \(place)"], body: "{}")
            #expect(written.status == 200)
            let tag = "\"r7-1\""
            #expect(try client.get("/v1/types", headers: ["Host: x", "If-None-Match: \(tag)"]).status == 200)
        }
    }

    @Test func answersHeadWithoutABody() async throws {
        try await withServer { server in
            let client = try server.client()
            let whole = try client.get("/v1/types")
            let head = try client.ask("HEAD", "/v1/types")
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == whole.headers["content-length"])
            #expect(try client.get("/v1/health").status == 200)
        }
    }

    @Test(arguments: [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1/reach/", 404, "not_found"),
        ("GET", "/v1/find?q=x", 404, "not_found"),
        ("GET", "/v1/places/no", 404, "not_found"),
        ("GET", "/v1/places/a/b", 404, "not_found"),
        ("GET", "/v1/places/%zz", 400, "invalid_request"),
        ("GET", "/v1/places/%20", 400, "invalid_id"),
        ("POST", "/v1/reach", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/places/osm-n1", 405, "method_not_allowed"),
        ("GET", "/v1/reach", 400, "invalid_request"),
        ("GET", "/v1/reach?lat=32&lon=118&pace=3", 400, "invalid_request"),
        ("GET", "/v1/reach?lat=32&lon=118&minutes=0", 400, "invalid_request"),
        ("GET", "/v1/reach?lat=32&lon=118&minutes=1e9", 400, "invalid_request"),
        ("GET", "/v1/reach?lat=91&lon=118", 400, "invalid_request"),
        ("GET", "/v1/reach?lat=NaN&lon=118", 400, "invalid_request"),
        ("GET", "/v1/reach?lat=32&lon=118&cursor=x", 400, "invalid_cursor"),
        ("GET", "/v1/modules?lang=en", 400, "invalid_request"),
        ("PUT", "/v1/places/osm-n1", 403, "forbidden"),
        ("POST", "/v1/reload", 403, "forbidden"),
    ])
    func refusesEachInItsOwnWords(method: String, target: String, status: Int, code: String) async throws {
        try await withServer { server in
            let client = try server.client()
            let answer = try client.ask(method, target)
            #expect(answer.status == status)
            #expect(try answer.code() == code)
            if status == 405 {
                let allowed = method == "POST" ? "GET, HEAD" : "DELETE, GET, HEAD, PATCH, PUT"
                #expect(answer.headers["allow"] == allowed)
            }
            #expect(try client.get("/v1/health").status == 200, "the connection goes on")
        }
    }

    @Test func saysThatThereIsNoNetwork() async throws {
        let service = ManualDirectoryService()
        service.state.withLock { $0.hasNetwork = false }
        try await withServer(service) { server in
            let answer = try server.client().get("/v1/reach?lat=32&lon=118")
            #expect(answer.status == 503)
            #expect(try answer.code() == "no_network")
        }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        try await withServer { server in
            let client = try server.client()
            let targets = (0..<200).map { index in
                index % 3 == 0
                    ? "/v1/places/osm-n1" : index % 3 == 1 ? "/v1/isochrone?origin=kiosk-1" : "/v1/types"
            }
            client.send(targets.map { "GET \($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined())
            for target in targets {
                let answer = try client.answer()
                #expect(answer.status == 200)
                let key =
                    target.contains("places") ? "sources" : target.contains("iso") ? "features" : "types"
                #expect(try answer.object()[key] != nil)
            }
        }
    }

    @Test func countsRequestsByRoute() async throws {
        try await withServer { server in
            let client = try server.client()
            for _ in 0..<3 { _ = try client.get("/v1/types") }
            _ = try client.get("/v1/places/no")
            _ = try client.get("/v1/\(UUID().uuidString)")
            let text = try client.get("/metrics").text
            let types = "{method=\"GET\",route=\"/v1/types\",status=\"2xx\"}"
            #expect(text.contains("quarter_requests_total\(types) 3\n"))
            #expect(text.contains("quarter_request_seconds_count\(types) 3\n"))
            let places = "{method=\"GET\",route=\"/v1/places/{id}\",status=\"4xx\"}"
            #expect(text.contains("quarter_requests_total\(places) 1\n"))
            #expect(text.contains("route=\"other\",status=\"4xx\"} 1\n"))
            #expect(text.contains("quarter_connections{socket=\"public\"} 1\n"))
            #expect(text.contains("\nquarter_revision 7\n"))
            #expect(text.contains("\nquarter_places 3\n"))
        }
    }
}
