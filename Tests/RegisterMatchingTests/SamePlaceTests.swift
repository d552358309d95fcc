import DirectoryModel
import Foundation
import Testing

@testable import RegisterMatching

@Suite("Names")
struct NameFormTests {
    @Test(
        "core and branch",
        arguments: [
            ("苏果超市(竹园店)", "苏果超市", "竹园"), ("苏果超市（竹园店）", "苏果超市", "竹园"), ("苏果超市竹园店", "苏果超市", "竹园"),
            ("蘇果超市 竹園店", "苏果超市", "竹园"), ("ＫＦＣ（新街口店）", "kfc", "新街口"), ("苏果超市一分店", "苏果超市", "1"),
            ("苏果超市第2分店", "苏果超市", "2"), ("中国建设银行竹园支行", "中国建设银行", "竹园"),
            ("南京王记面馆有限责任公司", "南京王记面馆", nil), ("王记面馆（个体工商户）", "王记面馆", nil),
            ("江苏省南京市玄武区王记面馆", "王记面馆", nil), ("老李修鞋店", "老李修鞋", nil), ("竹园社区便民服务中心", "竹园社区", nil),
            ("某某（南京）有限公司", "某某", nil), ("(竹园)", "竹园", nil), ("", "", nil), ("店", "店", nil),
        ] as [(String, String, String?)])
    func cores(_ name: String, _ core: String, _ branch: String?) {
        let form = NameForm(name)
        #expect(form.core == core && form.branch == branch, "\(form)")
    }

    @Test(
        "likeness",
        arguments: [
            ("苏果超市", "蘇果超市", 1, 1), ("苏果超市有限公司", "苏果超市", 1, 1), ("王记面馆", "汪记面馆", 0.95, 0.95),
            ("苏果超市", "苏果", 0.9, 0.94), ("金陵图书馆", "金陵图书馆总馆", 0.75, 0.94), ("老王面馆", "老李面馆", 0.4, 0.7),
            ("王记面馆", "王记理发", 0.6, 0.8), ("苏果超市", "华润超市", 0, 0.3), ("图书馆", "金陵图书馆", 0, 0.7), ("", "", 0, 0),
        ] as [(String, String, Double, Double)])
    func likeness(_ one: String, _ other: String, _ least: Double, _ most: Double) {
        let found = NameForm.likeness(NameForm(one), NameForm(other))
        #expect(found >= least && found <= most, "\(found)")
        #expect(found == NameForm.likeness(NameForm(other), NameForm(one)))
    }
}

@Suite("Same place")
struct SamePlaceTests {
    private func record(
        _ name: String, east: Double? = 0, address: String? = nil, phone: String? = nil, code: String? = nil,
        type: String? = "shop", uncertainty: Metres = 10
    ) -> PlaceTraits {
        PlaceTraits(
            id: name, name: name, location: east.map { moved(nanjing, north: 0, east: $0) },
            uncertainty: uncertainty, address: address, phone: phone, creditCode: code, type: type)
    }

    private let sound = "91110000600037341L"
    private let other = "92340602MA2UK33127"

    @Test("verdicts")
    func verdicts() {
        let base = record("苏果超市(竹园店)", address: "竹园路12号", phone: "025-84412345", code: sound)
        let cases: [(PlaceTraits, SamePlace.Verdict)] = [
            (record("蘇果超市（竹園店）", east: 30), .same),
            (record("苏果超市竹园店", east: nil, address: "竹园路十二号"), .same),
            (record("苏果超市", east: 15, phone: "84412345"), .same),
            // Another branch of the chain, with the chain's code.
            (record("苏果超市(新街口店)", east: 250, address: "中山路5号", code: sound), .different),
            (record("苏果超市(新街口店)", east: nil, code: sound), .different),
            // The name alone.
            (record("苏果超市(竹园店)", east: nil, type: nil), .maybe),
            (record("苏果便利", east: nil, type: nil), .different),
            (record("苏果超市(竹园店)", east: 5000), .different),
            // A neighbour.
            (record("华联超市", east: 10, address: "竹园路12号"), .different),
            // Renamed: the same number and code, another name.
            (record("华联超市", east: 5, address: "竹园路12号", phone: "025-84412345", code: sound), .maybe),
            // Another owner's code.
            (record("苏果超市(竹园店)", east: 5, address: "竹园路12号", code: other), .maybe),
        ]
        for (record, verdict) in cases {
            let found = SamePlace(base, record)
            #expect(
                found.verdict == verdict,
                "\(record.id): \(found.confidence) \(found.evidence.map { ($0.kind, $0.weight) })")
            let back = SamePlace(record, base)
            #expect(back.confidence == found.confidence)
        }
    }

    @Test("evidence is in words, the weightiest first, and shows nobody's number")
    func words() throws {
        let one = record("王记面馆", address: "竹园路12号", phone: "13812345678", code: sound)
        let found = SamePlace(
            one, record("王记面馆", east: 20, address: "竹园路12号", phone: "138 1234 5678", code: sound))
        #expect(found.evidence.map { abs($0.weight) } == found.evidence.map { abs($0.weight) }.sorted(by: >))
        #expect(Set(found.evidence.map(\.kind)) == [.creditCode, .name, .phone, .location, .address, .type])
        let text = found.evidence.map { $0.words.zh + $0.words.en }.joined()
        #expect(text.contains("138****5678") && !text.contains("13812345678"))
        #expect(text.contains("相距20米") && text.contains("连锁"))
    }

    @Test("a rough point says nothing in favour")
    func rough() {
        #expect(SamePlace.weight(ofMetres: 50, doubt: 1000) == 0)
        #expect(SamePlace.weight(ofMetres: 50, doubt: 20) == 1.5)
        #expect(SamePlace.weight(ofMetres: 5000, doubt: 1000) == -7)
        #expect(SamePlace.weight(ofMetres: .infinity, doubt: 0) == 0)
        for step in 0..<100 {
            let likeness = Double(step) / 100
            #expect(SamePlace.weight(ofName: likeness) <= SamePlace.weight(ofName: likeness + 0.01))
        }
    }

    @Test("random records never trap; confidence is 0…1 and the same both ways")
    func random() {
        var numbers = SeededNumbers(11)
        let pieces = [
            "苏果", "超市", "(", ")", "（竹园店）", "店", "第", "一", "分店", "有限公司", "市", "区", "A", "１", "面馆", "𠀀", " ",
        ]
        var records: [PlaceTraits] = []
        for round in 0..<600 {
            let wild = Coordinate(
                uncheckedLatitude: [.nan, 90, -90, 32, .infinity][round % 5],
                longitude: [180, 118, -180, .nan][round % 4])
            records.append(
                PlaceTraits(
                    id: "\(round)",
                    name: round % 3 == 0 ? numbers.bytes(most: 40) : numbers.text(of: pieces, most: 8),
                    location: round % 7 == 0 ? wild : round % 2 == 0 ? nanjing : nil,
                    uncertainty: Metres([0, 10, 1e9, .infinity][round % 4]), address: numbers.bytes(most: 30),
                    phone: numbers.text(of: ["025-84412345", "/", "1", "138"], most: 4),
                    creditCode: numbers.bytes(most: 20), type: round % 2 == 0 ? "a" : nil))
        }
        for one in records.indices.prefix(60) {
            for other in records.indices {
                let found = SamePlace(records[one], records[other])
                #expect((0...1).contains(found.confidence))
                #expect(found.confidence == SamePlace(records[other], records[one]).confidence)
            }
        }
        _ = DuplicateFinder.pairs(of: records)
    }
}

@Suite("Duplicates")
struct DuplicateFinderTests {
    private static let names = [
        "苏果超市", "王记面馆", "老李修鞋", "金陵图书馆", "华联便利", "竹园药房", "便民早点", "小张理发", "新华书店", "百姓大药房", "兰州拉面", "翠竹幼儿园",
    ]
    private static let branches = ["", "", "(竹园店)", "(新街口店)", "一分店", "有限公司"]

    private func records(_ count: Int, side: Double, seed: UInt64) -> [PlaceTraits] {
        var numbers = SeededNumbers(seed)
        let codes = ["91110000600037341L", "92340602MA2UK33127", "92340603MA2PBMQL04"]
        let first = Array("金银王李张刘陈竹翠华新福顺兴隆永和大小东西南北春夏秋冬红绿青天地山水云").map(String.init)
        return (0..<count).map { index in
            var name = Self.names.randomElement(using: &numbers) ?? ""
            if count > 5000 || index % 3 == 0 {
                let own =
                    (first.randomElement(using: &numbers) ?? "")
                    + (first.randomElement(using: &numbers) ?? "")
                name = own + String(name.suffix(2))
            }
            name += Self.branches.randomElement(using: &numbers) ?? ""
            let point = moved(
                nanjing, north: Double.random(in: 0..<side, using: &numbers),
                east: Double.random(in: 0..<side, using: &numbers))
            return PlaceTraits(
                id: "\(index)", name: name, location: index % 6 == 0 ? nil : point,
                uncertainty: index % 17 == 0 ? 500 : 10,
                address: index % 2 == 0
                    ? "\(first.randomElement(using: &numbers) ?? "")园路\(Int.random(in: 1...60, using: &numbers))号"
                    : nil,
                phone: index % 3 == 0
                    ? "025-8441\(Int.random(in: 2000...(2000 + count), using: &numbers))" : nil,
                creditCode: index % 40 == 0 ? codes.randomElement(using: &numbers) : nil,
                type: index % 4 == 0 ? nil : "t\(index % 3)")
        }
    }

    @Test("2,000 random records: the same pairs as all against all", arguments: [1, 2] as [UInt64])
    func oracle(_ seed: UInt64) {
        let records = records(2000, side: 3000, seed: seed)
        var slow: [UInt64: Double] = [:]
        for one in records.indices {
            for other in one + 1..<records.count {
                let confidence = SamePlace.confidence(records[one], records[other])
                if confidence >= SamePlace.maybeFrom { slow[UInt64(one) << 32 | UInt64(other)] = confidence }
            }
        }
        let result = DuplicateFinder.pairs(of: records)
        let fast = Dictionary(
            result.pairs.map { (UInt64($0.first) << 32 | UInt64($0.second), $0.confidence) },
            uniquingKeysWith: max)
        #expect(fast.count == result.pairs.count && fast.count > 100)
        #expect(result.crowded.isEmpty)
        let missing = slow.keys.filter { fast[$0] == nil }
        #expect(
            missing.isEmpty,
            "\(missing.prefix(3).map { (records[Int($0 >> 32)], records[Int($0 & 0xFFFF_FFFF)]) })")
        #expect(fast == slow)
        #expect(result.compared < 2000 * 1999 / 4)
        let order = result.pairs.map(\.confidence)
        #expect(order == order.sorted(by: >))
    }

    /// `QUARTER_MATCHING_COUNT` of them, for docs/matching.md: 100,000 over 20 by 20 km, optimised.
    @Test("10,000 records as thick as a city's") func many() {
        let asked = ProcessInfo.processInfo.environment["QUARTER_MATCHING_COUNT"].flatMap { Int($0) }
        let count = asked ?? 10_000
        let records = records(count, side: (Double(count) * 4000).squareRoot(), seed: 3)
        let clock = ContinuousClock()
        var result = DuplicateFinder.Result(pairs: [], compared: 0, crowded: [])
        let time = clock.measure { result = DuplicateFinder.pairs(of: records) }
        #expect(result.pairs.count > count / 100)
        print(
            "duplicates of \(count): \(time), \(result.compared) compared, \(result.pairs.count) pairs, \(result.crowded.prefix(5))"
        )
    }

    @Test("a crowd is said, and ends")
    func crowd() {
        let records = (0..<1200).map {
            PlaceTraits(id: "\($0)", name: "便民超市\($0)号店", location: nanjing, creditCode: "91110000600037341L")
        }
        let result = DuplicateFinder.pairs(of: records)
        #expect(result.crowded.contains("code:91110000600037341L") && result.crowded.contains("spot"))
    }
}
