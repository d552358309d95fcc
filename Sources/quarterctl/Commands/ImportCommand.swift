import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation
import Registers

/// `quarterctl import`: bring a register file in.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring a file in: a table, GeoJSON, OpenStreetMap, communities, records.",
        discussion: """
            With the daemon running the file goes through its admin socket; without it the state folder is \
            changed directly, under its lock. Either way the report says what became of each row. `import FILE` \
            alone tells by the file's name what it is, and of JSON by what is in it.
            """,
        subcommands: [
            AnyFile.self, TableFile.self, GeoJSON.self, HSDS.self, OSM.self, Communities.self, Records.self,
            List.self, Undo.self,
        ],
        defaultSubcommand: AnyFile.self)

    @OptionGroup var global: GlobalOptions

    /// `quarterctl import osm FILE`.
    struct OSM: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "osm",
            abstract: "Bring in an .osm.pbf: the walking network, places, estates, gates and buildings.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "osm", global) }
    }

    /// `quarterctl import communities FILE`.
    struct Communities: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "communities", abstract: "Bring in communities and grids from a GeoJSON file.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "communities", global) }
    }
}

extension ImportCommand {
    /// `quarterctl import records FILE`.
    struct Records: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "records",
            abstract:
                "Bring in organisations, places, activities and notices from a JSON file (docs/registers.md)."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "records", global) }
    }
}

extension ImportCommand {
    /// `quarterctl import FILE`: what it is, is told by its name.
    struct AnyFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "file", abstract: "Bring in a file of any kind, told by its name; the default.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var table: TableOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: format(), global, table) }

        private func format() throws(DirectoryError) -> String {
            let name = register.file.lowercased()
            // What is said about columns is only said of places.
            if name.hasSuffix(".geojson"), !table.isEmpty { return RegisterKind.geojson.rawValue }
            if name.hasSuffix(".json"), !table.isEmpty {
                return try RegisterKind.ofJSON(at: register.file, fileName: register.file).rawValue
            }
            if let format = RegisterEndings.format(ofFile: register.file) { return format }
            throw DirectoryError(
                .invalidRequest, "\(register.file.shortened()) does not say by its name what it is",
                advice:
                    "say it: `quarterctl import table`, `geojson`, `hsds`, `osm`, `communities` or `records`, then the file"
            )
        }
    }

    /// `quarterctl import table FILE`.
    struct TableFile: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "table",
            abstract: "Bring in a table of places: .xlsx, .csv, .tsv (docs/registers.md).",
            discussion: """
                Its head is found, its columns are read by the names that offices give them. An answer file is laid \
                beside it: the same rows with what became of each, coloured, to be mended and sent again.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var table: TableOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "table", global, table) }
    }

    /// `quarterctl import geojson FILE`.
    struct GeoJSON: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "geojson",
            abstract: "Bring in places from a GeoJSON file: properties are columns (docs/registers.md).",
            discussion: """
                Everything that goes for a table goes for it. The answer is a workbook of the features' properties, \
                to be mended and sent again.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var table: TableOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "geojson", global, table) }
    }

    /// `quarterctl import hsds FILE`.
    struct HSDS: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hsds",
            abstract: "Bring in organisations and places from a file of HSDS 3.0 (docs/registers.md).",
            discussion: """
                What `quarterctl export hsds` wrote comes back under its own ids. A file of another publisher needs \
                --source; of the options of tables it takes --type and --mapping.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var table: TableOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "hsds", global, table) }
    }

    /// `quarterctl import list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "The files that were brought in, newest first.")

        @OptionGroup var global: GlobalOptions

        @Option(help: ArgumentHelp("How many at most.", valueName: "n"))
        var limit = 20

        func run() throws {
            let reply = try global.ask(
                ClientRequest("GET", "/v1/imports", query: [(name: "limit", value: "\(limit)")]), on: .admin)
            if global.json { return Terminal.print(json: reply.body) }
            var table = Table([
                .number("batch"), .word("when"), .word("source"), .text("file"), .number("rows"),
                .number("created"), .number("changed"), .number("unchanged"), .number("rejected"),
                .number("held"), .number("closed"),
            ])
            for batch in try reply.json().list("imports") {
                let names = [
                    "batch", "time", "source", "file", "rows", "created", "changed", "unchanged", "rejected",
                    "held", "closed",
                ]
                table.add(names.map { batch.text($0).printable })
            }
            if table.isEmpty { return print("Nothing was brought in yet.") }
            Terminal.print(table)
        }
    }

    /// `quarterctl import undo BATCH`.
    struct Undo: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "undo",
            abstract: "Take an import back, by the number that its report and `import list` give it.",
            discussion: """
                What it made is deleted, what it changed is as it was before. Where one of its records was changed \
                since, nothing is taken back.
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The number of the import.")
        var batch: Int

        func run() throws {
            let reply = try global.ask(ClientRequest("DELETE", "/v1/imports/\(batch)"), on: .admin)
            if global.json { return Terminal.print(json: reply.body) }
            let undone = try reply.json()
            print(
                "Import \(batch) is taken back: \(undone.text("deleted")) places are gone, "
                    + "\(undone.text("restored")) are as they were before; revision \(undone.text("revision"))"
            )
        }
    }
}

/// What is said about a table beside the table itself.
struct TableOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A table: the service type of all its rows.", valueName: "type"))
    var type: String?

    @Option(
        help: ArgumentHelp(
            "A table: the datum of its points: wgs84, cgcs2000, gcj02 (AMap, Tencent), bd09 (Baidu).",
            valueName: "datum"))
    var datum: String?

    @Option(
        help: ArgumentHelp(
            "A table: what its columns are, as TOML; kept for the source's next table.", valueName: "file"),
        completion: .file())
    var mapping: String?

    @Flag(help: "A table: it has all places of its source; those that it no longer has are marked.")
    var complete = false

    @Flag(
        name: .customLong("dry-run"), help: "A table: say what would become of each row, and write nothing.")
    var isRehearsal = false

    @Option(
        help: ArgumentHelp(
            "A table: where the answer file is to lie, instead of beside the table.", valueName: "file"),
        completion: .file())
    var answer: String?

    @Flag(name: .customLong("no-answer"), help: "A table: no answer file.")
    var wantsNoAnswer = false

    /// Whether anything is said.
    var isEmpty: Bool {
        type == nil && datum == nil && mapping == nil && !complete && !isRehearsal && answer == nil
            && !wantsNoAnswer
    }

    /// What is said, checked.
    ///
    /// - Throws: `invalid_request`, `invalid_id`, `unreadable_file`.
    func instructions() throws(DirectoryError) -> TableInstructions {
        var table = TableInstructions()
        if let type { table.type = try ServiceTypeID(validating: type) }
        if let datum {
            guard let known = Datum(rawValue: datum.lowercased()) else {
                throw DirectoryError(
                    .invalidRequest,
                    "--datum \(datum.shortened()) is not one of "
                        + Datum.allCases.map(\.rawValue).joined(separator: ", "))
            }
            table.datum = known
        }
        if let mapping {
            do {
                table.mapping = try String(contentsOfFile: mapping, encoding: .utf8)
            } catch {
                throw DirectoryError(
                    .unreadableFile, "cannot read the mapping \(mapping)",
                    advice: "check the path, its permissions, and that it is UTF-8",
                    cause: (error as NSError).localizedDescription)
            }
        }
        table.isComplete = complete
        table.isRehearsal = isRehearsal
        table.wantsAnswer = !wantsNoAnswer
        return table
    }

    /// Where the answer to a table is to lie, without its extension: beside it, under its name.
    func answerPath(of file: String) -> String {
        let plain = answer ?? file
        let folder = URL(fileURLWithPath: plain).deletingPathExtension().path
        return answer == nil ? folder + ".answer" : folder
    }
}

/// A register file, and how to tell of it.
struct RegisterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The source's id; the format's own unless said otherwise.", valueName: "id"))
    var source: String?

    @Option(
        help: ArgumentHelp(
            "Language of reasons and findings: zh or en; that of the locale unless said otherwise.",
            valueName: "zh|en"))
    var lang: String?

    @Flag(help: "List every finding and everything left out, not the first ones only.")
    var all = false

    @Argument(help: "The file.", completion: .file())
    var file: String

    /// Takes the file in by the daemon if one answers, else on the state folder, and prints the report.
    func take(as format: String, _ global: GlobalOptions, _ options: TableOptions? = nil) throws {
        let language = try language()
        var table = try options?.instructions() ?? TableInstructions()
        let isTable = RegisterKind(rawValue: format)?.takesInstructions == true
        if !isTable, let options, !options.isEmpty {
            throw DirectoryError(
                .invalidRequest, "\(file.shortened()) is no table, so nothing can be said about its columns",
                advice: "leave out --type, --datum, --mapping, --complete, --dry-run and --answer")
        }
        // The file is looked at first: what is wrong with it needs no daemon to be said.
        guard access(file, R_OK) == 0 else {
            throw DirectoryError(
                .unreadableFile, "cannot open \(file)", advice: "check the path and its permissions",
                cause: String(cString: strerror(errno)))
        }
        let progress = ProgressReport()
        defer { progress.finish() }
        let report: [UInt8]
        let answerPath = isTable && table.wantsAnswer ? options?.answerPath(of: file) : nil
        if let endpoint = try runningDaemon(global) {
            report = try send(as: format, to: endpoint, table, answer: answerPath, progress)
        } else {
            table.answerPath = answerPath
            report = try OfflineDirectory.take(
                file: file, format: format, source: source, table: table, global, progress: progress,
                language: language)
        }
        progress.finish()
        if global.json { return Terminal.print(json: report) }
        let value = try JSONValue(json: report)
        RegisterReportText(report: value, language: language, isWhole: all).print()
        if let answerPath, let name = value["answer"].flatMap({ JSONText.text($0) }) {
            print("\nThe answer is in \(answerPath).\(name.split(separator: ".").last ?? "")")
        }
        if let batch = value.whole("batch"), isTable {
            print("`quarterctl import undo \(batch)` takes it back.")
        }
    }

    private func language() throws(DirectoryError) -> Language {
        guard let lang else { return Terminal.language }
        guard let language = Language(rawValue: lang) else {
            throw DirectoryError(.invalidRequest, "--lang \(lang.shortened()) is not one of zh, en")
        }
        return language
    }

    /// The admin socket of a daemon that listens; nil when there is none and the state folder may be used.
    ///
    /// - Throws: `cannot_connect` when there is one that cannot be used, or one was named that isn't there.
    private func runningDaemon(_ global: GlobalOptions) throws(DirectoryError) -> DirectoryEndpoint? {
        if let socket = global.socket { return try GlobalOptions.endpoint(named: socket) }
        guard let endpoint = try? global.endpoint(.admin) else { return nil }
        switch DirectoryClient(endpoint: endpoint).listens() {
        case .yes: return endpoint
        case .no: return nil
        case .cannotTell(let error): throw error
        }
    }

    private func send(
        as format: String, to endpoint: DirectoryEndpoint, _ table: TableInstructions, answer: String?,
        _ progress: ProgressReport
    ) throws(DirectoryError) -> [UInt8] {
        var query = [(name: "format", value: format)]
        if let source { query.append(("source", source)) }
        if let type = table.type { query.append(("type", type.rawValue)) }
        if let datum = table.datum { query.append(("datum", datum.rawValue)) }
        if let mapping = table.mapping { query.append(("mapping", mapping)) }
        if table.isComplete { query.append(("complete", "yes")) }
        if table.isRehearsal { query.append(("dry_run", "yes")) }
        let name = URL(fileURLWithPath: file).lastPathComponent
        let request = ClientRequest(
            "POST", "/v1/registers", query: query,
            headers: [("Content-Disposition", "attachment; filename*=UTF-8''" + name.queryEncoded)],
            body: .file(path: file, contentType: "application/octet-stream"))
        let client = DirectoryClient(endpoint: endpoint, timeouts: .longWork)
        let reply = try client.send(request) { sent, all in
            if sent < all {
                progress.show("sending \(name)", Double(sent) / Double(all))
            } else {
                progress.show("quarterd reads \(name)", nil)
            }
        }
        if let answer, let kept = try reply.json()["answer"].flatMap({ JSONText.text($0) }) {
            try fetch(kept, by: client, to: answer + "." + (kept.split(separator: ".").last ?? ""))
        }
        return reply.body
    }

    /// Lays the answer file beside the table.
    private func fetch(_ name: String, by client: DirectoryClient, to path: String) throws(DirectoryError) {
        func unwritable(_ cause: String) -> DirectoryError {
            DirectoryError(
                .storeUnwritable, "the table was taken in, but its answer cannot be written to \(path)",
                advice: "give --answer a path that can be written", cause: cause)
        }
        // Put in its place whole, however long it is.
        let draft = path + ".part"
        guard let file = fopen(draft, "we") else { throw unwritable(String(cString: strerror(errno))) }
        var isOpen = true
        defer {
            if isOpen { fclose(file) }
            unlink(draft)
        }
        var offset = 0
        while true {
            let words = [("offset", "\(offset)"), ("length", "\(AnswerPiece.usual)")]
            let piece = try client.send(ClientRequest("GET", "/v1/answers/" + name, query: words)).body
            guard fwrite(piece, 1, piece.count, file) == piece.count else {
                throw unwritable(String(cString: strerror(errno)))
            }
            offset += piece.count
            if piece.count < AnswerPiece.usual { break }
        }
        isOpen = false
        guard fclose(file) == 0, rename(draft, path) == 0 else {
            throw unwritable(String(cString: strerror(errno)))
        }
    }
}

/// A JSON text, or nil for anything else.
private enum JSONText {
    static func text(_ value: JSONValue) -> String? {
        guard case .string(let text) = value else { return nil }
        return text
    }
}
