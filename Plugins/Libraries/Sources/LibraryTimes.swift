import DirectoryModel
import ServiceTypeKit

/// The times of a library's services, and how moments are said.
enum LibraryTimes {
    static let reading = schedule("reading_hours", "阅览时间", "Reading-room times", ["阅览时间", "阅览开放时间", "阅览室时间"])
    static let lending = schedule("lending_hours", "借还时间", "Lending times", ["借还时间", "外借时间", "借书时间"])
    static let selfService = schedule(
        "self_service_hours", "自助借还时间", "Self-service times", ["自助借还时间", "自助服务时间", "自助时间"])

    private static func schedule(_ key: String, _ zh: String, _ en: String, _ columns: [String])
        -> AttributeDescription
    {
        AttributeDescription(
            key: key, name: LocalizedText(zh: zh, en: en), kind: .schedule, columnNames: columns)
    }

    /// Whether times as written say that it never closes.
    ///
    /// Only by the words for it: what other times come to, only the daemon can tell.
    static func saysAllDay(_ times: String) -> Bool {
        times.contains(anyOf: allDay)
    }

    private static let allDay = [
        "24/7", "24小时", "２４小时", "24 小时", "全天", "全日", "昼夜", "00:00-24:00", "0:00-24:00", "00:00-23:59",
        "0:00-23:59", "0点-24点", "0点至24点", "０:００-２４:００",
    ]

    /// A moment to come as a local time of day, `21:00`; nil where it lies a day or more away.
    ///
    /// The next morning is said as a time of day, too: an all-night study that closes at 8:00 is open until 8:00.
    static func clock(_ moment: Timestamp, in context: HighlightContext) -> String? {
        guard let wait = wait(for: moment, in: context), wait < 24 * 60 else { return nil }
        return clocks[(context.minuteOfDay + wait) % clocks.count]
    }

    /// Whether a moment to come lies on the local day that counts.
    static func isToday(_ moment: Timestamp, in context: HighlightContext) -> Bool {
        wait(for: moment, in: context).map { $0 + context.minuteOfDay < clocks.count } ?? false
    }

    /// Whole minutes of the clock until a moment; nil for one that is past or out of reach.
    private static func wait(for moment: Timestamp, in context: HighlightContext) -> Int? {
        let (seconds, overflow) = moment.secondsSince1970.subtractingReportingOverflow(
            context.moment.secondsSince1970)
        guard !overflow, seconds >= 0, seconds < 1_000_000_000 else { return nil }
        // Minutes are whole on the clock: 59 seconds past the minute do not make 21:00 a 20:59.
        return (Int(seconds) + 59) / 60
    }

    /// The times of day by their minute, made once.
    private static let clocks = (0..<24 * 60).map { minute in
        "\(minute / 60):" + (minute % 60 < 10 ? "0" : "") + "\(minute % 60)"
    }
}
