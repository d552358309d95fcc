package import DirectoryModel

/// The days off and make-up workdays that have been decreed, and a district's school holidays.
///
/// They cannot be computed: the State Council decrees them year by year, and has changed a year in its midst.
package struct HolidayCalendar: Hashable, Sendable {
    /// A day that is not what its weekday says.
    package struct Day: Hashable, Sendable {
        /// The day, `yyyy-mm-dd`.
        package var date: String
        /// The holiday that it belongs to.
        package var name: LocalizedText
        /// Whether it is a day off; else a make-up workday.
        package var isOff: Bool
    }

    /// A school holiday, first and last day included.
    package struct SchoolHoliday: Hashable, Sendable {
        /// Its first day, `yyyy-mm-dd`.
        package var from: String
        /// Its last day, `yyyy-mm-dd`.
        package var to: String
        /// What it is called.
        package var name: LocalizedText
    }

    /// One year, as one file gives it.
    package struct Year: Hashable, Sendable {
        /// The year that the paper arranges; its days may reach into the year before.
        package var year: Int
        /// The papers, by address; none for a file of school holidays alone.
        package var papers: [String]
        /// Days off and make-up workdays.
        package var days: [Day]
        /// School holidays.
        package var schoolHolidays: [SchoolHoliday]
    }

    /// A special day, ready to be looked up.
    struct Entry: Hashable, Sendable {
        var number: Int
        var isOff: Bool
        var name: LocalizedText
    }

    /// A school holiday, ready to be looked up.
    struct Span: Hashable, Sendable {
        var first: Int
        var last: Int
    }

    /// The years, ascending; what a file said, put together.
    package private(set) var years: [Year]
    /// Ascending by day.
    let entries: [Entry]
    /// Years with a decree.
    let decreed: Set<Int>
    let schoolSpans: [Span]
    /// Years with school holidays.
    let schoolYears: Set<Int>
    /// First and last day of the decreed years, if they are without a gap; the usual case, found quickly.
    private let confirmedDays: ClosedRange<Int>?

    /// No calendar: every day counts by its weekday, and no answer is confirmed.
    package static let empty = HolidayCalendar(years: [])

    /// A calendar of these years; dates must be valid, as the reader of calendar files sees to.
    ///
    /// Of two days of one date the later counts.
    init(years: [Year]) {
        self.years = years.sorted { $0.year < $1.year }
        var byNumber: [Int: Entry] = [:]
        for year in self.years {
            for day in year.days {
                guard let number = HolidayCalendar.number(of: day.date) else { continue }
                byNumber[number] = Entry(number: number, isOff: day.isOff, name: day.name)
            }
        }
        entries = byNumber.values.sorted { $0.number < $1.number }
        decreed = Set(self.years.filter { !$0.papers.isEmpty }.map(\.year))
        schoolSpans = self.years.flatMap(\.schoolHolidays).compactMap { holiday in
            guard let first = HolidayCalendar.number(of: holiday.from),
                let last = HolidayCalendar.number(of: holiday.to)
            else { return nil }
            return Span(first: first, last: last)
        }
        schoolYears = Set(
            schoolSpans.flatMap { [CivilDay(number: $0.first).year, CivilDay(number: $0.last).year] })
        if let first = decreed.min(), let last = decreed.max(), last - first + 1 == decreed.count {
            confirmedDays =
                CivilDay.number(
                    year: first, month: 1, day: 1)...CivilDay.number(year: last, month: 12, day: 31)
        } else {
            confirmedDays = nil
        }
    }

    /// This calendar with the years of another: papers and days of the same year are the other's where it has
    /// any, school holidays of both are kept.
    package func merging(_ other: HolidayCalendar) -> HolidayCalendar {
        var byYear = Dictionary(grouping: years, by: \.year).compactMapValues(\.first)
        for year in other.years {
            guard var known = byYear[year.year] else {
                byYear[year.year] = year
                continue
            }
            if !year.papers.isEmpty {
                known.papers = year.papers
                known.days = year.days
            }
            known.schoolHolidays += year.schoolHolidays.filter { !known.schoolHolidays.contains($0) }
            byYear[year.year] = known
        }
        return HolidayCalendar(years: Array(byYear.values))
    }

    /// Whether the days off of a year have been decreed.
    package func hasDecree(for year: Int) -> Bool { decreed.contains(year) }

    // MARK: - Days

    /// The day number of `yyyy-mm-dd`, nil unless that is a date.
    static func number(of date: String) -> Int? {
        let bytes = Array(date.utf8)
        guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45 else { return nil }
        func digits(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                value = value * 10 + Int(byte) - 48
            }
            return value
        }
        guard let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10), year >= 1900,
            (1...12).contains(month), day >= 1, day <= CivilDay.length(of: month, in: year)
        else { return nil }
        return CivilDay.number(year: year, month: month, day: day)
    }

    /// Whether a day lies in a year with a decree.
    func isConfirmed(_ day: Int) -> Bool {
        if let confirmedDays { return confirmedDays.contains(day) }
        return decreed.contains(CivilDay(number: day).year)
    }

    /// The index of the first special day at or after a day.
    private func index(from day: Int) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number < day { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What is special about a day, if anything.
    func entry(on day: Int) -> Entry? {
        let index = index(from: day)
        return index < entries.count && entries[index].number == day ? entries[index] : nil
    }

    /// Whether any day of a range is special.
    func hasEntry(from first: Int, to last: Int) -> Bool {
        let index = index(from: first)
        return index < entries.count && entries[index].number <= last
    }

    /// Whether a day is a school holiday.
    func isSchoolHoliday(_ day: Int) -> Bool {
        schoolSpans.contains { day >= $0.first && day <= $0.last }
    }
}
