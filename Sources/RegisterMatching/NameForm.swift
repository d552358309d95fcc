internal import TextSearch

/// A name of a place taken apart: what is its own, which branch it is, which trade.
package struct NameForm: Hashable, Sendable {
    /// The name as compared: without legal form, branch, city and words such as 店 and 服务中心.
    package let core: String
    /// The branch: "竹园" of 竹园店, "1" of 一分店; nil without.
    package let branch: String?

    /// The city and district that stood before the name: "南京市" of 南京市口腔医院; nil without.
    package let region: String?

    /// The units of `core`.
    let units: [UInt32]
    /// The usual syllable of each of `units`, or the unit where it has none.
    let sounds: [UInt32]
    /// The sound of `branch`; empty without.
    let branchSound: String
    /// How many of `units`, from the first, name no trade; all where nothing else is left.
    let ownCount: Int
    /// Whether it is the name of a trade alone, such as 图书馆.
    let isTrade: Bool
    /// A bit for each usual syllable or unit of `own`, to pass over pairs that have nothing in common.
    let signature: UInt64
    /// The sound of `core`: equal for homophones.
    let soundKey: String

    /// Takes a name apart.
    package init(_ name: String) {
        var (main, brackets) = Self.brackets(name)
        Self.strip(&main, ends: NameWords.legal)
        region = Self.stripRegion(&main)
        var branch: [UInt32]?
        for bracket in brackets {
            if NameWords.legal.contains(bracket) || bracket.count < 1 { continue }
            if NameWords.provinces.contains(bracket) || bracket.last == NameWords.city { continue }
            branch = branch ?? Self.branchKey(bracket)
        }
        if branch == nil, let found = Self.trailingBranch(main) {
            branch = Self.branchKey(Array(main[found...]))
            main = Array(main[..<found])
        }
        Self.strip(&main, ends: NameWords.ends)
        units = main
        core = Self.string(main)
        self.branch = (branch?.isEmpty ?? true) ? nil : branch.map(Self.string)
        branchSound = self.branch.map(Self.sound(of:)) ?? ""
        let own = Self.withoutTrade(main)
        ownCount = own.count
        sounds = main.map { unit in ComparableText.syllable(of: unit).map { 0xF_0000 + UInt32($0) } ?? unit }
        isTrade = NameWords.trades.contains(main)
        var signature: UInt64 = 0
        for unit in own { signature |= 1 << UInt64(Self.soundNumber(unit) % 64) }
        self.signature = signature
        soundKey = Self.sound(units: main)
    }

    /// The sound of a name: a number for each syllable; equal for homophones.
    static func sound(of name: String) -> String { sound(units: ComparableText.folded(name)) }

    private static func sound(units: [UInt32]) -> String {
        var scalars = String.UnicodeScalarView()
        for unit in units {
            // Somewhere in a private plane, so that it is no character of a name.
            let number = ComparableText.syllable(of: unit).map { 0xF_0000 + UInt32($0) } ?? unit
            if let scalar = Unicode.Scalar(number) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    private static func soundNumber(_ unit: UInt32) -> UInt32 {
        ComparableText.syllable(of: unit).map { UInt32($0) &* 2_654_435_761 >> 8 } ?? unit
    }

    // MARK: Taking apart

    /// The text outside of brackets, and those inside, folded.
    private static func brackets(_ name: String) -> ([UInt32], [[UInt32]]) {
        var outside = String.UnicodeScalarView()
        var inside: [String.UnicodeScalarView] = []
        var depth = 0
        for scalar in name.unicodeScalars.prefix(SearchLimits.textUnits) {
            switch scalar {
            case "(", "（", "[", "【", "〔", "［":
                depth += 1
                if depth == 1 { inside.append(String.UnicodeScalarView()) }
            case ")", "）", "]", "】", "〕", "］":
                depth = max(0, depth - 1)
            default:
                if depth > 0 { inside[inside.count - 1].append(scalar) } else { outside.append(scalar) }
            }
        }
        let folded = ComparableText.folded(String(outside))
        let parts = inside.map { ComparableText.folded(String($0)) }.filter { !$0.isEmpty }
        // A name that is all in brackets.
        if folded.isEmpty, let first = parts.first { return (first, []) }
        return (folded, parts)
    }

    private static func strip(_ units: inout [UInt32], ends: [[UInt32]]) {
        var goesOn = true
        while goesOn {
            goesOn = false
            for end in ends where units.count >= end.count + 2 && units.suffix(end.count).elementsEqual(end) {
                units.removeLast(end.count)
                goesOn = true
                break
            }
        }
    }

    /// 江苏省南京市江宁区王记面馆 is 王记面馆.
    ///
    /// - Returns: what was taken off.
    private static func stripRegion(_ units: inout [UInt32]) -> String? {
        var taken: [UInt32] = []
        for _ in 0..<3 {
            for length in 3...5 where units.count >= length + 2 {
                let last = units[length - 1]
                let isRegion =
                    last == NameWords.city || last == NameWords.province || last == NameWords.district
                    || last == NameWords.county
                // 市立 is a word.
                if isRegion, !NameWords.notRegions.contains(units[length - 2]),
                    units[length] != NameWords.founded
                {
                    taken += units.prefix(length)
                    units.removeFirst(length)
                    break
                }
            }
        }
        return taken.isEmpty ? nil : string(taken)
    }

    /// Where a branch begins that stands behind the trade: 苏果超市|竹园店, 建设银行|竹园支行.
    private static func trailingBranch(_ units: [UInt32]) -> Int? {
        guard
            let end = NameWords.branchEnds.first(where: {
                units.count > $0.count && units.suffix($0.count).elementsEqual($0)
            })
        else { return nil }
        let last = units.count - end.count
        for start in stride(from: last - 1, to: 1, by: -1) where last - start <= 8 {
            for trade in NameWords.trades where start >= trade.count + 1 {
                if units[start - trade.count..<start].elementsEqual(trade) { return start }
            }
        }
        // 第一分店, 2店, 一分店.
        if end.count > 1 || last >= 3 {
            var start = last
            while start > 2, let _ = HanNumber.read(units, start - 1) ?? digit(units, start - 1) {
                start -= 1
            }
            if start > 2, units[start - 1] == NameWords.ordinal { start -= 1 }
            if start < last { return start }
        }
        return nil
    }

    private static func digit(_ units: [UInt32], _ at: Int) -> (value: Int, end: Int)? {
        units[at] &- 0x30 < 10 ? (Int(units[at] - 0x30), at + 1) : nil
    }

    /// 竹园店 and 竹园 are one, 一分店 and 第1店 too.
    private static func branchKey(_ given: [UInt32]) -> [UInt32] {
        var units = given[...]
        for end in NameWords.branchEnds
        where units.count > end.count && units.suffix(end.count).elementsEqual(end) {
            units = units.dropLast(end.count)
            break
        }
        if units.first == NameWords.ordinal { units = units.dropFirst() }
        return AddressParser.key(string(Array(units))).unicodeScalars.map(\.value)
    }

    private static func withoutTrade(_ units: [UInt32]) -> [UInt32] {
        for trade in NameWords.trades where units.count >= trade.count + 1 {
            if units.suffix(trade.count).elementsEqual(trade) { return Array(units.dropLast(trade.count)) }
        }
        return units
    }

    private static func string(_ units: [UInt32]) -> String {
        var scalars = String.UnicodeScalarView()
        for unit in units { if let scalar = Unicode.Scalar(unit) { scalars.append(scalar) } }
        return String(scalars)
    }

    // MARK: Comparing

    /// Whether two names are one but for legal form, punctuation and width.
    package func isSame(as other: NameForm) -> Bool { core == other.core && branch == other.branch }

    /// How alike two names are without their branches, 0…1; 1 for equal ones, 0.95 for homophones.
    package static func likeness(_ one: NameForm, _ other: NameForm) -> Double {
        if one.units == other.units { return one.units.isEmpty ? 0 : 1 }
        if one.units.isEmpty || other.units.isEmpty { return 0 }
        if one.soundKey == other.soundKey { return 0.95 }
        let own = ratio(one, other, one.ownCount, other.ownCount)
        let whole = ratio(one, other, one.units.count, other.units.count)
        var best = own >= 1 ? 0.5 * own + 0.5 * whole : 0.75 * own + 0.25 * whole
        // 苏果 and 苏果超市: the trade is left out on one side.
        let isBare = one.ownCount == one.units.count || other.ownCount == other.units.count
        if own >= 1, isBare, !one.isTrade, !other.isTrade { best = max(best, one.ownCount >= 2 ? 0.92 : 0.7) }
        // 金陵图书馆 and 金陵图书馆总馆: one begins or ends with the other.
        let (short, long) = one.units.count <= other.units.count ? (one, other) : (other, one)
        if !short.isTrade, short.units.count >= 3, short.ownCount >= 2,
            long.units.starts(with: short.units)
                || long.units.suffix(short.units.count).elementsEqual(short.units)
        {
            best = max(best, short.units.count * 3 >= long.units.count * 2 ? 0.9 : 0.75)
        }
        return min(best, 0.94)
    }

    /// 1 − edits ÷ length of the first units of two names, homophones costing a third of an edit.
    private static func ratio(_ one: NameForm, _ other: NameForm, _ count: Int, _ otherCount: Int) -> Double {
        let longer = max(count, otherCount)
        guard longer > 0 else { return 1 }
        return max(0, 1 - edits(one, other, count, otherCount) / Double(longer))
    }

    private static func edits(_ one: NameForm, _ other: NameForm, _ count: Int, _ otherCount: Int) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: (otherCount + 1) * 2) { room in
            let width = otherCount + 1
            for index in 0..<width { room[index] = Double(index) }
            var (above, here) = (0, width)
            for row in 0..<count {
                room[here] = Double(row + 1)
                let (unit, sound) = (one.units[row], one.sounds[row])
                for column in 0..<otherCount {
                    var cost = 0.0
                    if unit != other.units[column] { cost = sound == other.sounds[column] ? 0.34 : 1 }
                    room[here + column + 1] = min(
                        room[above + column] + cost, room[above + column + 1] + 1, room[here + column] + 1)
                }
                swap(&above, &here)
            }
            return room[above + otherCount]
        }
    }
}

/// The words by which names are taken apart; put down by hand, longer ones first.
enum NameWords {
    private static func words(_ list: String) -> [[UInt32]] {
        list.split(separator: " ").map { $0.unicodeScalars.map(\.value) }.sorted { $0.count > $1.count }
    }

    private static func unit(_ character: Unicode.Scalar) -> UInt32 { character.value }

    static let city = unit("市")
    static let province = unit("省")
    static let district = unit("区")
    static let county = unit("县")
    static let ordinal = unit("第")
    static let founded = unit("立")
    static let provinces = Set(
        RegionCode.provinceNames.map { $0.unicodeScalars.map(\.value) } + words("南京 无锡 苏州"))
    /// 超市, 社区, 小区, 园区: no region.
    static let notRegions = Set("超菜夜集都城门楼社小园街校片景库院".unicodeScalars.map(\.value))
    static let legal = words(
        "有限责任公司 股份有限公司 有限公司 责任公司 集团公司 公司 个体工商户 个体户 个人独资 普通合伙 有限合伙 特殊普通合伙 集团")
    static let branchEnds = words("分店 支店 门店 号店 店 分行 支行 分理处 营业厅 营业所 分部 分院 分校 校区 院区 分馆 分公司 服务点 站")
    static let ends = words(
        "便民服务中心 服务中心 服务站 服务部 服务社 经营部 门市部 营业部 旗舰店 专卖店 直营店 加盟店 连锁店 总店 分店 门店 本店 商行 中心 店 部")
    static let trades = words(
        "便利超市 生鲜超市 连锁超市 大药房 便利店 大卖场 面包房 咖啡馆 理发店 美发店 洗衣店 干洗店 幼儿园 卫生站 图书馆 电影院 火锅店 "
            + "小吃店 水果店 早餐店 小吃部 面包店 蛋糕店 奶茶店 农贸市场 菜市场 超市 便利 药房 药店 药业 面馆 饭店 餐厅 餐馆 酒店 宾馆 旅馆 快餐 "
            + "小吃 早点 蛋糕 烘焙 面包 银行 咖啡 奶茶 茶饮 理发 美发 洗衣 干洗 诊所 医院 生鲜 水果 书店 眼镜 影院 烧烤 火锅 酒家 菜馆 拉面 "
            + "包子 饺子 饼屋 茶馆 酒吧 网吧 花店 文具 五金 服装 电器 汽修 宠物 健身 公寓 小学 中学 大学 学院 市场 商场 商店 食堂")
}
