package import DirectoryModel

extension OpeningException {
    /// A record's exception as a place's own time has it.
    ///
    /// - Parameters:
    ///   - exception: as it was recorded; other times that cannot be read count as unknown.
    ///   - zone: the zone of the place, in which its days begin and end.
    ///   - schedule: reads other times; nil where they cannot be read.
    package init(
        _ exception: DatedException, zone: OpeningZone, schedule: (String) -> OpeningSchedule?
    ) {
        let effect: Effect =
            switch exception.effect {
            case .closed: .closed
            case .suspended: .suspended
            case .open: .open
            case .unknown: .unknown
            case .hours(let text): schedule(text).map(Effect.schedule) ?? .unknown
            }
        self.init(
            from: zone.start(of: exception.from), until: exception.until.map { zone.end(of: $0) },
            effect: effect, reason: exception.reason)
    }
}

extension OpeningZone {
    /// The first moment of a day, or the moment itself.
    package func start(of edge: DatedException.Edge) -> Timestamp {
        switch edge {
        case .day(let day): midnight(of: day.number)
        case .moment(let moment): moment
        }
    }

    /// The first moment after a day, or the moment itself.
    package func end(of edge: DatedException.Edge) -> Timestamp {
        switch edge {
        case .day(let day): midnight(of: day.number + 1)
        case .moment(let moment): moment
        }
    }

    /// The moment at which a local day begins; where a change of offset leaves midnight out, the change.
    func midnight(of day: Int) -> Timestamp {
        let local = Int64(day) * 86_400
        // The offset before a change counts for what comes before it.
        let before = period(at: local - Int64(offsets.max() ?? 0) - 1)
        let moment = local - Int64(before.offset)
        guard moment > before.end else { return Timestamp(secondsSince1970: moment) }
        let after = period(at: before.end)
        return Timestamp(secondsSince1970: max(before.end, local - Int64(after.offset)))
    }
}

extension LocalDay {
    /// Days since 1970-01-01.
    var number: Int { CivilDay.number(year: year, month: month, day: day) }
}
