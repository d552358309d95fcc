import ArgumentParser
import Bridges
import DirectoryAPI
import DirectoryModel
import Foundation

/// `quarterctl inbox`: what lies in the drop folders, and what became of what lay there.
struct InboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "The drop folders: what waits, what failed, what was answered.",
        discussion: """
            It reads the folders and asks no daemon; what may not be read is shown as “–”. docs/inbox.md says how \
            a drop folder is set up.
            """)

    @Option(help: ArgumentHelp("The spool folder.", valueName: "dir"), completion: .directory)
    var spool = "/var/spool/quarter"

    @OptionGroup var global: GlobalOptions

    /// From when on a file that waits is worth a word: the timer runs each minute.
    ///
    /// Chosen, not measured.
    private static let longWait = 300.0

    func run() throws {
        let overviews = try InboxOverview.all(InboxRules(spool: spool))
        if global.json { return Terminal.print(json: Self.json(overviews)) }
        guard !overviews.isEmpty else {
            return print("There is no drop folder in \(spool)/inbox yet; docs/inbox.md says how to make one.")
        }
        var table = Table([
            .word("source"), .number("waiting"), .number("failed"), .number("archived"), .word("answered"),
            .text("last answer"),
        ])
        for overview in overviews {
            func number(_ count: Int?) -> String {
                overview.fault == nil ? count.map(String.init) ?? "–" : "–"
            }
            table.add([
                overview.source.text.printable, number(overview.waiting.count), number(overview.failed.count),
                number(overview.taken), overview.lastAnswer.map { Self.time($0.state.written) } ?? "–",
                overview.lastAnswer?.name.text.printable ?? "–",
            ])
        }
        Terminal.print(table)
        for line in advice(overviews) { print(line.printable) }
    }

    /// What there is to do, a line each.
    private func advice(_ overviews: [InboxOverview]) -> [String] {
        let now = Date().timeIntervalSince1970
        return overviews.flatMap { overview -> [String] in
            let folder = "\(spool)/inbox/\(overview.source.text)"
            if let fault = overview.fault { return [fault.description] }
            var lines: [String] = []
            if let first = overview.failed.first {
                lines.append(
                    "\(folder)/failed: read \(first.name.text)\(InboxRules.reasonEnding), mend the file, and move it "
                        + "back to \(folder)")
            }
            let oldest = overview.waiting.map { now - Double($0.state.changed) / 1e9 }.max() ?? 0
            if oldest > Self.longWait {
                lines.append(
                    "\(folder): a file waits for \(Int(oldest / 60)) min; see `journalctl -u quarter-inbox` and "
                        + "`systemctl status quarter-inbox.timer`")
            }
            return lines
        }
    }

    private static func time(_ nanoseconds: Int64) -> String {
        Timestamp(secondsSince1970: nanoseconds / 1_000_000_000).rfc3339
    }

    private static func json(_ overviews: [InboxOverview]) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("sources")
        json.beginArray()
        for overview in overviews {
            json.beginObject()
            json.key("source")
            json.string(overview.source.text)
            json.key("waiting")
            json.strings(overview.waiting.map(\.name.text))
            json.key("failed")
            json.strings(overview.failed.map(\.name.text))
            json.key("archived")
            if let taken = overview.taken { json.whole(taken) } else { json.null() }
            json.key("last_answer")
            if let answer = overview.lastAnswer { json.string(answer.name.text) } else { json.null() }
            json.key("answered")
            if let answer = overview.lastAnswer {
                json.string(time(answer.state.written))
            } else {
                json.null()
            }
            json.key("fault")
            if let fault = overview.fault { json.string(fault.description) } else { json.null() }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes()
    }
}
