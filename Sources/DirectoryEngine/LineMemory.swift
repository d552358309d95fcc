internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit
internal import Synchronization

/// Highlights as values, and as the JSON that lists have of them.
struct PreparedLines: Sendable {
    let lines: [Highlight]
    /// The JSON in Chinese, and behind it that in English.
    private let bytes: [UInt8]
    private let middle: Int

    init(_ lines: [Highlight]) {
        self.lines = lines
        var json = JSONWriter(capacity: 256)
        json.highlights(lines, in: .zh)
        let chinese = json.bytes()
        json = JSONWriter(capacity: 256)
        json.highlights(lines, in: .en)
        middle = chinese.count
        bytes = chinese + json.bytes()
    }

    func write(to json: inout JSONWriter, in language: Language) {
        bytes.withUnsafeBytes { bytes in
            json.written(
                UnsafeRawBufferPointer(rebasing: language == .zh ? bytes[..<middle] : bytes[middle...]))
        }
    }
}

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
        let lines: PreparedLines
    }

    /// Answers that are kept of one place; chosen, not measured: every minute of arrival within a walk of a quarter of
    /// an hour, and one without a walk.
    static let most = 17
    private let kept = Mutex<[Kept]>([])

    /// The lines of a moment, made where they are not known.
    func lines(_ key: Key, make: () -> [Highlight]) -> [Highlight] {
        let known = kept.withLock { kept in kept.first { $0.key == key }?.lines.lines }
        return known ?? keep(key, make()).lines
    }

    /// Writes the lines of a moment, made where they are not known.
    func write(_ key: Key, to json: inout JSONWriter, in language: Language, make: () -> [Highlight]) {
        let isKnown = kept.withLock { kept in
            for index in kept.indices where kept[index].key == key {
                kept[index].lines.write(to: &json, in: language)
                return true
            }
            return false
        }
        if !isKnown { keep(key, make()).write(to: &json, in: language) }
    }

    /// The module is asked outside of the lock: two who ask at once may both have it asked.
    private func keep(_ key: Key, _ lines: [Highlight]) -> PreparedLines {
        kept.withLock { kept in
            // Arrivals of a minute come in any order, and mostly with the same lines.
            let same = kept.first { $0.lines.lines == lines }?.lines
            let lines = same ?? PreparedLines(lines)
            if kept.count == Self.most { kept.removeFirst() }
            kept.append(Kept(key: key, lines: lines))
            return lines
        }
    }
}

extension Timestamp {
    /// The full minute that the moment lies in.
    var fullMinute: Timestamp {
        let rest = secondsSince1970 % 60
        return Timestamp(secondsSince1970: secondsSince1970 - (rest < 0 ? rest + 60 : rest))
    }
}
