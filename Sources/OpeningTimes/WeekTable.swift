internal import DirectoryModel

/// A week of an ordinary schedule: every change of state, ready to be looked up.
///
/// Exists for schedules of plain weekdays, public holidays and fixed times; holds for days that the calendar
/// says nothing of.
struct WeekTable: Hashable, Sendable {
    /// Minutes in a week.
    static let minutes = 7 * DayTimeline.minutes

    /// A piece of the week, with the span of one state that it belongs to.
    struct Entry: Hashable, Sendable {
        /// The minute of the week at which it begins.
        var start: Int
        var state: Opening.State
        /// The rule that says so; −1 where none does.
        var rule: Int
        /// Where the state begins, in minutes of the week; before its Monday if negative.
        var from: Int
        /// Where the state ends; in the next week if past its end.
        var to: Int
        /// The state behind it.
        var next: Opening.State
    }

    let entries: [Entry]
    /// Whether the week is of one state.
    let isUniform: Bool

    init(_ evaluator: inout Evaluator) {
        var entries: [Entry] = []
        for weekday in 0..<7 {
            for piece in evaluator.timeline(ofWeekday: weekday).pieces {
                if let last = entries.last, last.state == piece.state, last.rule == piece.rule { continue }
                entries.append(
                    Entry(
                        start: weekday * DayTimeline.minutes + piece.start, state: piece.state,
                        rule: piece.rule, from: 0, to: 0, next: piece.state))
            }
        }
        isUniform = !entries.contains { $0.state != entries[0].state }
        if !isUniform { WeekTable.join(&entries) }
        self.entries = entries
    }

    /// Works out the span of one state that each piece belongs to, around the end of the week.
    private static func join(_ entries: inout [Entry]) {
        let count = entries.count
        for index in 0..<count {
            var first = index
            while true {
                let before = first - 1
                guard entries[(before + count) % count].state == entries[index].state else { break }
                first = before
            }
            var behind = index + 1
            while entries[behind % count].state == entries[index].state { behind += 1 }
            let wrapped = (first + count) % count
            entries[index].from = entries[wrapped].start - (first < 0 ? minutes : 0)
            entries[index].to = entries[behind % count].start + (behind >= count ? minutes : 0)
            entries[index].next = entries[behind % count].state
        }
        // A first piece that goes on from Sunday begins at minute 0 of the week all the same.
    }

    /// The piece that a minute of the week lies in.
    func entry(at minute: Int) -> Entry {
        var low = 0
        var high = entries.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if entries[middle].start <= minute { low = middle } else { high = middle }
        }
        return entries[low]
    }
}
