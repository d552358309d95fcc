import DirectoryModel
import Foundation
import Testing

@testable import RegisterMatching

@Suite("Region codes")
struct RegionCodeTests {
    private func fault(_ text: String) -> RegionFault.Code? {
        do throws(RegionFault) {
            _ = try RegionCode(text)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "levels and kinds",
        arguments: [
            ("320000", .province, nil, nil), ("320100", .city, nil, nil), ("320102", .county, nil, nil),
            ("320104006", .township, .street, nil), ("320206103", .township, .town, nil),
            ("320206203", .township, .township, nil), ("320206403", .township, .enterprise, nil),
            ("320104006001", .committee, .street, .residents),
            ("320206103200", .committee, .town, .villagers),
            ("320104006601", .committee, .street, .other), ("110101001001001", .grid, .street, .residents),
            ("320104000000", .county, nil, nil), ("３２０１０４００６", .township, .street, nil),
            ("3201 0400 6001", .committee, .street, .residents), ("441900003", .township, .street, nil),
        ] as [(String, RegionCode.Level, RegionCode.TownshipKind?, RegionCode.CommitteeKind?)])
    func levels(
        _ text: String, _ level: RegionCode.Level, _ township: RegionCode.TownshipKind?,
        _ committee: RegionCode.CommitteeKind?
    ) throws {
        let code = try RegionCode(text)
        #expect(code.level == level && code.township == township && code.committee == committee)
    }

    @Test(
        "faults",
        arguments: [
            ("", .empty), (" ", .empty), ("32010a", .character), ("3201-04", .character), ("32", .length),
            ("3201040060", .length), ("32010400600100100200", .length), ("990101", .province),
            ("320104600", .township), ("320104000001", .hole), ("320001", .hole), ("320104006000001", .hole),
        ] as [(String, RegionFault.Code)])
    func faults(_ text: String, _ code: RegionFault.Code) { #expect(fault(text) == code) }

    @Test("what lies in what")
    func within() throws {
        let community = try RegionCode("320104006001")
        for wide in ["320104006", "320100", "320104000000", "320104006001"] {
            #expect(community.isWithin(try RegionCode(wide)))
        }
        #expect(!community.isWithin(try RegionCode("320102")))
        #expect(try !RegionCode("320104").isWithin(community))
        #expect(community.at(.township)?.text == "320104006" && community.at(.province)?.text == "320000")
        #expect(community.at(.grid) == nil && community.province.zh == "江苏")
    }

    @Test(
        "every street of Jiangsu reads as one",
        .enabled(if: SharedFiles.path("data/text/jiangsu-streets-codes.csv") != nil, "no shared data"))
    func jiangsu() throws {
        let text = try #require(SharedFiles.text("data/text/jiangsu-streets-codes.csv"))
        var read = 0
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            guard let digits = line.firstMatch(of: /32\d{7}/) else { continue }
            let code = try RegionCode(String(digits.0))
            #expect(code.level == .township && code.province.en == "Jiangsu")
            read += 1
        }
        #expect(read > 1000)
    }
}

@Suite("Telephone numbers")
struct PersonalPhoneTests {
    private func read(_ cell: String, _ area: String? = nil) -> [String] {
        PersonalPhone.read(cell, areaCode: area).map {
            "\($0.kind.rawValue) \($0.canonical)" + ($0.lineExtension.map { " x" + $0 } ?? "")
        }
    }

    @Test(
        "kinds and one way of writing each",
        arguments: [
            ("025-84412345", ["landline 025-84412345"]), ("02584412345", ["landline 025-84412345"]),
            ("(025)84412345", ["landline 025-84412345"]), ("（０２５）８４４１２３４５", ["landline 025-84412345"]),
            ("025 8441 2345", ["landline 025-84412345"]), ("+86 25 84412345", ["landline 025-84412345"]),
            ("0086-25-84412345", ["landline 025-84412345"]), ("86-025-84412345", ["landline 025-84412345"]),
            ("0510-83112345", ["landline 0510-83112345"]), ("010-62781234", ["landline 010-62781234"]),
            ("84412345", ["landline 84412345"]), ("8441-2345", ["landline 84412345"]),
            ("400-123-4567", ["hotline 400-123-4567"]), ("4001234567", ["hotline 400-123-4567"]),
            ("800 810 8888", ["hotline 800-810-8888"]), ("12345", ["short 12345"]), ("110", ["short 110"]),
            ("95588", ["short 95588"]), ("13812345678", ["mobile 13812345678"]),
            ("138 1234 5678", ["mobile 13812345678"]), ("138-1234-5678", ["mobile 13812345678"]),
            ("+86 13812345678", ["mobile 13812345678"]), ("8613812345678", ["mobile 13812345678"]),
            ("张三 13812345678", ["mobile 13812345678"]), ("025-84412345转801", ["landline 025-84412345 x801"]),
            ("025-84412345-801", ["landline 025-84412345 x801"]), ("84412345分机12", ["landline 84412345 x12"]),
            ("84412345 ext. 12", ["landline 84412345 x12"]), ("84412345*801", ["landline 84412345 x801"]),
            ("025-84412345/13812345678", ["landline 025-84412345", "mobile 13812345678"]),
            ("025-84412345、84412346；12345", ["landline 025-84412345", "landline 84412346", "short 12345"]),
            ("84412345 84412346", ["landline 84412345", "landline 84412346"]),
            ("025-84412345/46", ["landline 025-84412345", "landline 025-84412346"]),
            ("84412345转801/802", ["landline 84412345 x801", "landline 84412345 x802"]),
            ("1381234567", ["malformed 1381234567"]), ("138123456789", ["malformed 138123456789"]),
            ("+1 650 253 0000", ["malformed 16502530000"]), ("", []), ("无", []), ("-", []),
            ("12", ["malformed 12"]), ("0", ["malformed 0"]),
        ])
    func kinds(_ cell: String, _ numbers: [String]) { #expect(read(cell) == numbers) }

    @Test("an area code is put before lines that have none")
    func area() {
        #expect(read("84412345", "025") == ["landline 025-84412345"])
        #expect(read("0510-83112345", "025") == ["landline 0510-83112345"])
        #expect(read("13812345678", "025") == ["mobile 13812345678"])
    }

    @Test("only service numbers are shown whole")
    func shown() {
        #expect(
            PersonalPhone.read("13812345678/138123456789/025-84412345转801/12345/12").map(\.shown) == [
                "138****5678", "************", "025-84412345转801", "12345", "12",
            ])
        #expect(PersonalPhone.read("13812345678/84412345").map(\.isService) == [false, true])
    }

    @Test("random cells never trap, and nothing shows the eleven digits of a mobile")
    func random() {
        var numbers = SeededNumbers(5)
        let pieces = [
            "025", "-", "84412345", "138", "1234", "5678", "转", "/", "、", " ", "+", "86", "(", ")", "0", "1",
            "9", "ext", "分机",
            "400", "１３８", "张", "*", "#", "\n", ".",
        ]
        for round in 0..<30_000 {
            let cell = round % 4 == 0 ? numbers.bytes(most: 60) : numbers.text(of: pieces, most: 12)
            let read = PersonalPhone.read(cell, areaCode: round % 2 == 0 ? "025" : nil)
            #expect(read.count <= 20)
            for number in read {
                let runs = number.shown.split { !("0"..."9").contains($0) }
                #expect(!runs.contains { $0.count == 11 && $0.first == "1" }, "\(cell)")
            }
        }
    }
}

@Suite("Credit codes") struct CreditCodeVectorTests {
    @Test(
        "the synthetic codes are refused by the inner check, GB 11714, and by nothing else",
        .enabled(if: SharedFiles.path("domain/vectors/credit_codes.json") != nil, "no shared vectors"))
    func inner() throws {
        let data = try #require(SharedFiles.text("domain/vectors/credit_codes.json")?.data(using: .utf8))
        let vectors = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        var refused = 0
        for row in try #require(vectors["synthetic"] as? [[String: Any]]) {
            let code = try #require(row["code"] as? String)
            do throws(CreditCode.Fault) {
                // Weights by hand: an organisation code of noughts has the check digit 0.
                #expect(try CreditCode(code).text == code && code.dropFirst(8).dropLast() == "000000000")
            } catch {
                #expect(error == .organisationCheck, "\(code)")
                refused += 1
            }
        }
        #expect(refused >= 5)
        for code in try #require(vectors["valid"] as? [String]) { #expect((try? CreditCode(code)) != nil) }
    }
}
