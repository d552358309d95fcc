import DirectoryAPI
import DirectoryModel
import Foundation
import TestSockets
import Testing

@testable import DirectoryServer

/// The descriptions of the Varlink interfaces, held against what the daemon does.
@Suite(.onThreads) struct VarlinkInterfaceTests {
    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/Sources/DirectoryServer/Varlink/"
    private static let table = VarlinkTable(metrics: ServerMetrics(factory: PrometheusRegistry()))

    private static func text(_ interface: String) throws -> String {
        try String(contentsOfFile: folder + interface + ".varlink", encoding: .utf8)
    }

    @Test(arguments: VarlinkTable.interfaces)
    func theDaemonServesTheFileLetterByLetter(interface: String) async throws {
        let text = try Self.text(interface)
        try await withServer { server in
            let reply = try server.caller().reply(
                to:
                    #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"\#(interface)"}}"#
            )
            #expect(reply.parameters == .object(["description": .string(text)]))
        }
        let parsed = try VarlinkInterface(text)
        #expect(parsed.name == interface)
        #expect(parsed.unexplained.isEmpty)
        let used = "\(parsed.types.values) \(parsed.methods.values) \(parsed.errors.values)"
        for name in parsed.types.keys {
            #expect(used.contains("named(\"\(name)\")"), "\(name) is used nowhere")
        }
    }

    @Test(arguments: VarlinkTable.interfaces)
    func everyMethodAndParameterIsInIt(interface: String) throws {
        let parsed = try VarlinkInterface(try Self.text(interface))
        let own = Self.table.methods.filter { $0.name.hasPrefix(interface + ".") }
        #expect(Set(own.map { String($0.name.dropFirst(interface.count + 1)) }) == Set(parsed.methods.keys))
        for method in own {
            let declared =
                parsed.methods[String(method.name.dropFirst(interface.count + 1))]?.parameters ?? []
            let expected = method.parameters.map { parameter in
                var kind: VarlinkInterface.Kind =
                    switch parameter.kind {
                    case .text: .text
                    case .number: .number
                    case .whole: .whole
                    // Not every reader of descriptions takes a choice of one.
                    case .choice(let words): words.count == 1 ? .text : .choice(words)
                    }
                if parameter.isArray { kind = .array(kind) }
                return VarlinkInterface.Field(
                    name: parameter.name, kind: parameter.isRequired ? kind : .optional(kind))
            }
            func plain(_ kind: VarlinkInterface.Kind) -> VarlinkInterface.Kind {
                switch kind {
                case .optional(let kind): .optional(plain(kind))
                case .array(let kind): .array(plain(kind))
                default: parsed.resolved(kind)
                }
            }
            #expect(declared.map { .init(name: $0.name, kind: plain($0.kind)) } == expected, "\(method.name)")
        }
    }

    @Test func everyErrorIsInIt() throws {
        let parsed = try VarlinkInterface(try Self.text(VarlinkTable.directory))
        #expect(Set(parsed.errors.keys) == Set(VarlinkErrorName.allCases.map(\.rawValue)))
        let service = try VarlinkInterface(try Self.text(VarlinkTable.service))
        let error = DirectoryError(.notFound, "no", advice: "go", location: "here")
        let faults: [VarlinkFault] = [
            .interfaceNotFound("a"), .methodNotFound("a"), .invalidParameter("a"), .expectedMore,
            .directory(error), .directory(DirectoryError(.unavailable, "no")),
        ]
        for fault in faults {
            var json = JSONWriter()
            fault.write(to: &json)
            let value = try JSONValue(json: json.bytes())
            let dot = try #require(fault.name.lastIndex(of: "."))
            let interface = fault.name[..<dot] == VarlinkTable.service ? service : parsed
            let fields = try #require(interface.errors[String(fault.name[fault.name.index(after: dot)...])])
            #expect(interface.faults(value["parameters"], .fields(fields), at: fault.name) == [])
        }
    }

    @Test func repliesAreAsDeclared() async throws {
        let parsed = try VarlinkInterface(try Self.text(VarlinkTable.directory))
        let service = ManualDirectoryService()
        service.change(3)
        try await withServer(service) { server in
            let client = try server.caller()
            for (method, parameters) in [
                ("Reach", #"{"origin":"kiosk-1"}"#), ("Reach", #"{"lat":32,"lon":118}"#),
                ("Search", #"{"q":"a","origin":"kiosk-1"}"#), ("GetPlace", #"{"id":"osm-n1"}"#),
                ("Watch", #"{"since":"7","with":"record"}"#),
            ] {
                let reply = try client.reply(method, parameters, #","more":true"#)
                let fields = try #require(parsed.methods[method]).reply
                #expect(parsed.faults(reply.parameters, .fields(fields), at: method) == [])
            }
        }
    }

    @Test func theReaderOfThisTestFindsFaults() throws {
        let parsed = try VarlinkInterface(
            """
            # A.
            interface a.b
            # T.
            type T (x: int, y: ?[]string, z: (one, two))
            # M.
            method M(t: T) -> (t: T, m: [string]float)
            """)
        let fields = VarlinkInterface.Kind.fields(try #require(parsed.methods["M"]).reply)
        func faults(_ text: String) throws -> Int {
            parsed.faults(try JSONValue(json: Array(text.utf8)), fields, at: "").count
        }
        #expect(try faults(#"{"t":{"x":1,"y":["a"],"z":"one"},"m":{"k":1.5}}"#) == 0)
        #expect(try faults(#"{"t":{"x":"1","y":[1],"z":"three","w":1},"m":{"k":true}}"#) == 5)
        #expect(try faults(#"{"m":null}"#) == 2)
        for wrong in [
            "interface a.b\ntype t (a: int)", "interface a.b\nmethod M() (a: int)",
            "interface a.b\ntype T (a, b: int)",
        ] {
            #expect(throws: RawClient.Fault.self) { try VarlinkInterface(wrong) }
        }
    }
}
