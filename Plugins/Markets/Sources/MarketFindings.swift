import DirectoryModel
import ServiceTypeKit

/// What cannot be right between the attributes of a market.
enum MarketFindings {
    static func all(of place: Place) -> [Finding] {
        var findings: [Finding] = []
        if place.text("kind") == "other" {
            findings.append(
                Finding(
                    .warning, code: "market_of_other_goods", field: "kind", value: nil,
                    message: LocalizedText(
                        zh: "看名称或类型不是卖菜的市场；如果买不到菜，请改登记为别的业态",
                        en: "This seems to be no food market; register it as another type if it sells no food"
                    )))
        }
        let stalls = place.rows("stalls")
        if !stalls.isEmpty {
            if let count = place.whole("stall_count"), count < stalls.count {
                findings.append(tooSmall(count, listed: stalls.count))
            }
            if let finding = repeated(stalls) { findings.append(finding) }
            if let finding = unlisted(place.options("goods"), stalls) { findings.append(finding) }
        }
        for (number, notice) in place.rows("notices").enumerated() {
            guard let from = notice.text("from"), let until = notice.text("until"), until < from else {
                continue
            }
            findings.append(
                Finding(
                    .warning, code: "dates_reversed", field: "notices[\(number + 1)].until", value: until,
                    message: LocalizedText(
                        zh: "公告的结束日期\(until)早于开始日期\(from)，这条公告不会显示；请核对",
                        en:
                            "A notice ends on \(until), before it begins on \(from), and never shows; check both"
                    )))
        }
        return findings
    }

    /// The goods of all stalls, in the schema's order; nil where no stall is listed.
    static func goods(of stalls: [AttributeRow]) -> AttributeValue? {
        if stalls.isEmpty { return nil }
        let sold = stalls.reduce(into: Set<String>()) { $0.formUnion($1.options("goods")) }
        return sold.isEmpty
            ? nil : .texts(MarketSchema.goodsOptions.map(\.key).filter(sold.contains))
    }

    private static func tooSmall(_ count: Int, listed: Int) -> Finding {
        Finding(
            .warning, code: "stall_count_too_small", field: "stall_count", value: "\(count)",
            message: LocalizedText(
                zh: "摊位数是\(count)个，摊位表却有\(listed)个；请核对",
                en: "The number of stalls is \(count), but \(listed) are listed; check both"))
    }

    /// One number twice in one zone: two zones may each have a stall 12.
    private static func repeated(_ stalls: [AttributeRow]) -> Finding? {
        var seen: Set<[String]> = []
        var twice: [String] = []
        for stall in stalls {
            guard let number = stall.text("number") else { continue }
            if !seen.insert([stall.text("zone") ?? "", number]).inserted, !twice.contains(number) {
                twice.append(number)
                if twice.count == maximumNamed { break }
            }
        }
        if twice.isEmpty { return nil }
        let numbers = Finding.excerpt(of: twice.joined(separator: "、"))
        return Finding(
            .warning, code: "stall_number_repeated", field: "stalls", value: numbers,
            message: LocalizedText(
                zh: "同一分区里摊位号重复：\(numbers)；请核对",
                en: "Stall numbers stand twice in one zone: \(numbers); check them"))
    }

    /// Goods of stalls that the market's own list leaves out: who filters by them does not find it.
    private static func unlisted(_ goods: [String], _ stalls: [AttributeRow]) -> Finding? {
        guard case .texts(let sold)? = self.goods(of: stalls) else { return nil }
        let missing = MarketSchema.goodsOptions.filter { sold.contains($0.key) && !goods.contains($0.key) }
        if missing.isEmpty { return nil }
        let names = missing.map(\.name.zh).joined(separator: "、")
        return Finding(
            .note, code: "goods_of_stalls_unlisted", field: "goods", value: names,
            message: LocalizedText(
                zh: "摊位表里有\(names)，经营品类里没有；请补上",
                en: "Stalls sell goods that the market's own list leaves out: "
                    + missing.map(\.name.en).joined(separator: ", ") + "; add them"))
    }

    /// How many repeated numbers a finding names.
    ///
    /// Chosen, not measured: enough to see the pattern.
    private static let maximumNamed = 5
}
