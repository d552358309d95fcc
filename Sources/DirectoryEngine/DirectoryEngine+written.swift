package import DirectoryAPI
package import DirectoryModel

extension DirectoryEngine {
    /// Writes what `reach` answers, put together from what was written when the records were, with the walk, the state
    /// and the lines put in.
    package func writeReach(_ query: ReachQuery, to json: inout JSONWriter) throws(DirectoryError) {
        try writeReach(query, now: .now, to: &json)
    }

    /// The same at a moment.
    func writeReach(
        _ query: ReachQuery, now: Timestamp, to json: inout JSONWriter
    ) throws(DirectoryError) {
        try answers.withScratch { scratch throws(DirectoryError) in
            let gathered = try gather(query, now: now, scratch)
            // Matches and rows are of one answer alone: nothing of them can be prepared.
            guard query.text == nil, gathered.conditions.tables.isEmpty else {
                return reply(to: query, gathered, scratch).write(to: &json)
            }
            write(query, gathered, scratch, to: &json)
        }
    }

    private func write(
        _ query: ReachQuery, _ gathered: Gathered, _ scratch: AnswerScratch, to json: inout JSONWriter
    ) {
        let (start, language) = (gathered.start, query.language)
        json.beginReach(
            revision: gathered.revision, origin: start.resolved, profile: start.profile.id,
            minutes: gathered.minutes, in: language)
        scratch.touch()
        switch query.detail {
        case .full: writePlaces(query, gathered, scratch, to: &json)
        case .brief:
            for found in scratch.found {
                let walk = Walk(metres: found.metres, seconds: start.profile.pace.time(for: found.metres))
                found.withEntry { entry in
                    json.beginBrief(entry.record, walk, in: language)
                    json.endReached(isTypeKnown: entry.isTypeKnown)
                }
            }
        }
        json.endReach(
            next: gathered.next, coming: comingPlaces(query, gathered), attributions: gathered.attributions,
            query.detail, in: language)
    }

    private func writePlaces(
        _ query: ReachQuery, _ gathered: Gathered, _ scratch: AnswerScratch, to json: inout JSONWriter
    ) {
        let (start, language) = (gathered.start, query.language)
        let openings = scratch.openings
        let judge = gathered.judge
        for found in scratch.found {
            let walk = Walk(metres: found.metres, seconds: start.profile.pace.time(for: found.metres))
            let moments = ReachMoments(query.open, now: gathered.now, walk: walk.seconds)
            found.withEntry { entry in
                json.beginReached(entry.record, walk, in: language)
                let opening = openings.pointee.find(
                    entry, judge, at: moments.moment,
                    readAt: moments.walk == nil ? moments.moment : gathered.now, in: language)
                openings.pointee.write(
                    opening, arrival: moments.walk == nil ? nil : moments.arrival, to: &json, in: language)
                if !json.reachedBehindOpening(entry.record, in: language) {
                    entry.writeHighlights(
                        to: &json, in: language, by: gathered.host, judge, now: moments.lineNow,
                        arrival: moments.lineArrival)
                }
                json.endReached(isTypeKnown: entry.isTypeKnown)
            }
        }
    }
}
