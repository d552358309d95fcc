// OpeningTimesTests: schedules, calendars and answers, against vectors, calendars and an independent reader.
// May import: DirectoryModel, ServiceTypeKit, OpeningTimes.

import DirectoryModel
import Foundation

@testable import OpeningTimes

/// What lies in the repository and, on machines that have it, beside it.
enum Files {
    /// The root of the repository.
    static let repository: String = {
        var folders = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        folders.removeLast(3)
        return folders.joined(separator: "/")
    }()

    /// A file of shared vectors as JSON, nil where it is not.
    static func vectors(_ name: String) -> [String: Any]? {
        let folder = (repository as NSString).deletingLastPathComponent
        guard
            let data = FileManager.default.contents(
                atPath: folder + "/shared/domain/vectors/" + name + ".json")
        else { return nil }
        return try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    }

    static let areThere = vectors("opening_hours") != nil && vectors("holidays") != nil

    /// The calendar that is shipped.
    static func calendar() throws -> HolidayCalendar {
        try CalendarShelf(folder: repository + "/etc/quarter/calendars").calendar()
    }
}

/// Seconds since 1970 of `2026-11-23T10:00` in a zone of a fixed offset.
func moment(_ text: String, offset: Int = 8 * 3600) -> Timestamp {
    let day = HolidayCalendar.number(of: String(text.prefix(10))) ?? 0
    let clock = text.dropFirst(11).split(separator: ":").compactMap { Int($0) }
    let minutes = clock.count == 2 ? clock[0] * 60 + clock[1] : 0
    return Timestamp(secondsSince1970: Int64(day) * 86_400 + Int64(minutes) * 60 - Int64(offset))
}

/// `2026-11-23T10:00` of a moment in a zone of a fixed offset.
func text(_ moment: Timestamp?, offset: Int = 8 * 3600) -> String? {
    guard let moment else { return nil }
    let local = moment.secondsSince1970 + Int64(offset)
    let day = CivilDay(number: local.flooredDays)
    let minute = Int(local - Int64(day.number) * 86_400) / 60
    return "\(day.year)-\(ScheduleText.padded(day.month))-\(ScheduleText.padded(day.day))T"
        + ScheduleText.clock(minute)
}

/// A generator of the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    mutating func pick<T>(_ list: [T]) -> T { list[number(0...list.count - 1)] }
}

extension OpeningSchedule {
    /// What can be printed and compared of a reading.
    static func reading(_ text: String) -> String {
        do {
            return try OpeningSchedule(text).canonical
        } catch {
            return "error: " + error.description
        }
    }
}
