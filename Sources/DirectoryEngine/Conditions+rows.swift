internal import DirectoryAPI
internal import DirectoryModel
internal import OpeningTimes
internal import ServiceTypeKit

/// The conditions of one query on one table: one and the same row of a place has to meet them all.
struct TableCondition {
    /// What a type's rows are asked.
    struct Rule {
        var filter: RowFilter
        /// The column with a row's own opening times.
        let hoursColumn: String?
    }

    /// The table's key.
    let table: String
    /// The rule for places of a type, by type.
    var byType: [ServiceTypeID: Rule]

    /// The rows of a place that meet the conditions.
    ///
    /// - Parameter isOpen: whether a row's own opening times are open; a row without them is not asked.
    func rows(of entry: PlaceEntry, isOpen: (String) -> Bool) -> [AttributeRow] {
        guard let rule = byType[entry.type] else { return [] }
        return entry.record.place.rows(table).filter { rule.accepts($0, isOpen) }
    }

    /// Whether a row of a place meets the conditions; see `rows`.
    func holds(for entry: PlaceEntry, isOpen: (String) -> Bool) -> Bool {
        guard let rule = byType[entry.type] else { return false }
        return entry.record.place.rows(table).contains { rule.accepts($0, isOpen) }
    }

    /// A row's own opening times, as written.
    func times(of row: AttributeRow, in type: ServiceTypeID) -> String? {
        byType[type]?.hoursColumn.flatMap { row.text($0) }
    }
}

extension TableCondition.Rule {
    fileprivate func accepts(_ row: AttributeRow, _ isOpen: (String) -> Bool) -> Bool {
        guard filter.matches(row) else { return false }
        guard let hoursColumn, let times = row.text(hoursColumn) else { return true }
        return isOpen(times)
    }
}

/// What was asked about opening, and when: for the rows of one place of an answer.
struct RowMoment {
    let open: OpenCondition?
    let moment: Timestamp
    let now: Timestamp
    let arrival: Timestamp
    let walk: Seconds?
    /// The place's own state at that moment: a stall is closed while its market is.
    let place: PlaceOpening
}

extension Conditions {
    /// The rows that made a place meet the conditions, each with its own state where its table has opening times.
    func rows(of entry: PlaceEntry, dressing judge: OpeningJudge, _ asked: RowMoment) -> [ReachedRows] {
        tables.map { condition in
            let type = entry.type
            let rows = condition.rows(of: entry) { times in
                guard let open = asked.open else { return true }
                return judge.holds(open, times: times, of: entry, now: asked.now, arrival: asked.arrival)
            }
            let hasHours = condition.byType[type]?.hoursColumn != nil
            return ReachedRows(
                table: condition.table, total: rows.count,
                rows: rows.prefix(ReachedRows.maximum).map { row in
                    ReachedRow(
                        row,
                        opening: hasHours
                            ? judge.opening(of: entry, times: condition.times(of: row, in: type), asked) : nil
                    )
                })
        }
    }
}

extension OpeningJudge {
    private func answer(_ times: String, of entry: PlaceEntry, at moment: Timestamp) -> OpeningAnswerInPlace?
    {
        guard let schedule = OpeningBook.shared.schedule(of: times) else { return nil }
        let place = entry.record.place
        var context = contexts(of: place.community)[Int(entry.policyNumber)]
        if schedule.usesSun { context.coordinate = place.location }
        return OpeningAnswerInPlace(schedule: schedule, context: context)
    }

    /// Whether opening times of a place other than its own, such as a stall's, meet a condition.
    func holds(
        _ condition: OpenCondition, times: String, of entry: PlaceEntry, now: Timestamp, arrival: Timestamp
    ) -> Bool {
        guard let answer = answer(times, of: entry, at: now) else { return false }
        switch condition {
        case .now: return answer.state(at: now) == .open
        case .arrival: return answer.state(at: arrival) == .open
        case .at(let moment): return answer.state(at: moment) == .open
        case .during(let from, let to):
            return answer.schedule.isOpen(during: from, until: to, in: answer.context)
        }
    }

    /// The state of a row: the place's while that is closed or where the row has no times of its own.
    fileprivate func opening(of entry: PlaceEntry, times: String?, _ asked: RowMoment) -> PlaceOpening {
        var place = asked.place
        place.canonical = nil
        guard let times, place.state != .closed, place.state != .suspended else { return place }
        guard let found = answer(times, of: entry, at: asked.moment) else {
            return PlaceOpening(state: .unknown, raw: times)
        }
        let answer = found.schedule.answer(at: asked.moment, in: found.context)
        if answer.state == .open, let until = place.until, until < answer.until ?? until { return place }
        return PlaceOpening(
            state: answer.state, since: answer.since, until: answer.until, isConfirmed: answer.isConfirmed,
            text: answer.words(
                at: asked.walk == nil ? asked.moment : asked.now, zone: found.context.zone, walk: asked.walk),
            raw: times)
    }

    /// Reads opening times of a place for its module, in the place's zone and on its calendar.
    func reader(for entry: PlaceEntry) -> HighlightContext.OpeningReader {
        { times, moment in
            guard let found = answer(times, of: entry, at: moment) else {
                return Opening(state: .unknown, raw: times)
            }
            let answer = found.schedule.answer(at: moment, in: found.context)
            return Opening(state: answer.state, until: answer.until, raw: times)
        }
    }
}

/// Opening times that were read, with the calendar and the zone that they stand in.
private struct OpeningAnswerInPlace {
    let schedule: OpeningSchedule
    let context: OpeningContext

    func state(at moment: Timestamp) -> Opening.State { schedule.answer(at: moment, in: context).state }
}
