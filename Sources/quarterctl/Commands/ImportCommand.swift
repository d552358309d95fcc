import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

/// `quarterctl import`: bring a register file in.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring a file in: OpenStreetMap, communities, records.",
        discussion: """
            With the daemon running the file goes through its admin socket; without it the state folder is \
            changed directly, under its lock. Either way the report says what became of each row.
            """,
        subcommands: [OSM.self, Communities.self, Records.self])

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
            abstract: "Bring in organisations, places and activities from a JSON file (docs/registers.md).")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var register: RegisterOptions

        func run() throws { try register.take(as: "records", global) }
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
    func take(as format: String, _ global: GlobalOptions) throws {
        let language = try language()
        // The file is looked at first: what is wrong with it needs no daemon to be said.
        guard access(file, R_OK) == 0 else {
            throw DirectoryError(
                .unreadableFile, "cannot open \(file)", advice: "check the path and its permissions",
                cause: String(cString: strerror(errno)))
        }
        let progress = ProgressReport()
        defer { progress.finish() }
        let report: [UInt8]
        if let endpoint = try runningDaemon(global) {
            report = try send(as: format, to: endpoint, progress)
        } else {
            report = try OfflineDirectory.take(
                file: file, format: format, source: source, global, progress: progress, language: language)
        }
        progress.finish()
        if global.json { return Terminal.print(json: report) }
        RegisterReportText(report: try JSONValue(json: report), language: language, isWhole: all).print()
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

    private func send(as format: String, to endpoint: DirectoryEndpoint, _ progress: ProgressReport)
        throws(DirectoryError) -> [UInt8]
    {
        var query = [(name: "format", value: format)]
        if let source { query.append(("source", source)) }
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
        return reply.body
    }
}
