import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl search`: what is called so.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find places, activities, organisations and origins by name.",
        discussion: """
            By characters, pinyin (caishichang, lv for 绿), initials (csc), a mixture, the digits of a telephone, \
            English words, the words of a type (买菜) or of an address. The best match comes first, then the nearest, \
            if a start is given. The part that matched stands between [ ].
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var language: LanguageOption

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Latitude of the start, WGS-84.", valueName: "degrees"))
    var lat: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Longitude of the start, WGS-84.", valueName: "degrees"))
    var lon: String?

    @Option(help: ArgumentHelp("A known origin from which nearness counts.", valueName: "id"))
    var origin: String?

    @Option(help: ArgumentHelp("Only places of this service type; may be repeated.", valueName: "id"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Only in this community.", valueName: "id"))
    var community: String?

    @Option(
        help: ArgumentHelp(
            "Only places, origins, activities or organisations; may be repeated.", valueName: "kind"))
    var kind: [String] = []

    @Option(help: ArgumentHelp("Things at most, 1 to 500; 20 unless said otherwise.", valueName: "n"))
    var limit: String?

    @Flag(help: "Show what can be typed next as well, as a kiosk's pad does.")
    var suggest = false

    @Argument(help: "What to look for.")
    var text: String

    func run() throws {
        var query: [(name: String, value: String)] = [("q", text)] + language.query
        for (name, value) in [
            ("lat", lat), ("lon", lon), ("origin", origin), ("community", community), ("limit", limit),
        ] {
            if let value { query.append((name, value)) }
        }
        query += type.map { ("type", $0) } + kind.map { ("kind", $0) }
        let path = suggest ? "/v1/suggest" : "/v1/search"
        let reply = try global.ask(ClientRequest("GET", path, query: query))
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        let found = answer.list("found")
        if suggest { print("Next: " + answer.texts("next_keys").joined(separator: " ")) }
        if !found.isEmpty { Terminal.print(Self.table(found)) }
        print("\(found.count) found.")
        Terminal.printAttribution(answer.texts("attribution"))
    }

    /// What was found, a row each.
    static func table(_ found: [JSONValue]) -> Table {
        var table = Table([
            .number("m"), .name("name"), .word("type"), .word("found by"), .text("matched"), .word("id"),
        ])
        for thing in found {
            let match = thing["match"] ?? .null
            let type = thing.text("type")
            table.add([
                thing.number("distance_metres")?.decimals(1) ?? "", thing.text("name"),
                type.isEmpty ? thing.text("kind") : type, match.text("channel"), marked(match),
                thing.text("id"),
            ])
        }
        return table
    }

    /// The text that was found, with the matched part between brackets.
    static func marked(_ match: JSONValue) -> String {
        let text = Array(match.text("text"))
        let from = min(max(0, match.whole("from") ?? 0), text.count)
        let to = min(max(from, match.whole("to") ?? 0), text.count)
        return String(text[..<from]) + "[" + String(text[from..<to]) + "]" + String(text[to...])
    }
}
