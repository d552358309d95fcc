import ArgumentParser
import DirectoryAPI
import DirectoryClient
import Foundation

/// `quarterctl modules`: what became of each module.
struct ModulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modules",
        abstract: "List the service-type modules and what became of them, release one, or start a new one.",
        subcommands: [Show.self, Release.self, ModuleNewCommand.self], defaultSubcommand: Show.self,
        aliases: ["module"])

    @OptionGroup var global: GlobalOptions

    /// `quarterctl modules`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List the service-type modules and what became of them.")

        @OptionGroup var global: GlobalOptions

        func run() throws { try ModulesCommand.show(global) }
    }

    /// `quarterctl modules release ID`.
    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "Let a module out of quarantine, and reload.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The module's id, or its file's name where it never told its id.")
        var id: String

        func run() throws {
            let client = DirectoryClient(endpoint: try global.endpoint(.admin), timeouts: .longWork)
            let reply = try client.send(ClientRequest("DELETE", "/v1/quarantine/" + id.queryEncoded))
            try ReloadCommand.show(reply, asJSON: global.json)
        }
    }

    private static func show(_ global: GlobalOptions) throws {
        let reply = try global.ask(ClientRequest("GET", "/v1/modules"))
        if global.json { return Terminal.print(json: reply.body) }
        var table = Table([
            .word("module"), .word("version"), .word("state"), .text("types"), .number("calls"),
            .number("mean ms"), .number("longest ms"), .number("failures"), .text("why"),
        ])
        for module in try reply.json().list("modules") {
            let id = module.text("id")
            table.add([
                id.isEmpty ? URL(fileURLWithPath: module.text("file")).lastPathComponent : id,
                module.text("version"), module.text("state"),
                module.texts("types").joined(separator: " "), module.text("calls"),
                module.number("mean_milliseconds")?.decimals(3) ?? "",
                module.number("longest_milliseconds")?.decimals(0) ?? "", module.text("failures"),
                [module.text("reason"), module.text("last_failure")].first { !$0.isEmpty } ?? "",
            ])
        }
        if table.isEmpty { return print("No module was found.") }
        Terminal.print(table)
    }
}

/// `quarterctl profiles`: how one can walk.
struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles", abstract: "List the walking profiles.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var language: LanguageOption

    func run() throws {
        let reply = try global.ask(ClientRequest("GET", "/v1/profiles", query: language.query))
        if global.json { return Terminal.print(json: reply.body) }
        var table = Table([
            .word("id"), .name("name"), .number("m/s"), .number("m in 15 min"), .word("steps"),
            .word("default"), .text("source of the pace"),
        ])
        for profile in try reply.json().list("profiles") {
            let pace = profile.number("metres_per_second") ?? 0
            table.add([
                profile.text("id"), profile.text("name"), pace.decimals(2), (pace * 900).decimals(0),
                profile["avoids_steps"] == .bool(true) ? "never" : "",
                profile["default"] == .bool(true) ? "yes" : "", profile.text("source"),
            ])
        }
        Terminal.print(table)
    }
}

/// `quarterctl communities`: the communities.
struct CommunitiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "communities", abstract: "List communities, show one, store one.",
        subcommands: [Show.self, Put.self], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl communities [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List the communities, or show one of them.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption

        @Argument(help: "A community's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            let reply = try global.ask(ClientRequest("GET", "/v1/communities", query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            var table = Table([
                .word("id"), .name("name"), .text("street office"), .number("households"),
                .number("population"), .number("60+ %"), .number("places"), .number("origins"),
            ])
            for community in try reply.json().list("communities") {
                table.add([
                    community.text("id"), community.text("name"), community.text("street_office"),
                    community.text("households"), community.text("population"),
                    community.number("elder_share").map { ($0 * 100).decimals(2) } ?? "",
                    community.text("places"), community.text("origins"),
                ])
            }
            if table.isEmpty {
                return print("There is no community yet: quarterctl import communities FILE.geojson")
            }
            Terminal.print(table)
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/communities/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let community = try reply.json()
            let grids = community.list("grids").map { "\($0.text("id")) \($0.text("name"))" }
            RecordListing.print([
                ("id", community.text("id")), ("name", community.text("name")),
                ("English", community["names"]?.text("en") ?? ""),
                ("street office", community.text("street_office")),
                ("time zone", community.text("time_zone")), ("region", community.text("region")),
                ("households", community.text("households")), ("population", community.text("population")),
                ("60+", community.number("elder_share").map { ($0 * 100).decimals(2) + " %" } ?? ""),
                ("places", community.text("places")), ("origins", community.text("origins")),
                ("grids", grids.joined(separator: ", ")),
                ("boundary", community["boundary"]?.text("type") ?? ""),
            ])
        }
    }

    /// `quarterctl communities put ID FILE`.
    struct Put: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put", abstract: "Store a community whole, from a JSON file (docs/api.md).")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordFileOptions

        func run() throws { try record.put(under: "/v1/communities/", global) }
    }
}

/// `quarterctl origins`: where walks start.
struct OriginsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "origins",
        abstract: "List origins (estates, gates, buildings, units, kiosks), show or store one.",
        subcommands: [Show.self, Put.self], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl origins [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List origins, or show one of them.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption
        @OptionGroup var pages: PageOptions

        @Option(help: "Only origins of this kind: estate, gate, building, unit or kiosk.")
        var kind: String?

        @Option(help: ArgumentHelp("Only origins of this community.", valueName: "id"))
        var community: String?

        @Option(help: ArgumentHelp("Only parts of this origin.", valueName: "id"))
        var parent: String?

        @Argument(help: "An origin's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            var query = language.query
            if let kind { query.append(("kind", kind)) }
            if let community { query.append(("community", community)) }
            if let parent { query.append(("parent", parent)) }
            let fetched = try Pages.fetch(
                "/v1/origins", query: query, list: "origins", pages: pages, from: global)
            guard let fetched else { return }
            var table = Table([
                .word("id"), .word("kind"), .name("name"), .word("part of"), .word("community"),
                .number("households"),
            ])
            for origin in fetched.rows {
                table.add([
                    origin.text("id"), origin.text("kind"), origin.text("name"), origin.text("parent"),
                    origin.text("community"), origin.text("households"),
                ])
            }
            if !table.isEmpty { Terminal.print(table) }
            fetched.printFooter("origin", "origins")
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/origins/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let origin = try reply.json()
            let ancestors = origin.list("ancestors").map { "\($0.text("name")) (\($0.text("id")))" }
            RecordListing.print([
                ("id", origin.text("id")), ("kind", origin.text("kind")), ("name", origin.text("name")),
                ("English", origin["names"]?.text("en") ?? ""),
                ("where", ReachCommand.coordinates(origin["location"])),
                ("part of", ancestors.joined(separator: " › ")), ("community", origin.text("community")),
                ("grid", origin.text("grid")), ("households", origin.text("households")),
                ("status", origin.text("status")),
            ])
            Terminal.printAttribution(origin.texts("attribution"))
        }
    }

    /// `quarterctl origins put ID FILE`.
    struct Put: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put", abstract: "Store an origin whole, from a JSON file (docs/api.md).")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordFileOptions

        func run() throws { try record.put(under: "/v1/origins/", global) }
    }
}
