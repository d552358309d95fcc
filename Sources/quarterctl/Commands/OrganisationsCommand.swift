import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl organisations`: who runs places and activities.
struct OrganisationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "organisations", abstract: "List organisations, show, store or delete one.",
        subcommands: [Show.self, Put.self, Delete.self], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl organisations [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List organisations, or show one with what it runs.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption
        @OptionGroup var pages: PageOptions

        @Option(help: ArgumentHelp("Only organisations of this kind, such as company.", valueName: "kind"))
        var kind: String?

        @Argument(help: "An organisation's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            var query = language.query
            if let kind { query.append(("kind", kind)) }
            let fetched = try Pages.fetch(
                "/v1/organisations", query: query, list: "organisations", pages: pages, from: global)
            guard let fetched else { return }
            var table = Table([
                .word("id"), .name("name"), .word("kind"), .word("credit code"), .word("phone"),
                .text("address"),
            ])
            for row in fetched.rows {
                table.add(
                    ["id", "name", "kind", "credit_code", "phone", "address"].map { row.text($0) })
            }
            if !table.isEmpty { Terminal.print(table) }
            fetched.printFooter("organisation", "organisations")
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/organisations/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let organisation = try reply.json()
            func names(_ key: String) -> String {
                organisation.list(key).map { "\($0.text("name")) (\($0.text("id")))" }.joined(separator: ", ")
            }
            RecordListing.print([
                ("id", organisation.text("id")), ("name", organisation.text("name")),
                ("English", organisation["names"]?.text("en") ?? ""), ("kind", organisation.text("kind")),
                ("credit code", organisation.text("credit_code")), ("phone", organisation.text("phone")),
                ("address", organisation.text("address")), ("about", organisation.text("about")),
                ("places", names("places")), ("activities", names("activities")),
            ])
        }
    }

    /// `quarterctl organisations put ID FILE`.
    struct Put: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put", abstract: "Store an organisation whole, from a JSON file (docs/api.md).")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var record: RecordFileOptions

        func run() throws { try record.put(under: "/v1/organisations/", global) }
    }

    /// `quarterctl organisations delete ID`.
    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Take an organisation away that runs nothing any more.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The organisation's id.")
        var id: String

        func run() throws { try RecordFileOptions.delete("/v1/organisations/", id, global) }
    }
}
