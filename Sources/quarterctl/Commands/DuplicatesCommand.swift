import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel

/// `quarterctl duplicates`: two things that look like one place.
struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates",
        abstract:
            "Rows that look like a place that is there, and places that look like one: decide about them.",
        discussion: """
            Nothing is ever joined by itself. A decision is remembered by the source's own key, so that next month's \
            delivery goes in by itself.
            """,
        subcommands: [List.self, Places.self, Join.self, Apart.self, Part.self], defaultSubcommand: List.self)

    /// `quarterctl duplicates [list]`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The rows of registers that wait for a decision.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption
        @OptionGroup var pages: PageOptions

        @Option(help: ArgumentHelp("Only rows of this source.", valueName: "id"))
        var source: String?

        func run() throws {
            let query = language.query + (source.map { [("source", $0)] } ?? [])
            let fetched = try Pages.fetch(
                "/v1/duplicates", query: query, list: "rows", pages: pages, from: global, on: .admin)
            guard let fetched else { return }
            guard !fetched.rows.isEmpty else { return print("No row waits.") }
            var table = Table([
                .number("row"), .word("source"), .word("key"), .name("name"), .number("sure"), .word("place"),
                .name("its name"),
            ])
            for row in fetched.rows {
                let candidates = row.list("candidates")
                for (index, candidate) in candidates.enumerated() {
                    let isFirst = index == 0
                    table.add([
                        isFirst ? row.text("row") : "", isFirst ? row.text("source") : "",
                        isFirst ? row.text("key") : "", isFirst ? row["place"]?.text("name") ?? "" : "",
                        DuplicatesCommand.percent(candidate), candidate["place"]?.text("id") ?? "",
                        candidate["place"]?.text("name") ?? "",
                    ])
                    if isFirst { table.add(under: [candidate.texts("evidence").joined(separator: " · ")]) }
                }
                if candidates.isEmpty {
                    table.add([
                        row.text("row"), row.text("source"), row.text("key"),
                        row["place"]?.text("name") ?? "",
                        "", "", "(gone: the next delivery takes it)",
                    ])
                }
            }
            Terminal.print(table)
            fetched.printFooter("row", "rows")
            print("`quarterctl duplicates join ROW` makes them one place, `apart ROW` two.")
        }
    }

    /// `quarterctl duplicates places`.
    struct Places: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "places", abstract: "Stored places that look like one, the surest first.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption

        @Option(help: ArgumentHelp("Only places of this community.", valueName: "id"))
        var community: String?

        @Option(help: ArgumentHelp("Only places of this service type.", valueName: "id"))
        var type: String?

        @Flag(help: "Also pairs that are merely likely.")
        var maybe = false

        @Option(help: ArgumentHelp("How many pairs at most, 1 to 500.", valueName: "count"))
        var limit = 50

        func run() throws {
            var query = language.query + [("limit", "\(limit)")]
            if let community { query.append(("community", community)) }
            if let type { query.append(("type", type)) }
            if maybe { query.append(("sure", "maybe")) }
            let reply = try global.ask(
                ClientRequest("GET", "/v1/duplicate-places", query: query), on: .admin)
            if global.json { return Terminal.print(json: reply.body) }
            let list = try reply.json()
            let pairs = list.list("pairs")
            guard !pairs.isEmpty else { return print("No two places look like one.") }
            var table = Table([
                .number("sure"), .word("place"), .name("name"), .word("other"), .name("its name"),
            ])
            for pair in pairs {
                let other = pair["other"] ?? .null
                table.add([
                    DuplicatesCommand.percent(other), pair["one"]?.text("id") ?? "",
                    pair["one"]?.text("name") ?? "", other["place"]?.text("id") ?? "",
                    other["place"]?.text("name") ?? "",
                ])
                table.add(under: [other.texts("evidence").joined(separator: " · ")])
            }
            Terminal.print(table)
            let count = list.whole("count") ?? pairs.count
            print(
                count > pairs.count
                    ? "\(pairs.count) of \(count) pairs; --limit shows more."
                    : "\(count) \(count == 1 ? "pair" : "pairs").")
            print(
                "`quarterctl duplicates join PLACE OTHER` makes them one, `apart PLACE OTHER` keeps them two."
            )
        }
    }

    /// `quarterctl duplicates join`.
    struct Join: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "join",
            abstract: "They are one place: a row that waits and a place, or two places.",
            discussion: """
                `join ROW` takes the likeliest place, `join ROW PLACE` another one. Of two places the first stays; what \
                the sources say of the other is said of it from now on.
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The row's number, or the id of the place that stays.")
        var subject: String

        @Argument(help: "The place; of two places the one that is given up.")
        var place: String?

        func run() throws {
            if let row = Int(subject) {
                return try DuplicatesCommand.decide(
                    [
                        ("decision", .string("join")), ("row", .whole(row)),
                        ("place", place.map(JSONValue.string)),
                    ], global)
            }
            guard let place else {
                throw ValidationError(
                    "`join \(subject)`: name the other place as well, or a row by its number")
            }
            try DuplicatesCommand.decide(
                [("decision", .string("join")), ("place", .string(subject)), ("other", .string(place))],
                global)
        }
    }

    /// `quarterctl duplicates apart`.
    struct Apart: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apart",
            abstract: "They are two places: a row that waits and those that it looks like, or two places.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The row's number, or a place's id.")
        var subject: String

        @Argument(help: "The other place.")
        var other: String?

        func run() throws {
            if let row = Int(subject), other == nil {
                return try DuplicatesCommand.decide(
                    [("decision", .string("apart")), ("row", .whole(row))], global)
            }
            guard let other else {
                throw ValidationError(
                    "`apart \(subject)`: name the other place as well, or a row by its number")
            }
            try DuplicatesCommand.decide(
                [("decision", .string("apart")), ("place", .string(subject)), ("other", .string(other))],
                global)
        }
    }

    /// `quarterctl duplicates part`.
    struct Part: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "part",
            abstract: "They are two after all: what a source says under a key is a place of its own.",
            discussion: "`quarterctl places sources PLACE` shows the sources with their keys.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The place's id.")
        var place: String

        @Argument(help: "The source's id.")
        var source: String

        @Argument(help: "The source's key.")
        var key: String

        func run() throws {
            try DuplicatesCommand.decide(
                [
                    ("decision", .string("part")), ("place", .string(place)), ("source", .string(source)),
                    ("key", .string(key)),
                ], global)
        }
    }

    /// Sends a decision and says what came of it.
    fileprivate static func decide(_ members: [(name: String, value: JSONValue?)], _ global: GlobalOptions)
        throws
    {
        let reply = try global.ask(
            ClientRequest("POST", "/v1/duplicates", body: .json(JSONBody.bytes(members))), on: .admin)
        if global.json { return Terminal.print(json: reply.body) }
        let outcome = try reply.json()
        let gone = outcome.text("gone")
        print(
            "\(outcome.text("place"))"
                + (gone.isEmpty ? "" : " stays, \(gone) is part of it")
                + "; revision \(outcome.text("revision")).")
    }

    private static func percent(_ candidate: JSONValue) -> String {
        candidate.number("confidence").map { "\(Int(($0 * 100).rounded(.down))) %" } ?? ""
    }
}

/// A JSON object made of named values.
enum JSONBody {
    /// The object's bytes; members without a value are left out.
    static func bytes(_ members: [(name: String, value: JSONValue?)]) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        for (name, value) in members {
            guard let value else { continue }
            json.key(name)
            json.value(value)
        }
        json.endObject()
        return json.bytes()
    }
}
