import DirectoryModel
import ServiceTypeKit

/// A meal of the day.
enum Sitting: String, CaseIterable {
    case breakfast, lunch, supper

    var name: LocalizedText {
        switch self {
        case .breakfast: LocalizedText(zh: "早餐", en: "Breakfast")
        case .lunch: LocalizedText(zh: "午餐", en: "Lunch")
        case .supper: LocalizedText(zh: "晚餐", en: "Supper")
        }
    }

    /// The tags of OpenStreetMap that state it.
    var tags: [String] { self == .supper ? ["dinner", "supper"] : [rawValue] }

    /// The attribute that has its ordinary price.
    var priceKey: String {
        switch self {
        case .breakfast: "breakfast_price"
        case .lunch: "lunch_price"
        case .supper: "supper_price"
        }
    }

    /// The attribute that has its price for elders, where there is one.
    var elderPriceKey: String? { self == .lunch ? "elder_lunch_price" : nil }

    /// The attributes that price it, the ordinary price first.
    var priceKeys: [String] { [priceKey] + (elderPriceKey.map { [$0] } ?? []) }

    /// The minute of the day until which it is the next meal where no times are stated.
    ///
    /// Chosen, not measured.
    private var lastMinute: Int {
        switch self {
        case .breakfast: 9 * 60 + 30
        case .lunch: 13 * 60 + 30
        case .supper: 19 * 60
        }
    }

    static func values(_ sittings: [Sitting]) -> AttributeValue? {
        sittings.isEmpty ? nil : .texts(sittings.map(\.rawValue))
    }

    /// The sittings that rows of a table name.
    static func named(in rows: [AttributeRow]) -> [Sitting] {
        if rows.isEmpty { return [] }
        let keys = Set(rows.compactMap { $0.text("sitting") })
        return allCases.filter { keys.contains($0.rawValue) }
    }

    /// The meal that one gets on arrival or next on that day, nil when the day's meals are over.
    ///
    /// By the times of the sittings where they are stated and can be read, else by the hour of the day.
    static func next(of place: Place, in context: HighlightContext) -> Sitting? {
        if case .rows(let rows)? = place.attributes["sitting_times"],
            let next = next(by: rows, in: context)
        {
            return next.sitting
        }
        let minute = context.minuteOfDay
        return allCases.first { minute < $0.lastMinute }
    }

    /// The same by stated times; nil when none of them can be read.
    private static func next(by rows: [AttributeRow], in context: HighlightContext) -> Next? {
        var next: Next?
        for row in rows {
            guard let times = row.text("hours"), let key = row.text("sitting"),
                let sitting = Sitting(rawValue: key)
            else { continue }
            let opening = context.opening(of: times)
            switch opening.state {
            case .open: return Next(sitting: sitting)
            case .closed, .suspended:
                if next == nil { next = Next() }
                guard let until = opening.until, until.isToday(in: context),
                    until < next?.begins ?? Timestamp(secondsSince1970: .max)
                else { continue }
                next = Next(sitting: sitting, begins: until)
            case .unknown: continue
            }
        }
        return next
    }

    /// A meal to come, if there is one on that day.
    private struct Next {
        var sitting: Sitting?
        var begins: Timestamp?
    }
}

extension Timestamp {
    /// Whether the moment, which is not before the one that counts, lies on the same local day.
    fileprivate func isToday(in context: HighlightContext) -> Bool {
        let (wait, overflow) = secondsSince1970.subtractingReportingOverflow(
            context.moment.secondsSince1970)
        return !overflow && wait < Int64(24 * 60 - context.minuteOfDay) * 60
    }
}
