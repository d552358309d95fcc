import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

/// `quarterctl changes`: what was changed, and what is being changed.
struct ChangesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes",
        abstract: "Show what was changed, oldest first, or follow what is being changed.",
        discussion: """
            With --output each change is a line of JSON in a file, for a machine without a line. Its last line says \
            how far it goes ({"next":"918"}), which is the --since of the next file; a file without that line is not \
            whole. With --follow it goes on after a restart of the daemon where it was.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "What has been seen: a revision, or a position of the feed. Without it everything is shown, and with "
                + "--follow what comes from now on.", valueName: "revision"))
    var since: String?

    @Flag(help: "Go on with what is changed from now on.")
    var follow = false

    @Option(
        help: ArgumentHelp("Write the changes to a file, a line of JSON each.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("Only records of this community.", valueName: "id"))
    var community: String?

    @Option(help: ArgumentHelp("Only places of this type; may be given several times.", valueName: "id"))
    var type: [String] = []

    @Option(
        help:
            "Only place, origin, community, grid, organisation, activity or notice; may be given several times."
    )
    var kind: [String] = []

    @Flag(help: "With each record as it is now.")
    var withRecord = false

    @Flag(help: "With who changed it: asks the admin socket.")
    var withActor = false

    /// How long to wait for a daemon that restarts, and for how many times.
    ///
    /// Chosen, not measured: a minute is longer than a start takes.
    private static let retries = (seconds: 1.0, count: 60)

    func run() throws {
        let sink = try ChangeSink(output, asJSON: global.json || output != nil, appends: follow)
        let client = DirectoryClient(endpoint: try global.endpoint(withActor ? .admin : .public))
        if follow { return try followOn(client, sink) }
        let end = try pages(client, sink)
        try sink.finish(next: end)
        if !sink.isJSON || output != nil {
            print("\(sink.count) \(sink.count == 1 ? "change" : "changes"); go on with --since \(end).")
        }
    }

    private var query: [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let community { query.append(("community", community)) }
        query += type.map { ("type", $0) } + kind.map { ("kind", $0) }
        if withRecord { query.append(("with", "record")) }
        return query
    }

    /// Fetches everything up to the present, and returns where that is.
    private func pages(_ client: DirectoryClient, _ sink: ChangeSink) throws(DirectoryError) -> String {
        var next = since ?? "0"
        while true {
            let words = [("since", next), ("follow", "no"), ("limit", "\(WalkLimit.maximumPage)")]
            let reply = try client.send(ClientRequest("GET", "/v1/changes", query: words + query))
            for change in reply.listedObjects { try sink.take(change) }
            let page = try reply.json()
            next = page.text("next")
            if next == page.text("revision") { return next }
        }
    }

    /// Follows until a reread, over restarts of the daemon.
    private func followOn(_ client: DirectoryClient, _ sink: ChangeSink) throws(DirectoryError) {
        var last = since
        var failures = 0
        var hasFollowed = false
        while true {
            do throws(DirectoryError) {
                var words = query + [("follow", "yes")]
                if let last { words.append(("since", last)) }
                try client.follow(ClientRequest("GET", "/v1/changes", query: words)) {
                    event throws(DirectoryError) in
                    failures = 0
                    hasFollowed = true
                    if event.name == "change" { try sink.take(Array(event.data.utf8)) }
                    if event.name == "reread" {
                        throw DirectoryError(
                            .historyGone, "the feed cannot go on: \(Self.reason(event.data))",
                            advice: "read what you keep a copy of, then go on with --since \(event.id)")
                    }
                    if !event.id.isEmpty { last = event.id }
                    return true
                }
            } catch {
                // What passes when the daemon is there again.
                guard [.cannotConnect, .badReply, .unavailable, .requestTimeout].contains(error.code),
                    hasFollowed, failures < Self.retries.count
                else { throw error }
            }
            failures += 1
            guard failures <= Self.retries.count else {
                throw DirectoryError(.cannotConnect, "\(client.endpoint) ends the feed again and again")
            }
            Thread.sleep(forTimeInterval: Self.retries.seconds)
        }
    }

    private static func reason(_ data: String) -> String {
        (try? JSONValue(json: Array(data.utf8)))?.text("reason") ?? "the daemon does not say why"
    }
}

/// Where changes go: to a file or to standard output, as JSON or in words.
private final class ChangeSink {
    let isJSON: Bool
    private(set) var count = 0
    private let path: String?
    private let appends: Bool
    private var file: FileHandle?

    /// A sink.
    ///
    /// - Parameters:
    ///   - path: a file; nil for standard output.
    ///   - appends: whether each line is to be in the file at once, after what is there; else the file appears when it
    ///     is whole.
    /// - Throws: `store_unwritable` where the file cannot be made.
    init(_ path: String?, asJSON: Bool, appends: Bool) throws(DirectoryError) {
        self.path = path
        self.appends = appends
        isJSON = asJSON
        guard let path else { return }
        let place = appends ? path : path + ".part"
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC)
        let descriptor = open(place, flags, 0o644)
        guard descriptor >= 0 else { throw Self.fault("make", place) }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    private static func fault(_ what: String, _ path: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "cannot \(what) \(path)", advice: "name another file with --output",
            cause: String(cString: strerror(errno)))
    }

    /// Takes a change.
    func take(_ json: [UInt8]) throws(DirectoryError) {
        count += 1
        if isJSON { return try write(json) }
        let change = try ClientReply(status: 200, headers: [:], body: json).json()
        let words = [
            change.text("time"), change.text("position"), change.text("change"), change.text("kind"),
            change.text("id"), change.text("type"), change.text("community"), change.text("actor"),
            change.texts("fields").joined(separator: " "),
        ]
        // At once, also into a pipe.
        Terminal.print(json: Array(words.filter { !$0.isEmpty }.joined(separator: "  ").printable.utf8))
    }

    /// Writes the last line, and has the file appear under its name.
    func finish(next: String) throws(DirectoryError) {
        guard let path, !appends else { return }
        try write(Array(#"{"next":"\#(next)"}"#.utf8))
        guard let descriptor = file?.fileDescriptor, fsync(descriptor) == 0, rename(path + ".part", path) == 0
        else { throw Self.fault("write", path) }
    }

    private func write(_ line: [UInt8]) throws(DirectoryError) {
        guard let file else { return Terminal.print(json: line) }
        do {
            try file.write(contentsOf: Data(line + [UInt8(ascii: "\n")]))
        } catch {
            throw Self.fault("write", path ?? "")
        }
    }
}
