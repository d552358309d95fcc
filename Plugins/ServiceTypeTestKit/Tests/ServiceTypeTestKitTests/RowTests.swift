import DirectoryModel
import ServiceTypeKit
import Testing

@Suite("Tables, dates and opening times as attributes")
struct RowTests {
    private static let goods = [
        AttributeOption(key: "fruit", name: LocalizedText(zh: "水果", en: "Fruit"), aliases: ["瓜果"]),
        AttributeOption(key: "fish", name: LocalizedText(zh: "水产", en: "Fish")),
    ]
    private static let schema = RowSchema(
        columns: [
            AttributeDescription(
                key: "number", name: LocalizedText(zh: "摊位号", en: "Number"), kind: .text, isRequired: true,
                columnNames: ["摊号"]),
            AttributeDescription(
                key: "goods", name: LocalizedText(zh: "经营品种", en: "Goods"), kind: .manyOf(goods)),
            AttributeDescription(
                key: "hours", name: LocalizedText(zh: "营业时间", en: "Hours"), kind: .schedule),
            AttributeDescription(
                key: "area", name: LocalizedText(zh: "面积", en: "Area"),
                kind: .decimal(unit: LocalizedText(zh: "平方米", en: "m²"), range: 1...500)),
        ],
        rowName: LocalizedText(zh: "摊位", en: "stall"), hoursColumn: "hours", maximumRows: 50)
    private static let stalls = AttributeDescription(
        key: "stalls", name: LocalizedText(zh: "摊位表", en: "Stalls"), kind: .rows(schema))
    private static let day = AttributeDescription(
        key: "founded", name: LocalizedText(zh: "开业日期", en: "Founded"), kind: .date)

    private func rows(_ reading: AttributeReading) -> [AttributeRow] {
        if case .rows(let rows)? = reading.value { rows } else { [] }
    }

    @Test(
        "a clerk's cell is read, however it is parted",
        arguments: [
            "A1 | 水果、水产 | 6:00-11:00 | 12\nA2 | 瓜果",
            "A1｜水果，水产｜6:00-11:00｜１２平方米\r\nA2｜水果\r\n\r\n", "A1\t水果/水产\t6:00-11:00\t12\nA2\tfruit",
            "A1|水果、水产|6:00-11:00|12；A2|水果", "A1|fruit,fish|6:00-11:00|12;A2|Fruit;",
            "| A1 | 水果、水产 | 6:00-11:00 | 12 |\n| A2 | 水果 |",
            "经营品种 | 摊号 | 面积（平方米） | 营业时间\n水果、水产 | A1 | 12 | 6:00-11:00\n水果 | A2",
        ])
    func cells(_ raw: String) {
        let reading = Self.stalls.read(raw)
        #expect(reading.findings.isEmpty)
        #expect(
            rows(reading) == [
                AttributeRow([
                    "number": .text("A1"), "goods": .texts(["fruit", "fish"]), "hours": .text("6:00-11:00"),
                    "area": .decimal(12),
                ]), AttributeRow(["number": .text("A2"), "goods": .texts(["fruit"])]),
            ])
        // What was read is stored as it is, and what is stored reads back.
        #expect(reading.value.map { Self.stalls.check($0) } == AttributeReading(value: reading.value))
        for language in Language.allCases {
            let text = Self.stalls.text(of: .rows(rows(reading)), in: language)
            #expect(Self.stalls.read(text).value == reading.value)
        }
    }

    @Test("a semicolon inside opening times parts no row where rows are lines")
    func semicolons() {
        let one = AttributeRow(["number": .text("A1"), "hours": .text("Mo-Fr 06:00-11:00; Sa 07:00-09:00")])
        let text = Self.stalls.text(of: .rows([one]), in: .zh)
        #expect(rows(Self.stalls.read(text)) == [one])
    }

    @Test("a bad row is left out with its number and its column, and the others stay")
    func badRows() {
        let reading = Self.stalls.read("A1|水果\n|水产\nA3|火星货\nA4|水果|||x|y\nA5|水果||九千\nA6|水产")
        #expect(rows(reading).compactMap { $0.text("number") } == ["A1", "A3", "A5", "A6"])
        #expect(
            reading.findings.map { "\($0.code) \($0.field ?? "")" } == [
                "attribute_missing stalls[2].number", "option_unknown stalls[3].goods",
                "row_too_wide stalls[4]",
                "value_out_of_range stalls[5].area",
            ])
        #expect(reading.findings.allSatisfy { $0.severity == .warning })
        #expect(reading.findings[0].message.zh == "“摊位表”第2行：缺少“摊位号”；这一行未登记")

        let typed = Self.stalls.check(
            .rows([
                AttributeRow(["number": .text("A1")]), AttributeRow(["number": .whole(2)]),
                AttributeRow(["number": .text("A3"), "area": .decimal(.nan)]),
                AttributeRow(["number": .text("A4"), "colour": .text("red")]), AttributeRow(),
                AttributeRow(["number": .text("A6"), "goods": .texts(["fish", "水果"])]),
            ]))
        #expect(rows(typed).compactMap { $0.text("number") } == ["A1", "A6"])
        #expect(rows(typed).last?.options("goods") == ["fruit", "fish"])
        #expect(
            typed.findings.map { "\($0.code) \($0.field ?? "")" } == [
                "value_wrong_kind stalls[2].number", "value_out_of_range stalls[3].area",
                "attribute_unknown stalls[4].colour",
            ])
        #expect(typed.findings.allSatisfy { $0.severity == .error })
    }

    @Test("limits hold: rows, bytes, findings, and a person's number")
    func limits() {
        let many = Self.stalls.read((1...80).map { "S\($0)|水果" }.joined(separator: "\n"))
        #expect(rows(many).count == 50)
        #expect(many.findings.map(\.code) == ["rows_too_many"])
        let huge = Self.stalls.read(String(repeating: "A1|水果\n", count: 1_000_000))
        #expect(huge.value == nil)
        #expect(huge.findings.map(\.code) == ["value_too_long"])
        let bad = Self.stalls.read(Array(repeating: "A|火星", count: 50).joined(separator: "\n"))
        #expect(bad.findings.count == RowSchema.maximumFindings + 1)
        #expect(bad.findings.last?.message.zh.contains("还有30处问题") == true)
        let person = Self.stalls.read("王13812345678|水果")
        #expect(rows(person).first?.text("number") == "王138****5678")
        #expect(person.findings.map(\.code) == ["personal_data"])
        for nothing in ["", " ", "无", "-", "暂无", "\n\n", "；；", "| | |"] {
            #expect(Self.stalls.read(nothing) == AttributeReading())
        }
        #expect(Self.stalls.check(.rows([])) == AttributeReading())
    }

    @Test(
        "days as clerks write them",
        arguments: [
            ("2026-09-01", "2026-09-01"), ("2026年9月1日", "2026-09-01"), ("2026/9/1", "2026-09-01"),
            ("２０２６．９．１", "2026-09-01"), ("2026.09.01", "2026-09-01"), ("2026 年 9 月 1 日", "2026-09-01"),
            ("20260901", "2026-09-01"), ("2026-09-01 00:00:00", "2026-09-01"), ("2024-02-29", "2024-02-29"),
            ("2026年9月1号", "2026-09-01"), ("2026-02-29", nil), ("2026-13-01", nil), ("26-9-1", nil),
            ("九月一日", nil), ("2026年9月", nil), ("2026-9-1-1", nil), ("2026/9.1", nil), ("0000-00-00", nil),
            ("2026-09-01T08:00", nil),
        ])
    func dates(_ raw: String, _ expected: String?) {
        let reading = Self.day.read(raw)
        #expect(reading.value == expected.map { .text($0) })
        #expect(reading.findings.map(\.code) == (expected == nil ? ["value_unreadable"] : []))
        #expect(Self.day.check(.text(raw)).value == reading.value)
    }

    @Test("a table's columns are compared row by row")
    func filters() throws {
        var filter = RowFilter()
        filter.add("goods", try Self.schema.columns[1].kind.filter(op: "has", value: "瓜果"))
        filter.add("area", try Self.schema.columns[3].kind.filter(op: "ge", value: "10"))
        #expect(filter.matches(AttributeRow(["goods": .texts(["fruit"]), "area": .decimal(10)])))
        #expect(!filter.matches(AttributeRow(["goods": .texts(["fruit"])])))
        #expect(!filter.matches(AttributeRow(["goods": .texts(["fish"]), "area": .decimal(10)])))
        #expect(throws: DirectoryError.self) { try Self.stalls.kind.filter(op: "has", value: "水果") }
        let before = try Self.day.kind.filter(op: "lt", value: "2026年9月1日")
        #expect(before.matches(.text("2026-08-31")) && !before.matches(.text("2026-09-01")))
    }

    @Test("a wrong table is no sound schema")
    func problems() {
        func problems(_ change: (inout RowSchema) -> Void, isFacet: Bool = false) -> [String] {
            var schema = Self.schema
            change(&schema)
            return ServiceTypeDescription(
                id: ServiceTypeID(unchecked: "bazaar"), name: LocalizedText(zh: "集市", en: "Bazaar"),
                serviceClass: .basic, order: 1, targetMinutes: 10,
                attributes: [
                    AttributeDescription(
                        key: "stalls", name: Self.stalls.name, kind: .rows(schema), isFacet: isFacet)
                ], source: "test"
            ).problems()
        }
        #expect(problems { _ in }.isEmpty)
        for (words, found) in [
            ("no column of kind schedule", problems { $0.hoursColumn = "goods" }),
            ("at most 5000 rows", problems { $0.maximumRows = 5_001 }),
            (
                "1 to 40 columns",
                problems {
                    $0.columns = []; $0.hoursColumn = nil
                }
            ),
            ("is there twice", problems { $0.columns.append($0.columns[0]) }),
            ("a table within a table", problems { $0.columns.append(Self.stalls) }),
            ("a table is no facet", problems({ _ in }, isFacet: true)),
            (
                "parts cells or rows",
                problems {
                    $0.columns.append(
                        AttributeDescription(
                            key: "zone", name: LocalizedText(zh: "区", en: "Zone"),
                            kind: .oneOf([AttributeOption(key: "a", name: LocalizedText(zh: "甲|乙", en: "A"))])
                        ))
                }
            ),
        ] {
            #expect(found.count == 1 && found[0].contains(words), "\(found)")
        }
    }

    @Test("a context tells the day, and asks the daemon about opening times")
    func context() {
        let moment = Timestamp(secondsSince1970: 1_772_422_800)
        let bare = HighlightContext(now: moment, utcOffset: 28_800)
        #expect(bare.today == "2026-03-02")
        #expect(bare.opening(of: "06:00-11:00") == Opening(state: .unknown, raw: "06:00-11:00"))
        let late = Timestamp(secondsSince1970: moment.secondsSince1970 + 86_400)
        let context = HighlightContext(now: moment, arrival: late, utcOffset: 28_800) { times, asked in
            Opening(state: asked == late ? .open : .closed, raw: times)
        }
        #expect(context.today == "2026-03-03")
        #expect(context.opening(of: "x").state == .open)
        #expect(context.opening(of: "x", at: moment).state == .closed)
    }
}
