package import DirectoryAPI
package import DirectoryModel

extension DirectoryEngine {
    /// How many places the page of a query lists; a page that is followed by another counts one more.
    ///
    /// For benches: all that an answer costs but its words, from the coordinate to the chosen places.
    ///
    /// - Throws: as `reach`.
    package func listedCount(_ query: ReachQuery) throws(DirectoryError) -> Int {
        let now = Timestamp.now
        return try answers.withScratch { scratch throws(DirectoryError) in
            try reading { (index: LiveIndex) throws(DirectoryError) in
                let start = try index.start(query.origin, query.profile)
                let conditions = try Conditions(query.conditions, types: query.types, index: index)
                scratch.openings.pointee.begin(index.judge)
                try index.list(
                    query, conditions, from: start, minutes: query.minutes ?? index.settings.defaultMinutes,
                    now: now, scratch)
            }
            return scratch.found.count
        }
    }
}
