import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl activities`: what takes place, and when.
struct ActivitiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activities",
        abstract: "List activities by their next session, show, store or delete one.",
        subcommands: [Show.self, Put.self, Delete.self], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl activities [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List activities of the coming week, or show one of them.",
            discussion: "With a start (--origin, or --lat and --lon) those within a walk, each with the walk."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption

        @Option(help: ArgumentHelp("A known origin to walk from.", valueName: "id"))
        var origin: String?

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Latitude of the start, WGS-84.", valueName: "degrees"))
        var lat: String?

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Longitude of the start, WGS-84.", valueName: "degrees"))
        var lon: String?

        @Option(help: ArgumentHelp("The longest walk in minutes, 1 to 60.", valueName: "n"))
        var minutes: String?

        @Option(help: ArgumentHelp("How one walks; `quarterctl profiles` lists them.", valueName: "id"))
        var profile: String?

        @Option(help: ArgumentHelp("Only activities of this community.", valueName: "id"))
        var community: String?

        @Option(help: ArgumentHelp("Only activities of this organisation.", valueName: "id"))
        var organisation: String?

        @Option(help: ArgumentHelp("Only activities at this place.", valueName: "id"))
        var place: String?

        @Option(help: ArgumentHelp("Only for somebody of this age.", valueName: "years"))
        var age: String?

        @Option(help: ArgumentHelp("Sessions that have not ended by then; now.", valueName: "time"))
        var from: String?

        @Option(help: ArgumentHelp("Sessions that begin before; a week later.", valueName: "time"))
        var until: String?

        @Option(help: ArgumentHelp("Activities at most, 1 to 500; 50 unless said otherwise.", valueName: "n"))
        var limit: String?

        @Argument(help: "An activity's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            var query = language.query
            for (name, value) in [
                ("origin", origin), ("lat", lat), ("lon", lon), ("minutes", minutes), ("profile", profile),
                ("community", community), ("organisation", organisation), ("place", place), ("age", age),
                ("from", from), ("until", until), ("limit", limit),
            ] {
                if let value { query.append((name, value)) }
            }
            let reply = try global.ask(ClientRequest("GET", "/v1/activities", query: query))
            if global.json { return Terminal.print(json: reply.body) }
            let answer = try reply.json()
            let rows = answer.list("activities")
            if !rows.isEmpty {
                var table = Self.table(rows, withWalk: origin != nil || lat != nil)
                // Of a single activity all its sessions are wanted.
                if rows.count == 1 {
                    table.add(under: rows[0].list("sessions").dropFirst().map { $0.text("text") })
                }
                Terminal.print(table)
            }
            let total = answer.whole("total") ?? rows.count
            print("\(rows.count) of \(total) \(total == 1 ? "activity" : "activities").")
        }

        private static func table(_ activities: [JSONValue], withWalk: Bool) -> Table {
            var table = Table(
                (withWalk ? [.number("min")] : []) + [
                    .text("next"), .name("name"), .text("at"), .text("by"), .word("price"), .word("id"),
                ])
            for activity in activities {
                let walk = activity["walk"]?.number("seconds").map { ($0 / 60).decimals(1) } ?? ""
                table.add(
                    (withWalk ? [walk] : []) + [
                        activity.list("sessions").first?.text("text") ?? "", activity.text("name"),
                        activity["at"]?.text("name") ?? "", activity["by"]?.text("name") ?? "",
                        price(activity), activity.text("id"),
                    ])
            }
            return table
        }

        private static func price(_ activity: JSONValue) -> String {
            guard let fen = activity.number("price") else { return "" }
            return fen == 0 ? "免费" : (fen / 100).decimals(2) + " 元"
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/activities/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let activity = try reply.json()
            let ages = [activity.text("minimum_age"), activity.text("maximum_age")]
            let term = [activity.text("first_day"), activity.text("last_day")]
            RecordListing.print([
                ("id", activity.text("id")), ("name", activity.text("name")),
                ("English", activity["names"]?.text("en") ?? ""),
                ("at", activity["at"]?.text("name") ?? ReachCommand.coordinates(activity["location"])),
                ("by", activity["by"]?.text("name") ?? ""), ("times", activity.text("door")),
                ("as written", activity.text("times")),
                ("term", term == ["", ""] ? "" : term.joined(separator: " to ")),
                (
                    "sessions",
                    activity.list("sessions").prefix(5).map { $0.text("text") }.joined(separator: "; ")
                ),
                ("ages", ages == ["", ""] ? "" : ages.joined(separator: " to ")),
                ("capacity", activity.text("capacity")), ("price", Self.price(activity)),
                ("to sign up", activity.text("registration")), ("about", activity.text("about")),
                ("community", activity.text("community")), ("status", activity.text("status")),
            ])
        }
    }

    /// `quarterctl activities put ID FILE`.
    struct Put: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put", abstract: "Store an activity whole, from a JSON file (docs/api.md).")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordFileOptions

        func run() throws { try record.put(under: "/v1/activities/", global) }
    }

    /// `quarterctl activities delete ID`.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Take an activity away.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The activity's id.")
        var id: String

        func run() throws { try RecordFileOptions.delete("/v1/activities/", id, global) }
    }
}
