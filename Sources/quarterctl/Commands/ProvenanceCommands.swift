import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel

extension PlacesCommand {
    /// `quarterctl places sources ID`.
    struct Sources: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sources", abstract: "Since when each field of a place is what it is, and from whom."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption

        @Argument(help: "The place's id.")
        var id: String

        func run() throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/provenance/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            ProvenanceText.print(try reply.json())
        }
    }
}

/// `quarterctl verify`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Look one record up by credit code, name or a source's key, with what is known and since when.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var language: LanguageOption

    @Option(help: ArgumentHelp("The unified social credit code of whoever runs it.", valueName: "code"))
    var creditCode: String?

    @Option(help: "Its name; legal form, punctuation and width do not count.")
    var name: String?

    @Option(help: ArgumentHelp("With --key: the source.", valueName: "id"))
    var source: String?

    @Option(help: "The source's own key for it.")
    var key: String?

    func run() throws {
        var query = language.query
        for (word, value) in [("credit_code", creditCode), ("name", name), ("source", source), ("key", key)] {
            if let value { query.append((word, value)) }
        }
        let reply = try global.ask(ClientRequest("GET", "/v1/verify", query: query))
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        let matches = answer.list("matches")
        guard !matches.isEmpty else {
            return print("Nothing is known of \(answer.text("wanted").printable).")
        }
        for (index, match) in matches.enumerated() {
            if index > 0 { print() }
            ProvenanceText.print(match)
        }
    }
}

/// What is known of a place, since when and from whom.
enum ProvenanceText {
    /// Prints the fields, the sources and what parties say.
    static func print(_ place: JSONValue) {
        let status = place.text("status")
        Swift.print(Terminal.styled(place.text("id"), .bold) + (status == "active" ? "" : " (\(status))"))
        var fields = Table([.word("field"), .word("since"), .word("from"), .text("value")])
        for field in place.list("fields") {
            fields.add([
                field.text("field"), day(field.text("since")), field.text("source"),
                words(field["value"] ?? .null),
            ])
            let others = field.list("others").map { "\($0.text("source")): \(words($0["value"] ?? .null))" }
            if !others.isEmpty { fields.add(under: ["otherwise " + others.joined(separator: " · ")]) }
        }
        if !fields.isEmpty { Terminal.print(fields) }
        var sources = Table([.word("source"), .word("key"), .word("last seen"), .name("title")])
        for source in place.list("sources") {
            sources.add([
                source.text("source"), source.text("key"),
                source["present"] == .bool(false) ? "gone" : day(source.text("seen")), source.text("title"),
            ])
        }
        if !sources.isEmpty {
            Swift.print()
            Terminal.print(sources)
        }
        for word in place.list("confirmations") {
            let note = word.text("note")
            Swift.print(
                word.text("text").printable + (note.isEmpty ? "" : ": " + note.printable)
                    + (word["current"] == .bool(false) ? " (changed since)" : ""))
        }
    }

    private static func day(_ moment: String) -> String { String(moment.prefix(10)) }

    private static func words(_ value: JSONValue) -> String {
        if let text = value.asText { return text }
        var json = JSONWriter(capacity: 128)
        json.value(value)
        return String(decoding: json.bytes(), as: UTF8.self)
    }
}

/// `quarterctl confirm`.
struct ConfirmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Write down that a party found a fact of a place right, or wrong with --contest.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The place's id.")
    var place: String

    @Argument(
        help: ArgumentHelp(
            "The fact: \(ConfirmedFact.allCases.map(\.rawValue).joined(separator: ", ")). status: that it is there."
        ))
    var fact = ConfirmedFact.status.rawValue

    @Flag(help: "It was found wrong.")
    var contest = false

    @Option(help: ArgumentHelp("The party, where you speak for none yourself.", valueName: "id"))
    var party: String?

    @Option(help: "What there is to say to it, at most 200 characters; no person's number.")
    var note: String?

    func run() throws {
        let verdict: ConfirmationBody.Verdict = contest ? .contested : .confirmed
        let body = JSONBody.bytes([
            ("fact", .string(fact)), ("verdict", .string(verdict.rawValue)),
            ("note", note.map(JSONValue.string)), ("party", party.map(JSONValue.string)),
        ])
        let reply = try global.ask(
            ClientRequest("POST", "/v1/confirmations/" + place.queryEncoded, body: .json(body)), on: .admin)
        if global.json { return Terminal.print(json: reply.body) }
        print(try reply.json().text("text").printable)
    }
}

/// `quarterctl freshness`.
struct FreshnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "freshness",
        abstract: "Places that nobody has confirmed or delivered for some months, by building captain.",
        discussion: "`quarterctl export freshness` writes all places with their dates as a table.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var language: LanguageOption

    @Option(help: ArgumentHelp("For how many months, 0 to 600.", valueName: "n"))
    var months = 6

    @Option(help: ArgumentHelp("Only places of this community.", valueName: "id"))
    var community: String?

    @Option(help: ArgumentHelp("Only places of this service type.", valueName: "id"))
    var type: String?

    func run() throws {
        var query = language.query + [("months", "\(months)")]
        if let community { query.append(("community", community)) }
        if let type { query.append(("type", type)) }
        let reply = try global.ask(ClientRequest("GET", "/v1/freshness", query: query))
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        let places = answer.list("places")
        var captain: String?
        var table = Table(Self.columns)
        func flush() {
            guard !table.isEmpty else { return }
            print(Terminal.styled(captain.map { $0.isEmpty ? "Nobody's" : $0 } ?? "", .bold))
            Terminal.print(table)
            print()
            table = Table(Self.columns)
        }
        for place in places {
            let name = place.text("captain_name").isEmpty ? place.text("captain") : place.text("captain_name")
            if name != captain {
                flush()
                captain = name
            }
            table.add([
                place.text("id"), place.text("name"), place.text("type"), place.text("address"),
                String(place.text("confirmed").prefix(10)), place.text("by"), place.text("months"),
            ])
        }
        flush()
        print("\(places.count) of \(answer.text("among")) places were not looked at for \(months) months.")
    }

    private static let columns: [Table.Column] = [
        .word("id"), .name("name"), .word("type"), .text("address"), .word("last"), .word("by"),
        .number("months"),
    ]
}
