import Foundation
import Testing

@testable import TextSearch

/// Numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Random names and questions.
struct RandomNames {
    var numbers: SeededNumbers
    init(_ seed: UInt64) { numbers = SeededNumbers(seed) }

    static let characters = Array("菜市场社区食堂重庆长宁银行会计音乐绿女旅理发店安西鲜昂恩家行都市中心路弄一二号便利爱欧")
    static let words = [
        "KFC", "ok", "24", "3", "Park", "Café", "People's", "Xi", "an", "Life Hub", "小时", "·", " ", "（北）",
    ]

    mutating func name() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...6, using: &numbers) {
            if Int.random(in: 0..<6, using: &numbers) == 0 {
                text += Self.words.randomElement(using: &numbers) ?? ""
            } else {
                text.append(Self.characters.randomElement(using: &numbers) ?? "路")
            }
        }
        return text
    }

    mutating func names() -> SearchNames {
        var names = SearchNames(name())
        if Int.random(in: 0..<3, using: &numbers) == 0 {
            names.english = (0..<Int.random(in: 1...3, using: &numbers)).map { _ in
                ["Peking", "Market", "Shi", "Chang", "Canteen", "Lu", "an"].randomElement(using: &numbers)
                    ?? ""
            }.joined(separator: " ")
        }
        if Int.random(in: 0..<3, using: &numbers) == 0 { names.others = [name()] }
        if Int.random(in: 0..<3, using: &numbers) == 0 { names.typeWords = ["买菜", name()] }
        if Int.random(in: 0..<3, using: &numbers) == 0 { names.addresses = [name(), name()] }
        return names
    }

    /// A question about some name: parts of it in characters, syllables, initials, digits; often with a fault.
    mutating func query(_ text: String) -> String {
        let folded = FoldedText(text, limit: 40)
        guard !folded.units.isEmpty else { return name() }
        let readings = SlowSearch.readings(folded)
        let start = Int.random(in: 0..<folded.units.count, using: &numbers)
        let end = Int.random(in: start..<folded.units.count, using: &numbers)
        let style = Int.random(in: 0..<7, using: &numbers)
        var query = ""
        for at in start...end {
            let unit = String(Character(Unicode.Scalar(folded.units[at]) ?? "?"))
            let syllable = readings[at].randomElement(using: &numbers).map { SlowSearch.forms($0) }?
                .randomElement(using: &numbers)
            let mode = style == 6 ? Int.random(in: 0..<4, using: &numbers) : style
            switch (syllable, mode) {
            case (let syllable?, 1), (let syllable?, 4): query += syllable
            case (let syllable?, 2), (let syllable?, 5): query += syllable.prefix(1)
            case (let syllable?, 3):
                query += syllable.prefix(Int.random(in: 1...syllable.count, using: &numbers))
            default: query += unit
            }
        }
        if style == 4 || style == 5 {
            query = String(
                String.UnicodeScalarView(SlowSearch.digits(query).compactMap { Unicode.Scalar($0) }))
        }
        if Int.random(in: 0..<4, using: &numbers) == 0 { query = spoil(query) }
        return query
    }

    mutating func spoil(_ text: String) -> String {
        var letters = Array(text)
        guard letters.count > 1 else { return text + "a" }
        let at = Int.random(in: 0..<letters.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: letters.remove(at: at)
        case 1: letters[at] = "abcdeghilnosuyz".randomElement(using: &numbers) ?? "a"
        case 2: letters.insert("nagieu2".randomElement(using: &numbers) ?? "a", at: at)
        default: if at + 1 < letters.count { letters.swapAt(at, at + 1) }
        }
        return String(letters)
    }
}

@Suite("Fast and slow search agree")
struct SlowSearchTests {
    /// QUARTER_SEEDS asks for more than three runs.
    static let seeds = 1...(ProcessInfo.processInfo.environment["QUARTER_SEEDS"].flatMap(UInt64.init) ?? 3)

    @Test("on random names and questions, while names come, change and go", arguments: SlowSearchTests.seeds)
    func agree(seed: UInt64) {
        var random = RandomNames(seed)
        var slow = SlowSearch()
        var index = SearchIndex()
        for step in 0..<30 {
            for _ in 0..<4 {
                let id = UInt32.random(in: 0..<60, using: &random.numbers) &* 71_582_788
                slow.things.removeAll { $0.id == id }
                if Int.random(in: 0..<4, using: &random.numbers) == 0 {
                    index.remove(id: id)
                } else {
                    let names = random.names()
                    index.insert(id: id, names: names)
                    slow.things.append((id, names))
                }
            }
            #expect(index.count == slow.things.count)
            for _ in 0..<12 {
                let about = slow.things.randomElement(using: &random.numbers)?.names
                let text = about?.fields.randomElement(using: &random.numbers)?.text ?? random.name()
                let query = random.query(text)
                let expected = slow.search(query)
                let found = index.search(query, limit: 1000)
                let channels = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.channel) })
                #expect(channels == expected, "query \(query), step \(step)")
                #expect(found.map(\.id) == slow.order(expected, of: query), "query \(query)")
                check(index, query, slow, expected)
            }
        }
    }

    @Test("on what can be typed next", arguments: [11, 12])
    func suggestions(seed: UInt64) {
        var random = RandomNames(seed)
        for _ in 0..<12 {
            var index = SearchIndex()
            var slow = SlowSearch()
            for id in 0..<8 as Range<UInt32> {
                slow.things.append((id, random.names()))
                index.insert(id: id, names: slow.things[Int(id)].names)
            }
            let text = slow.things.randomElement(using: &random.numbers)?.names.name ?? ""
            for query in ["", random.query(text), random.query(text), random.query(text)] {
                let isDigits =
                    !query.isEmpty && query.unicodeScalars.allSatisfy { FoldedText.isDigit($0.value) }
                let keys = Array(isDigits ? "0123456789" : "0123456789abcdefghijklmnopqrstuvwxyz")
                let all = keys.filter { !slow.search(query + String($0), withEdits: false).isEmpty }
                #expect(index.suggest(query, limit: 3).nextKeys == all, "after \(query)")
                let even = keys.filter {
                    slow.search(query + String($0), withEdits: false).contains { $0.key % 2 == 0 }
                }
                let found = index.suggest(query, limit: 3) { $0 % 2 == 0 ? 1 : nil }
                #expect(found.nextKeys == even, "even ones after \(query)")
            }
        }
    }

    /// A rank, an order and a limit choose from the same answer, and every hit marks something.
    func check(
        _ index: SearchIndex, _ query: String, _ slow: SlowSearch, _ expected: [UInt32: SearchChannel]
    ) {
        func rank(_ id: UInt32) -> Double? { id % 3 == 0 ? nil : Double(id % 7) }
        let ranked = index.search(query, limit: 5, rank: rank)
        let order = slow.order(expected.filter { rank($0.key) != nil }, of: query) { rank($0) ?? 0 }
        #expect(ranked.map(\.id) == Array(order.prefix(5)), "ranked \(query)")
        let hits = index.search(query, limit: 1000, rank: { _ in 1 }, precedes: { $0 > $1 })
        for (one, next) in zip(hits, hits.dropFirst()) where one.channel == next.channel {
            let lengths = [one, next].map { hit in
                slow.things.first { $0.id == hit.id }.map {
                    FoldedText($0.names.name, limit: SearchLimits.textUnits).units.count
                } ?? 0
            }
            #expect(
                lengths[0] < lengths[1] || lengths[0] == lengths[1] && one.id > next.id
                    || one.channel == .typeWord, "\(query): \(one), \(next)")
        }
        for hit in ranked {
            #expect(
                !hit.range.isEmpty && hit.range.upperBound <= hit.text.count,
                "marks of \(query) in \(hit.text)")
        }
    }
}
