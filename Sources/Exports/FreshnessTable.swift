internal import DirectoryAPI
package import DirectoryModel
internal import HSDS
internal import OpeningTimes
internal import TableFiles

extension DirectoryExtract {
    /// Since when each place is known, when it was changed last and last confirmed, and how many months ago that is.
    ///
    /// Needs an extract with history. Days are those of the community's clock, China's where it has none of its own.
    /// - Parameter now: the present moment.
    package func freshnessBook(at now: Timestamp) -> ExportBook {
        let words = TableWords(self, points: PointWords(wanted: nil))
        var zones: [CommunityID: OpeningZone] = [:]
        for community in communities {
            guard let name = community.timeZone else { continue }
            zones[community.id] = try? OpeningZone(identifier: name)
        }
        let rows = places.map { place -> [TableCell] in
            let zone = place.community.flatMap { zones[$0] } ?? .shanghai
            let known = history[place.id]
            let today = LocalDay(of: now, in: zone)
            let first = known.flatMap { LocalDay(of: $0.first.time, in: zone) }
            let last = known.flatMap { LocalDay(of: $0.last.time, in: zone) }
            var months: Int?
            if let last, let today { months = last.months(until: today) }
            let seen = self.confirmed[place.id]
            let confirmed = seen?.time.flatMap { LocalDay(of: $0, in: zone) }
            var old: Int?
            if let confirmed, let today { old = confirmed.months(until: today) }
            return [
                .text(place.id.rawValue), .text(place.name), .text(words.word(for: place.type)),
                .text(orEmpty: place.community.map { words.word(for: $0) }), .day(first),
                known.map { .number(Double($0.first.revision.number)) } ?? .empty, .day(last),
                known.map { .number(Double($0.last.revision.number)) } ?? .empty,
                months.map { .number(Double($0)) } ?? .empty, .day(confirmed),
                .text(orEmpty: seen?.by), old.map { .number(Double($0)) } ?? .empty,
                .text(orEmpty: seen?.captain),
            ]
        }
        let columns = [
            TableColumn(title: ExportField.id.title, width: 20, isText: true),
            TableColumn(title: ExportField.name.title, width: 30),
            TableColumn(title: ExportField.typeName.title, width: 20),
            TableColumn(title: ExportField.communityName.title, width: 20),
            TableColumn(title: "首次登记", width: 12),
            TableColumn(title: "首次登记修订号", width: 16), TableColumn(title: "最近变更", width: 12),
            TableColumn(title: "最近变更修订号", width: 16), TableColumn(title: "距今（月）", width: 12),
            TableColumn(title: "最近确认", width: 12), TableColumn(title: "确认来源", width: 20),
            TableColumn(title: "距确认（月）", width: 12), TableColumn(title: "楼栋长", width: 20),
        ]
        return ExportBook(
            tables: [ExportTable(name: "信息时效", columns: columns, rows: rows)], revision: revision,
            attributions: attributions)
    }
}

extension LocalDay {
    /// Whole months from this day to a later one; negative where that is an earlier one.
    func months(until later: LocalDay) -> Int {
        let months = (later.year - year) * 12 + later.month - month
        return later.day < day ? months - 1 : months
    }
}

extension TableCell {
    /// A day; empty where there is none.
    fileprivate static func day(_ day: LocalDay?) -> TableCell {
        day.map { .moment(TableMoment(year: $0.year, month: $0.month, day: $0.day)) } ?? .empty
    }
}
