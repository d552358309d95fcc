// RegisterMatching: region codes, addresses, telephone numbers, and whether two records tell of one place.
// May import: DirectoryModel, TextSearch.

package import DirectoryModel

/// What is wrong with a region or grid code, for a clerk.
package struct RegionFault: Error, Hashable, Sendable {
    /// A stable code.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// There is nothing.
        case empty
        /// Something in it is no digit.
        case character
        /// It has not 6, 9, 12 or 15 digits.
        case length
        /// Its first two digits are no province.
        case province
        /// It goes on below a level that it leaves out, such as 000 for the street and 001 for the committee.
        case hole
        /// Its digits 7 to 9 are no street, town or township: 600 and more.
        case township
    }

    /// Which fault.
    package let code: Code
    /// What is wrong, in one line.
    package let message: LocalizedText
    /// What to do about it.
    package let advice: LocalizedText

    fileprivate init(_ code: Code, _ zh: String, _ en: String) {
        self.code = code
        message = LocalizedText(zh: zh, en: en)
        advice = LocalizedText(
            zh: "区划代码为6位（区县）、9位（街道）或12位（社区），网格为15位；以民政部门公布的为准",
            en: "region codes have 6 digits (district), 9 (street) or 12 (community), grids 15")
    }
}

/// An administrative region or a grid by its code.
///
/// Source: GB/T 2260 for six digits, the statistical codes for nine and twelve, DB11 for the fifteen of a grid; see
/// docs/matching.md. Codes change every year, so only their structure is judged.
package struct RegionCode: Hashable, Sendable {
    /// Levels, from the widest to the narrowest.
    package enum Level: Int, Hashable, Sendable, Comparable, CaseIterable {
        /// 省
        case province
        /// 市
        case city
        /// 区县
        case county
        /// 街道, 镇, 乡
        case township
        /// 居委会, 村委会
        case committee
        /// 网格
        case grid

        /// Whether the left level is the wider one.
        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What stands below the district.
    package enum TownshipKind: String, Hashable, Sendable {
        /// 001–099
        case street
        /// 100–199
        case town
        /// 200–399
        case township
        /// 400–599: farms, development zones and the like (政企合一).
        case enterprise
    }

    /// What stands below the street.
    package enum CommitteeKind: String, Hashable, Sendable {
        /// 001–199: 居委会
        case residents
        /// 200–399: 村委会
        case villagers
        /// 400 and more: what is like a committee, and communities merged later.
        case other
    }

    /// The digits as given, without blanks.
    package let text: String
    /// What it names: zeros at the end name the level above.
    package let level: Level

    /// Reads a code; full-width digits are taken, blanks left out.
    ///
    /// - Throws: the first fault.
    package init(_ given: String) throws(RegionFault) {
        var digits: [UInt8] = []
        for scalar in given.unicodeScalars {
            switch scalar.value {
            case 0x20, 0x09, 0x3000, 0xA0: continue
            case 0x30...0x39: digits.append(UInt8(scalar.value - 0x30))
            case 0xFF10...0xFF19: digits.append(UInt8(scalar.value - 0xFF10))
            default:
                throw RegionFault(
                    .character, "区划代码里的“\(scalar)”不是数字", "“\(scalar)” in the region code is no digit")
            }
            guard digits.count <= 20 else { break }
        }
        guard !digits.isEmpty else { throw RegionFault(.empty, "区划代码为空", "the region code is empty") }
        guard [6, 9, 12, 15].contains(digits.count) else {
            throw RegionFault(
                .length, "区划代码有\(digits.count)位数字", "the region code has \(digits.count) digits")
        }
        text = digits.map(String.init).joined()
        func number(_ range: Range<Int>) -> Int {
            range.upperBound > digits.count ? 0 : digits[range].reduce(0) { $0 * 10 + Int($1) }
        }
        guard Self.provinces[number(0..<2)] != nil else {
            throw RegionFault(
                .province, "没有以\(text.prefix(2))开头的省份", "no province has the code \(text.prefix(2))")
        }
        let parts = [
            number(0..<2), number(2..<4), number(4..<6), number(6..<9), number(9..<12), number(12..<15),
        ]
        let last = parts.lastIndex { $0 != 0 } ?? 0
        // Municipalities' and provinces' own districts: Dongguan and its like have streets right below the city.
        let hole = parts[...last].firstIndex(of: 0)
        if let hole, !(hole == 2 && parts[1] != 0 && last >= 3) {
            throw RegionFault(
                .hole, "区划代码第\(Self.ends[hole])位以前为零，后面却还有数字",
                "the region code leaves out a level before digit \(Self.ends[hole] + 1)")
        }
        guard parts[3] < 600 else {
            throw RegionFault(
                .township, "第7到9位“\(text.dropFirst(6).prefix(3))”不是街道、镇或乡",
                "digits 7 to 9, \(text.dropFirst(6).prefix(3)), are no street, town or township")
        }
        level = Level(rawValue: last) ?? .grid
    }

    private static let ends = [2, 4, 6, 9, 12, 15]

    private func number(_ from: Int, _ count: Int) -> Int {
        Int(text.dropFirst(from).prefix(count)) ?? 0
    }

    /// The province's name.
    package var province: LocalizedText { Self.provinces[number(0, 2)] ?? LocalizedText(zh: "", en: "") }

    /// What digits 7 to 9 name; nil at a wider level.
    package var township: TownshipKind? {
        switch number(6, 3) {
        case 1...99: .street
        case 100...199: .town
        case 200...399: .township
        case 400...599: .enterprise
        default: nil
        }
    }

    /// What digits 10 to 12 name; nil at a wider level.
    package var committee: CommitteeKind? {
        switch number(9, 3) {
        case 1...199: .residents
        case 200...399: .villagers
        case 400...999: .other
        default: nil
        }
    }

    /// The part that counts: without the zeros that fill up.
    package var significant: String { String(text.prefix(Self.ends[level.rawValue])) }

    /// The code of the region around it, as short as it may be; nil for a province.
    package func at(_ level: Level) -> RegionCode? {
        guard level < self.level else { return level == self.level ? self : nil }
        let digits = String(text.prefix(Self.ends[level.rawValue]))
        let filled = digits.count < 6 ? digits + String(repeating: "0", count: 6 - digits.count) : digits
        return try? RegionCode(filled)
    }

    /// Whether it is the other region or lies in it.
    package func isWithin(_ other: RegionCode) -> Bool {
        level >= other.level && text.hasPrefix(other.significant)
    }

    /// Provinces, autonomous regions, municipalities and special administrative regions.
    ///
    /// Source: GB/T 2260-2007.
    private static let provinces: [Int: LocalizedText] = {
        let lines = """
            11 北京 Beijing;12 天津 Tianjin;13 河北 Hebei;14 山西 Shanxi;15 内蒙古 Inner Mongolia;21 辽宁 Liaoning
            22 吉林 Jilin;23 黑龙江 Heilongjiang;31 上海 Shanghai;32 江苏 Jiangsu;33 浙江 Zhejiang;34 安徽 Anhui
            35 福建 Fujian;36 江西 Jiangxi;37 山东 Shandong;41 河南 Henan;42 湖北 Hubei;43 湖南 Hunan
            44 广东 Guangdong;45 广西 Guangxi;46 海南 Hainan;50 重庆 Chongqing;51 四川 Sichuan;52 贵州 Guizhou
            53 云南 Yunnan;54 西藏 Tibet;61 陕西 Shaanxi;62 甘肃 Gansu;63 青海 Qinghai;64 宁夏 Ningxia
            65 新疆 Xinjiang;71 台湾 Taiwan;81 香港 Hong Kong;82 澳门 Macau
            """
        var found: [Int: LocalizedText] = [:]
        for piece in lines.split(whereSeparator: { $0 == ";" || $0 == "\n" }) {
            let words = piece.split(separator: " ", maxSplits: 2)
            guard words.count == 3, let code = Int(words[0]) else { continue }
            found[code] = LocalizedText(zh: String(words[1]), en: String(words[2]))
        }
        return found
    }()

    /// The short names of all provinces, for addresses.
    static let provinceNames: [String] = provinces.values.map(\.zh).sorted()
}
