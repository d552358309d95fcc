package import DirectoryModel
internal import Glibc
internal import TOMLDocument

/// What a module can be asked.
package enum ModuleCall: UInt64, Hashable, Sendable, CaseIterable {
    /// Opened, made, and its manifest read.
    case open = 1
    /// `normalise`.
    case normalise = 2
    /// `indexEntry`.
    case indexEntry = 3
    /// `highlights`.
    case highlights = 4

    /// The call's name.
    package var word: String {
        switch self {
        case .open: "open"
        case .normalise: "normalise"
        case .indexEntry: "indexEntry"
        case .highlights: "highlights"
        }
    }
}

/// A process that ended while it was in a module's call.
package struct ModuleEnd: Hashable, Sendable {
    /// When it ended; where that is not known, when the next one started.
    package let time: Timestamp
    /// The module's file, without its folder.
    package let file: String
    /// The module's id, where it had told it.
    package let id: ModuleID?
    /// The call that it was in.
    package let call: ModuleCall
    /// Why it ended.
    package let cause: Cause

    /// Why a process ended.
    package enum Cause: Hashable, Sendable {
        /// A trap or another fault in the call itself.
        case signal(Int32)
        /// Ended from outside, as by the watchdog, while the call had been going on for over a second.
        case hung
        /// Ended without a signal that can be caught (kill -9, loss of power): not the module's fault as such.
        case unexplained

        /// Whether it counts towards quarantine.
        package var counts: Bool { self != .unexplained }

        /// A word for the file and for people: "SIGILL", "hung", "unexplained".
        package var word: String {
            switch self {
            case .signal(let number): Self.names[number] ?? "signal-\(number)"
            case .hung: "hung"
            case .unexplained: "unexplained"
            }
        }

        private static let names: [Int32: String] = [
            SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
            SIGABRT: "SIGABRT",
        ]

        /// Reads `word` again; nil for anything else.
        init?(word: String) {
            switch word {
            case "hung": self = .hung
            case "unexplained": self = .unexplained
            default:
                let number = word.hasPrefix("signal-") ? Int32(word.dropFirst(7)) : nil
                guard let signal = number ?? Self.names.first(where: { $0.value == word })?.key else {
                    return nil
                }
                self = .signal(signal)
            }
        }
    }
}

/// A module that is not opened until somebody releases it.
struct Quarantine: Hashable, Sendable {
    var since: Timestamp
    var file: String
    var id: ModuleID?
    var reason: String
}

/// The record of ends and quarantines in the state folder's `module-ends`: lines of words parted by tabs.
struct ModuleEnds: Hashable, Sendable {
    /// Ends that count within this time of each other quarantine a module.
    ///
    /// Source: ARCHITECTURE, How modules load.
    static let window: Int64 = 600
    /// How many of them it takes.
    static let limit = 2
    /// Ends that are kept.
    ///
    /// Chosen, not measured: some weeks of a bad module.
    static let kept = 200
    private static let title = "quarter-module-ends\t1"

    private(set) var ends: [ModuleEnd] = []
    private(set) var quarantines: [Quarantine] = []

    /// Reads the file's text; lines that cannot be read are left out.
    init(parsing text: String = "") {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 6, let seconds = Int64(parts[1]) else { continue }
            let time = Timestamp(secondsSince1970: seconds)
            let id = ModuleID(rawValue: parts[3])
            if parts[0] == "quarantine" {
                quarantines.append(Quarantine(since: time, file: parts[2], id: id, reason: parts[5]))
            } else if parts[0] == "end", let cause = ModuleEnd.Cause(word: parts[5]),
                let call = ModuleCall.allCases.first(where: { $0.word == parts[4] })
            {
                ends.append(ModuleEnd(time: time, file: parts[2], id: id, call: call, cause: cause))
            }
        }
    }

    /// The file's text.
    var text: String {
        let lines =
            [Self.title]
            + quarantines.map { Self.line("quarantine", $0.since, $0.file, $0.id, "-", $0.reason) }
            + ends.map { Self.line("end", $0.time, $0.file, $0.id, $0.call.word, $0.cause.word) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(
        _ word: String, _ time: Timestamp, _ file: String, _ id: ModuleID?, _ call: String, _ reason: String
    ) -> String {
        [word, String(time.secondsSince1970), file.oneLine, id?.rawValue ?? "", call, reason.oneLine]
            .joined(separator: "\t")
    }

    /// Takes in what the last process left, and quarantines modules that have now ended two of them.
    mutating func add(_ left: [ModuleEnd]) {
        for end in left {
            ends.append(end)
            guard end.cause.counts, !quarantines.contains(where: { $0.file == end.file }) else { continue }
            let recent = ends.filter {
                $0.file == end.file && $0.cause.counts
                    && abs($0.time.secondsSince1970 - end.time.secondsSince1970) <= Self.window
            }
            guard recent.count >= Self.limit else { continue }
            let words = recent.suffix(Self.limit).map { "\($0.cause.word) in \($0.call.word)" }
            quarantines.append(
                Quarantine(
                    since: end.time, file: end.file, id: end.id ?? recent.compactMap(\.id).last,
                    reason: "ended the process \(recent.count) times within ten minutes: "
                        + words.joined(separator: ", ")))
        }
        ends = ends.suffix(Self.kept)
    }

    /// Forgets the ends and the quarantine of a module, named by its id or its file; false when it has none.
    mutating func release(_ name: String) -> Bool {
        guard let quarantine = quarantines.first(where: { $0.id?.rawValue == name || $0.file == name }) else {
            return false
        }
        quarantines.removeAll { $0.file == quarantine.file }
        ends.removeAll { $0.file == quarantine.file }
        return true
    }
}
