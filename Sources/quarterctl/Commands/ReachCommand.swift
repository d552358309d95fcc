import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl reach`: what can be reached from here.
struct ReachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reach", abstract: "List the places within a walk, nearest first.",
        discussion: """
            Conditions are attribute:op:value with op one of \(WhereClause.operators.joined(separator: " ")); \
            several must all hold. `quarterctl types ID` lists the attributes of a type. A column of a table is \
            table.column, as in stalls.goods:has:水果: one row must meet all conditions on its table, and those that do \
            stand under their place.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var start: OriginOptions
    @OptionGroup var language: LanguageOption
    @OptionGroup var pages: PageOptions

    @Option(
        help: ArgumentHelp("Walking time in minutes, 1 to 60; 15 unless said otherwise.", valueName: "n"))
    var minutes: String?

    @Option(help: ArgumentHelp("Only places of this service type; may be repeated.", valueName: "id"))
    var type: [String] = []

    @Option(
        name: .customLong("class"),
        help: ArgumentHelp("Only types of this class: basic or quality.", valueName: "class"))
    var serviceClass: String?

    @Option(help: ArgumentHelp("Only places of this community.", valueName: "id"))
    var community: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only places whose attribute meets a condition; may be repeated.", valueName: "a:op:v"))
    var conditions: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only places that are called so (see `quarterctl search`), the best match first.",
            valueName: "text"))
    var query: String?

    @Option(
        help: ArgumentHelp(
            "Only places that are open: now, on arrival, or at a moment such as 2026-11-24T12:30+08:00.",
            valueName: "now|arrival|time"))
    var open: String?

    @Option(
        help: ArgumentHelp(
            "Only places that are open from one moment to another without a break.", valueName: "from/to"))
    var openDuring: String?

    func run() throws {
        var words = start.query + language.query
        for (name, value) in [
            ("minutes", minutes), ("class", serviceClass), ("community", community), ("q", query),
            ("open", open),
            ("open_during", openDuring),
        ] {
            if let value { words.append((name, value)) }
        }
        words += type.map { ("type", $0) } + conditions.map { ("where", $0) }
        let fetched = try Pages.fetch("/v1/reach", query: words, list: "places", pages: pages, from: global)
        guard let fetched else { return }
        print(Self.heading(fetched.first))
        let coming = fetched.first.list("comes_to_you")
        let types = RowWords.types(of: fetched.rows + coming) { id in
            try? global.ask(ClientRequest("GET", "/v1/types/" + id.queryEncoded)).json()
        }
        if !fetched.rows.isEmpty { Terminal.print(Self.table(fetched.rows, types)) }
        if !coming.isEmpty {
            print("\(Terminal.styled("Comes to you:", .bold))")
            Terminal.print(Self.comingTable(coming, types))
        }
        fetched.printFooter("place within reach", "places within reach")
    }

    /// The places that go to people at the start, a row each.
    static func comingTable(_ places: [JSONValue], _ types: [String: JSONValue]) -> Table {
        var table = Table([
            .name("name"), .word("type"), .text("opening"), .text("highlights"), .word("id"),
        ])
        for place in places {
            let opening = place["opening"] ?? .null
            let text = opening.text("text")
            table.add([
                place.text("name"), place.text("type"), text.isEmpty ? opening.text("state") : text,
                place.list("highlights").map { $0.text("text") }.joined(separator: " · "), place.text("id"),
            ])
            let rows = RowWords.lines(of: place, types[place.text("type")] ?? .null)
            if !rows.isEmpty { table.add(under: rows) }
        }
        return table
    }

    /// Where the walk starts, how one walks, and how long.
    static func heading(_ answer: JSONValue) -> String {
        let minutes = answer["minutes"]?.asNumber ?? 0
        let time = minutes == minutes.rounded() ? minutes.decimals(0) : minutes.decimals(1)
        return "From \(originName(answer["origin"])), \(answer.text("profile")), \(time) min"
    }

    /// An origin in words: its name and id, or its coordinates.
    static func originName(_ origin: JSONValue?) -> String {
        guard let origin else { return "?" }
        let id = origin.text("id")
        guard id.isEmpty else { return "\(origin.text("name")) (\(id))".printable }
        return coordinates(origin["location"])
    }

    /// A point as "32.0415600, 118.7841200"; empty for none.
    static func coordinates(_ point: JSONValue?) -> String {
        guard let latitude = point?.number("lat"), let longitude = point?.number("lon") else { return "" }
        return "\(latitude.decimals(6)), \(longitude.decimals(6))"
    }

    /// The places, a row each.
    ///
    /// Minutes are rounded up, as seconds are on the wire.
    ///
    /// - Parameter types: what `GET /v1/types/{id}` says of types with tables, by id: the names of options in their
    ///   rows.
    static func table(_ places: [JSONValue], _ types: [String: JSONValue] = [:]) -> Table {
        var table = Table([
            .number("min"), .number("m"), .name("name"), .word("type"), .text("opening"), .text("highlights"),
            .text("address"), .word("id"),
        ])
        for place in places {
            let walk = place["walk"]
            let state = place["opening"]?.text("state") ?? ""
            let words = place["opening"]?.text("text") ?? ""
            table.add([
                minutes(walk?.number("seconds")), walk?.number("metres")?.decimals(1) ?? "",
                place.text("name"), place.text("type"),
                words.isEmpty ? (state == "unknown" ? "" : state) : words,
                place.list("highlights").map { $0.text("text") }.joined(separator: " · "),
                place.text("address"), place.text("id"),
            ])
            let rows = RowWords.lines(of: place, types[place.text("type")] ?? .null)
            if !rows.isEmpty { table.add(under: rows) }
        }
        return table
    }

    /// Seconds as minutes with one decimal, rounded up.
    static func minutes(_ seconds: Double?) -> String {
        guard let seconds else { return "" }
        return ((seconds / 6).rounded(.up) / 10).decimals(1)
    }
}
