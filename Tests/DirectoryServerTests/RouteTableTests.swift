import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@testable import DirectoryServer

/// The table is what the server does, and the server does what the table says.
@Suite(.onThreads) struct RouteTableTests {
    private static let ids: [String: String] = [
        "places": "osm-n1", "origins": "kiosk-1", "communities": "320102004011", "types": "canteen",
        "activities": "reading", "notices": "water-1", "organisations": "org-1", "imports": "1",
        "provenance": "osm-n1", "confirmations": "osm-n1",
        // Version 5 of `place/osm-n1/service` and so on in the manual directory's identity.
        "services": "d0857f6b-bb8c-5e2f-a398-180b765649b3",
        "service_at_locations": "937c7962-2ea3-5c4d-a42f-1606ad309d48",
        "organizations": "89f32fec-4645-5114-93f0-f487f4b30938",
        "taxonomies": "b966001a-4e5f-5af8-a951-2b5d85f26fa7",
        "taxonomy_terms": "ce18192a-8ef7-5915-9627-b659f24df4ba",
    ]

    private static func target(_ route: Route) -> String {
        let kind = route.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        return route.path.replacing("{id}", with: ids[kind] ?? "x")
    }

    /// The words that a route must have, and one of each choice that it must have.
    private static func needed(_ route: Route) -> String {
        var words = route.words.filter(\.isRequired).map { "\($0.name)=\($0.example)" }
        // A feed never ends: its page does.
        if route.reply.isFollowed { words.append("follow=no") }
        // One of three ways to say what is to be verified.
        if route.operation == .verify { words.append("name=x") }
        if route.words.contains(where: { $0.name == "lat" }) { words.append("origin=kiosk-1") }
        return words.joined(separator: "&")
    }

    private static func body(_ route: Route) -> String? {
        switch route.operation {
        case .putPlace: #"{"type":"canteen","name":"甲"}"#
        case .putActivity: #"{"name":"读书会","times":"Sa 14:00-16:00"}"#
        case .putNotice:
            #"{"title":"停水","text":"8点起","to":{"id":"c"},"from":"2026-11-27","until":"2026-11-28"}"#
        case .putOrganisation: #"{"name":"互助会"}"#
        case .putOrigin: #"{"kind":"gate","name":"东门","location":{"lat":32,"lon":118}}"#
        case .putCommunity: #"{"name":"甲"}"#
        case .patchPlace: #"{"name":"乙"}"#
        case .decideDuplicate: #"{"decision":"apart","row":12}"#
        case .confirm: #"{"fact":"hours","verdict":"confirmed"}"#
        case .sendRegister: "file"
        default: nil
        }
    }

    @Test func everyOperationHasOneRouteAndEveryRouteAnswers() async throws {
        let operations = RouteTable.routes.map(\.operation)
        #expect(Set(operations).count == operations.count)
        #expect(Set(operations) == Set(Route.Operation.allCases))
        try await withServer(intake: ManualIntake()) { server in
            for route in RouteTable.routes {
                let client = try server.admin()
                let target = Self.target(route) + "?" + Self.needed(route)
                let answer = try client.ask(route.method.rawValue, target, body: Self.body(route))
                #expect(answer.status == route.reply.status, "\(target): \(answer.text.prefix(300))")
                #expect(answer.headers["content-type"]?.hasPrefix(route.reply.contentType) == true)
                guard !route.reply.members.isEmpty else { continue }
                let members = Set(try answer.object().keys)
                #expect(Set(route.reply.members).isSubset(of: members), "\(route.path) lacks members")
                let known = Set(route.reply.members + route.reply.optionalMembers)
                #expect(members.isSubset(of: known), "\(route.path): \(members.subtracting(known))")
                if route.isWrite {
                    let refused = try server.client().ask(
                        route.method.rawValue, target, body: Self.body(route))
                    #expect(refused.status == 403, "\(route.path) on the public socket")
                }
            }
        }
    }

    @Test func theServerAnswersNothingElse() async throws {
        let known = Dictionary(grouping: RouteTable.routes, by: \.path)
        try await withServer { server in
            for (path, routes) in known {
                let methods = Set(routes.map(\.method.rawValue))
                for method in ["GET", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE"]
                where !methods.contains(method) {
                    let target = path.replacing("{id}", with: "x")
                    let answer = try server.admin().ask(method, target)
                    #expect(answer.status == 405, "\(method) \(path)")
                    var allowed = methods
                    if methods.contains("GET") { allowed.insert("HEAD") }
                    #expect(answer.headers["allow"] == allowed.sorted().joined(separator: ", "))
                }
            }
            for path in [
                "/", "/v1", "/v2/reach", "/v1/map/1/2/3", "/v1/changes/1",
            ] {
                #expect(try server.client().get(path).status == 404)
            }
        }
    }

    @Test func handlersTakeTheWordsOfTheTable() async throws {
        try await withServer(intake: ManualIntake()) { server in
            for route in RouteTable.routes {
                let target = Self.target(route) + "?" + Self.needed(route) + "&zz-unknown=1"
                let answer = try server.admin().ask(route.method.rawValue, target, body: Self.body(route))
                #expect(answer.status == 400, "\(target)")
                let object = try answer.object()
                #expect(object["location"] as? String == "zz-unknown")
                let names = route.words.map(\.name).sorted()
                let expected =
                    names.isEmpty
                    ? "this route takes none" : "this route takes " + names.joined(separator: ", ")
                #expect(object["advice"] as? String == expected, "\(route.path)")
            }
        }
    }

    @Test func everyExampleIsTakenAndEveryBoundHolds() async throws {
        try await withServer(intake: ManualIntake()) { server in
            for route in RouteTable.routes where route.method == .get {
                for word in route.words where !["origin", "lat", "lon"].contains(word.name) {
                    var base =
                        Self.target(route) + "?"
                        + Self.needed(route).split(separator: "&").filter { !$0.hasPrefix(word.name + "=") }
                        .map { $0 + "&" }.joined()
                    if route.operation == .verify, word.name != "lang" {
                        base = Self.target(route) + "?"
                        if word.name == "source" { base += "key=17&" }
                        if word.name == "key" { base += "source=office&" }
                    }
                    // A tile has three numbers.
                    if route.operation == .map {
                        for other in route.words where other.name != word.name {
                            base += "\(other.name)=\(other.example)&"
                        }
                    }
                    let answer = try server.client().get(base + "\(word.name)=\(word.example)")
                    #expect(answer.status == 200, "\(base)\(word.name)=\(word.example)")
                    var beyond: [String] = []
                    switch word.kind {
                    case .number(let range, _):
                        beyond = ["\(range.upperBound + 1)", "\(range.lowerBound - 1)", "x"]
                    case .whole(let range):
                        beyond = ["\(range.upperBound + 1)", "\(range.lowerBound - 1)", "1.5"]
                    case .choice: beyond = ["no-such-word"]
                    case .id: beyond = ["%20", "a%2Fb", String(repeating: "x", count: 129)]
                    case .text: break
                    }
                    for value in beyond {
                        let refused = try server.client().get(base + "\(word.name)=\(value)")
                        #expect(refused.status == 400, "\(base)\(word.name)=\(value)")
                    }
                    if !word.isRepeatable {
                        let twice = try server.client().get(
                            base + "\(word.name)=\(word.example)&\(word.name)=\(word.example)")
                        #expect(twice.status == 400, "\(word.name) twice")
                    }
                }
            }
        }
    }

    @Test func openAPIHasEveryRoute() throws {
        let bytes = OpenAPI.json(version: "1")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        var found: Set<String> = []
        for (path, methods) in paths {
            for (method, value) in methods {
                let operation = try #require(value as? [String: Any])
                let id = try #require(operation["operationId"] as? String)
                let route = RouteTable.route(of: try #require(Route.Operation(rawValue: id)))
                #expect(route.path == path)
                #expect(route.method.rawValue.lowercased() == method)
                let parameters = try #require(operation["parameters"] as? [[String: Any]])
                let names = parameters.filter { $0["in"] as? String == "query" }.compactMap {
                    $0["name"] as? String
                }
                #expect(names == route.words.map(\.name))
                found.insert(id)
            }
        }
        #expect(found.count == RouteTable.routes.count)
    }

    @Test func theDocumentIsInStep() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/api.md")
        let text = try String(contentsOf: path, encoding: .utf8)
        #expect(text == OpenAPI.markdown(), "run `make docs`")
    }
}
