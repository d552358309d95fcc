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
    private let known = Mutex<[String: OpeningSchedule?]>([:])

    /// The schedule of a text, or nil where it cannot be read.
    func schedule(of text: String) -> OpeningSchedule? {
        if let known = known.withLock({ $0[text] }) { return known }
        let schedule = try? OpeningSchedule(text)
        known.withLock { book in
            if book.count >= Self.most { book.removeAll() }
            book[text] = .some(schedule)
        }
        return schedule
    }

    /// Why a text cannot be read, as a finding; nil where it can, or there is none.
    static func finding(about place: Place, record: String) -> RecordFinding? {
        guard let text = place.hours, shared.schedule(of: text) == nil else { return nil }
        do throws(OpeningTextError) {
            _ = try OpeningSchedule(text)
            return nil
        } catch {
            return RecordFinding(
                severity: "warning", code: "hours_unreadable", record: record, field: "hours", value: text,
                message: LocalizedText(
                    zh: "营业时间无法识别，状态显示为未知：" + error.message.zh,
                    en: "The opening times cannot be read, so the state is unknown: " + error.message.en))
        }
    }
}

/// Tells whether places are open; a value of the moment, taken under the engine's lock and used outside of it.
struct OpeningJudge: Sendable {
    private let contexts: [OpeningContext]

    init(zone: OpeningZone, calendar: HolidayCalendar) {
        contexts = CalendarPolicy.allCases.map { policy in
            OpeningContext(
                zone: zone, calendar: calendar,
                policy: OpeningPolicy(rawValue: policy.rawValue) ?? .commercial)
        }
    }

    private func context(for entry: PlaceEntry) -> OpeningContext {
        var context = contexts[CalendarPolicy.allCases.firstIndex(of: entry.calendarPolicy) ?? 0]
        context.coordinate = entry.record.place.location
        return context
    }

    /// Whether a place meets a condition.
    ///
    /// - Parameter arrival: when one who starts now gets there.
    func holds(_ condition: OpenCondition, for entry: PlaceEntry, now: Timestamp, arrival: Timestamp) -> Bool
    {
        guard let schedule = entry.schedule else { return false }
        let context = context(for: entry)
        switch condition {
        case .now: return schedule.answer(at: now, in: context).state == .open
        case .arrival: return schedule.answer(at: arrival, in: context).state == .open
        case .at(let moment): return schedule.answer(at: moment, in: context).state == .open
        case .during(let from, let to): return schedule.isOpen(during: from, until: to, in: context)
        }
    }

    /// Whether a place is open, for an answer.
    ///
    /// - Parameters:
    ///   - moment: the moment that was asked about.
    ///   - walk: how long the way there is, where one starts now and that is asked about.
    func opening(of entry: PlaceEntry, at moment: Timestamp, now: Timestamp, walk: Seconds?) -> PlaceOpening {
        let raw = entry.record.place.hours
        guard let schedule = entry.schedule else { return PlaceOpening(state: .unknown, raw: raw) }
        let context = context(for: entry)
        let answer = schedule.answer(at: moment, in: context)
        return PlaceOpening(
            state: answer.state, since: answer.since, until: answer.until, isConfirmed: answer.isConfirmed,
            text: answer.words(at: walk == nil ? moment : now, zone: context.zone, walk: walk), raw: raw)
    }
}
