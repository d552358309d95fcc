import DirectoryModel
import ServiceTypeKit

/// Values that an attribute must take, in the one form in which they are stored.
enum Samples {
    static func values(of attribute: AttributeDescription) -> [AttributeValue] {
        switch attribute.kind {
        case .bool: [.bool(true), .bool(false)]
        case .whole(_, let range):
            Array(Set([range?.lowerBound ?? 0, range?.upperBound ?? 1_234, middle(range ?? 0...100)]))
                .sorted()
                .map { .whole($0) }
        case .decimal(_, let range):
            if let range {
                [.decimal(range.lowerBound), .decimal(range.upperBound)]
            } else {
                [.decimal(0), .decimal(12.5), .decimal(1_000)]
            }
        case .money: [.money(Money(fen: 0)), .money(Money(fen: 1_250)), .money(Money(fen: 120_005))]
        case .text: [.text("请从北门进，二楼"), .text("Second floor, ring the bell")]
        case .oneOf(let options): options.map { .text($0.key) }
        case .manyOf(let options):
            options.map { .texts([$0.key]) } + [.texts(options.map(\.key))]
        case .schedule: [.text("Mo-Su 06:00-19:00"), .text("周一至周五 8:00-17:00")]
        case .date: [.text("2026-09-01"), .text("2024-02-29")]
        case .rows(let schema): tables(of: schema)
        }
    }

    /// A table of one row, and one in which every value of every column stands.
    private static func tables(of schema: RowSchema) -> [AttributeValue] {
        let samples = schema.columns.map { (key: $0.key, values: values(of: $0)) }
        let turns = samples.map(\.values.count).max() ?? 0
        let rows = (0..<turns).map { turn in
            AttributeRow(
                Dictionary(uniqueKeysWithValues: samples.map { ($0.key, $0.values[turn % $0.values.count]) }))
        }
        return [.rows(Array(rows.prefix(1))), .rows(Array(rows.prefix(schema.maximumRows)))]
    }

    private static func middle(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound
            + Int(range.upperBound.subtractingReportingOverflow(range.lowerBound).partialValue / 2)
    }

    /// The ways in which sources write a value: the kit's own text, and for options the aliases and keys, too.
    static func words(for value: AttributeValue, of attribute: AttributeDescription) -> [String] {
        var words = [attribute.text(of: value, in: .zh), attribute.text(of: value, in: .en)]
        switch value {
        case .bool(let flag): words += flag ? ["有", "true"] : ["无", "no"]
        case .text(let key):
            if let option = attribute.kind.options.first(where: { $0.key == key }) {
                words += [key] + option.aliases
            }
        case .texts(let keys):
            let options = attribute.kind.options.filter { keys.contains($0.key) }
            words.append(keys.joined(separator: ";"))
            words.append(options.map(\.name.zh).joined(separator: "，"))
            words += options.count == 1 ? options[0].aliases : []
        case .whole(let number): words += [fullWidth("\(number)")]
        case .decimal, .money, .rows: break
        }
        return words
    }

    /// The digits as an input method in full-width mode writes them.
    static func fullWidth(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    (0x30...0x39).contains(scalar.value)
                        ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
                }))
    }

    /// A place with every attribute set to its `turn`-th sample.
    static func full(_ type: ServiceTypeDescription, turn: Int) -> Place {
        var place = bare(type)
        for attribute in type.attributes {
            let values = values(of: attribute)
            if !values.isEmpty { place.attributes[attribute.key] = values[turn % values.count] }
        }
        return place
    }

    /// A place with nothing but a name and a point.
    static func bare(_ type: ServiceTypeDescription) -> Place {
        Place(
            id: PlaceID(unchecked: "conformance-1"), type: type.id, name: "翠竹园示例",
            location: Coordinate(latitude: 32.0, longitude: 118.7),
            given: GivenPoint(datum: .gcj02, latitude: 31.998, longitude: 118.705),
            community: CommunityID(unchecked: "320114000001"), address: "软件大道1号", hours: "Mo-Su 06:00-19:00",
            phone: "025-12345678")
    }
}

/// What no module may fall over.
enum Hostile {
    /// Words that are no value of any attribute but a text one.
    static let nonsense = [
        "🦄 not a value ¿", "\u{202E}abc\u{202C}؟", "<script>alert(1)</script>", "'; DROP TABLE places;--",
    ]

    /// Words that may or may not be values, but must do no harm.
    static let words: [String] =
        nonsense + [
            "", " ", "\u{3000}", "\u{0}", "\u{7}\u{1B}[31m", "\u{200F}\u{202E}", "NaN", "nan", "inf", "-inf",
            "1e308", "0x1F",
            "-1", "-0", "+", "-", ".", "1.", ".5", ",", "1,2,3", "99999999999999999999999999",
            "１２３４５６７８９０１２３４５６７８９０",
            "9.9.9", "一百万亿", "十十", "千千千千", "12345.678", "￥", "元", "¥-5", "0.001元", ";;;、、、", "null", "无",
            "yes;no",
            String(repeating: "9", count: 399), String(repeating: "e\u{301}", count: 5_000),
            String(repeating: "👨‍👩‍👧‍👦", count: 600), String(repeating: "词、", count: 3_000),
        ]

    /// 10 MB, twice: of digits and of Han characters.
    static let huge: [String] = [
        String(repeating: "1", count: 10_000_000), String(repeating: "菜", count: 3_333_333),
    ]

    /// Typed values that no schema should let through as they are.
    static let values: [AttributeValue] = [
        .whole(.max), .whole(.min), .decimal(.nan), .decimal(.infinity), .decimal(-.infinity),
        .decimal(1e300),
        .decimal(0.5), .money(Money(fen: .min)), .money(Money(fen: .max)), .money(Money(fen: -1)), .text(""),
        .text("\u{0}\u{202E}"), .text(String(repeating: "长", count: 501)), .texts([]),
        .texts(["", "no_such_option"]),
        .texts(Array(repeating: "no_such_option", count: 10_000)), .bool(true), .rows([]),
        .rows([AttributeRow(), AttributeRow(["no_such_column": .decimal(.nan)])]),
        .rows([AttributeRow(["x": .rows([AttributeRow(["y": .rows([])])])])]),
    ]

    /// Rows with `value` in every column, more than a table may have.
    static func rows(of schema: RowSchema, _ value: AttributeValue, count: Int) -> AttributeValue {
        let row = AttributeRow(Dictionary(schema.columns.map { ($0.key, value) }) { first, _ in first })
        return .rows(Array(repeating: row, count: count))
    }

    /// Numbers that belong to a person, as registers carry them.
    ///
    /// Made up: no such number need exist.
    static let personal = [
        "联系王老师13812345678", "电话 138-1234-5678", "１３８１２３４５６７８", "+86 138 1234 5678", "身份证32010419590307123X",
        "320104195903071234",
    ]

    /// What must not be found in anything that comes out of `personal`, once digits are half width and close.
    static let traces = ["13812345678", "19590307123"]
}
