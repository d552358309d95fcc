import DirectoryAPI
import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import DirectoryServer

extension RawClient {
    /// A reply as it came.
    struct Reply {
        var text: String
        var value: JSONValue

        var error: String? {
            guard case .string(let name)? = value["error"] else { return nil }
            return name
        }
        var parameters: JSONValue? { value["parameters"] }
        var code: String? {
            guard case .string(let code)? = parameters?["code"] else { return nil }
            return code
        }
        var message: String {
            guard case .string(let message)? = parameters?["message"] else { return "" }
            return message
        }
        var continues: Bool { value["continues"] == .bool(true) }
    }

    /// Sends a text with a zero byte after it.
    @discardableResult
    func call(_ text: String) -> Bool { send(Array(text.utf8) + [0]) }

    /// The next reply; it must be there.
    func reply() throws -> Reply {
        guard let bytes = try message() else { throw Fault(description: "closed before a reply") }
        return Reply(text: String(decoding: bytes, as: UTF8.self), value: try JSONValue(json: bytes))
    }

    /// Sends a text, and takes the reply.
    func reply(to text: String) throws -> Reply {
        call(text)
        return try reply()
    }

    /// Calls a method of the directory, and takes the reply.
    func reply(_ method: String, _ parameters: String = "{}", _ more: String = "") throws -> Reply {
        try reply(to: #"{"method":"org.quarter.Directory.\#(method)","parameters":\#(parameters)\#(more)}"#)
    }
}

/// Varlink over a real socket: what is asked and how it is answered.
@Suite(.onThreads) struct VarlinkTests {
    private let info = #"{"method":"org.varlink.service.GetInfo"}"#
    private let start = #""origin":"kiosk-1""#

    @Test(arguments: [
        ("Reach", #"{"origin":"kiosk-1","limit":10}"#, "/v1/reach?origin=kiosk-1&limit=10"),
        ("Reach", #"{"lat":32.05,"lon":118.75,"minutes":8}"#, "/v1/reach?lat=32.05&lon=118.75&minutes=8"),
        (
            "Reach", #"{"origin":"kiosk-1","type":["canteen"],"where":["seats:ge:20"],"lang":"en"}"#,
            "/v1/reach?origin=kiosk-1&type=canteen&where=seats:ge:20&lang=en"
        ),
        (
            "Reach", #"{"origin":"kiosk-1","q":"\u98df堂","class":null,"type":[]}"#,
            "/v1/reach?origin=kiosk-1&q=%E9%A3%9F%E5%A0%82"
        ),
        ("Search", #"{"q":"食堂","limit":3}"#, "/v1/search?q=%E9%A3%9F%E5%A0%82&limit=3"),
        (
            "Search", #"{"kind":["place"],"q":"a \"b\" \\ c\n😀"}"#,
            "/v1/search?q=a+%22b%22+%5C+c%0A%F0%9F%98%80&kind=place"
        ),
        ("GetPlace", #"{"id":"osm-n1"}"#, "/v1/places/osm-n1"),
        ("GetPlace", #"{"lang":"en","id":"osm-n2"}"#, "/v1/places/osm-n2?lang=en"),
    ])
    func answersLikeTheRoute(method: String, parameters: String, target: String) async throws {
        try await withServer { server in
            let answer = try server.client().get(target)
            #expect(answer.status == 200)
            let reply = try server.caller().reply(method, parameters)
            #expect(reply.text == #"{"parameters":\#(answer.text)}"#)
        }
    }

    @Test func tellsWhoItIs() async throws {
        try await withServer { server in
            let client = try server.caller()
            let reply = try client.reply(to: info)
            #expect(reply.parameters?["product"] == .string("quarterd"))
            #expect(reply.parameters?["version"] == .string("0.0.0-test"))
            #expect(
                reply.parameters?["interfaces"]
                    == .array([.string("org.varlink.service"), .string("org.quarter.Directory")]))
            let none = try client.reply(
                to:
                    #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"a.b"}}"#
            )
            #expect(none.error == "org.varlink.service.InterfaceNotFound")
            #expect(none.parameters == .object(["interface": .string("a.b")]))
        }
    }

    @Test func aThousandCallsInOnePieceAreAnsweredInOrder() async throws {
        try await withServer { server in
            let client = try server.caller()
            var text: [UInt8] = []
            for number in 0..<1_000 {
                let call =
                    switch number % 4 {
                    // The third is a worker's, and those behind it wait for it.
                    case 2:
                        #"{"method":"org.quarter.Directory.GetPlace","parameters":{"id":"no-\#(number)"}}"#
                    case 3: #"{"method":"org.quarter.Directory.Nothing\#(number)"}"#
                    default:
                        #"{"method":"org.quarter.Directory.Reach","parameters":{\#(start),"minutes":\#(1 + number % 50)}}"#
                    }
                text += Array(call.utf8) + [0]
            }
            // Sent beside the reading: neither side could hold all of it.
            nonisolated(unsafe) let sender = client
            Thread { [text] in _ = sender.send(text) }.start()
            for number in 0..<1_000 {
                let reply = try client.reply()
                switch number % 4 {
                case 2: #expect(reply.message.contains("“no-\(number)”"))
                case 3:
                    #expect(
                        reply.parameters
                            == .object(["method": .string("org.quarter.Directory.Nothing\(number)")]))
                default: #expect(reply.parameters?["minutes"] == .whole(1 + number % 50))
                }
            }
            #expect(try client.reply(to: info).error == nil)
        }
    }

    @Test func repliesOfOnePieceLeaveInOnePiece() async throws {
        try await withServer { server in
            let client = try server.caller()
            let call = Array(info.utf8) + [0]
            client.send(Array([[UInt8]](repeating: call, count: 50).joined()))
            let piece = try client.piece()
            #expect(piece.count(where: { $0 == 0 }) == 50)
        }
    }

    @Test func aCallMayComeByteByByte() async throws {
        try await withServer { server in
            let client = try server.caller()
            for byte in Array(#"{"method" :\#n"org.quarter.Directory.Search","parameters":{"q":"食堂"}}"#.utf8)
                + [0]
            {
                client.send([byte])
            }
            #expect(try client.reply().parameters?["found"] != nil)
            // One and a half.
            client.send(Array(info.utf8) + [0] + Array(info.utf8.prefix(20)))
            #expect(try client.reply().error == nil)
            client.send(Array(info.utf8.dropFirst(20)) + [0])
            #expect(try client.reply().error == nil)
        }
    }

    @Test func onewayCallsAreNotAnswered() async throws {
        try await withServer { server in
            let client = try server.caller()
            client.call(#"{"method":"org.quarter.Directory.Reach","parameters":{\#(start)},"oneway":true}"#)
            client.call(#"{"method":"org.quarter.Directory.Watch","oneway":true,"more":true}"#)
            client.call(#"{"method":"org.quarter.Directory.None","oneway":true}"#)
            client.call(#"{"method":"org.quarter.Directory.Reach","parameters":{"no":1},"oneway":true}"#)
            let reply = try client.reply(to: info)
            #expect(reply.parameters?["product"] == .string("quarterd"))
            #expect(reply.text.hasSuffix("}") && !reply.continues)
        }
    }

    @Test func moreOfAMethodThatAnswersOnceIsOneReply() async throws {
        try await withServer { server in
            let client = try server.caller()
            let reply = try client.reply("Reach", "{\(start)}", #","more":true"#)
            #expect(reply.error == nil && !reply.continues)
            #expect(try client.reply(to: info).error == nil)
        }
    }

    @Test(arguments: [
        (#"{"method":"org.quarter.Nothing.Reach"}"#, "InterfaceNotFound", "interface", "org.quarter.Nothing"),
        (
            #"{"method":"org.quarter.Directory.reach"}"#, "MethodNotFound", "method",
            "org.quarter.Directory.reach"
        ),
        (#"{"method":"org.varlink.service.Reach"}"#, "MethodNotFound", "method", "org.varlink.service.Reach"),
        (#"{"method":"Reach"}"#, "MethodNotFound", "method", "Reach"),
        (#"{"method":""}"#, "MethodNotFound", "method", ""),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"minuten":5}}"#, "InvalidParameter",
            "parameter", "minuten"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"minutes":"5"}}"#, "InvalidParameter",
            "parameter", "minutes"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"limit":1.5}}"#, "InvalidParameter",
            "parameter", "limit"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"type":"canteen"}}"#, "InvalidParameter",
            "parameter", "type"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"type":[1]}}"#, "InvalidParameter",
            "parameter", "type"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"origin":true}}"#, "InvalidParameter",
            "parameter", "origin"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":{"食":1}}"#, "InvalidParameter",
            "parameter", "食"
        ),
        (
            #"{"method":"org.quarter.Directory.Reach","parameters":[]}"#, "InvalidParameter", "parameter",
            "parameters"
        ),
        (
            #"{"method":"org.quarter.Directory.GetPlace","parameters":{}}"#, "InvalidParameter", "parameter",
            "id"
        ),
        (
            #"{"method":"org.quarter.Directory.GetPlace","parameters":{"id":null}}"#, "InvalidParameter",
            "parameter", "id"
        ),
        (#"{"method":"org.quarter.Directory.Search"}"#, "InvalidParameter", "parameter", "q"),
        (
            #"{"method":"org.varlink.service.GetInfo","parameters":{"a":1}}"#, "InvalidParameter",
            "parameter", "a"
        ),
        (#"{"method":"org.varlink.service.GetInfo","more":1}"#, "InvalidParameter", "parameter", "more"),
        (
            #"{"method":"org.varlink.service.GetInfo","upgrade":true}"#, "InvalidParameter", "parameter",
            "upgrade"
        ),
        (#"{"method":"org.varlink.service.GetInfo","depth":1}"#, "InvalidParameter", "parameter", "depth"),
    ])
    func saysWhatIsUnknown(call: String, error: String, member: String, value: String) async throws {
        try await withServer { server in
            let client = try server.caller()
            let reply = try client.reply(to: call)
            #expect(reply.error == "org.varlink.service.\(error)")
            #expect(reply.parameters == .object([member: .string(value)]))
            #expect(try client.reply(to: info).error == nil, "the connection goes on")
        }
    }

    @Test(arguments: [
        ("Reach", "{}", "InvalidRequest", "invalid_request"),
        ("Reach", #"{"origin":"kiosk-1","minutes":99}"#, "InvalidRequest", "invalid_request"),
        ("Reach", #"{"origin":"kiosk-1","minutes":1e999}"#, "InvalidRequest", "invalid_request"),
        (
            "Reach", #"{"origin":"kiosk-1","limit":123456789012345678901234567890}"#, "InvalidRequest",
            "invalid_request"
        ),
        ("Reach", #"{"origin":"kiosk-1","origin":"kiosk-1"}"#, "InvalidRequest", "invalid_request"),
        ("Reach", #"{"origin":""}"#, "InvalidRequest", "invalid_request"),
        ("Reach", #"{"origin":"a b"}"#, "InvalidRequest", "invalid_id"),
        ("Reach", #"{"origin":"kiosk-1","cursor":"x"}"#, "InvalidRequest", "invalid_cursor"),
        ("Reach", #"{"origin":"kiosk-1","lang":"fr"}"#, "InvalidRequest", "invalid_request"),
        ("Reach", #"{"origin":"nobody"}"#, "NotFound", "not_found"),
        ("GetPlace", #"{"id":"nothing"}"#, "NotFound", "not_found"),
        ("Search", #"{"q":""}"#, "InvalidRequest", "invalid_request"),
    ])
    func errorsAreTyped(method: String, parameters: String, error: String, code: String) async throws {
        try await withServer { server in
            let client = try server.caller()
            let reply = try client.reply(method, parameters)
            #expect(reply.error == "org.quarter.Directory.\(error)")
            #expect(reply.code == code && !reply.message.isEmpty)
            #expect(try client.reply(to: info).error == nil, "the connection goes on")
        }
    }

    @Test func everyCodeHasAnError() {
        var met: Set<VarlinkErrorName> = []
        for row in ErrorTable.rows {
            let name = VarlinkErrorName(of: row.code)
            met.insert(name)
            switch name {
            case .unavailable: #expect(row.status == 503)
            case .failed: #expect(row.status >= 500 && row.status != 503)
            case .notFound: #expect(row.status == 404)
            case .invalidRequest, .noWalk, .readAnew: #expect((400..<500).contains(row.status))
            }
        }
        #expect(met == Set(VarlinkErrorName.allCases))
        #expect(VarlinkErrorName(of: .originOffNetwork) == .noWalk)
        #expect(VarlinkErrorName(of: .historyGone) == .readAnew)
        #expect(VarlinkErrorName(of: .noNetwork) == .unavailable)
    }

    @Test(arguments: [
        "", "{}", "null", "[]", #""x""#, #"{"method":1}"#, #"{"method":null}"#, "GET / HTTP/1.1\r\n\r\n",
        #"{"method":"org.varlink.service.GetInfo""#, #"{"method":"org.varlink.service.GetInfo"}}"#,
        #"{"method":"org.varlink.service.GetInfo",}"#, #"{method:"org.varlink.service.GetInfo"}"#,
        #"{"method":"org.varlink.service.GetInfo","parameters":{"a":01}}"#,
        #"{"method":"org.varlink.service.GetInfo","parameters":{"a":.5}}"#,
        #"{"method":"org.varlink.service.GetInfo","parameters":{"a":"\ud800"}}"#,
        #"{"method":"org.varlink.service.GetInfo","parameters":{"a":"\x"}}"#,
        "{\"method\":\"org.varlink.service.GetInfo\",\"parameters\":{\"a\":\"\n\"}}",
        #"{"method":"org.varlink.service.GetInfo","parameters":"#
            + String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000) + "}",
    ])
    func whatIsNoCallEndsTheConnection(text: String) async throws {
        try await withServer { server in
            let client = try server.caller()
            client.call(info)
            client.call(text)
            client.call(info)
            #expect(try client.reply().error == nil, "what came before it is answered")
            let reply = try client.reply()
            #expect(reply.error == "org.quarter.Directory.InvalidRequest")
            #expect(reply.message.hasPrefix("what was sent is no Varlink call: "), "\(reply.text)")
            #expect(try client.isAtEnd())
        }
    }

    @Test func textThatIsNotUTF8EndsTheConnection() async throws {
        for bytes: [UInt8] in [
            [0xFF], [0xC0, 0x80], [0xE9, 0xA3], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
        ] {
            try await withServer { server in
                let client = try server.caller()
                client.send(
                    Array(#"{"method":"org.quarter.Directory.Search","parameters":{"q":""#.utf8) + bytes
                        + Array(#""}}"#.utf8) + [0])
                let reply = try client.reply()
                #expect(reply.message.hasSuffix("it is not UTF-8"))
                #expect(try client.isAtEnd())
            }
        }
    }

    @Test func withoutADirectoryItSaysWhy() async throws {
        let fault = DirectoryError(.storeDamaged, "the store is damaged", advice: "restore a backup")
        try await withServer(.fault(fault)) { server in
            let client = try server.caller()
            #expect(try client.reply(to: info).error == nil)
            for call in ["Reach", "Search", "GetPlace", "Watch"] {
                let parameters = call == "Search" ? #"{"q":"a"}"# : call == "GetPlace" ? #"{"id":"a"}"# : "{}"
                let reply = try client.reply(call, parameters, #","more":true"#)
                #expect(reply.error == "org.quarter.Directory.Unavailable")
                #expect(reply.code == "store_damaged" && reply.message == "the store is damaged")
                #expect(reply.parameters?["advice"] == .string("restore a backup"))
            }
        }
    }

    /// Those who ask at the same time are answered together, each with their own, whether one after the other or many
    /// calls in a row.
    @Test func whoAsksAtTheSameTimeGetsTheirOwn() async throws {
        try await withServer(change: { $0.threads = 1 }) { server in
            let callers = try (0..<16).map { _ in try server.caller() }
            for round in 0..<20 {
                func latitude(_ caller: Int, _ call: Int) -> Double {
                    Double(30_000_001 + caller * 10_000 + round * 100 + call) / 1e6
                }
                let calls = round % 3 + 1
                for (number, caller) in callers.enumerated() {
                    for call in 0..<calls {
                        caller.call(
                            #"{"method":"org.quarter.Directory.Reach","parameters":{"lat":"#
                                + "\(latitude(number, call))" + #","lon":118.78}}"#)
                    }
                }
                for (number, caller) in callers.enumerated() {
                    for call in 0..<calls {
                        let reply = try caller.reply()
                        #expect(
                            reply.parameters?["origin"]?["location"]
                                == .object(["lat": .decimal(latitude(number, call)), "lon": .decimal(118.78)]),
                            "\(reply.text)"
                        )
                    }
                }
            }
        }
    }

    @Test func figuresTellOfCallsAsOfRequests() async throws {
        try await withServer { server in
            let client = try server.caller()
            for _ in 0..<3 { #expect(try client.reply("Reach", "{\(start)}").error == nil) }
            #expect(try client.reply("GetPlace", #"{"id":"nothing"}"#).error != nil)
            #expect(try client.reply("Nothing").error != nil)
            let text = try server.client().get("/metrics").text
            for line in [
                #"quarter_requests_total{method="varlink",route="org.quarter.Directory.Reach",status="2xx"} 3"#,
                #"quarter_requests_total{method="varlink",route="org.quarter.Directory.GetPlace",status="4xx"} 1"#,
                #"quarter_requests_total{method="varlink",route="other",status="4xx"} 1"#,
                #"quarter_connections{socket="varlink"} 1"#,
                #"quarter_connections_total{socket="varlink"} 1"#,
            ] { #expect(text.contains(line), "\(line)") }
        }
    }
}
