import DirectoryModel
import ServiceTypeKit
import Testing

@Suite("Generic normalisation")
struct NormaliseTests {
    private static let type = ServiceTypeDescription(
        id: ServiceTypeID(unchecked: "tea_house"), name: LocalizedText(zh: "茶馆", en: "Tea house"),
        serviceClass: .quality,
        order: 1_000, targetMinutes: 15, searchWords: ["茶"],
        attributes: [
            AttributeDescription(
                key: "seats", name: LocalizedText(zh: "座位数", en: "Seats"),
                kind: .whole(unit: LocalizedText(zh: "座", en: "seats"), range: 1...500), isRequired: true,
                isFacet: true,
                columnNames: ["餐位数"], osmKey: "capacity"),
            AttributeDescription(
                key: "price", name: LocalizedText(zh: "人均", en: "Price"), kind: .money, isFacet: true),
            AttributeDescription(
                key: "terrace", name: LocalizedText(zh: "露天座", en: "Terrace"), kind: .bool, isFacet: true,
                osmKey: "outdoor_seating"),
            AttributeDescription(key: "remark", name: LocalizedText(zh: "备注", en: "Remark"), kind: .text),
        ], source: "made up for tests")

    private func place(_ attributes: [String: AttributeValue] = [:], name: String = "听雨茶馆") -> Place {
        Place(
            id: PlaceID(unchecked: "t1"), type: Self.type.id, name: name,
            location: Coordinate(latitude: 32, longitude: 118), attributes: attributes)
    }

    @Test("a value is found by key, tag, column, Chinese or English name, and by a header with its unit")
    func keys() {
        for key in ["seats", "capacity", "餐位数", "座位数", "Seats", "座位数（座）", " 座位 数 ", "*餐位数", "座位数(个)"] {
            let result = Self.type.normalise(PlaceDraft(place: place(), raw: [key: "40"]))
            #expect(result.place.whole("seats") == 40, "\(key)")
            #expect(result.findings == [], "\(key)")
        }
    }

    @Test("a typed value wins over the source's words; a wrong one is an error, and the words stand in")
    func typedWins() {
        let sound = Self.type.normalise(
            PlaceDraft(place: place(["seats": .whole(30)]), raw: ["capacity": "40"]))
        #expect(sound.place.whole("seats") == 30 && sound.findings == [])
        let wrong = Self.type.normalise(
            PlaceDraft(place: place(["seats": .whole(0)]), raw: ["capacity": "40"]))
        #expect(wrong.place.whole("seats") == 40)
        #expect(wrong.findings.map(\.code) == [FindingCode.outOfRange])
        #expect(wrong.findings.map(\.severity) == [.error])
    }

    @Test("what is missing, unknown or wrong is said in the schema's order")
    func findings() {
        let result = Self.type.normalise(
            PlaceDraft(
                place: place(["sofas": .whole(3), "beds": .whole(1)]),
                raw: ["人均": "便宜", "outdoor_seating": "limited"]))
        #expect(
            result.findings.map(\.code) == [
                FindingCode.missing, FindingCode.unreadable, FindingCode.partly, FindingCode.unknownAttribute,
                FindingCode.unknownAttribute,
            ])
        #expect(result.findings.map(\.field) == ["seats", "price", "terrace", "beds", "sofas"])
        #expect(result.place.attributes == ["terrace": .bool(true)])
    }

    @Test("a wrong value is not reported as missing as well")
    func notTwice() {
        let result = Self.type.normalise(PlaceDraft(place: place(), raw: ["capacity": "501"]))
        #expect(result.findings.map(\.code) == [FindingCode.outOfRange])
    }

    @Test("names and opening times are cleaned; a person's number is masked, in an address refused")
    func texts() {
        var draft = place(name: " 听雨\u{202E}茶馆  王老师13812345678 ")
        draft.hours = "Mo-Su 09:00-21:00\u{0}"
        draft.address = "软件大道1号 13812345678"
        let result = Self.type.normalise(PlaceDraft(place: draft, raw: ["capacity": "40"]))
        #expect(result.place.name == "听雨茶馆 王老师138****5678")
        #expect(result.place.hours == "Mo-Su 09:00-21:00")
        #expect(result.place.address == draft.address)
        #expect(
            result.findings.map { "\($0.field ?? "") \($0.code) \($0.severity.rawValue)" } == [
                "name control_characters note", "name personal_data warning", "address personal_data error",
                "hours control_characters note",
            ])
        #expect(!result.findings.contains { "\($0)".contains("13812345678") })
    }

    @Test("a name that is too long is an error and is cut")
    func longName() {
        let result = Self.type.normalise(
            PlaceDraft(place: place(name: String(repeating: "长", count: 201)), raw: ["capacity": "40"]))
        #expect(
            result.findings.map(\.code) == [FindingCode.tooLong]
                && result.findings.map(\.severity) == [.error])
        #expect(result.place.name.count <= 200)
    }

    @Test("of two headers that fold to one the first by its bytes counts, whatever the dictionary's order")
    func twoHeaders() {
        for _ in 0..<20 {
            let result = Self.type.normalise(
                PlaceDraft(place: place(), raw: ["座位数（大厅）": "40", "座位数（包间）": "10", "备注": "x"]))
            // 包 is U+5305, 大 is U+5927.
            #expect(result.place.whole("seats") == 10)
        }
    }

    @Test("a schema that changes is read by its new words, also in a copy, and equality sees attributes only")
    func changedSchema() {
        var changed = Self.type
        let draft = PlaceDraft(place: place(), raw: ["沙发": "12", "餐位数": "40"])
        #expect(changed.normalise(draft).place.whole("seats") == 40)
        changed.attributes[0].columnNames = ["沙发"]
        #expect(changed.normalise(draft).place.whole("seats") == 12)
        #expect(Self.type.normalise(draft).place.whole("seats") == 40)
        #expect(changed != Self.type)
        changed.attributes = Self.type.attributes
        #expect(changed == Self.type && changed.hashValue == Self.type.hashValue)
    }

    @Test(
        "every white space and control character is cleaned from a text, whatever its bytes",
        arguments: [
            ("茶\u{3000}馆", "茶 馆"), ("茶\u{A0}馆", "茶 馆"), ("茶\u{2003}\u{2009}馆", "茶 馆"), ("茶\u{85}馆", "茶 馆"),
            ("茶\u{61C}馆", "茶馆"), ("\u{FEFF}茶馆", "茶馆"), ("茶馆 ", "茶馆"), (" 茶馆", "茶馆"), ("茶  馆", "茶 馆"),
            ("茶\t馆", "茶 馆"), ("茶\u{7F}馆", "茶馆"), ("“茶”、馆。", "“茶”、馆。"), ("茶ﻻ馆", "茶ﻻ馆"), ("👨‍👩‍👧茶馆", "👨‍👩‍👧茶馆"),
            ("\u{1680}茶馆", "茶馆"),
        ])
    func cleaning(raw: String, expected: String) {
        let result = Self.type.normalise(PlaceDraft(place: place(name: raw), raw: ["capacity": "40"]))
        #expect(result.place.name == expected)
        #expect(Self.type.normalise(PlaceDraft(place: result.place)).findings == [])
    }

    @Test("words of names are found by their bytes")
    func nameWords() {
        #expect("香铺营集贸市场".contains(anyOf: ["农贸", "集贸"]))
        #expect(!"香铺营集贸市场".contains(anyOf: ["农贸"]))
        #expect(!"香铺营".contains(anyOf: []) && !"".contains(anyOf: ["农贸"]))
        #expect("aab".contains(anyOf: ["ab"]) && !"ab".contains(anyOf: ["abc"]))
    }

    @Test("fill sets what no source stated and takes back that it is missing")
    func fill() {
        var result = Self.type.normalise(PlaceDraft(place: place()))
        result.fill("seats", with: .whole(12))
        result.fill("seats", with: .whole(13))
        #expect(result.place.whole("seats") == 12 && result.findings == [])
    }

    @Test("plain highlights: the first facets that a place has")
    func plainHighlights() {
        let highlights = Self.type.plainHighlights(
            for: place([
                "seats": .whole(40), "price": .money(Money(fen: 3_000)), "terrace": .bool(true),
                "remark": .text("x"),
            ]))
        #expect(highlights.map(\.text.zh) == ["座位数：40座", "人均：30元", "露天座"])
        #expect(highlights.map(\.text.en) == ["Seats: 40 seats", "Price: ¥30", "Terrace"])
    }

    @Test("local time of a highlight: the arrival where there is a walk, in any zone, at any moment")
    func localTime() {
        let monday = Timestamp(secondsSince1970: 1_772_422_800)
        #expect(HighlightContext(now: monday, utcOffset: 28_800).minuteOfDay == 11 * 60 + 40)
        #expect(HighlightContext(now: monday, utcOffset: 28_800).weekday == 1)
        let later = Timestamp(secondsSince1970: 1_772_422_800 + 45_000)
        let arriving = HighlightContext(now: monday, arrival: later, utcOffset: 28_800)
        #expect(arriving.minuteOfDay == 10 && arriving.weekday == 2)
        #expect(HighlightContext(now: Timestamp(secondsSince1970: -1), utcOffset: 0).weekday == 3)
        for moment in [Int64.min, .max, 0] {
            for offset in [-64_800, 0, 64_800] {
                let context = HighlightContext(now: Timestamp(secondsSince1970: moment), utcOffset: offset)
                #expect((0..<1_440).contains(context.minuteOfDay) && (1...7).contains(context.weekday))
            }
        }
    }

    @Test("a list of names is cut to as many as fit")
    func nameList() throws {
        let attribute = AttributeDescription(
            key: "goods", name: LocalizedText(zh: "品类", en: "Goods"),
            kind: .manyOf(
                (1...8).map {
                    AttributeOption(
                        key: "g\($0)", name: LocalizedText(zh: "第\($0)种货物", en: "Goods number \($0)"))
                }))
        let all = place(["goods": .texts((1...8).map { "g\($0)" })])
        let long = try #require(OptionHighlight(attribute).highlight(for: all))
        #expect(long.text.zh == "第1种货物、第2种货物、第3种货物等")
        #expect(long.text.en == "Goods number 1, Goods number 2 …")
        #expect(OptionHighlight(attribute).highlight(for: place()) == nil)
        let two = try #require(
            OptionHighlight(attribute, zh: "有").highlight(for: place(["goods": .texts(["g1", "g2"])])))
        #expect(two.text.zh == "有第1种货物、第2种货物")
    }
}
