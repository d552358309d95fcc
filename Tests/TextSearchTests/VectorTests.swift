import Foundation
import Testing

@testable import TextSearch

/// A name with what must find it.
struct PinyinCase: Decodable, Sendable {
    let text: String
    let readings_per_char: [[String]]
    let pinyin: String
    let initials: String
    let t9: String

    /// A few of the shared vectors, for a clone that stands alone.
    static let inline = [
        PinyinCase(
            text: "重庆路", readings_per_char: [["chong"], ["qing"], ["lu", "luo"]], pinyin: "chong qing lu",
            initials: "cql", t9: "24664746458"),
        PinyinCase(
            text: "单县路", readings_per_char: [["chan", "dan", "shan"], ["xian"], ["lu", "luo"]],
            pinyin: "dan xian lu", initials: "dxl", t9: "326942658"),
        PinyinCase(
            text: "绿城", readings_per_char: [["lu", "lv"], ["cheng"]], pinyin: "lv cheng", initials: "lc",
            t9: "5824364"),
        PinyinCase(
            text: "卡拉OK", readings_per_char: [["ka", "qia"], ["la"], ["O"], ["K"]], pinyin: "ka la OK",
            initials: "klok", t9: "525265"),
        PinyinCase(
            text: "24小时便利店",
            readings_per_char: [["2"], ["4"], ["xiao"], ["shi"], ["bian"], ["li"], ["dian"]],
            pinyin: "24 xiao shi bian li dian", initials: "24xsbld", t9: "2494267442426543426"),
        PinyinCase(
            text: "〇", readings_per_char: [["ling", "xing", "yuan"]], pinyin: "ling", initials: "l",
            t9: "5464"),
    ]

    /// Every combination of the readings.
    var spellings: [String] {
        readings_per_char.reduce([""]) { all, readings in all.flatMap { one in readings.map { one + $0 } } }
    }
}

/// What is read of the shared vectors.
struct PinyinVectors: Decodable, Sendable {
    struct Traditional: Decodable, Sendable {
        let traditional: String
        let icu: String
    }
    struct Published: Decodable, Sendable {
        let text: String
        let full: String
        let must_match: [String]
        let also_readings: [String]
    }
    let cases: [PinyinCase]
    let traditional_to_simplified: [Traditional]
    let published_t9_example: Published

    static let path = "domain/vectors/pinyin.json"

    static func read() throws -> PinyinVectors {
        try JSONDecoder().decode(
            Self.self, from: Data(contentsOf: SharedFiles.folder.appendingPathComponent(path)))
    }
}

@Suite("The vectors of pinyin, initials and digits")
struct VectorTests {
    @Test("an inline selection")
    func inlineCases() { check(PinyinCase.inline) }

    @Test(
        "all shared cases", .enabled(if: SharedFiles.exists(PinyinVectors.path), "shared/domain is not here"))
    func sharedCases() throws {
        let vectors = try PinyinVectors.read()
        #expect(vectors.cases.count == 38)
        check(vectors.cases)
    }

    @Test(
        "traditional words", .enabled(if: SharedFiles.exists(PinyinVectors.path), "shared/domain is not here")
    )
    func traditional() throws {
        for word in try PinyinVectors.read().traditional_to_simplified {
            #expect(
                FoldedText(word.traditional, limit: 40).units == word.icu.unicodeScalars.map(\.value),
                "\(word.traditional)")
            for (name, query) in [(word.traditional, word.icu), (word.icu, word.traditional)] {
                var index = SearchIndex()
                index.insert(id: 1, names: SearchNames(name))
                #expect(index.search(query, limit: 5).map(\.channel) == [.exactName], "\(query) in \(name)")
            }
        }
    }

    @Test(
        "the published example",
        .enabled(if: SharedFiles.exists(PinyinVectors.path), "shared/domain is not here"))
    func published() throws {
        let example = try PinyinVectors.read().published_t9_example
        var index = SearchIndex()
        index.insert(id: 1, names: SearchNames(example.text))
        for query in example.must_match + example.also_readings + [example.full] {
            #expect(index.search(query, limit: 1).map(\.id) == [1], "\(query)")
        }
    }

    /// All names in one index: each is found in every listed way.
    func check(_ cases: [PinyinCase]) {
        var index = SearchIndex()
        for (id, entry) in cases.enumerated() { index.insert(id: UInt32(id), names: SearchNames(entry.text)) }
        for (id, entry) in cases.enumerated() {
            func found(_ query: String) -> SearchChannel? {
                index.search(query, limit: 1) { $0 == id ? 0 : nil }.first?.channel
            }
            for spelling in entry.spellings {
                #expect(found(spelling) == .pinyinName, "\(spelling) for \(entry.text)")
                #expect(found(spelling.uppercased() + " ") == .pinyinName, "\(spelling) in capitals")
            }
            #expect(found(entry.pinyin) == .pinyinName, "\(entry.pinyin) with blanks")
            // One initial of one character is its beginning, too.
            #expect(found(entry.initials) != nil, "\(entry.initials) for \(entry.text)")
            #expect(found(entry.t9) == .digits, "\(entry.t9) for \(entry.text)")
            #expect(found(entry.text) == .exactName, "\(entry.text)")
        }
    }
}

/// All names of communities and streets: every one for its name, one of a number for what is slow unoptimised.
@Suite("Recall on real names")
struct RecallTests {
    /// QUARTER_RECALL=all asks for every name in every way.
    static let stride = ProcessInfo.processInfo.environment["QUARTER_RECALL"] == "all" ? 1 : 37

    @Test(
        "names, substrings, pinyin and initials",
        .enabled(if: SharedFiles.exists("data/text/jiangsu-communities.csv"), "shared/data/text is not here"))
    func recall() throws {
        let names = try SharedFiles.placeNames()
        #expect(names.count > 17_700)
        var index = SearchIndex()
        for (id, name) in names.enumerated() { index.insert(id: UInt32(id), names: SearchNames(name)) }
        var numbers = SeededNumbers(3)
        var first = 0
        var asked = 0
        for (id, name) in names.enumerated() {
            func isFound(_ query: String) -> Bool {
                !index.search(query, limit: 1) { $0 == id ? 0 : nil }.isEmpty
            }
            if id % 5 == 0 || Self.stride == 1 {
                asked += 1
                if index.search(name, limit: 1).first?.id == UInt32(id) { first += 1 }
            }
            guard id % Self.stride == 0 else { continue }
            #expect(isFound(name), "\(name)")
            let characters = Array(name)
            let start = Int.random(in: 0..<characters.count, using: &numbers)
            let end = Int.random(in: start..<characters.count, using: &numbers)
            let part = String(characters[start...end])
            if !FoldedText(part, limit: 40).units.isEmpty { #expect(isFound(part), "\(part) of \(name)") }
            let reading = SearchIndex.reading(of: name)
            #expect(isFound(reading.joined()), "\(reading.joined()) for \(name)")
            let initials = reading.map { String($0.prefix(1)) }.joined()
            #expect(isFound(initials), "\(initials) for \(name)")
        }
        #expect(Double(first) >= Double(asked) * 0.99, "\(first) of \(asked) full names come first")
    }
}
