package import DirectoryModel

extension OpeningSchedule {
    /// A time at which something is open, or takes place.
    package struct OpenSpan: Hashable, Sendable {
        /// From when to the first moment after it.
        package var span: Range<Timestamp>
        /// Whether the calendar of that day has been decreed.
        package var isConfirmed: Bool
    }

    /// The spans that have not ended at a moment and begin before another, in order.
    ///
    /// - Parameter most: spans at most.
    /// - Complexity: two looks at the schedule for each span.
    package func openSpans(
        from: Timestamp, until: Timestamp, most: Int = .max, in context: OpeningContext
    ) -> [OpenSpan] {
        var spans: [OpenSpan] = []
        var moment = from
        while moment < until, spans.count < most {
            let answer = answer(at: moment, in: context)
            // Open for longer than is looked ahead: as far as is asked about.
            let end = answer.until ?? until
            if answer.state == .open {
                let start = answer.since ?? moment
                spans.append(OpenSpan(span: start..<max(end, moment), isConfirmed: answer.isConfirmed))
            }
            guard end > moment else { break }
            moment = end
        }
        return spans
    }
}
