import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@testable import DirectoryServer

/// `GET /v1/map` as a browser asks it.
@Suite(.onThreads) struct MapRouteTests {
    @Test func aTileHasThreeNumbersOrNone() async throws {
        try await withServer { server in
            let client = try server.client()
            #expect(try client.get("/v1/map").object()["zooms"] != nil)
            #expect(try client.get("/v1/map?z=16&x=54372&y=26604").object()["layers"] != nil)
            // The last tile of a zoom, and the one behind it.
            #expect(try client.get("/v1/map?z=13&x=8191&y=8191").status == 200)
            for (query, location) in [
                ("z=13&x=8192&y=0", "x"), ("z=13&x=0&y=8192", "y"), ("z=12&x=0&y=0", "z"),
                ("z=19&x=0&y=0", "z"), ("z=16", "x"), ("z=16&x=1", "y"), ("x=1&y=1", "z"),
                ("z=16&x=-1&y=1", "x"), ("z=16&x=1.5&y=1", "x"), ("z=16&x=1&y=", "y"),
                ("z=16&x=99999999999999999999&y=1", "x"), ("z=16&x=1&y=1&lang=zh", "lang"),
            ] {
                let answer = try client.get("/v1/map?" + query)
                #expect(answer.status == 400, "\(query)")
                let object = try answer.object()
                #expect(object["code"] as? String == "invalid_request", "\(query)")
                #expect(object["location"] as? String == location, "\(query)")
            }
        }
    }

    @Test func aBrowserKeepsATileAsLongAsTheMapIsTheSame() async throws {
        let service = ManualDirectoryService()
        try await withServer(service) { server in
            let client = try server.client()
            let target = "/v1/map?z=16&x=54372&y=26604"
            let first = try client.get(target)
            let tag = try #require(first.headers["etag"])
            // Weak: the revision beside the same tile may be another.
            #expect(tag == "W/\"map1-0123\"")
            #expect(first.headers["cache-control"] == "no-cache")
            for word in [tag, "\"other\", \(tag)", "*"] {
                let again = try client.ask(
                    "GET", target, headers: ["Host: localhost", "If-None-Match: \(word)"])
                #expect(again.status == 304)
                #expect(again.text.isEmpty)
            }
            // A change of a place is none of the map.
            service.state.withLock { $0.revision += 1 }
            #expect(
                try client.ask("GET", target, headers: ["Host: localhost", "If-None-Match: \(tag)"]).status
                    == 304)
            service.state.withLock { $0.mapTag = "map1-4567" }
            let other = try client.ask("GET", target, headers: ["Host: localhost", "If-None-Match: \(tag)"])
            #expect(other.status == 200)
            #expect(other.headers["etag"] == "W/\"map1-4567\"")
            service.state.withLock { $0.mapTag = nil }
            let none = try client.ask("GET", target, headers: ["Host: localhost", "If-None-Match: \(tag)"])
            #expect(none.status == 503)
            #expect(try none.object()["code"] as? String == "no_map")
        }
    }
}
