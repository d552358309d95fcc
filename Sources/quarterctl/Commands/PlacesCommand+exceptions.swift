import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

// Dated exceptions are a list in the place's record. Each command reads the record, changes the list, and sends
// it back on the condition that nobody has changed the record meanwhile.

extension PlacesCommand {
    /// The span of an exception, and why it is.
    struct SpanOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "First day (2026-02-16) or moment (RFC 3339); now unless said otherwise.",
                valueName: "day|moment"))
        var from: String?

        @Option(
            help: ArgumentHelp(
                "Last day, included, or the moment at which it ends; until further notice unless said otherwise.",
                valueName: "day|moment"))
        var until: String?

        @Option(help: ArgumentHelp("Why, as people are to read it.", valueName: "text"))
        var reason: String?

        @Argument(help: "The place's id.")
        var id: String

        /// An exception over this span.
        ///
        /// - Throws: `invalid_request` for what is no day and no moment.
        func exception(_ effect: DatedException.Effect) throws(DirectoryError) -> DatedException {
            let now = Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970))
            return DatedException(
                from: try Self.edge(from, "--from") ?? .moment(now), until: try Self.edge(until, "--until"),
                effect: effect, reason: reason)
        }

        private static func edge(_ text: String?, _ name: String) throws(DirectoryError)
            -> DatedException.Edge?
        {
            guard let text else { return nil }
            guard let edge = DatedException.Edge(text) else {
                throw DirectoryError(
                    .invalidRequest, "\(name) is \(text.shortened()), no day and no moment",
                    advice: "write 2026-02-16 or 2026-02-16T12:00:00+08:00", location: name)
            }
            return edge
        }
    }

    /// `quarterctl places suspend ID`.
    struct Suspend: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "suspend", abstract: "Say that a place gives no service for a time.",
            discussion:
                "Answers call it suspended (暂停营业) with the reason; its opening times stay as they are.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var span: SpanOptions

        func run() throws {
            let exception = try span.exception(.suspended)
            try ExceptionEdit(id: span.id, global: global).apply { $0 + [exception] }
        }
    }

    /// `quarterctl places resume ID`.
    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Take away the suspensions of a place that have not ended.")

        @OptionGroup var global: GlobalOptions

        @Argument(help: "The place's id.")
        var id: String

        func run() throws {
            let now = Date()
            try ExceptionEdit(id: id, global: global).apply { exceptions throws(DirectoryError) in
                let kept = exceptions.filter { $0.effect != .suspended || $0.hasEnded(before: now) }
                guard kept.count < exceptions.count else {
                    throw DirectoryError(.invalidRequest, "place \(id.shortened()) is not suspended")
                }
                return kept
            }
        }
    }

    /// `quarterctl places except ID`.
    struct Except: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "except", abstract: "Say that something else holds than a place's opening times.",
            discussion: """
                Closed for a holiday (--closed), open although it is one (--open), or other times \
                (--hours "10:00-16:00"). Of several exceptions at one moment the last that was added counts, but a \
                suspension before all. --drop takes one away by its number in `quarterctl places ID`, from 1.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var span: SpanOptions

        @Flag(help: "What holds for that span.")
        var state: PlainState?

        @Option(help: ArgumentHelp("Other opening times for that span.", valueName: "times"))
        var hours: String?

        @Option(help: ArgumentHelp("Take the exception with this number away.", valueName: "number"))
        var drop: Int?

        func run() throws {
            let edit = ExceptionEdit(id: span.id, global: global)
            if let drop {
                guard state == nil, hours == nil, span.from == nil, span.until == nil else {
                    throw DirectoryError(
                        .invalidRequest, "--drop goes with no other option", location: "--drop")
                }
                return try edit.apply { exceptions throws(DirectoryError) in
                    guard exceptions.indices.contains(drop - 1) else {
                        throw DirectoryError(
                            .invalidRequest, "there is no exception \(drop): there are \(exceptions.count)",
                            location: "--drop")
                    }
                    var kept = exceptions
                    kept.remove(at: drop - 1)
                    return kept
                }
            }
            guard let effect = DatedException.Effect(word: state?.rawValue ?? "hours", hours: hours) else {
                throw DirectoryError(
                    .invalidRequest, "give one of --closed, --open, --unknown and --hours",
                    advice: "a place that gives no service for long is suspended: `quarterctl places suspend`"
                )
            }
            let exception = try span.exception(effect)
            try edit.apply { $0 + [exception] }
        }
    }
}

/// What can hold for a span without further words.
enum PlainState: String, EnumerableFlag {
    /// Closed.
    case closed
    /// Open without a break.
    case open
    /// Not known.
    case unknown
}

/// A change of one place's exceptions through the admin socket.
private struct ExceptionEdit {
    let id: String
    let global: GlobalOptions

    /// Reads the exceptions, changes them, and stores them unless the record has changed meanwhile.
    func apply(_ change: ([DatedException]) throws(DirectoryError) -> [DatedException]) throws {
        let path = "/v1/places/" + id.queryEncoded
        let reply = try global.ask(ClientRequest("GET", path), on: .admin)
        let present = try reply.json().list("exceptions").map { value throws(DirectoryError) in
            try DatedException(value)
        }
        var json = JSONWriter(capacity: 1024)
        json.beginObject()
        json.key("exceptions")
        json.exceptions(try change(present))
        json.endObject()
        let headers = reply.headers["etag"].map { [(name: "If-Match", value: $0)] } ?? []
        let request = ClientRequest("PATCH", path, headers: headers, body: .json(json.bytes()))
        try RecordFileOptions.printOutcome(try global.ask(request, on: .admin), global)
    }
}

extension DatedException {
    /// Whether it ended before a moment, wherever the place is.
    fileprivate func hasEnded(before moment: Date) -> Bool {
        switch until {
        case nil: false
        case .moment(let end)?: end.secondsSince1970 <= Int64(moment.timeIntervalSince1970)
        case .day(let day)?:
            // A day ends last at UTC-12.
            (Timestamp(rfc3339: day.text + "T23:59:59-12:00")?.secondsSince1970 ?? .max)
                < Int64(moment.timeIntervalSince1970)
        }
    }
}
