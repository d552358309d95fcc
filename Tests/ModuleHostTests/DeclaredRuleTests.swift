import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@testable import ModuleHost

/// Findings, facets and lines that a TOML file declares.
@Suite("Rules of declared types")
struct DeclaredRuleTests {
    static let head = """
        id = "diner"
        name_zh = "小饭桌"
        name_en = "Diner"
        class = "basic"
        target_minutes = 10
        search_words = ["吃饭"]
        source = "a test"

        """
    static let attributes =
        [
            ("lunch_price", "money", ""), ("seats", "whole", "minimum = 0\nmaximum = 5000\n"),
            ("seats_free", "whole", "minimum = 0\nmaximum = 5000\n"),
            ("delivery", "bool", ""),
            ("license", "text", ""), ("since", "date", ""), ("lunch_hours", "schedule", ""),
            (
                "tastes", "many_of",
                "options = [{ key = \"halal\", name_zh = \"清真\", name_en = \"Halal\" }, { key = \"soft\", name_zh = \"软食\", name_en = \"Soft\" }]\n"
            ),
            (
                "dishes", "rows",
                "row_zh = \"菜\"\nrow_en = \"dish\"\n[[attributes.row_columns]]\nkey = \"price\"\nname_zh = \"价\"\nname_en = \"Price\"\nkind = \"money\"\n"
            ),
        ].map { key, kind, more in
            "[[attributes]]\nkey = \"\(key)\"\nname_zh = \"\(key)\"\nname_en = \"\(key)\"\nkind = \"\(kind)\"\n\(more)"
        }.joined()

    private static func declared(_ rules: String) throws -> DeclaredType {
        try DeclaredType(parsing: head + attributes + rules, file: "diner.toml")
    }

    private func holds(_ condition: String, _ attributes: [String: AttributeValue], hours: String? = nil)
        throws
        -> Bool
    {
        let type = try Self.declared(
            "[[facets]]\nkey = \"it\"\nname_zh = \"它\"\nname_en = \"It\"\nwhen = '\(condition)'\n")
        let place = Place(
            id: PlaceID(unchecked: "p"), type: type.description.id, name: "幸福小饭桌（二店）", hours: hours,
            attributes: attributes)
        return DeclaredModule(type).indexEntry(for: place).facets == ["it": .bool(true)]
    }

    @Test(
        "A condition says what it says",
        arguments: [
            ("lunch_price > 15", true), ("lunch_price > 15元", true), ("lunch_price > 2000fen", false),
            ("lunch_price <= 20", true), ("seats missing", true), ("seats present", false),
            ("not seats missing", false),
            ("seats = 0 or seats != 0", false), ("delivery", false), ("delivery = no", true),
            ("not delivery", true),
            ("seats missing and delivery = false", true),
            ("lunch_price > 200 or (seats missing and delivery = false)", true),
            ("lunch_price > 200 or seats missing and delivery", false),
            ("not (lunch_price < 15 or delivery)", true), ("tastes has 清真", true), ("tastes has soft", false),
            ("license matches \"JY#############\"", true), ("license matches \"JY*3\"", true),
            ("license matches \"*0#2*\"", true), ("license matches \"JY\"", false),
            ("license = \"jy1320104000123\"", true),
            ("name matches \"*（?店）\"", true), ("name has 小饭桌", true), ("hours missing", false),
            ("hours has \"Mo-Fr\"", true), ("since < 2026-01-01", true), ("since >= 2025年9月1日", true),
            ("seats_free > seats", false), ("dishes.price > 50", true), ("dishes.price > 100", false),
            ("dishes present", true), ("phone missing", true),
        ])
    func conditions(_ condition: String, _ expected: Bool) throws {
        let attributes: [String: AttributeValue] = [
            "lunch_price": .money(Money(fen: 2_000)), "delivery": .bool(false), "tastes": .texts(["halal"]),
            "license": .text("JY1320104000123"), "since": .text("2025-09-01"), "seats_free": .whole(3),
            "dishes": .rows([
                AttributeRow(["price": .money(Money(fen: 800))]),
                AttributeRow(["price": .money(Money(fen: 6_600))]),
            ]),
        ]
        #expect(try holds(condition, attributes, hours: "Mo-Fr 11:00-13:00") == expected)
    }

    @Test("Two attributes are compared with each other")
    func crossField() throws {
        #expect(try holds("seats_free > seats", ["seats": .whole(2), "seats_free": .whole(3)]))
        #expect(try !holds("seats_free > seats", ["seats": .whole(3), "seats_free": .whole(3)]))
        #expect(try holds("seats_free = seats", ["seats": .whole(3), "seats_free": .whole(3)]))
    }

    @Test(
        "What is wrong in a condition or a text is told with line, key and character",
        arguments: [
            ("lunch_price >", "character 14: a value is missing"),
            (
                "lunch_price > cheap",
                "character 15: lunch_price: “cheap” is not a value of an amount of money"
            ),
            ("price > 1", "character 1: there is no attribute “price”; there are lunch_price, seats"),
            ("(seats missing", "character 15: “)” is missing"),
            ("seats missing delivery", "character 15: “delivery” is too much"),
            ("seats", "character 6: seats needs ="), ("and", "character 1: there is no attribute “and”"),
            ("seats has 3", "has cannot be asked of a number"), ("seats matches \"3*\"", "seats is no text"),
            ("open(lunch_hours)", "character 1: open() depends on the moment"),
            ("open(seats)", "seats is no attribute of kind schedule"),
            ("license = \"JY", "character 11: a text in double quotes"),
            ("dishes.name = x", "the table dishes has no column “name”"),
            ("seats > lunch_price", "they cannot be compared"),
            ("tastes has sweet", "“sweet” is not a value of"), ("\"a\" = b", "begins with an attribute"),
            ("since = 31", "is not a value of a date"), ("(((seats missing)", "“)” is missing"),
            (String(repeating: "not ", count: 60) + "delivery", "nests deeper than 40 levels"),
        ])
    func faults(_ condition: String, _ words: String) throws {
        let line =
            (Self.head + Self.attributes).split(separator: "\n", omittingEmptySubsequences: false).count + 3
        let error = #expect(throws: DirectoryError.self) {
            try Self.declared(
                "[[facets]]\nkey = \"it\"\nname_zh = \"它\"\nname_en = \"It\"\nwhen = '\(condition)'\n")
        }
        #expect(error?.location == "diner.toml:\(line + 1)")
        #expect(error?.message.hasPrefix("'facets.when', ") == true)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    private static let rules = """
        [[findings]]
        code = "price_doubtful"
        severity = "warning"
        attribute = "lunch_price"
        message_zh = "午餐{lunch_price}偏高，请核对"
        message_en = "{lunch_price} for lunch is a lot; check it"
        when = "lunch_price > 200 or (seats missing and delivery = false)"
        [[findings]]
        code = "too_many_free"
        severity = "error"
        message_zh = "空位多于座位"
        message_en = "More seats are free than there are"
        when = "seats_free > seats"
        [[highlights]]
        text_zh = "午餐 {lunch_price} 起，到{until(lunch_hours)}"
        text_en = "Lunch from {lunch_price} until {until(lunch_hours)}"
        tone = "good"
        when = "open(lunch_hours)"
        [[highlights]]
        text_zh = "午餐 {lunch_price} 起"
        text_en = "Lunch from {lunch_price}"
        when = "not open(lunch_hours)"
        [[highlights]]
        text_zh = "座位：{seats}，口味：{tastes}，名字很长很长很长很长"
        text_en = "Seats: {seats}"
        """

    @Test("Findings speak of the record as it will be stored, and do not stop at the first")
    func findings() throws {
        let module = DeclaredModule(try Self.declared(Self.rules))
        let place = Place(
            id: PlaceID(unchecked: "p"), type: module.type.id, name: "饭桌",
            attributes: ["seats": .whole(3), "seats_free": .whole(5)])
        let result = module.normalise(PlaceDraft(place: place, raw: ["lunch_price": "260元"]))
        #expect(result.findings.map(\.code) == ["price_doubtful", "too_many_free"])
        #expect(
            result.findings[0].message
                == LocalizedText(zh: "午餐260元偏高，请核对", en: "¥260 for lunch is a lot; check it"))
        #expect(result.findings[0].field == "lunch_price" && result.findings[1].field == nil)
        #expect(result.findings.map(\.severity) == [.warning, .error])
    }

    @Test("Lines depend on the moment and on what is known, and are cut to their length")
    func lines() throws {
        let type = try Self.declared(Self.rules)
        let module = DeclaredModule(type)
        #expect(module.rules.isTimed)
        let noon = Timestamp(secondsSince1970: 1_772_424_000)
        let context = HighlightContext(now: noon, utcOffset: 28_800) { times, _ in
            Opening(
                state: times == "11:00-13:00" ? .open : .closed,
                until: Timestamp(secondsSince1970: noon.secondsSince1970 + 3_900))
        }
        var place = Place(
            id: PlaceID(unchecked: "p"), type: type.description.id, name: "饭桌",
            attributes: ["lunch_price": .money(Money(fen: 1_200)), "lunch_hours": .text("11:00-13:00")])
        #expect(module.highlights(for: place, in: context).map(\.text.zh) == ["午餐 12元 起，到13:05"])
        #expect(module.highlights(for: place, in: context).map(\.tone) == [.good])
        place.attributes["lunch_hours"] = .text("17:00-18:00")
        place.attributes["seats"] = .whole(40)
        place.attributes["tastes"] = .texts(["halal"])
        let lines = module.highlights(for: place, in: context)
        #expect(lines.map(\.text.en) == ["Lunch from ¥12", "Seats: 40"])
        #expect(lines.last?.text.zh.count == 20)
    }

    @Test("A type with rules passes the suite that modules pass, and is another type when they change")
    func conforms() throws {
        let type = try Self.declared(Self.rules)
        #expect(Conformance.check(DeclaredModule(type)).isEmpty)
        #expect(type.rules.counts == (2, 0, 3))
        #expect(try Self.declared(Self.rules.replacing("200", with: "300")).rules != type.rules)
    }

    @Test(
        "What is wrong in rules and tables is named with line and key",
        arguments: [
            ("[[findings]]\ncode = \"a\"\nseverity = \"bad\"\n", "'findings.severity' is “bad”"),
            ("[[findings]]\ncode = \"Bad code\"\n", "'code' is “Bad code”"),
            (
                "[[highlights]]\ntext_zh = \"{seat}\"\ntext_en = \"x\"\n",
                "'highlights.text_zh', character 2: there is no attribute “seat”"
            ),
            (
                "[[highlights]]\ntext_zh = \"座{seats\"\ntext_en = \"x\"\n",
                "character 2: a brace has no partner"
            ),
            ("[[highlights]]\ntext_zh = \"{dishes}\"\ntext_en = \"x\"\n", "which no line has room for"),
            (
                "[[highlights]]\ntext_zh = \"{until(seats)}\"\ntext_en = \"x\"\n",
                "no attribute of kind schedule"
            ),
            ("[[highlights]]\ntext_zh = \"x\"\n", "'highlights.text_en' is missing"),
            (
                "[[facets]]\nkey = \"seats\"\nname_zh = \"x\"\nname_en = \"x\"\nwhen = \"delivery\"\n",
                "already"
            ),
            ("[[facets]]\nkey = \"f\"\nname_zh = \"x\"\nname_en = \"x\"\n", "'facets.when' is missing"),
            (
                "[[attributes]]\nkey = \"t\"\nname_zh = \"表\"\nname_en = \"T\"\nkind = \"rows\"\nrow_zh = \"行\"\nrow_en = \"row\"\n",
                "'attributes.row_columns' is missing"
            ),
            (
                "[[attributes]]\nkey = \"t\"\nname_zh = \"表\"\nname_en = \"T\"\nkind = \"rows\"\nrow_zh = \"行\"\nrow_en = \"row\"\nhours_column = \"x\"\nrow_columns = [{ key = \"x\", name_zh = \"x\", name_en = \"x\", kind = \"text\" }]\n",
                "'hours_column' is “x”"
            ),
            (
                "[[attributes]]\nkey = \"t\"\nname_zh = \"表\"\nname_en = \"T\"\nkind = \"rows\"\nrow_zh = \"行\"\nrow_en = \"row\"\nrow_columns = [{ key = \"x\", name_zh = \"x\", name_en = \"x\", kind = \"rows\" }]\n",
                "a table cannot stand within a table"
            ),
        ])
    func files(_ text: String, _ words: String) throws {
        let error = #expect(throws: DirectoryError.self) { try Self.declared(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.location?.hasPrefix("diner.toml:") == true)
    }

    @Test("A pattern of many stars takes no time", .timeLimit(.minutes(1)))
    func patterns() {
        let text = String(repeating: "a", count: 500)
        #expect(!TextPattern(String(repeating: "a*", count: 100) + "b").fits(text))
        #expect(TextPattern("*").fits("") && TextPattern("").fits("") && !TextPattern("?").fits(""))
    }
}
