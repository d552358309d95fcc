internal import DirectoryModel

/// The schedules of a service as opening times are written: weekly and daily rules of RFC 5545.
enum HSDSHours {
    /// Why schedules cannot be read, in words.
    struct Fault: Error {
        let words: LocalizedText
    }

    private static let days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    private static let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    /// Members that make more of a rule than a week that comes again and again.
    private static let others = ["bymonthday", "byweekno", "byyearday", "count", "until"]

    /// When one rule holds.
    private struct Period: Hashable {
        var first: String?
        var last: String?
    }

    /// The opening times of some schedules; nil where they say none any more.
    ///
    /// - Parameters:
    ///   - today: the present day, `2026-09-01`: rules whose days are over are left out.
    ///   - profile: whether 23:59 stands for the end of the day.
    static func text(
        of schedules: [HSDSFile.Object], today: String, profile: Bool
    ) throws(Fault) -> String? {
        var periods: [Period: [[String]]] = [:]
        for schedule in schedules {
            let period = try period(of: schedule, today)
            if let last = period.last, last < today { continue }
            let span = try span(of: schedule, profile)
            for day in try weekdays(of: schedule) {
                periods[period, default: Array(repeating: [], count: 7)][day].append(span)
            }
        }
        let sorted = periods.sorted {
            ($0.key.first ?? "", $0.key.last ?? "~") < ($1.key.first ?? "", $1.key.last ?? "~")
        }
        for (one, next) in zip(sorted, sorted.dropFirst()) {
            // In opening times a later rule replaces an earlier one, in HSDS it is added.
            guard let last = one.key.last, let first = next.key.first, last < first else {
                throw Fault(
                    words: LocalizedText(
                        zh: "有几段有效期互相重叠的时间", en: "rules hold in spans of days that overlap"))
            }
        }
        let parts = sorted.map { period, week in
            let dates = dates(period)
            return rules(week).map { dates.isEmpty ? $0 : dates + " " + $0 }.joined(separator: "; ")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func rules(_ week: [[String]]) -> [String] {
        let spans = week.map { Set($0).sorted().joined(separator: ",") }
        if let first = spans.first, !first.isEmpty, spans.allSatisfy({ $0 == first }) {
            return ["Mo-Su " + first]
        }
        var rules: [String] = []
        var done: Set<String> = [""]
        for text in spans where done.insert(text).inserted {
            let days = spans.indices.filter { spans[$0] == text }
            var words: [String] = []
            var start = 0
            while start < days.count {
                var end = start
                while end + 1 < days.count, days[end + 1] == days[end] + 1 { end += 1 }
                if end - start >= 2 {
                    words.append(names[days[start]] + "-" + names[days[end]])
                } else {
                    words += days[start...end].map { names[$0] }
                }
                start = end + 1
            }
            rules.append(words.joined(separator: ",") + " " + text)
        }
        return rules
    }

    private static func dates(_ period: Period) -> String {
        func day(_ text: String) -> String {
            let parts = text.split(separator: "-")
            return "\(parts[0]) \(months[(Int(parts[1]) ?? 1) - 1]) \(parts[2])"
        }
        switch (period.first, period.last) {
        case (nil, nil): return ""
        case (let first?, nil): return day(first) + "+"
        case (let first, let last?): return day(first ?? String(last.prefix(4)) + "-01-01") + "-" + day(last)
        }
    }

    private static func period(of schedule: HSDSFile.Object, _ today: String) throws(Fault) -> Period {
        var period = Period()
        if let text = schedule.text("valid_from") {
            let first = try day(text)
            // What holds already needs no beginning, unless it has an end.
            if first > today || schedule.text("valid_to") != nil { period.first = first }
        }
        if let text = schedule.text("valid_to") {
            period.last = try day(text)
            if period.first == nil { period.first = today }
        }
        return period
    }

    private static func day(_ text: String) throws(Fault) -> String {
        let day = String(text.prefix(10))
        guard LocalDay(day) != nil else {
            throw Fault(
                words: LocalizedText(zh: "日期“\(text.prefix(20))”不能读", en: "\(text.prefix(20)) is no day"))
        }
        return day
    }

    private static func weekdays(of schedule: HSDSFile.Object) throws(Fault) -> [Int] {
        if let other = others.first(where: { schedule.text($0) != nil }) {
            throw Fault(words: LocalizedText(zh: "规则含有 \(other)", en: "a rule has \(other)"))
        }
        if let interval = schedule.text("interval"), interval != "1" {
            throw Fault(
                words: LocalizedText(zh: "规则不是每周", en: "a rule has an interval of \(interval.prefix(10))"))
        }
        let freq = schedule.text("freq")?.uppercased()
        guard freq == "WEEKLY" || freq == "DAILY" else {
            throw Fault(
                words: LocalizedText(
                    zh: "freq 不是 WEEKLY 或 DAILY", en: "a rule's freq is neither WEEKLY nor DAILY"))
        }
        guard let text = schedule.text("byday") else {
            if freq == "DAILY" { return Array(0..<7) }
            throw Fault(words: LocalizedText(zh: "每周的规则没有 byday", en: "a weekly rule has no byday"))
        }
        var all: [Int] = []
        for word in text.uppercased().split(whereSeparator: { $0 == "," || $0 == " " || $0 == ";" }) {
            guard let day = days.firstIndex(of: String(word)) else {
                throw Fault(
                    words: LocalizedText(
                        zh: "byday“\(text.prefix(20))”不能读", en: "byday is \(text.prefix(20))"))
            }
            all.append(day)
        }
        return all
    }

    private static func span(of schedule: HSDSFile.Object, _ profile: Bool) throws(Fault) -> String {
        guard let opens = try clock(schedule.text("opens_at")),
            let closes = try clock(schedule.text("closes_at"))
        else {
            throw Fault(
                words: LocalizedText(zh: "没有 opens_at 或 closes_at", en: "opens_at or closes_at is missing"))
        }
        return opens + "-" + (profile && closes == "23:59" || closes == "00:00" ? "24:00" : closes)
    }

    /// `09:00` of `9:00`, `09:00:00` and `09:00+08:00`; any other zone would need to be turned.
    private static func clock(_ text: String?) throws(Fault) -> String? {
        guard var plain = text.map({ $0[...] }) else { return nil }
        if plain.hasSuffix("+08:00") { plain = plain.dropLast(6) }
        let parts = plain.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 && parts[2] == "00",
            let hour = whole(parts[0]), let minute = whole(parts[1]), parts[1].utf8.count == 2,
            hour < 24 || hour == 24 && minute == 0, minute < 60
        else {
            throw Fault(
                words: LocalizedText(
                    zh: "时刻“\(plain.prefix(20))”不能读（只读 09:00 或 09:00+08:00）",
                    en: "\(plain.prefix(20)) is no time of the clock here (09:00, or 09:00+08:00)"))
        }
        return (hour < 10 ? "0\(hour)" : "\(hour)") + ":" + (minute < 10 ? "0\(minute)" : "\(minute)")
    }

    private static func whole(_ digits: Substring) -> Int? {
        guard (1...2).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
