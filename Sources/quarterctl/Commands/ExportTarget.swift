import ArgumentParser
import Assembly
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Exports
import Foundation
import TableFiles

/// What an export is written as.
enum ExportFormat: String, CaseIterable {
    case xlsx
    case csv
    case tsv
    case json
    case geojson

    /// Those that a table without points can have.
    static let tables: [ExportFormat] = [.xlsx, .csv, .tsv, .json]
}

/// Where an export goes.
struct ExportTarget: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "xlsx, csv, tsv, json, and of places geojson; by the end of --output unless said otherwise, else xlsx.",
            valueName: "format"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "The file to write, in the place of what is there; places.xlsx and the like in the current folder "
                + "unless said otherwise.", valueName: "file"), completion: .file())
    var output: String?

    /// The format that is wanted.
    ///
    /// - Throws: `invalid_request` for one that this export does not have.
    func format(of known: [ExportFormat], default usual: ExportFormat) throws(DirectoryError) -> ExportFormat
    {
        let ending = output.flatMap { $0.split(separator: ".").last.map(String.init) }?.lowercased()
        guard let format else { return known.first { $0.rawValue == ending } ?? usual }
        guard let wanted = known.first(where: { $0.rawValue == format }) else {
            throw DirectoryError(
                .invalidRequest, "--format \(format.shortened()) is none of this export",
                advice: "use one of " + known.map(\.rawValue).joined(separator: ", "))
        }
        return wanted
    }

    /// Writes tables, and says so.
    func write(_ book: ExportBook, as name: String, _ format: ExportFormat, _ global: GlobalOptions)
        throws(DirectoryError)
    {
        switch format {
        case .json, .geojson:
            try write(book.json(), rows: book.rowCount, of: name, format, book.attributions, global)
        case .xlsx, .csv, .tsv:
            let path = path(name, format)
            let table: TableFormat = format == .xlsx ? .xlsx : format == .csv ? .csv : .tsv
            try book.write(to: path, format: table)
            report(path, book.rowCount, book.attributions, book.viewOnly, global)
        }
    }

    /// Writes bytes, and says so.
    func write(
        _ bytes: [UInt8], rows: Int, of name: String, _ format: ExportFormat, _ attributions: [String],
        _ global: GlobalOptions
    ) throws(DirectoryError) {
        let path = path(name, format)
        try OutputFile.write(bytes, to: path)
        report(path, rows, attributions, [], global)
    }

    private func path(_ name: String, _ format: ExportFormat) -> String {
        output ?? "\(name).\(format.rawValue)"
    }

    private func report(
        _ path: String, _ rows: Int, _ attributions: [String], _ viewOnly: [String], _ global: GlobalOptions
    ) {
        if global.json {
            var json = JSONWriter()
            json.beginObject()
            json.key("file")
            json.string(path)
            json.key("rows")
            json.whole(rows)
            json.key("view_only")
            json.strings(viewOnly)
            json.attribution(attributions)
            json.endObject()
            return Terminal.print(json: json.bytes())
        }
        print("\(rows) \(rows == 1 ? "row" : "rows") in \(path.printable)")
        if !viewOnly.isEmpty {
            print("An import does not read: " + viewOnly.joined(separator: ", ").printable)
        }
        Terminal.printAttribution(attributions)
    }
}

/// Which places an export has.
struct ExportScopeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only places of this service type; may be repeated.", valueName: "id"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Only places of this community; may be repeated.", valueName: "id"))
    var community: [String] = []

    /// The scope that the words name.
    ///
    /// - Throws: `invalid_id`.
    func scope(withOrganisations: Bool = false, withHistory: Bool = false) throws(DirectoryError)
        -> ExtractScope
    {
        ExtractScope(
            types: try type.map { id throws(DirectoryError) in try ServiceTypeID(validating: id) },
            communities: try community.map { id throws(DirectoryError) in try CommunityID(validating: id) },
            withOrganisations: withOrganisations, withHistory: withHistory)
    }
}

/// Where an export comes from.
enum ExportSource {
    /// What is to be exported, from the daemon where one answers, else from the locked state folder.
    ///
    /// - Throws: what asking and opening throw, and what an extract throws.
    static func extract(_ scope: ExtractScope, _ global: GlobalOptions) throws(DirectoryError)
        -> DirectoryExtract
    {
        if let endpoint = try runningDaemon(global) {
            let client = DirectoryClient(endpoint: endpoint)
            return try DirectoryExtract(
                asking: { path, query throws(DirectoryError) in
                    try client.send(ClientRequest("GET", path, query: query)).json()
                }, scope)
        }
        let assembly = try Assembly(Layout(stateFolder: global.stateFolder()))
        let extract: DirectoryExtract
        do throws(DirectoryError) {
            extract = try DirectoryExtract(of: assembly.engine, scope)
        } catch {
            try? assembly.close()
            throw error
        }
        try assembly.close()
        return extract
    }

    /// The changes that a query asks for, page after page, up to a revision or to the present.
    ///
    /// - Throws: `revision_ahead`, `history_gone`, and what asking and opening throw.
    static func changes(_ query: ChangeQuery, until end: Revision?, _ global: GlobalOptions)
        throws(DirectoryError) -> [ChangeLine]
    {
        if let endpoint = try runningDaemon(global) {
            let client = DirectoryClient(endpoint: endpoint)
            return try changes(query, until: end) { query throws(DirectoryError) in
                var words = [
                    (name: "since", value: query.position?.description ?? "0"), ("follow", "no"),
                    ("limit", "\(query.limit)"), ("with", "record"),
                ]
                words += query.types.map { ("type", $0.rawValue) }
                if let community = query.community { words.append(("community", community.rawValue)) }
                return try client.send(ClientRequest("GET", "/v1/changes", query: words)).json()
            }
        }
        let assembly = try Assembly(Layout(stateFolder: global.stateFolder()))
        let lines: [ChangeLine]
        do throws(DirectoryError) {
            lines = try changes(query, until: end) { query throws(DirectoryError) in
                var json = JSONWriter(capacity: 1 << 16)
                try assembly.engine.changes(query).write(to: &json, for: query)
                return try JSONValue(json: json.bytes())
            }
        } catch {
            try? assembly.close()
            throw error
        }
        try assembly.close()
        return lines
    }

    private static func changes(
        _ first: ChangeQuery, until end: Revision?, ask: (ChangeQuery) throws(DirectoryError) -> JSONValue
    ) throws(DirectoryError) -> [ChangeLine] {
        var query = first
        var lines: [ChangeLine] = []
        while true {
            let page = try ask(query)
            for change in page.list("changes") {
                let line = try ChangeLine(change)
                if let end, line.revision > end { return lines }
                lines.append(line)
            }
            let next = page.text("next")
            if next == page.text("revision") { return lines }
            guard let position = FeedPosition(next) else {
                throw DirectoryError(.badReply, "the answer's next is \(next.shortened())")
            }
            query.position = position
        }
    }

    /// The public socket of a daemon that listens; nil when there is none and the state folder may be used.
    private static func runningDaemon(_ global: GlobalOptions) throws(DirectoryError) -> DirectoryEndpoint? {
        if let socket = global.socket { return try GlobalOptions.endpoint(named: socket) }
        guard let endpoint = try? global.endpoint(.public) else { return nil }
        switch DirectoryClient(endpoint: endpoint).listens() {
        case .yes: return endpoint
        case .no: return nil
        case .cannotTell(let error): throw error
        }
    }
}
