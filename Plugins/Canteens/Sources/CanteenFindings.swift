import DirectoryModel
import ServiceTypeKit

/// What cannot be right between the prices, sittings and tables of a canteen.
enum CanteenFindings {
    /// - Parameter priced: the sittings that have a single price.
    static func all(of place: Place, priced: [Sitting]) -> [Finding] {
        let prices = place.rows("prices")
        return doubtful(place) + inconsistent(place, prices) + reversed(prices)
            + unserved(place, priced: priced, prices) + mealsLeft(place)
    }

    /// Prices that no canteen asks: single ones by their key, of each table one.
    private static func doubtful(_ place: Place) -> [Finding] {
        var findings: [Finding] = []
        func say(_ price: Money, _ field: String) {
            findings.append(
                Finding(
                    .warning, code: "price_doubtful", field: field, value: price.text(in: .zh),
                    message: LocalizedText(
                        zh: "一餐\(price.text(in: .zh))不像食堂的价格，请核对单位是不是元",
                        en:
                            "\(price.text(in: .en)) for one meal is no canteen's price; check that it is in yuan"
                    )))
        }
        for key in CanteenPrices.keys {
            if let price = place.money(key), price > CanteenPrices.doubtful { say(price, key) }
        }
        for key in ["prices", "menu"] {
            for (number, row) in place.rows(key).enumerated() {
                guard let price = row.money("price"), price > CanteenPrices.doubtful else { continue }
                say(price, "\(key)[\(number + 1)].price")
                break
            }
        }
        return findings
    }

    /// Sittings for which elders pay more than everybody.
    private static func inconsistent(_ place: Place, _ prices: [AttributeRow]) -> [Finding] {
        var findings: [Finding] = []
        func say(_ name: LocalizedText, _ field: String, _ elder: Money) {
            findings.append(
                Finding(
                    .warning, code: "price_inconsistent", field: field, value: elder.text(in: .zh),
                    message: LocalizedText(
                        zh: "老年人\(name.zh)价格高于普通价格，请核对",
                        en: "\(name.en) costs elders more than others; check both prices")))
        }
        if let ordinary = place.money("lunch_price"), let elder = place.money("elder_lunch_price"),
            elder > ordinary
        {
            say(Sitting.lunch.name, "elder_lunch_price", elder)
        }
        if prices.isEmpty { return findings }
        for sitting in Sitting.allCases {
            guard let ordinary = CanteenPrices.ordinary(sitting, place) else { continue }
            let dearer = prices.firstIndex { row in
                (row.text("sitting") ?? sitting.rawValue) == sitting.rawValue && CanteenPrices.isElders(row)
                    && row.money("price").map { $0 > ordinary } == true
            }
            guard let dearer, let elder = prices[dearer].money("price") else { continue }
            say(sitting.name, "prices[\(dearer + 1)].price", elder)
        }
        return findings
    }

    private static func reversed(_ prices: [AttributeRow]) -> [Finding] {
        var findings: [Finding] = []
        for (number, row) in prices.enumerated() {
            guard let from = row.whole("from_age"), let to = row.whole("to_age"), from > to,
                findings.count < RowSchema.maximumFindings
            else { continue }
            findings.append(
                Finding(
                    .warning, code: "ages_reversed", field: "prices[\(number + 1)].to_age", value: "\(to)",
                    message: LocalizedText(
                        zh: "起始年龄\(from)岁大于截止年龄\(to)岁，谁也享受不到这一价格；请核对",
                        en: "The price is from \(from) to \(to) years of age, which is nobody; check both")))
        }
        return findings
    }

    /// Sittings that have a price, times or dishes, but are not served; each is said once.
    private static func unserved(_ place: Place, priced: [Sitting], _ prices: [AttributeRow]) -> [Finding] {
        let served = place.options("sittings")
        if served.isEmpty { return [] }
        let sources = [
            (LocalizedText(zh: "价格", en: "a price"), priced + Sitting.named(in: prices)),
            (LocalizedText(zh: "供餐时间", en: "a time"), Sitting.named(in: place.rows("sitting_times"))),
            (LocalizedText(zh: "菜单", en: "a menu"), Sitting.named(in: place.rows("menu"))),
        ]
        return Sitting.allCases.compactMap { sitting in
            guard !served.contains(sitting.rawValue),
                let what = sources.first(where: { $0.1.contains(sitting) })?.0
            else { return nil }
            return Finding(
                .warning, code: "sitting_not_served", field: "sittings", value: sitting.name.zh,
                message: LocalizedText(
                    zh: "有\(sitting.name.zh)\(what.zh)，但供餐餐次里没有\(sitting.name.zh)，请核对",
                    en:
                        "There is \(what.en) for \(sitting.name.en.lowercased()), which the sittings leave out; "
                        + "check both"))
        }
    }

    /// A number of meals left says nothing without its day.
    private static func mealsLeft(_ place: Place) -> [Finding] {
        guard let left = place.whole("meals_left"), place.text("meals_left_on") == nil else { return [] }
        return [
            Finding(
                .note, code: "meals_left_undated", field: "meals_left_on", value: "\(left)",
                message: LocalizedText(
                    zh: "填了剩余份数，没有填是哪一天的，不会显示；请补日期",
                    en: "The number of meals left has no day and is not shown; add meals_left_on"))
        ]
    }
}
