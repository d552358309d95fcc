import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

/// `quarterctl notices`: what people have to know, and for whom it is.
struct NoticesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "List notices, show, post or withdraw one.",
        subcommands: [Show.self, Post.self, Withdraw.self], defaultSubcommand: Show.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl notices [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "List the notices that count now, or show one of them.",
            discussion: """
                With an origin those for it and for all that it is part of; without one those of the whole directory. \
                Urgent ones come first, then those for the fewest people, then the newest.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var language: LanguageOption
        @OptionGroup var pages: PageOptions

        @Option(help: ArgumentHelp("For whoever is at this origin, such as a kiosk.", valueName: "id"))
        var origin: String?

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("For a point, WGS-84: its latitude.", valueName: "degrees"))
        var lat: String?

        @Option(parsing: .unconditional, help: ArgumentHelp("And its longitude.", valueName: "degrees"))
        var lon: String?

        @Option(help: ArgumentHelp("Only notices of this community.", valueName: "id"))
        var community: String?

        @Option(help: ArgumentHelp("Those that count at a moment; now.", valueName: "time"))
        var at: String?

        @Flag(help: "Also those that are past, to come or closed.")
        var past = false

        @Argument(help: "A notice's id.")
        var id: String?

        func run() throws {
            if let id { return try show(id) }
            var words = language.query
            for (name, value) in [
                ("origin", origin), ("lat", lat), ("lon", lon), ("community", community), ("at", at),
            ] {
                if let value { words.append((name, value)) }
            }
            if past { words.append(("all", "yes")) }
            var count = 0
            var cursor: String?
            repeat {
                let reply = try global.ask(
                    ClientRequest("GET", "/v1/notices", query: words + pages.query(after: cursor)))
                let answer = try reply.json()
                let notices = answer.list("notices")
                count += notices.count
                cursor = answer["next"]?.asText
                if global.json { Terminal.print(json: reply.body) } else { print(notices) }
            } while pages.all && cursor != nil
            guard !global.json else { return }
            let more = cursor == nil ? "" : ", and more: --all"
            print("\(count) \(count == 1 ? "notice" : "notices")\(more).")
        }

        private func print(_ notices: [JSONValue]) {
            guard !notices.isEmpty else { return }
            var table = Table(
                [.word("urgent"), .name("title"), .text("for"), .text("by"), .word("from"), .word("until")]
                    + (past ? [.word("state")] : []) + [.word("id")])
            for notice in notices {
                let isClosed = notice.text("status") == PlaceStatus.closedAtSource.rawValue
                table.add(
                    [
                        notice["urgent"] == .bool(true) ? "urgent" : "", notice.text("title"),
                        notice["to"]?.text("name") ?? "", notice.text("by"), Self.time(notice["from"]),
                        Self.time(notice["until"]),
                    ] + (past ? [isClosed ? "closed" : notice.text("state")] : []) + [notice.text("id")])
                table.add(under: Self.lines(of: notice))
            }
            Terminal.print(table)
        }

        private func print(_ line: String) { Swift.print(line) }

        private static func lines(of notice: JSONValue) -> [String] {
            notice.text("text").split(separator: "\n").map(String.init)
        }

        /// A day, or a moment by the clock of the community; what has no end is told until further notice.
        private static func time(_ value: JSONValue?) -> String {
            guard let text = value?.asText else { return "further notice" }
            return text.count > 16 ? text.prefix(10) + " " + text.dropFirst(11).prefix(5) : text
        }

        private func show(_ id: String) throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/notices/" + id.queryEncoded, query: language.query))
            if global.json { return Terminal.print(json: reply.body) }
            let notice = try reply.json()
            RecordListing.print([
                ("id", notice.text("id")), ("title", notice.text("title")),
                ("English", notice["titles"]?.text("en") ?? ""),
                ("urgent", notice["urgent"] == .bool(true) ? "yes" : ""),
                (
                    "for",
                    "\(notice["to"]?.text("name") ?? "") (\(notice["to"]?.text("kind") ?? "") \(notice["to"]?.text("id") ?? ""))"
                ), ("by", notice.text("by")), ("from", Self.time(notice["from"])),
                ("until", Self.time(notice["until"])), ("state", notice.text("state")),
                ("place", notice.text("place")), ("community", notice.text("community")),
                ("status", notice.text("status")),
            ])
            for line in Self.lines(of: notice) { print("  " + line.printable) }
        }
    }

    /// `quarterctl notices post`.
    struct Post: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "post",
            abstract: "Post a notice for a community, a grid, an estate, a building or a kiosk.",
            discussion: """
                It is told from --from until --until: days in the time of its community, both included, or moments \
                (RFC 3339). What is to happen on Friday has to be told on Thursday: say the time in the text.
                """)

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("Whom it is for: a community, a grid or an origin.", valueName: "id"))
        var to: String

        @Option(
            help: ArgumentHelp(
                "What the id of --to is, where it is that of several: community, grid or origin.",
                valueName: "kind"))
        var kind: String?

        @Option(help: "What it is about, at most 60 characters.")
        var title: String

        @Option(help: "The same in English.")
        var titleEn: String?

        @Option(
            help: "What there is to know, at most 2,000 characters; - for standard input. No person's number."
        )
        var text: String

        @Option(help: "The same in English.")
        var textEn: String?

        @Option(help: ArgumentHelp("First day, or moment; now.", valueName: "day|moment"))
        var from: String?

        @Option(
            help: ArgumentHelp(
                "Last day, included, or the moment at which it ends.", valueName: "day|moment"))
        var until: String?

        @Flag(help: "Nobody knows when it ends: it is told until it is withdrawn.")
        var untilFurtherNotice = false

        @Flag(help: "It comes before all others.")
        var urgent = false

        @Option(help: ArgumentHelp("The organisation that says it.", valueName: "id"))
        var by: String?

        @Option(help: ArgumentHelp("The place that it is about.", valueName: "id"))
        var place: String?

        @Option(
            help: ArgumentHelp(
                "The notice's id, also to change one that is there; a new one is made up unless said otherwise.",
                valueName: "id"))
        var id: String?

        func run() throws {
            guard (until != nil) != untilFurtherNotice else {
                throw DirectoryError(
                    .invalidRequest, "give either --until or --until-further-notice",
                    advice: "a notice without an end is on the wall for ever", location: "--until")
            }
            // Whole minutes: that is as fine as a notice is told.
            let now = Int64(Date().timeIntervalSince1970) / 60 * 60
            let words =
                text == "-" ? String(decoding: try RecordFileOptions.read("-"), as: UTF8.self) : text
            var addressee: [String: JSONValue] = ["id": .string(to)]
            if let kind { addressee["kind"] = .string(kind) }
            let body = JSONBody.bytes([
                ("title", .string(title)), ("title_en", titleEn.map(JSONValue.string)),
                ("text", .string(words)), ("text_en", textEn.map(JSONValue.string)),
                ("to", .object(addressee)),
                ("from", .string(from ?? Timestamp(secondsSince1970: now).rfc3339)),
                ("until", until.map(JSONValue.string) ?? .null), ("urgent", .bool(urgent)),
                ("organisation", by.map(JSONValue.string)), ("place", place.map(JSONValue.string)),
            ])
            let id = self.id ?? "notice-" + UUID().uuidString.prefix(8).lowercased()
            let reply = try global.ask(
                ClientRequest("PUT", "/v1/notices/" + id.queryEncoded, body: .json(body)), on: .admin)
            try RecordFileOptions.printOutcome(reply, global)
        }
    }

    /// `quarterctl notices withdraw ID`.
    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "withdraw", abstract: "Take a notice away; the history keeps it.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The notice's id.")
        var id: String

        func run() throws { try RecordFileOptions.delete("/v1/notices/", id, global) }
    }
}
