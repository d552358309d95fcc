import DirectoryModel
import ServiceTypeKit

/// The kiosk's lines of a canteen, most important first.
enum CanteenHighlights {
    static func all(of place: Place, in context: HighlightContext) -> [Highlight] {
        var lines: [Highlight] = []
        lines.reserveCapacity(8)
        let next = Sitting.next(of: place, in: context)
        if let meal = meal(next, of: place) { lines.append(meal) }
        if let left = mealsLeft(of: place, in: context) { lines.append(left) }
        if let who = who(place) { lines.append(who) }
        if let next, let menu = CanteenMenu.highlight(for: next, of: place, in: context) {
            lines.append(menu)
        }
        if lines.count < Highlight.maximumCount {
            if let note = place.text("delivery_note") {
                lines.append(Highlight(fitting: LocalizedText(zh: "送餐：" + note, en: "Delivery: " + note)))
            } else if place.flag("delivery") == true {
                lines.append(delivers)
            }
        }
        if lines.count < Highlight.maximumCount, let diets = diets.highlight(for: place) {
            lines.append(diets)
        }
        if lines.count < Highlight.maximumCount, place.isStepFree == true { lines.append(stepFree) }
        return lines
    }

    /// What there is to eat next: the meal with its price, or the meals that are served when it is not among them.
    private static func meal(_ next: Sitting?, of place: Place) -> Highlight? {
        let served = place.options("sittings")
        if served.isEmpty { return nil }
        guard let next else { return serves.highlight(for: place) }
        guard served.contains(next.rawValue) else { return servesOnly.highlight(for: place) }
        var text = next.name
        if let price = CanteenPrices.ordinary(next, place) {
            text.zh += price.text(in: .zh)
            text.en += " " + price.text(in: .en)
        }
        if let elder = CanteenPrices.elder(next, place) {
            text.zh += "，老人" + elder.text(in: .zh)
            text.en += ", elders " + elder.text(in: .en)
        }
        return Highlight(fitting: text, tone: .good)
    }

    /// How many meals are left, where the canteen said so for the day that counts.
    private static func mealsLeft(of place: Place, in context: HighlightContext) -> Highlight? {
        guard let left = place.whole("meals_left"), let day = place.text("meals_left_on"),
            day == context.today
        else { return nil }
        if left == 0 { return soldOut }
        return Highlight(
            LocalizedText(zh: "还有\(left)份", en: left == 1 ? "1 meal left" : "\(left) meals left"),
            tone: .good)
    }

    private static func who(_ place: Place) -> Highlight? {
        if let age = place.whole("minimum_age"), age > 0 {
            return Highlight(
                LocalizedText(zh: "\(age)岁以上可用", en: "From \(age) years of age"), tone: .caution)
        }
        guard !place.options("open_to").contains("everyone") else { return nil }
        return openTo.highlight(for: place)
    }

    private static let diets = OptionHighlight(CanteenSchema.diets, tone: .good)
    private static let openTo = OptionHighlight(
        CanteenSchema.openTo, zh: "仅限", en: "Only: ", tone: .caution)
    private static let serves = OptionHighlight(CanteenSchema.sittings, zh: "供", en: "Serves: ")
    private static let servesOnly = OptionHighlight(
        CanteenSchema.sittings, zh: "只供", en: "Only: ", tone: .caution)
    private static let soldOut = Highlight(LocalizedText(zh: "今天已售完", en: "Sold out today"), tone: .caution)
    private static let delivers = Highlight(
        LocalizedText(zh: "可送餐上门", en: "Delivers to the door"), tone: .good)
    private static let stepFree = Highlight(LocalizedText(zh: "轮椅可进", en: "Wheelchair access"), tone: .good)
}

/// The dishes of a day.
enum CanteenMenu {
    /// The dishes of a sitting on the day that counts, those of that very date first.
    static func highlight(for sitting: Sitting, of place: Place, in context: HighlightContext) -> Highlight? {
        guard case .rows(let menu)? = place.attributes["menu"] else { return nil }
        let today = context.today
        let day = CanteenTables.dayKeys[context.weekday - 1]
        var dated: [String] = []
        var weekly: [String] = []
        for row in menu {
            guard let dish = row.text("dish") else { continue }
            if let named = row.text("sitting"), named != sitting.rawValue { continue }
            if let date = row.text("date") {
                if date == today { dated.append(dish) }
                continue
            }
            let days = row.options("days")
            if days.isEmpty || days.contains(day) { weekly.append(dish) }
        }
        let dishes = dated + weekly
        if dishes.isEmpty { return nil }
        return Highlight(
            LocalizedText(
                zh: line("今天\(sitting.name.zh)：", dishes, "、", .zh),
                en: line("\(sitting.name.en) today: ", dishes, ", ", .en)))
    }

    /// As many dishes as fit behind `lead`, and a sign that there are more; the first is cut where it must be.
    private static func line(_ lead: String, _ dishes: [String], _ separator: String, _ language: Language)
        -> String
    {
        let limit = Highlight.maximumCharacters(in: language)
        let more = language == .zh ? "等" : " …"
        var text = lead
        var length = lead.count
        for (number, dish) in dishes.enumerated() {
            // Longer dishes are cut; counting more of them than a line has is of no use.
            let dish =
                number == 0 ? cut(dish, to: limit - length - (dishes.count == 1 ? 0 : more.count)) : dish
            let added = (number == 0 ? 0 : separator.count) + dish.count
            let isLast = number == dishes.count - 1
            guard length + added + (isLast ? 0 : more.count) <= limit else { return text + more }
            text += (number == 0 ? "" : separator) + dish
            length += added
        }
        return text
    }

    private static func cut(_ text: String, to limit: Int) -> String {
        guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end != text.endIndex
        else { return text }
        return text.prefix(limit - 1) + "…"
    }
}
