package import DirectoryModel
internal import Foundation

/// A time zone with its offsets of 2000 to 2100 worked out, so that no question needs Foundation.
package struct OpeningZone: Hashable, Sendable {
    /// The zone's name in the IANA database.
    package let identifier: String
    /// When each period begins, in seconds since 1970; the first from the beginning of time.
    let starts: [Int64]
    /// The offset of each period, in seconds east of Greenwich.
    let offsets: [Int]

    /// Greenwich time plus eight hours, as everywhere in China, without asking Foundation.
    package static let shanghai = OpeningZone(
        identifier: "Asia/Shanghai", starts: [.min], offsets: [8 * 3600])

    private init(identifier: String, starts: [Int64], offsets: [Int]) {
        self.identifier = identifier
        self.starts = starts
        self.offsets = offsets
    }

    /// The zone of a name of the IANA database.
    ///
    /// - Throws: `DirectoryError.configurationInvalid` for a name that the machine does not know.
    /// - Complexity: some milliseconds; keep the value.
    package init(identifier: String) throws(DirectoryError) {
        if identifier == OpeningZone.shanghai.identifier {
            self = .shanghai
            return
        }
        guard let zone = TimeZone(identifier: identifier) else {
            throw DirectoryError(
                .configurationInvalid, "there is no time zone \"\(identifier)\"",
                advice: "use a name of the IANA database, such as Asia/Shanghai")
        }
        func offset(_ moment: Int64) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment)))
        }
        // 2000-01-01 to 2100-01-01, in steps shorter than any period of summer time.
        let first: Int64 = 946_684_800
        let last: Int64 = 4_102_444_800
        let step: Int64 = 10 * 86_400
        var starts: [Int64] = [.min]
        var offsets = [offset(first)]
        var known = offsets[0]
        var moment = first
        while moment < last {
            let next = moment + step
            let there = offset(next)
            if there != known {
                var low = moment
                var high = next
                while high - low > 1 {
                    let middle = (low + high) / 2
                    if offset(middle) == known { low = middle } else { high = middle }
                }
                known = offset(high)
                starts.append(high)
                offsets.append(known)
                // There may be another change before `next`: go on from this one.
                moment = high
                continue
            }
            moment = next
        }
        self.init(identifier: identifier, starts: starts, offsets: offsets)
    }

    /// A span of one offset.
    struct Period {
        var offset: Int
        var start: Int64
        /// The first second that no longer belongs to it.
        var end: Int64
    }

    /// The span of one offset that a moment lies in.
    func period(at moment: Int64) -> Period {
        if starts.count == 1 { return Period(offset: offsets[0], start: .min, end: .max) }
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= moment { low = middle } else { high = middle }
        }
        return Period(
            offset: offsets[low], start: starts[low],
            end: low + 1 < starts.count ? starts[low + 1] : .max)
    }

    /// Seconds east of Greenwich at a moment.
    package func offset(at moment: Timestamp) -> Int { period(at: moment.secondsSince1970).offset }

    /// The local day that a moment lies in, cut where the offset changes within it.
    package func day(around moment: Timestamp) -> Range<Timestamp> {
        let second = moment.secondsSince1970
        let period = period(at: second)
        let midnight = Int64((second &+ Int64(period.offset)).flooredDays) * 86_400 - Int64(period.offset)
        let day = (midnight..<midnight + 86_400).clamped(to: period.start..<period.end)
        return Timestamp(secondsSince1970: day.lowerBound)..<Timestamp(secondsSince1970: day.upperBound)
    }

    /// The offset at noon of a local day.
    func offsetAtNoon(of day: Int) -> Int {
        if starts.count == 1 { return offsets[0] }
        let noon = Int64(day) * 86_400 + 43_200
        return period(at: noon - Int64(period(at: noon).offset)).offset
    }
}
