import DirectoryModel
import ServiceTypeKit
import Testing

private func attribute(_ kind: AttributeKind) -> AttributeDescription {
    AttributeDescription(key: "it", name: LocalizedText(zh: "它", en: "It"), kind: kind)
}

private let seats = AttributeKind.whole(unit: LocalizedText(zh: "座", en: "seats"), range: 0...5_000)
private let area = AttributeKind.decimal(unit: LocalizedText(zh: "平方米", en: "m²"), range: 0...10_000)
private let goods = AttributeKind.manyOf([
    AttributeOption(key: "fruit", name: LocalizedText(zh: "水果", en: "Fruit"), aliases: ["瓜果"]),
    AttributeOption(key: "cooked", name: LocalizedText(zh: "卤菜", en: "Cooked food"), aliases: ["熟食"]),
    AttributeOption(key: "meals", name: LocalizedText(zh: "助餐", en: "Meals")),
])

@Suite("Reading attributes")
struct ReadingTests {
    @Test(
        "whole numbers as clerks write them",
        arguments: [
            ("60", 60), ("６０", 60), (" 60 座", 60), ("60个", 60), ("约60个", 60), ("1,200", 1_200),
            ("1，200", 1_200), ("0.5万", 5_000),
            ("六十", 60), ("一百零五", 105), ("两千", 2_000), ("十二座", 12), ("60.0", 60), ("60 seats", 60),
            ("60 Seats", 60),
            ("+60", 60), ("60余", 60), ("二二", nil), ("60米", nil), ("60-80", nil), ("1e3", nil), ("0x10", nil),
            ("六十座位", nil),
        ] as [(String, Int?)])
    func whole(raw: String, expected: Int?) {
        let reading = attribute(seats).read(raw)
        #expect(reading.value == expected.map { .whole($0) })
        #expect(reading.findings.isEmpty == (expected != nil), "\(reading.findings)")
    }

    @Test(
        "what is wrong with a number is said by code",
        arguments: [
            ("5001", FindingCode.outOfRange), ("-1", FindingCode.outOfRange), ("12.5", FindingCode.notWhole),
            ("99999999999999999999", FindingCode.outOfRange), ("很多", FindingCode.unreadable),
            ("NaN", FindingCode.unreadable),
        ])
    func wrongWhole(raw: String, code: String) throws {
        let reading = attribute(seats).read(raw)
        #expect(reading.value == nil)
        let finding = try #require(reading.findings.first)
        #expect(finding.code == code)
        #expect(finding.severity == .warning && finding.field == "it" && finding.value == raw)
        #expect(finding.message.zh.contains("它") && finding.message.en.contains("It"))
    }

    @Test(
        "decimal numbers",
        arguments: [("12.5", 12.5), ("12.5平方米", 12.5), ("１２．５ m²", 12.5), ("1,234.5", 1_234.5), (".5", 0.5)]
            as [(String, Double?)])
    func decimal(raw: String, expected: Double?) {
        #expect(attribute(area).read(raw).value == expected.map { .decimal($0) })
    }

    @Test(
        "money in fen, however it is written",
        arguments: [
            ("12元", 1_200), ("12.5 元", 1_250), ("¥12", 1_200), ("￥12.50", 1_250), ("12", 1_200),
            ("１２元", 1_200), ("12块", 1_200),
            ("3元5角", 350), ("1200分", 1_200), ("12元/份", 1_200), ("12元起", 1_200), ("免费", 0), ("Free", 0),
            ("1,200元", 120_000),
            ("12元每人", 1_200), ("RMB 12", 1_200), ("0.1", 10), ("十二元", 1_200), ("12.345", nil), ("12美元", nil),
            ("30分钟", nil),
            ("元", nil), ("12-15元", nil), ("约", nil),
        ] as [(String, Int?)])
    func money(raw: String, fen: Int?) {
        let reading = attribute(.money).read(raw)
        #expect(reading.value == fen.map { .money(Money(fen: $0)) })
        #expect(reading.findings.isEmpty == (fen != nil))
    }

    @Test("a price below zero or beyond belief is left out")
    func moneyRange() {
        #expect(attribute(.money).read("-5元").findings.map(\.code) == [FindingCode.outOfRange])
        #expect(attribute(.money).read("1000000000元").findings.map(\.code) == [FindingCode.outOfRange])
    }

    @Test(
        "yes and no in both languages",
        arguments: [
            ("是", true), ("有", true), ("Yes", true), ("ＹＥＳ", true), ("√", true), ("only", true), ("否", false),
            ("无", false), ("NO", false),
            ("没有", false), ("×", false), ("0", false), ("也许", nil),
        ] as [(String, Bool?)])
    func bool(raw: String, expected: Bool?) {
        #expect(attribute(.bool).read(raw).value == expected.map { .bool($0) })
    }

    @Test("partly is yes with a note")
    func partly() {
        let reading = attribute(.bool).read("limited")
        #expect(reading.value == .bool(true))
        #expect(reading.findings.map(\.code) == [FindingCode.partly])
        #expect(reading.findings.map(\.severity) == [.note])
    }

    @Test(
        "lists of options, parted as people part them, in the schema's order",
        arguments: [
            "卤菜、水果", "熟食;瓜果", "Cooked food, Fruit", "水果，卤菜，水果", "fruit;cooked", "卤菜/水果类", "水果 卤菜", "水果\n卤菜",
        ])
    func lists(raw: String) {
        let reading = attribute(goods).read(raw)
        #expect(reading.value == .texts(["fruit", "cooked"]), "\(raw)")
        #expect(reading.findings == [])
    }

    @Test("an unknown option is named, the others are kept")
    func unknownOption() throws {
        let reading = attribute(goods).read("水果、电脑")
        #expect(reading.value == .texts(["fruit"]))
        let finding = try #require(reading.findings.first)
        #expect(finding.code == FindingCode.unknownOption && finding.value == "电脑")
        #expect(finding.message.zh.contains("水果、卤菜、助餐"))
    }

    @Test("服务 behind an option's name says nothing")
    func suffix() {
        #expect(attribute(goods).read("助餐服务").value == .texts(["meals"]))
    }

    @Test(
        "words for not stated give neither value nor finding",
        arguments: ["", "  ", "\u{3000}", "-", "不详", "N/A", "暂无"])
    func absent(raw: String) {
        for kind in [seats, area, .money, goods] { #expect(attribute(kind).read(raw) == AttributeReading()) }
    }

    @Test("a text is cleaned, and one that is too long is left out")
    func text() {
        let reading = attribute(.text).read("  从北门进\u{202E}，\n二楼 ")
        #expect(reading.value == .text("从北门进， 二楼"))
        #expect(reading.findings.map(\.code) == [FindingCode.controlCharacters])
        let long = attribute(.text).read(String(repeating: "长", count: 501))
        #expect(long.value == nil && long.findings.map(\.code) == [FindingCode.tooLong])
        #expect(attribute(.text).read(String(repeating: "长", count: 500)).findings == [])
    }

    @Test("typed values are checked: wrong ones are errors, because a program wrote them")
    func typed() {
        #expect(attribute(seats).check(.whole(60)).value == .whole(60))
        #expect(attribute(seats).check(.decimal(60)).value == .whole(60))
        #expect(attribute(area).check(.whole(60)).value == .decimal(60))
        let wrong: [(AttributeKind, AttributeValue, String)] = [
            (seats, .whole(-1), FindingCode.outOfRange), (seats, .decimal(.nan), FindingCode.outOfRange),
            (area, .decimal(.infinity), FindingCode.outOfRange), (seats, .text("60"), FindingCode.wrongKind),
            (.money, .whole(12), FindingCode.wrongKind),
            (.money, .money(Money(fen: -1)), FindingCode.outOfRange),
            (goods, .texts(["电脑"]), FindingCode.unknownOption), (.bool, .text("yes"), FindingCode.wrongKind),
            (goods, .texts(Array(repeating: "fruit", count: 101)), FindingCode.tooLong),
        ]
        for (kind, value, code) in wrong {
            let reading = attribute(kind).check(value)
            #expect(reading.value == nil && reading.findings.map(\.code) == [code], "\(value)")
            #expect(reading.findings.map(\.severity) == [.error])
        }
    }

    @Test("values are written with their units and option names")
    func written() {
        #expect(attribute(seats).text(of: .whole(60), in: .zh) == "60座")
        #expect(attribute(seats).text(of: .whole(60), in: .en) == "60 seats")
        #expect(attribute(goods).text(of: .texts(["fruit", "cooked"]), in: .zh) == "水果、卤菜")
        #expect(attribute(.money).text(of: .money(Money(fen: 1_250)), in: .zh) == "12.5元")
        #expect(Money(fen: 1_205).text(in: .zh) == "12.05元" && Money(fen: 1_250).text(in: .en) == "¥12.50")
        #expect(attribute(.bool).text(of: .bool(false), in: .zh) == "否")
    }
}

@Suite("Personal data in free text")
struct PersonalDataTests {
    @Test(
        "mobile and ID numbers are masked however they are written",
        arguments: [
            ("电话13812345678", "电话138****5678"), ("138 1234 5678", "138****5678"),
            ("138-1234-5678转2", "138****5678转2"),
            ("１３８１２３４５６７８", "138****5678"), ("+86 13812345678", "+138****5678"),
            ("8613812345678", "138****5678"),
            ("身份证32010419590307123X", "身份证******************"),
            ("320104195903071234。", "******************。"),
            ("13812345678/13912345678", "138****5678/139****5678"),
        ])
    func masked(text: String, expected: String) {
        #expect(PersonalData.masked(text) == expected)
        #expect(PersonalData.masked(expected) == nil)
        #expect(PersonalData.isIn(text))
    }

    @Test(
        "service numbers, codes, prices and dates are left alone",
        arguments: [
            "025-84401234", "025 8440 1234", "400-820-8820", "12345", "91320104MA1XYZ1234",
            "911101081234567890", "320104006001",
            "2026-11-23 16:30", "12800000000", "藏书1380000000000册", "", "10000000000",
        ])
    func leftAlone(text: String) {
        #expect(PersonalData.masked(text) == nil)
    }
}
