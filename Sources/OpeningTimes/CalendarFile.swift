package import DirectoryModel
package import Foundation

/// One calendar file: a year's decree, a district's school holidays, or both.
package struct CalendarFile: Hashable, Sendable {
    /// The administrative code that it is for, as long as it need be; nil for everybody.
    package var district: String?
    /// What it says of its year.
    package var year: HolidayCalendar.Year

    /// The format that is read; written in each file.
    package static let format = 1

    /// Reads a file's text; an unknown or missing key is an error that names file and key.
    ///
    /// - Parameters:
    ///   - data: JSON; see `etc/quarter/calendars/cn-2026.json` for each key.
    ///   - name: what to call the file in errors.
    /// - Throws: `DirectoryError.configurationInvalid`.
    package init(_ data: Data, name: String) throws(DirectoryError) {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: data)
        } catch {
            throw DirectoryError(
                .configurationInvalid, "the calendar is no JSON", location: name,
                cause: error.localizedDescription)
        }
        let file = try CalendarObject(
            value, at: name,
            keys: [
                "format", "district", "year", "source", "licence", "papers", "days_off", "makeup_workdays",
                "school_holidays",
            ])
        guard try file.whole("format") == CalendarFile.format else {
            throw file.fault("format", "is not \(CalendarFile.format)")
        }
        let number = try file.whole("year")
        guard (1900...2999).contains(number) else { throw file.fault("year", "is no year") }
        _ = try file.text("source")
        if file.has("licence") { _ = try file.text("licence") }
        if file.has("district") {
            let code = try file.text("district")
            guard !code.isEmpty, code.utf8.count <= 12, code.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else {
                throw file.fault("district", "is no administrative code")
            }
            district = code
        }
        let papers = try file.texts("papers")
        let days = try CalendarFile.days(of: file, year: number)
        guard !papers.isEmpty || days.isEmpty else {
            throw file.fault("papers", "names no paper, but there are days: a calendar rests on a decree")
        }
        year = HolidayCalendar.Year(
            year: number, papers: papers, days: days,
            schoolHolidays: try CalendarFile.schoolHolidays(of: file))
    }

    private static func days(
        of file: CalendarObject, year: Int
    ) throws(DirectoryError) -> [HolidayCalendar.Day] {
        var days: [HolidayCalendar.Day] = []
        var seen: Set<String> = []
        for key in ["days_off", "makeup_workdays"] where file.has(key) {
            for group in try file.objects(key, keys: ["zh", "en", "dates"]) {
                let name = LocalizedText(zh: try group.text("zh"), en: try group.text("en"))
                for date in try group.texts("dates") {
                    guard let number = HolidayCalendar.number(of: date) else {
                        throw group.fault("dates", "\"\(date)\" is no date")
                    }
                    let day = CivilDay(number: number)
                    guard day.year == year || day.year == year - 1 && day.month == 12 else {
                        throw group.fault("dates", "\(date) is neither in \(year) nor in the December before")
                    }
                    guard seen.insert(date).inserted else {
                        throw group.fault("dates", "\(date) is there twice")
                    }
                    days.append(HolidayCalendar.Day(date: date, name: name, isOff: key == "days_off"))
                }
            }
        }
        return days.sorted { $0.date < $1.date }
    }

    private static func schoolHolidays(
        of file: CalendarObject
    ) throws(DirectoryError) -> [HolidayCalendar.SchoolHoliday] {
        guard file.has("school_holidays") else { return [] }
        var holidays: [HolidayCalendar.SchoolHoliday] = []
        for object in try file.objects("school_holidays", keys: ["zh", "en", "from", "to"]) {
            let holiday = HolidayCalendar.SchoolHoliday(
                from: try object.text("from"), to: try object.text("to"),
                name: LocalizedText(zh: try object.text("zh"), en: try object.text("en")))
            guard let first = HolidayCalendar.number(of: holiday.from) else {
                throw object.fault("from", "\"\(holiday.from)\" is no date")
            }
            guard let last = HolidayCalendar.number(of: holiday.to), last >= first else {
                throw object.fault("to", "\"\(holiday.to)\" is no date from \(holiday.from) on")
            }
            holidays.append(holiday)
        }
        return holidays
    }
}

/// The calendar files of some folders.
package struct CalendarShelf: Hashable, Sendable {
    /// Every file, folder by folder, in the order of names.
    package private(set) var files: [CalendarFile]

    /// No calendar at all.
    package static let empty = CalendarShelf(files: [])

    private init(files: [CalendarFile]) { self.files = files }

    /// Reads every `*.json` of a folder, in the order of names.
    ///
    /// - Throws: `DirectoryError.unreadableFile`, `.configurationInvalid`.
    package init(folder path: String) throws(DirectoryError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw DirectoryError(
                .unreadableFile, "the folder of calendars cannot be read", location: path,
                cause: error.localizedDescription)
        }
        var files: [CalendarFile] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let file = path + "/" + name
            guard let data = FileManager.default.contents(atPath: file) else {
                throw DirectoryError(.unreadableFile, "the calendar cannot be read", location: file)
            }
            files.append(try CalendarFile(data, name: file))
        }
        self.files = files
    }

    /// Puts another shelf's files behind these: of two for one area and year the later counts.
    package mutating func append(_ other: CalendarShelf) { files += other.files }

    /// Whether an administrative area has more than what is for everybody.
    package func hasOwnCalendar(_ code: String?) -> Bool {
        guard let code else { return false }
        return files.contains { $0.district.map(code.hasPrefix) ?? false }
    }

    /// The calendar of an administrative area: what is for everybody, then what is for codes that its own
    /// begins with, shorter codes first.
    package func calendar(for code: String? = nil) -> HolidayCalendar {
        let fitting = files.filter { file in
            guard let district = file.district else { return true }
            return code?.hasPrefix(district) ?? false
        }
        var calendar = HolidayCalendar.empty
        let ordered = fitting.enumerated().sorted { left, right in
            let lengths = (left.element.district?.utf8.count ?? 0, right.element.district?.utf8.count ?? 0)
            return lengths.0 != lengths.1 ? lengths.0 < lengths.1 : left.offset < right.offset
        }
        for (_, file) in ordered { calendar = calendar.merging(HolidayCalendar(years: [file.year])) }
        return calendar
    }
}

/// A JSON object whose keys are all known.
private struct CalendarObject {
    let values: [String: Any]
    let place: String

    init(_ value: Any, at place: String, keys: Set<String>) throws(DirectoryError) {
        self.place = place
        guard let values = value as? [String: Any] else {
            throw DirectoryError(.configurationInvalid, "there must be an object", location: place)
        }
        self.values = values
        for key in values.keys.sorted() where !keys.contains(key) {
            throw DirectoryError(
                .configurationInvalid, "the key \"\(key)\" is not known",
                advice: "the keys are " + keys.sorted().joined(separator: ", "), location: place)
        }
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    func fault(_ key: String, _ words: String) -> DirectoryError {
        DirectoryError(.configurationInvalid, "\"\(key)\" \(words)", location: place)
    }

    func text(_ key: String) throws(DirectoryError) -> String {
        guard let text = values[key] as? String, !text.isEmpty else { throw fault(key, "must be a text") }
        return text
    }

    func whole(_ key: String) throws(DirectoryError) -> Int {
        guard let whole = values[key] as? Int else { throw fault(key, "must be a whole number") }
        return whole
    }

    func texts(_ key: String) throws(DirectoryError) -> [String] {
        guard let texts = values[key] as? [String] else { throw fault(key, "must be a list of texts") }
        return texts
    }

    func objects(_ key: String, keys: Set<String>) throws(DirectoryError) -> [CalendarObject] {
        guard let list = values[key] as? [Any] else { throw fault(key, "must be a list of objects") }
        var objects: [CalendarObject] = []
        for (index, value) in list.enumerated() {
            objects.append(try CalendarObject(value, at: "\(place): \(key)[\(index)]", keys: keys))
        }
        return objects
    }
}
