import ArgumentParser
import Bridges
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation
import RemoteBridges

/// `quarter-bridge outbox`: what a push bridge has not delivered, and what to do about it.
struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Show what a push bridge has not delivered, and decide about it.",
        subcommands: [StatusCommand.self, ListCommand.self, RetryCommand.self, DropCommand.self])

    /// `quarter-bridge outbox status`.
    struct StatusCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "How far the receiver has been told, what waits and what is dead.")

        @OptionGroup var remote: RemoteOptions

        @Option(
            help: ArgumentHelp("The daemon's public socket.", valueName: "path"), completion: .file())
        var socket = "/run/quarter/public.sock"

        @Flag(help: "Print JSON.")
        var json = false

        @Flag(help: "Print metrics, for the text files of a Prometheus node exporter.")
        var metrics = false

        func run() throws {
            let figures = try OutboxStore(folder: remote.folder("push"), makes: false).figures()
            let revision = presentRevision()
            let now = Date().timeIntervalSince1970
            let age = figures.oldestWaiting.map { max(0, Int(now - $0)) } ?? 0
            let lag = revision.flatMap { present in
                figures.position.flatMap(FeedPosition.init).map { max(0, present - Int($0.revision.number)) }
            }
            if metrics { return printMetrics(figures, lag, age) }
            if json { return printJSON(figures, revision, lag, age) }
            print("has the feed up to \(figures.position ?? "nothing yet")", terminator: "")
            print(
                lag.map { $0 == 0 ? ", all there is" : ", \($0) revisions behind" }
                    ?? ", quarterd does not answer")
            print(
                "\(figures.waiting) wait, the oldest for \(age) s; \(figures.dead) dead; \(figures.delivered) delivered"
            )
            if let fault = figures.receiverFault { print("the receiver takes nothing: \(fault.onOneLine)") }
        }

        private func presentRevision() -> Int? {
            let client = DirectoryClient(endpoint: .unixSocket(path: socket))
            let request = ClientRequest("GET", "/v1/changes", query: [("follow", "no"), ("limit", "1")])
            guard let page = try? client.send(request).json(), case .whole(let revision)? = page["revision"]
            else {
                return nil
            }
            return revision
        }

        private func printJSON(_ figures: OutboxFigures, _ revision: Int?, _ lag: Int?, _ age: Int) {
            var json = JSONWriter(capacity: 512)
            json.beginObject()
            json.key("position")
            json.string(figures.position)
            json.key("revision")
            if let revision { json.whole(revision) } else { json.null() }
            json.key("lag_revisions")
            if let lag { json.whole(lag) } else { json.null() }
            json.key("reading_set")
            json.bool(figures.isReadingSet)
            json.key("waiting")
            json.whole(figures.waiting)
            json.key("oldest_waiting_seconds")
            json.whole(age)
            json.key("dead")
            json.whole(figures.dead)
            json.key("delivered")
            json.whole(figures.delivered)
            json.key("last_delivery")
            json.string(figures.lastDelivery.map(Self.moment))
            json.key("receiver_fault")
            json.string(figures.receiverFault)
            json.key("paused_until")
            json.string(figures.pausedUntil.map(Self.moment))
            json.endObject()
            print(String(decoding: json.bytes(), as: UTF8.self))
        }

        private func printMetrics(_ figures: OutboxFigures, _ lag: Int?, _ age: Int) {
            func metric(_ name: String, _ type: String, _ help: String, _ value: Int) {
                print("# HELP quarter_outbox_\(name) \(help)\n# TYPE quarter_outbox_\(name) \(type)")
                print("quarter_outbox_\(name){bridge=\"\(remote.name)\"} \(value)")
            }
            if let lag {
                metric("lag_revisions", "gauge", "Revisions of the directory not yet in the outbox.", lag)
            }
            metric("waiting", "gauge", "Letters to be delivered.", figures.waiting)
            metric("oldest_waiting_seconds", "gauge", "Age of the oldest letter to be delivered.", age)
            metric("dead", "gauge", "Letters that are not tried any more.", figures.dead)
            metric("delivered_total", "counter", "Letters delivered.", figures.delivered)
            metric(
                "receiver_fault", "gauge", "Whether the receiver takes nothing.",
                figures.receiverFault == nil ? 0 : 1)
        }

        private static func moment(_ seconds: Double) -> String {
            Timestamp(secondsSince1970: Int64(seconds)).rfc3339
        }
    }

    /// `quarter-bridge outbox list`.
    struct ListCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Letters that are dead, or wait, or the receipts of those that were delivered.")

        /// What is listed.
        enum Choice: String, ExpressibleByArgument, CaseIterable {
            case dead, waiting, receipts
        }

        @OptionGroup var remote: RemoteOptions

        @Option(help: "What to list: dead, waiting or receipts.")
        var what = Choice.dead

        @Option(help: "Lines at most.")
        var limit = 100

        @Flag(help: "Print a line of JSON each.")
        var json = false

        func run() throws {
            let store = try OutboxStore(folder: remote.folder("push"), makes: false)
            if what == .receipts {
                for receipt in try store.receipts(limit: limit) { show(receipt) }
            } else {
                for letter in try store.letters(isDead: what == .dead, limit: limit) { show(letter) }
            }
        }

        private func show(_ letter: OutboxLetter) {
            guard json else {
                let fault = letter.fault.map { ": \($0.onOneLine)" } ?? ""
                return print("\(letter.number)  \(letter.words)  \(letter.attempts) tries\(fault)")
            }
            var json = JSONWriter(capacity: 512)
            json.beginObject()
            json.key("letter")
            json.whole(Int(letter.number))
            json.key("message")
            json.string(letter.message)
            json.key("record")
            json.string(letter.record)
            json.key("tries")
            json.whole(letter.attempts)
            json.key("status")
            if let status = letter.status { json.whole(status) } else { json.null() }
            json.key("fault")
            json.string(letter.fault)
            json.key("body")
            json.raw(String(decoding: letter.body, as: UTF8.self))
            json.endObject()
            print(String(decoding: json.bytes(), as: UTF8.self))
        }

        private func show(_ receipt: OutboxReceipt) {
            let moment = Timestamp(secondsSince1970: Int64(receipt.deliveredAt)).rfc3339
            guard json else {
                return print(
                    "\(moment)  \(receipt.message)  \(receipt.record)  \(receipt.status)  \(receipt.receipt?.onOneLine ?? "")"
                )
            }
            var json = JSONWriter(capacity: 512)
            json.beginObject()
            json.key("letter")
            json.whole(Int(receipt.number))
            json.key("message")
            json.string(receipt.message)
            json.key("record")
            json.string(receipt.record)
            json.key("delivered")
            json.string(moment)
            json.key("status")
            json.whole(receipt.status)
            json.key("receipt")
            json.string(receipt.receipt)
            json.endObject()
            print(String(decoding: json.bytes(), as: UTF8.self))
        }
    }

    /// `quarter-bridge outbox retry`.
    struct RetryCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Have letters tried again at once.")

        @OptionGroup var remote: RemoteOptions

        @Argument(help: "Numbers of letters, as `outbox list` shows them.")
        var letters: [Int64]

        @Flag(help: "Also where a later change of the same record has been delivered, which it would undo.")
        var overLater = false

        func run() throws {
            let store = try OutboxStore(folder: remote.folder("push"), makes: false)
            for letter in letters { try store.retry(letter, overLater: overLater) }
        }
    }

    /// `quarter-bridge outbox drop`.
    struct DropCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop", abstract: "Forget dead letters: the receiver never gets them.")

        @OptionGroup var remote: RemoteOptions

        @Argument(help: "Numbers of letters, as `outbox list` shows them.")
        var letters: [Int64]

        func run() throws {
            let store = try OutboxStore(folder: remote.folder("push"), makes: false)
            for letter in letters { try store.drop(letter) }
        }
    }
}
