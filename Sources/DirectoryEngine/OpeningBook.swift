internal import DirectoryAPI
internal import DirectoryModel
internal import OpeningTimes
internal import ServiceTypeKit
internal import Synchronization

/// Opening times that have been read: each text once, since hundreds of places share one.
///
/// Reading depends on the text alone, so one book serves the process.
final class OpeningBook: Sendable {
    static let shared = OpeningBook()

    /// Texts that are kept; chosen, not measured: a city of 200,000 places has some thousands.
    private static let most = 50_000
    private let known = Mutex<[String: Reading]>([:])
    private static let numbers = Atomic<UInt64>(0)

    /// A text that was read: all places that have it share what came of it.
    final class Reading: Sendable {
        /// The text.
        let text: String
        /// Nil where it cannot be read.
        let schedule: OpeningSchedule?
        /// Another text has another number, and one that is larger by at least as many as there are policies; none has 0.
        let number: UInt64

        fileprivate init(_ text: String, _ schedule: OpeningSchedule?, number: UInt64) {
            self.text = text
            self.schedule = schedule
            self.number = number
        }
    }

    /// A number that nothing else has.
    static func takeNumber() -> UInt64 {
        let step = UInt64(CalendarPolicy.allCases.count)
        return numbers.wrappingAdd(step, ordering: .relaxed).newValue
    }

    /// The schedule of a text, or nil where it cannot be read.
    func schedule(of text: String) -> OpeningSchedule? { reading(of: text).schedule }

    /// What a text says.
    func reading(of text: String) -> Reading {
        if let known = known.withLock({ $0[text] }) { return known }
        let schedule = try? OpeningSchedule(text)
        return known.withLock { book in
            // Two may have read it at once: one number serves both.
            if let known = book[text] { return known }
            if book.count >= Self.most { book.removeAll() }
            let reading = Reading(text, schedule, number: Self.takeNumber())
            book[text] = reading
            return reading
        }
    }

    /// Why opening times of a place, or of its exceptions, cannot be read: a finding for each text.
    static func findings(
        about place: Place, of type: ServiceTypeDescription?, record: String
    ) -> [RecordFinding] {
        var findings = [place.hours.flatMap { finding($0, in: "hours", record) }].compactMap { $0 }
        for (index, exception) in place.exceptions.enumerated() {
            guard case .hours(let text) = exception.effect else { continue }
            if let finding = finding(text, in: "exceptions[\(index)].hours", record) {
                findings.append(finding)
            }
        }
        for attribute in type?.attributes ?? [] {
            findings += self.findings(attribute, of: place, record)
        }
        return findings
    }

    /// The same of an attribute that is opening times, or a table with such columns: a few, and how many more.
    private static func findings(
        _ attribute: AttributeDescription, of place: Place, _ record: String
    ) -> [RecordFinding] {
        if case .schedule = attribute.kind {
            return place.text(attribute.key).flatMap { finding($0, in: attribute.key, record) }.map { [$0] }
                ?? []
        }
        guard case .rows(let schema) = attribute.kind else { return [] }
        let columns = schema.scheduleColumns
        if columns.isEmpty { return [] }
        var findings: [RecordFinding] = []
        for (number, row) in place.rows(attribute.key).enumerated() {
            for column in columns {
                guard let text = row.text(column),
                    let finding = finding(text, in: "\(attribute.key)[\(number + 1)].\(column)", record)
                else { continue }
                findings.append(finding)
                if findings.count == RowSchema.maximumFindings { return findings }
            }
        }
        return findings
    }

    /// Why the times of an activity cannot be read.
    static func findings(about activity: Activity) -> [RecordFinding] {
        [finding(activity.times, in: "times", activity.id.rawValue)].compactMap { $0 }.map { finding in
            var finding = finding
            finding.severity = "error"
            return finding
        }
    }

    private static func finding(_ text: String, in field: String, _ record: String) -> RecordFinding? {
        guard shared.schedule(of: text) == nil else { return nil }
        do throws(OpeningTextError) {
            _ = try OpeningSchedule(text)
            return nil
        } catch {
            return RecordFinding(
                severity: "warning", code: "hours_unreadable", record: record, field: field, value: text,
                message: LocalizedText(
                    zh: "营业时间无法识别，状态显示为未知：" + error.message.zh,
                    en: "The opening times cannot be read, so the state is unknown: " + error.message.en))
        }
    }
}
