package import DirectoryModel

/// Which days of the calendar opening times follow; the raw values are those of the kit's `CalendarPolicy`.
package enum OpeningPolicy: String, Hashable, Sendable, CaseIterable {
    /// A make-up Saturday counts as a Friday, a make-up Sunday as a Monday; a day off counts as PH, and where no
    /// rule names PH it is closed, but for `24/7` and rules that name the date.
    case statutory
    /// Weekdays are weekdays; a day off counts as PH for rules that name it.
    case commercial
    /// The calendar closes and opens nothing, not even rules that name PH: only dated exceptions do.
    case announced
}

/// A dated exception: for a span of time something else holds.
package struct OpeningException: Hashable, Sendable {
    /// What holds instead.
    package enum Effect: Hashable, Sendable {
        /// Closed, for a holiday or a stocktaking.
        case closed
        /// Suspended: no service for a time.
        case suspended
        /// Open without a break.
        case open
        /// Not known.
        case unknown
        /// Other times, read as `commercial`.
        case schedule(OpeningSchedule)
    }

    /// From when.
    package var from: Timestamp
    /// The first moment at which it no longer holds; nil for an open end.
    package var until: Timestamp?
    /// What holds instead.
    package var effect: Effect
    /// Why, for a person.
    package var reason: String?

    /// An exception; see the fields.
    ///
    /// Of several at one moment the last in the list counts, but a suspension before all.
    package init(from: Timestamp, until: Timestamp? = nil, effect: Effect, reason: String? = nil) {
        self.from = from
        self.until = until
        self.effect = effect
        self.reason = reason
    }
}

/// What an answer depends on besides the schedule.
package struct OpeningContext: Hashable, Sendable {
    /// The zone of the place.
    package var zone: OpeningZone
    /// Where it is, for sunrise and sunset; without it fixed times stand in and nothing by the sun is confirmed.
    package var coordinate: Coordinate?
    /// Days off, make-up workdays and school holidays.
    package var calendar: HolidayCalendar
    /// What the calendar means to it.
    package var policy: OpeningPolicy
    /// Dated exceptions.
    package var exceptions: [OpeningException]

    /// A context; see the fields.
    package init(
        zone: OpeningZone = .shanghai, coordinate: Coordinate? = nil, calendar: HolidayCalendar,
        policy: OpeningPolicy, exceptions: [OpeningException] = []
    ) {
        self.zone = zone
        self.coordinate = coordinate
        self.calendar = calendar
        self.policy = policy
        self.exceptions = exceptions
    }
}

/// Whether a place is open at a moment.
package struct OpeningAnswer: Hashable, Sendable {
    /// Open, closed, unknown or suspended.
    package var state: Opening.State
    /// Since when; nil where that is more than `OpeningSchedule.hindsight` days ago.
    package var since: Timestamp?
    /// When the state changes next; nil where it does not within `OpeningSchedule.horizon` days.
    package var until: Timestamp?
    /// What the state will be from `until` on.
    package var next: Opening.State?
    /// Whether the calendar that it rests on has been decreed, and every time in it is known.
    package var isConfirmed: Bool
    /// The comment of the rule, or the reason of the exception.
    package var comment: String?
    /// The holiday that the day belongs to, if it is a day off and the times heed the calendar.
    package var holiday: LocalizedText?
}
