package import Bridges
internal import Digests
internal import DirectoryAPI
package import DirectoryClient
package import DirectoryModel
internal import Foundation
internal import TableFiles

/// Brings a list from elsewhere to the daemon as a register.
package struct PullBridge {
    /// What became of one run.
    package struct Outcome: Sendable {
        /// Items of the list.
        package var items = 0
        /// Pages that it came in.
        package var pages = 0
        /// The daemon's report, as it wrote it; nil where there was nothing to bring.
        package var report: [UInt8]?
    }

    private let configuration: PullConfiguration
    private let client: DirectoryClient
    private let journal: BridgeJournal
    private let folder: BridgeFolder
    /// Waits; a test may count instead.
    private let pause: (Seconds) -> Void

    /// How often a list is read again that changes meanwhile; chosen, not measured.
    private static let readings = 3
    /// Findings that are written into the journal one by one; chosen, not measured: all are in the report.
    private static let notedFindings = 20

    /// A bridge that is ready to run.
    ///
    /// - Parameters:
    ///   - client: of the admin socket.
    ///   - folder: the bridge's own.
    package init(
        _ configuration: PullConfiguration, client: DirectoryClient, folder: BridgeFolder,
        journal: BridgeJournal,
        pause: @escaping (Seconds) -> Void = { Thread.sleep(forTimeInterval: $0.value) }
    ) {
        self.configuration = configuration
        self.client = client
        self.folder = folder
        self.journal = journal
        self.pause = pause
    }

    /// Reads the list and brings it.
    ///
    /// - Parameters:
    ///   - isRehearsal: whether the daemon is only asked what would become of it; nothing is kept then.
    ///   - acceptsFewer: whether a complete list may have far fewer items than the last time.
    /// - Throws: what the list and the daemon say.
    package func run(isRehearsal: Bool = false, acceptsFewer: Bool = false) throws(DirectoryError) -> Outcome
    {
        var state = try PullState.read(folder)
        let register = folder.path + "/register.csv"
        let list = try gather(since: state.since, into: register)
        var outcome = Outcome(items: list.items, pages: list.pages)
        if configuration.isComplete, !acceptsFewer, let last = state.items,
            Double(list.items) < Double(last) * configuration.leastShare
        {
            throw DirectoryError(
                .remoteInvalid,
                "\(configuration.server.address) has \(list.items) items, and had \(last): all others would be closed",
                advice:
                    "if that is right, run `quarter-bridge pull \(configuration.name) --accept-fewer` once")
        }
        if list.items == 0, !configuration.isComplete || state.items == nil {
            journal.note(
                .info, "\(configuration.name): nothing to bring from \(configuration.server.address)")
        } else {
            outcome.report = try bring(register, state, isRehearsal)
            if !isRehearsal { state.registers += 1 }
        }
        guard !isRehearsal else { return outcome }
        // Only now: what was not acknowledged is asked for again.
        state.since = list.since
        if configuration.isComplete { state.items = list.items }
        try state.write(folder)
        return outcome
    }

    // MARK: the list

    private func gather(since: String?, into path: String) throws(DirectoryError) -> ListReader.Outcome {
        var random = SystemRandomNumberGenerator()
        var readings = 0
        while true {
            readings += 1
            do throws(DirectoryError) {
                return try gatherOnce(since: since, into: path)
            } catch {
                guard error.code == .remoteChanging, readings < Self.readings else { throw error }
                let wait = configuration.server.retries.wait(after: readings, using: &random)
                journal.note(
                    .warning, "\(error.message); reading it anew in \(Int(wait.value.rounded(.up))) s")
                pause(wait)
            }
        }
    }

    private func gatherOnce(since: String?, into path: String) throws(DirectoryError) -> ListReader.Outcome {
        let table = try TableWriter(path: path, format: .csv)
        try table.addSheet(
            name: configuration.name, columns: configuration.columns.map { TableColumn(title: $0.header) })
        var seen = [Bool](repeating: false, count: configuration.columns.count)
        var bytes = 0
        var number = 0
        let reader = try ListReader(configuration, pause: pause) { journal.note(.warning, $0) }
        let outcome = try reader.read(since: since) { items, page throws(DirectoryError) in
            for item in items {
                number += 1
                let row = try self.row(of: item, number: number, page: page, &seen)
                bytes += row.reduce(0) { $0 + $1.text.utf8.count + 1 }
                guard bytes <= configuration.largestRegister else {
                    throw DirectoryError(
                        .remoteInvalid,
                        "\(configuration.server.address) has more than \(configuration.largestRegister) bytes of items",
                        advice: "raise largest_register, or ask for a part of the list")
                }
                try table.append(row)
            }
        }
        // In a whole list, a member that no item has is a mistake in its name: an empty column would take away what is
        // there. A few changes may all lack it.
        if configuration.since == nil, outcome.items > 0, let missing = seen.firstIndex(of: false) {
            throw DirectoryError(
                .remoteInvalid,
                "\(configuration.server.address) has no item with “\(configuration.columns[missing].member)”",
                advice: "mend its name in [columns], or leave it out")
        }
        try table.close()
        return outcome
    }

    private func row(of item: JSONValue, number: Int, page: Int, _ seen: inout [Bool]) throws(DirectoryError)
        -> [TableCell]
    {
        guard case .object = item else {
            throw DirectoryError(
                .remoteInvalid,
                "\(configuration.server.address) has an item that is no object: item \(number), page \(page)",
                advice: "write into list where the items are")
        }
        var cells: [TableCell] = []
        for (index, column) in configuration.columns.enumerated() {
            guard let value = column.member.value(in: item) else {
                cells.append(.empty)
                continue
            }
            seen[index] = true
            switch value.cellText {
            case .text(let text): cells.append(text.isEmpty ? .empty : .text(text))
            case .unusable(let words):
                throw DirectoryError(
                    .remoteInvalid,
                    "\(configuration.server.address): “\(column.member)” of item \(number), page \(page), is \(words)",
                    advice: "mend [columns], or tell those who run it")
            }
        }
        return cells
    }

    // MARK: the daemon

    private func bring(_ path: String, _ state: PullState, _ isRehearsal: Bool) throws(DirectoryError)
        -> [UInt8]
    {
        var query = [(name: "format", value: "table"), ("source", configuration.source.rawValue)]
        if let type = configuration.type { query.append(("type", type.rawValue)) }
        if let datum = configuration.datum { query.append(("datum", datum.rawValue)) }
        if configuration.isComplete { query.append(("complete", "yes")) }
        if isRehearsal { query.append(("dry_run", "yes")) }
        var headers = [
            (name: "Content-Disposition", value: "attachment; filename=\"\(configuration.name).csv\"")
        ]
        if !isRehearsal {
            // The same register after the same acknowledged ones is the same request; a later one with the same rows is
            // not: somebody may have changed things by hand meanwhile.
            let digest = try FileDigest.sha256(of: path).prefix(32)
            headers.append(("Idempotency-Key", "pull-\(state.registers + 1)-\(digest)"))
        }
        let request = ClientRequest(
            "POST", "/v1/registers", query: query, headers: headers,
            body: .file(path: path, contentType: "text/csv"))
        let report = try send(request).body
        if !isRehearsal { try keep(report) }
        return report
    }

    private func send(_ request: ClientRequest) throws(DirectoryError) -> ClientReply {
        let retries = configuration.server.retries
        var random = SystemRandomNumberGenerator()
        var failures = 0
        while true {
            do throws(DirectoryError) {
                return try client.send(request)
            } catch {
                failures += 1
                guard FaultKind(of: error) == .passing, error.code != .forbidden, failures < retries.attempts
                else {
                    throw error
                }
                let wait = retries.wait(after: failures, using: &random)
                journal.note(
                    .warning, "\(error.description); trying again in \(Int(wait.value.rounded(.up))) s")
                pause(wait)
            }
        }
    }

    /// Keeps the report and the answer file, and tells the journal.
    private func keep(_ bytes: [UInt8]) throws(DirectoryError) {
        try folder.write(bytes, as: "report.json")
        let report = try ClientReply(status: 200, headers: [:], body: bytes).json()
        if case .string(let name)? = report["answer"] {
            do throws(DirectoryError) {
                let answer = try client.send(ClientRequest("GET", "/v1/answers/" + name.queryEncoded))
                try folder.write(answer.body, as: "answer.csv")
            } catch {
                // The register is in: that its answer is missing changes nothing.
                journal.note(.warning, "ignoring that the answer file cannot be kept: \(error.description)")
            }
        }
        let counts = report["counts"]?["place"]
        func count(_ name: String) -> String { counts?[name]?.wordText ?? "0" }
        let words = ["created", "changed", "unchanged", "rejected", "held", "vanished"]
            .map { "\(count($0)) \($0)" }.joined(separator: ", ")
        journal.note(
            .info,
            "\(configuration.name): took in \(count("given")) rows from \(configuration.server.address): \(words); "
                + "\(report["findings_total"]?.wordText ?? "0") findings, answer in \(folder.path)/answer.csv"
        )
        guard case .array(let findings)? = report["findings"] else { return }
        for finding in findings.prefix(Self.notedFindings) {
            let place = ["record", "row", "column", "code"].compactMap { finding[$0]?.wordText }
            let message = finding["message"]?["en"]?.wordText ?? finding["message"]?.wordText ?? ""
            journal.note(.warning, "\(configuration.name): \((place + [message]).joined(separator: " "))")
        }
        if findings.count > Self.notedFindings {
            journal.note(
                .warning,
                "\(configuration.name): and \(findings.count - Self.notedFindings) more in \(folder.path)/report.json"
            )
        }
    }
}
