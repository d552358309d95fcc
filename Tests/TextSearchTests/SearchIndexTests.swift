import Testing

@testable import TextSearch

@Suite("The live index")
struct SearchIndexTests {
    /// A few places of a town.
    static func town() -> SearchIndex {
        var index = SearchIndex()
        index.insert(
            id: 1,
            names: SearchNames(
                "新街口菜市场", english: "Xinjiekou Wet Market", others: ["老菜场"], addresses: ["中山路18号"],
                typeWords: ["菜市场", "买菜"]))
        index.insert(id: 2, names: SearchNames("菜市场", typeWords: ["菜市场", "买菜"]))
        index.insert(id: 3, names: SearchNames("彩饰厂", typeWords: ["工厂"]))
        index.insert(id: 4, names: SearchNames("24小时便利店", english: "All-Day Store", addresses: ["菜市场路2号"]))
        index.insert(id: 5, names: SearchNames("绿女士理发店", typeWords: ["剪头发"]))
        index.insert(id: 6, names: SearchNames("KFC", others: ["肯德基"]))
        index.insert(id: 7, names: SearchNames("People's Café·Müller", typeWords: ["吃饭"]))
        return index
    }

    static func channels(_ query: String) -> [String] {
        town().search(query, limit: 20).map { "\($0.id) \($0.channel)" }
    }

    @Test("each channel has its example")
    func channelsByExample() {
        #expect(
            Self.channels("菜市场")
                == ["2 exactName", "1 nameSubstring", "4 address"])
        #expect(Self.channels("新街") == ["1 namePrefix"])
        #expect(Self.channels("街") == ["1 nameSubstring"])
        // A homophone of another word stands among the pinyin, never above what is written so.
        #expect(Self.channels("caishichang") == ["2 pinyinName", "3 pinyinName", "1 pinyin", "4 address"])
        #expect(Self.channels("bianlidian") == ["4 pinyin"])
        #expect(Self.channels("csc") == ["2 initials", "3 initials", "1 initials", "4 address"])
        #expect(Self.channels("c市chang") == ["2 mixed", "1 mixed", "4 address"])
        #expect(Self.channels("caishich").first == "2 mixed")
        #expect(Self.channels("caishicha") == ["2 unfinished", "3 unfinished", "1 unfinished", "4 address"])
        #expect(Self.channels("22474424264").prefix(3) == ["2 digits", "3 digits", "1 digits"])
        #expect(Self.channels("wet mar") == ["1 english"])
        #expect(Self.channels("maicai") == ["2 typeWord", "1 typeWord"])
        #expect(Self.channels("剪头发") == ["5 typeWord"])
        #expect(Self.channels("中山路") == ["1 address"])
        #expect(Self.channels("xinjeikou") == ["1 oneEdit"])
        #expect(Self.channels("marekt") == ["1 oneEdit"])
    }

    @Test("ü is v, u and yu; full width, case, blanks and marks do not matter")
    func forms() {
        for query in ["lvnv", "lunu", "lyunyu", "lünü", "LǛ nǚ", "lu¨n u".replacing("¨", with: ""), "ｌｖ女"] {
            #expect(Self.channels(query).first?.hasPrefix("5") == true, "\(query)")
        }
        #expect(Self.channels("ＫＦＣ") == ["6 exactName"])
        #expect(Self.channels("k f c") == ["6 exactName"])
        #expect(Self.channels("peoples cafe") == ["7 namePrefix"])
        #expect(Self.channels("CAFÉ") == ["7 nameSubstring"])
        #expect(Self.channels("müller") == ["7 nameSubstring"])
        #expect(Self.channels("２４小時") == ["4 namePrefix"])
        #expect(Self.channels("24xs") == ["4 initials"])
        #expect(Self.channels("249426744") == ["4 digits"])
        #expect(Self.channels("㉔小时") == Self.channels("24小时"))
        #expect(Self.channels("肯德基") == ["6 exactName"])
    }

    @Test("nothing is found by nothing, and nothing traps")
    func oddQuestions() {
        let index = Self.town()
        for query in ["", "   ", "\n\t", "🍜", "👨‍👩‍👧", "·，。！", "\u{0}\u{FFFF}", "\u{10FFFF}\u{E000}"] {
            #expect(index.search(query, limit: 5).isEmpty, "\(query.debugDescription)")
            _ = index.suggest(query, limit: 5)
        }
        let odd = [
            String(repeating: "菜", count: 10_000), String(repeating: "a", count: 10_000),
            String(repeating: "2", count: 10_000), String(repeating: "e\u{301}", count: 500), "مرحبا", "한글",
            "ｶﾞｷﾞ",
            "\u{1D400}", "𠮷野家", "🀄️中", "ﬁle", "ǅ", "İstanbul", "ß",
        ]
        for text in odd {
            _ = index.search(text, limit: 5)
            var own = SearchIndex()
            own.insert(id: 9, names: SearchNames(text))
            #expect(own.search(text, limit: 5).map(\.id) == [9], "\(text.prefix(20))")
            for hit in own.search(text, limit: 5) { #expect(hit.range.upperBound <= hit.text.count) }
            own.remove(id: 9)
            #expect(own.search(text, limit: 5).isEmpty)
        }
        #expect(index.search("菜市场", limit: 0).isEmpty && index.search("菜市场", limit: -1).isEmpty)
        #expect(index.search("菜市场", limit: .max).count == 3)
        #expect(index.search("菜市场", limit: 5) { _ in .nan }.isEmpty)
        #expect(SearchIndex().search("菜", limit: 5).isEmpty)
        #expect(SearchIndex().suggest("", limit: 5).nextKeys.isEmpty)
    }

    @Test("a change is in the next answer")
    func changes() {
        var index = Self.town()
        #expect(index.count == 7 && index.contains(id: 2))
        index.replace(id: 2, names: SearchNames("花鸟市场"))
        #expect(index.search("菜市场", limit: 9).map(\.id) == [1, 4])
        #expect(index.search("huaniao", limit: 9).map(\.id) == [2])
        let removed = [index.remove(id: 2), index.remove(id: 2)]
        #expect(removed == [true, false])
        #expect(index.search("huaniao", limit: 9).isEmpty)
        #expect(index.count == 6 && !index.contains(id: 2))
        index.insert(id: .max, names: SearchNames("花鸟市场"))
        #expect(index.search("花鸟", limit: 9).map(\.id) == [.max])
    }

    @Test("many changes leave no waste behind")
    func churn() {
        var random = RandomNames(5)
        var index = SearchIndex()
        for id in 0..<500 as Range<UInt32> { index.insert(id: id, names: random.names()) }
        let before = index.bytes.index
        for round in 0..<20 {
            for id in 0..<500 as Range<UInt32> where Int(id) % 5 == round % 5 {
                index.replace(id: id, names: random.names())
            }
        }
        #expect(index.bytes.index < before * 3)
        for id in 0..<500 as Range<UInt32> { index.remove(id: id) }
        #expect(index.count == 0)
        #expect(index.search("市", limit: 5).isEmpty && index.suggest("", limit: 5).nextKeys.isEmpty)
    }

    @Test("the matched part is marked in the name as it was given")
    func marks() {
        var index = SearchIndex()
        index.insert(id: 1, names: SearchNames("（新）街口·菜市場 ＫＦＣ", english: "People's Park"))
        func marked(_ query: String) -> String {
            guard let hit = index.search(query, limit: 1).first else { return "–" }
            return String(Array(hit.text)[hit.range])
        }
        #expect(marked("菜市场") == "菜市場")
        #expect(marked("csc") == "菜市場")
        #expect(marked("jkcai") == "街口·菜")
        #expect(marked("kfc") == "ＫＦＣ")
        #expect(marked("peoplesp") == "People's P")
        #expect(marked("caishichagn") == "菜市場")
        #expect(marked("2272") == "–")
        #expect(marked("22474424264") == "菜市場")
    }

    @Test("the rank orders within a channel and leaves out what is not wanted")
    func ranks() {
        var index = SearchIndex()
        for id in 0..<10 as Range<UInt32> { index.insert(id: id, names: SearchNames("\(id)号菜市场")) }
        index.insert(id: 20, names: SearchNames("菜市场"))
        #expect(index.search("菜市场", limit: 3).map(\.id) == [20, 0, 1])
        #expect(index.search("菜市场", limit: 3) { -Double($0) }.map(\.id) == [20, 9, 8])
        #expect(index.search("菜市场", limit: 3) { $0 < 5 ? 1 : nil }.map(\.id) == [0, 1, 2])
    }

    @Test("equal things: the shorter name, then the caller's order, whatever came first")
    func ties() {
        let names: [(id: UInt32, name: String, word: String)] = [
            (1, "新街口菜市场", "b"), (2, "老菜市场", "c"), (3, "新菜市场", "a"), (4, "大菜市场", "d"),
        ]
        func found(_ order: [Int], _ query: String) -> [UInt32] {
            var index = SearchIndex()
            for place in order { index.insert(id: names[place].id, names: SearchNames(names[place].name)) }
            let words = Dictionary(uniqueKeysWithValues: names.map { ($0.id, $0.word) })
            return index.search(query, limit: 9, rank: { _ in 0 }) { words[$0] ?? "" < words[$1] ?? "" }.map(
                \.id)
        }
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            for query in ["菜市场", "caishichang", "csc", "22474424264", "caishich"] {
                #expect(found(order, query) == [3, 2, 4, 1], "\(query)")
            }
        }
    }

    @Test("of a thing's texts the one that fits best is shown, whatever was inserted before")
    func texts() {
        for first in ["小菜场", "菜场大街", "菜场路"] {
            var index = SearchIndex()
            index.insert(id: 9, names: SearchNames(first))
            index.insert(id: 1, names: SearchNames("梅园", others: ["菜场大街", "菜场路"], typeWords: ["小菜场"]))
            #expect(index.search("菜场", limit: 1) { $0 == 1 ? 0 : nil }.map(\.text) == ["菜场路"])
            #expect(index.search("caichang", limit: 1) { $0 == 1 ? 0 : nil }.map(\.text) == ["菜场路"])
        }
    }

    @Test("a word of the type that begins so stands before one that only holds it, near or far")
    func typeWords() {
        var index = SearchIndex()
        index.insert(id: 1, names: SearchNames("甲", typeWords: ["买菜"]))
        index.insert(id: 2, names: SearchNames("乙丙丁", typeWords: ["菜市场", "买菜"]))
        for query in ["菜", "cai", "c", "224"] {
            let hits = index.search(query, limit: 9) { Double($0) }
            #expect(hits.map(\.channel) == hits.map { _ in .typeWord }, "\(query)")
            #expect(hits.first?.id == 2 && hits.first?.text == "菜市场", "\(query)")
        }
        #expect(index.search("菜", limit: 9).map(\.id) == [2, 1])
        #expect(index.search("买", limit: 9).map(\.id) == [1, 2])
    }

    @Test("phrases come first, and a name that only sounds so behind them")
    func phrases() {
        #expect(SearchIndex.reading(of: "重庆长宁银行") == ["chong", "qing", "chang", "ning", "yin", "hang"])
        #expect(SearchIndex.reading(of: "南京市长江路") == ["nan", "jing", "shi", "chang", "jiang", "lu"])
        #expect(SearchIndex.reading(of: "校长") == ["xiao", "zhang"])
        #expect(PhraseTable.parsed.count >= 80)
        for (text, syllables) in PhraseTable.parsed {
            #expect(text.unicodeScalars.count == syllables.count, "\(text)")
            #expect(FoldedText(text, limit: 9).units == text.unicodeScalars.map(\.value), "\(text)")
            for syllable in syllables { #expect(ReadingTable.shared.number(of: syllable) != nil) }
        }
        var index = SearchIndex()
        index.insert(id: 1, names: SearchNames("银行路"))
        index.insert(id: 2, names: SearchNames("殷航路"))
        #expect(index.search("yinxing", limit: 5).map(\.channel) == [.pinyinOtherReading])
        #expect(index.search("yinhang", limit: 5).map(\.id) == [1, 2])
    }

    @Test("a pad is told what leads on")
    func suggestions() {
        let index = Self.town()
        var small = SearchIndex()
        small.insert(id: 1, names: SearchNames("菜市场"))
        #expect(small.suggest("cais", limit: 3).nextKeys == ["c", "h"])
        #expect(index.suggest("caishi", limit: 2).completions.map(\.id) == [2, 3])
        #expect(index.suggest("22", limit: 2).nextKeys.contains("4"))
        #expect(index.suggest("菜市", limit: 2).nextKeys == ["c"])
        #expect(index.suggest("", limit: 2).completions.isEmpty)
        #expect(index.suggest("", limit: 2).nextKeys.contains("x"))
        #expect(index.suggest("", limit: 2) { $0 == 6 ? 0 : nil }.nextKeys == ["5", "k"])
    }
}
