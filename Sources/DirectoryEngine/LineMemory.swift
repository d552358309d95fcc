internal import DirectoryModel
internal import ServiceTypeKit
internal import Synchronization

/// The highlights that a place's module made last: who asks again within the same minute gets the same lines.
///
/// Opening times, sittings and sessions change at full minutes, so a module is asked about full minutes only. The few
/// latest are kept, since those who walk from several lobbies arrive at different ones.
final class LineMemory: Sendable {
    /// What lines depend on besides the record.
    struct Key: Hashable {
        /// The full minute of the answer, in seconds since 1970.
        let now: Int64
        /// The full minute of the arrival, where there is a walk.
        let arrival: Int64?
        /// The calendars and zones that opening times stand on.
        let judge: UInt64
    }

    private struct Kept {
        let key: Key
        let lines: [Highlight]
    }

    /// Answers that are kept of one place; chosen, not measured: five minutes of arrival in a busy community.
    private static let most = 4
    private let kept = Mutex<[Kept]>([])

    /// The lines of a moment, made where they are not known.
    ///
    /// The module is asked outside of the lock: two who ask at once may both have it asked.
    func lines(_ key: Key, make: () -> [Highlight]) -> [Highlight] {
        let known = kept.withLock { kept in kept.first { $0.key == key }?.lines }
        if let known { return known }
        let lines = make()
        kept.withLock { kept in
            if kept.count == Self.most { kept.removeFirst() }
            kept.append(Kept(key: key, lines: lines))
        }
        return lines
    }
}

extension Timestamp {
    /// The full minute that the moment lies in.
    var fullMinute: Timestamp {
        let rest = secondsSince1970 % 60
        return Timestamp(secondsSince1970: secondsSince1970 - (rest < 0 ? rest + 60 : rest))
    }
}
