import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import ModuleHost
import ServiceTypeKit

/// `quarterctl types`: the service types.
struct TypesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "types",
        abstract: "List the service types, show one with its attributes, or check files that declare some.",
        subcommands: [Show.self, Check.self], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl types [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List the service types, or show one with its attributes.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption

        @Argument(help: "A type's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            let reply = try global.ask(ClientRequest("GET", "/v1/types", query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            var table = Table([
                .word("id"), .name("name"), .word("class"), .number("target min"), .number("places"),
                .word("module"),
            ])
            let types = try reply.json().list("types")
            for type in types {
                table.add([
                    type.text("id"), type.text("name"), type.text("class"), type.text("target_minutes"),
                    type.text("places"), type.text("module"),
                ])
            }
            if !table.isEmpty { Terminal.print(table) }
            print("\(types.count) types; those without a module are declared in types.d.")
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/types/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let type = try reply.json()
            let selectors = type.list("osm").map { selector in
                let tags = selector.members("tags").map { "\($0.key)=\($0.value.asText ?? "")" }
                let words = selector.texts("name_words")
                return (tags + (words.isEmpty ? [] : ["name has " + words.joined(separator: "|")]))
                    .joined(separator: " + ")
            }
            RecordListing.print([
                ("id", type.text("id")), ("name", type.text("name")),
                ("English", type["names"]?.text("en") ?? ""),
                ("class", type.text("class")), ("target", type.text("target_minutes") + " min"),
                ("places", type.text("places")), ("module", type.text("module")),
                ("search words", type.texts("search_words").joined(separator: " ")),
                ("calendar", type.text("calendar_policy")),
                ("GB/T 4754", type.texts("industry_codes").joined(separator: " ")),
                ("OSM", selectors.joined(separator: "; ")), ("source", type.text("source")),
            ])
            var table = Table([
                .word("attribute"), .name("name"), .word("kind"), .word("unit"), .word("range"),
                .text("options"),
            ])
            for attribute in type.list("attributes") {
                table.add(Self.row(attribute))
                for column in attribute.list("row_columns") {
                    table.add(Self.row(column, of: attribute.text("key")))
                }
            }
            for facet in type.list("facets") { table.add(Self.row(facet, note: " (facet)")) }
            if !table.isEmpty {
                print()
                Terminal.print(table)
            }
        }

        /// - Parameter table: the key of the table whose column it is.
        private static func row(_ attribute: JSONValue, of table: String? = nil, note: String = "")
            -> [String]
        {
            let least = attribute.text("minimum")
            let most = attribute.text("maximum")
            return [
                (table.map { $0 + "." } ?? "") + attribute.text("key") + note
                    + (attribute["required"] == .bool(true) ? " *" : ""),
                attribute["names"]?.text("zh") ?? "", attribute.text("kind"),
                attribute["unit"]?.text("zh") ?? "",
                least.isEmpty && most.isEmpty ? "" : "\(least)…\(most)",
                attribute.list("options").map { $0.text("key") }.joined(separator: " "),
            ]
        }
    }

    /// `quarterctl types check FILE…`: needs no daemon.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check files that declare service types, before the daemon reads them.",
            discussion: """
                Every fault is told with file, line, key and reason; of a sound file, what the type is. Ends with \
                exit code 78 when a file is not sound.
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The TOML files.", completion: .file(extensions: ["toml"]))
        var files: [String]

        func run() throws {
            var fault: DirectoryError?
            for file in files {
                do throws(DirectoryError) {
                    print(Self.summary(of: try DeclaredType(contentsOf: file), in: file))
                } catch {
                    Terminal.complain(error)
                    fault = error
                }
            }
            if let fault { throw ExitCode(ErrorTable.exitCode(of: fault.code)) }
        }

        /// What a sound file declares, in one line.
        static func summary(of declared: DeclaredType, in file: String) -> String {
            let type = declared.description
            let counts = declared.rules.counts
            let required = type.attributes.filter(\.isRequired).count
            let tables = type.attributes.filter { $0.kind.word == "rows" }.count
            let parts = [
                (type.attributes.count, "attribute", required > 0 ? " (\(required) required)" : ""),
                (tables, "table", ""), (counts.findings, "finding", ""), (counts.facets, "facet", ""),
                (counts.highlights, "highlight", ""), (type.osmSelectors.count, "OSM selector", ""),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")\($0.2)" }
            return
                ("\(file): \(type.id) \(type.name.zh) (\(type.name.en)), \(type.serviceClass.rawValue), "
                + "\(type.targetMinutes) min: " + parts.joined(separator: ", ")).printable
        }
    }
}
