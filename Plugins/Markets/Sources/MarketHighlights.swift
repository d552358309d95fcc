import DirectoryModel
import ServiceTypeKit

/// The kiosk's lines of a market, most important first.
enum MarketHighlights {
    static func all(of place: Place, in context: HighlightContext) -> [Highlight] {
        var lines: [Highlight] = []
        lines.reserveCapacity(8)
        if let notice = notice(of: place, in: context) { lines.append(notice) }
        if let peak = place.text("morning_peak"), context.opening(of: peak).state == .open {
            lines.append(atPeak)
        }
        if let remark = remark(on: place.text("kind"), at: context.minuteOfDay) { lines.append(remark) }
        let stalls = openStalls(of: place, in: context)
        if let stalls { lines.append(stalls) }
        if let goods = goods.highlight(for: place) { lines.append(goods) }
        if place.flag("fair_scale") == true { lines.append(fairScale) }
        // What follows is asked for only where it still finds room.
        if lines.count < Highlight.maximumCount, stalls == nil, let count = place.whole("stall_count"),
            count > 0
        {
            lines.append(
                Highlight(
                    LocalizedText(zh: "\(count)个摊位", en: count == 1 ? "1 stall" : "\(count) stalls")))
        }
        if lines.count < Highlight.maximumCount {
            if let rule = place.text("waste_rule") {
                lines.append(Highlight(fitting: LocalizedText(zh: "垃圾分类：" + rule, en: "Waste: " + rule)))
            } else if place.flag("waste_sorting") == true {
                lines.append(wasteSorting)
            }
        }
        if lines.count > Highlight.maximumCount {
            lines.removeLast(lines.count - Highlight.maximumCount)
        }
        return lines
    }

    /// The first notice that holds on the day that counts; one without days always holds.
    private static func notice(of place: Place, in context: HighlightContext) -> Highlight? {
        guard case .rows(let notices)? = place.attributes["notices"] else { return nil }
        let today = context.today
        for notice in notices {
            guard let text = notice.text("text") else { continue }
            if let from = notice.text("from"), today < from { continue }
            if let until = notice.text("until"), until < today { continue }
            return Highlight(fitting: LocalizedText(zh: "公告：" + text, en: "Notice: " + text), tone: .caution)
        }
        return nil
    }

    /// A morning or night market at the wrong end of the day, or no market of food at all.
    private static func remark(on kind: String?, at minute: Int) -> Highlight? {
        switch kind {
        case "morning" where minute >= morningEnds: morningMarket
        case "night" where minute < nightBegins: nightMarket
        case "other": noFood
        default: nil
        }
    }

    /// How many stalls are open on arrival; nil where no stall has times of its own, where nobody can read them, and
    /// while the market is closed.
    ///
    /// A stall without times of its own has the market's.
    private static func openStalls(of place: Place, in context: HighlightContext) -> Highlight? {
        guard case .rows(let stalls)? = place.attributes["stalls"] else { return nil }
        // Stalls share a few times between them: each text is judged once.
        var groups: [(times: String, count: Int)] = []
        var withoutTimes = 0
        for stall in stalls {
            guard case .text(let times)? = stall.values["hours"] else {
                withoutTimes += 1
                continue
            }
            if let group = groups.firstIndex(where: { $0.times == times }) {
                groups[group].count += 1
            } else {
                groups.append((times, 1))
            }
        }
        if groups.isEmpty { return nil }
        var market = Opening.State.unknown
        if let hours = place.hours { market = context.opening(of: hours).state }
        guard market != .closed, market != .suspended else { return nil }
        var open = market == .open ? withoutTimes : 0
        var isKnown = market == .open
        for group in groups {
            let state = context.opening(of: group.times).state
            if state == .open { open += group.count }
            isKnown = isKnown || state != .unknown
        }
        guard isKnown else { return nil }
        if open == 0 { return noStalls }
        return Highlight(
            LocalizedText(zh: "\(open)个摊位营业中", en: open == 1 ? "1 stall open" : "\(open) stalls open"),
            tone: .good)
    }

    private static let goods = OptionHighlight(MarketSchema.goods)
    private static let atPeak = Highlight(
        LocalizedText(zh: "现在早高峰", en: "Morning peak now"), tone: .caution)
    private static let noStalls = Highlight(
        LocalizedText(zh: "摊位都还没开或已收摊", en: "No stall is open then"), tone: .caution)
    private static let fairScale = Highlight(
        LocalizedText(zh: "设公平秤", en: "Public check scale"), tone: .good)
    private static let wasteSorting = Highlight(LocalizedText(zh: "请分类投放垃圾", en: "Please sort your waste"))
    private static let morningMarket = Highlight(
        LocalizedText(zh: "早市，一般上午有", en: "Morning market"), tone: .caution)
    private static let nightMarket = Highlight(
        LocalizedText(zh: "夜市，一般晚上有", en: "Night market"), tone: .caution)
    private static let noFood = Highlight(LocalizedText(zh: "不是菜市场", en: "No food market"), tone: .caution)

    /// When morning markets are usually over and night markets not yet there, in minutes of the day.
    ///
    /// Chosen, not measured: the opening times of the place itself decide whether it is open.
    private static let morningEnds = 12 * 60
    private static let nightBegins = 17 * 60
}
