import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl places`: the places themselves.
struct PlacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "places", abstract: "List places, show one, store, suspend or delete one.",
        subcommands: [
            Show.self, Sources.self, Put.self, Suspend.self, Resume.self, Except.self, Delete.self,
        ], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl places [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List places, or show one of them.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption
        @OptionGroup var pages: PageOptions

        @Option(help: ArgumentHelp("Only places of this service type; may be repeated.", valueName: "id"))
        var type: [String] = []

        @Option(help: ArgumentHelp("Only places of this community.", valueName: "id"))
        var community: String?

        @Option(help: ArgumentHelp("active, closed_at_source or all; active unless said otherwise."))
        var status: String?

        @Argument(help: "A place's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            var query = language.query + type.map { ("type", $0) }
            if let community { query.append(("community", community)) }
            if let status { query.append(("status", status)) }
            let fetched = try Pages.fetch(
                "/v1/places", query: query, list: "places", pages: pages, from: global)
            guard let fetched else { return }
            var table = Table([
                .word("id"), .name("name"), .word("type"), .word("community"), .text("hours"),
                .text("address"), .word("status"),
            ])
            for place in fetched.rows {
                let status = place.text("status")
                table.add([
                    place.text("id"), place.text("name"), place.text("type"), place.text("community"),
                    place.text("hours"), place.text("address"), status == "active" ? "" : status,
                ])
            }
            if !table.isEmpty { Terminal.print(table) }
            fetched.printFooter("place", "places")
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/places/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let place = try reply.json()
            let sources = place.list("sources").map { source in
                let key = "\(source.text("source")) \(source.text("key"))"
                return source["present"] == .bool(false) ? key + " (gone)" : key
            }
            RecordListing.print([
                ("id", place.text("id")), ("name", place.text("name")),
                ("English", place["names"]?.text("en") ?? ""), ("type", place.text("type")),
                ("where", ReachCommand.coordinates(place["location"])), ("address", place.text("address")),
                ("community", place.text("community")), ("hours", place.text("hours")),
                ("calendar", place.text("calendar_policy")),
                ("exceptions", place.list("exceptions").map(Self.words).joined(separator: "; ")),
                ("phone", place.text("phone")), ("status", place.text("status")),
                ("in", Self.link(place["in"])), ("room", place.text("room")),
                ("holds", place.list("holds").map(Self.link).joined(separator: ", ")),
                ("run by", Self.link(place["run_by"])),
                ("activities", place.list("activities").map(Self.link).joined(separator: ", ")),
                ("goes to", Self.served(place["service_area"] ?? .null)),
                ("walk in", place["walk_in"] == .bool(false) ? "no" : ""),
                ("opening", Self.opening(place["opening"] ?? .null)),
                ("highlights", place.list("highlights").map { $0.text("text") }.joined(separator: " · ")),
                (
                    "confirmed",
                    place.list("confirmations").map { $0.text("text") }.joined(separator: "; ")
                ), ("sources", sources.joined(separator: ", ")),
            ])
            // The type knows the units and the names; without it the bare values still say something.
            let path = "/v1/types/" + place.text("type").queryEncoded
            let type = try? global.ask(ClientRequest("GET", path, query: language.query)).json()
            let table = AttributeTable.make(of: place, type ?? .null)
            if !table.isEmpty {
                print()
                Terminal.print(table)
            }
            Terminal.printAttribution(place.texts("attribution"))
        }

        /// "name (id)" of another record; empty for none.
        private static func link(_ record: JSONValue?) -> String {
            guard let record, !record.text("id").isEmpty else { return "" }
            return "\(record.text("name")) (\(record.text("id")))"
        }

        /// Whom a place goes to.
        private static func served(_ area: JSONValue) -> String {
            ["communities", "grids", "origins"].flatMap { area.texts($0) }.joined(separator: ", ")
        }

        /// The state, with what a person would say of it.
        private static func opening(_ opening: JSONValue) -> String {
            let text = opening.text("text")
            return text.isEmpty ? opening.text("state") : "\(opening.text("state")): \(text)"
        }

        /// An exception in a line.
        private static func words(_ exception: JSONValue) -> String {
            let until = exception.text("until")
            let hours = exception.text("hours")
            let reason = exception.text("reason")
            return exception.text("from") + (until.isEmpty ? " until further notice" : " to \(until)") + ": "
                + (hours.isEmpty ? exception.text("state") : hours) + (reason.isEmpty ? "" : " (\(reason))")
        }
    }

    /// `quarterctl places put ID FILE`.
    struct Put: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put", abstract: "Store a place whole, from a JSON file (docs/api.md).")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordFileOptions

        func run() throws { try record.put(under: "/v1/places/", global) }
    }

    /// `quarterctl places delete ID`.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "delete", abstract: "Take a place away.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The place's id.")
        var id: String

        func run() throws { try RecordFileOptions.delete("/v1/places/", id, global) }
    }
}
