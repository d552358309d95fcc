import DirectoryModel
import ServiceTypeKit

/// What meals cost, by the single prices of a place and by the rows of its price list.
enum CanteenPrices {
    static let keys = ["breakfast_price", "lunch_price", "elder_lunch_price", "supper_price"]

    /// More than any canteen asks for a meal: fen written as yuan.
    ///
    /// Chosen, not measured.
    static let doubtful = Money(fen: 20_000)

    /// A price list in which each row says for which ages it is: from 0, elders from 60, to 120 where it did not.
    ///
    /// So `where=prices.from_age:le:80` means what it says for a row without ages, too.
    static func withAges(_ rows: [AttributeRow]) -> [AttributeRow] {
        rows.map { row in
            var row = row
            if row["from_age"] == nil {
                let isElders = row.text("group") == "elders"
                let lowest =
                    isElders ? min(Ages.elder, row.whole("to_age") ?? Ages.elder) : Ages.all.lowerBound
                row["from_age"] = .whole(lowest)
            }
            if row["to_age"] == nil { row["to_age"] = .whole(Ages.all.upperBound) }
            return row
        }
    }

    /// The lowest price of any meal for anybody.
    static func lowest(of place: Place) -> Money? {
        (keys.compactMap { place.money($0) } + place.rows("prices").compactMap { $0.money("price") }).min()
    }

    /// The lowest price of lunch for somebody of 80 who belongs to no other group; where no lunch is priced, that of
    /// supper, else of breakfast.
    ///
    /// Not the lowest of all meals: who asks for a lunch under 15 yuan is not served by a breakfast for 3.
    static func forElder(of place: Place) -> Money? {
        let rows = place.rows("prices")
        return [Sitting.lunch, .supper, .breakfast].lazy.compactMap { sitting in
            let listed = lowest(of: rows, for: sitting) { row in
                takes(Ages.asked, row) && ["everyone", "elders"].contains(row.text("group") ?? "everyone")
            }
            return (sitting.priceKeys.map { place.money($0) } + [listed]).compactMap(\.self).min()
        }.first
    }

    /// What anybody pays for a meal.
    static func ordinary(_ sitting: Sitting, _ place: Place) -> Money? {
        if let price = place.money(sitting.priceKey) { return price }
        guard case .rows(let rows)? = place.attributes["prices"] else { return nil }
        return lowest(of: rows, for: sitting) { isOrdinary($0) }
    }

    /// What an elder of 80 pays for a meal by a price of their own.
    static func elder(_ sitting: Sitting, _ place: Place) -> Money? {
        if let key = sitting.elderPriceKey, let price = place.money(key) { return price }
        guard case .rows(let rows)? = place.attributes["prices"] else { return nil }
        return lowest(of: rows, for: sitting) { isElders($0) && takes(Ages.asked, $0) }
    }

    /// The lowest price of the rows that name `sitting`; rows that name no sitting hold for each.
    private static func lowest(
        of rows: [AttributeRow], for sitting: Sitting, where isMeant: (AttributeRow) -> Bool
    ) -> Money? {
        var lowest: Money?
        for row in rows {
            if let named = row.text("sitting"), named != sitting.rawValue { continue }
            guard let price = row.money("price"), isMeant(row), price < lowest ?? Money(fen: .max) else {
                continue
            }
            lowest = price
        }
        return lowest
    }

    /// Whether a row is for everybody who is grown up.
    static func isOrdinary(_ row: AttributeRow) -> Bool {
        let group = row.text("group")
        return (group == nil || group == "everyone") && (row.whole("from_age") ?? 0) < Ages.elder
            && (row.whole("to_age") ?? Ages.all.upperBound) >= adult
    }

    /// Whether a row is for elders, by its group or by its ages.
    static func isElders(_ row: AttributeRow) -> Bool {
        switch row.text("group") {
        case "elders": true
        case nil, "everyone": (row.whole("from_age") ?? 0) >= Ages.elder
        default: false
        }
    }

    private static func takes(_ age: Int, _ row: AttributeRow) -> Bool {
        (row.whole("from_age") ?? 0) <= age && age <= (row.whole("to_age") ?? Ages.all.upperBound)
    }

    /// The age from which nobody pays a child's price.
    ///
    /// Civil Code, article 17.
    private static let adult = 18
}
