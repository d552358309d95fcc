// Measures finding by name over 100,000 composed names: each kind of question, room, adding, and what comes next.

import Glibc
import TextSearch

enum SearchBench {
    /// How many names are composed.
    static let nameCount = 100_000
    /// How many questions of each kind are asked.
    static let questionCount = 1_000
    /// How often each is asked; the best time counts.
    static let rounds = 3
    /// How many things each answer may have.
    static let limit = 50

    /// Measures with the names of communities and streets of a folder, or with made ones where it is missing.
    static func run(texts folder: String) {
        var numbers = SeededNumbers(state: 7)
        let names = composed(communities(in: folder), &numbers)
        var index = SearchIndex()
        // The table of readings is read when it is first used; no name pays for it.
        _ = SearchIndex.reading(of: "一刻圈")
        var adding = Times()
        for (id, name) in names.enumerated() {
            let start = now()
            index.insert(id: UInt32(id), names: SearchNames(name))
            adding.add(now() - start)
        }
        print(
            "names: \(names.count), \(index.bytes.index / names.count) bytes a name besides the names "
                + "(asked: 120), their UTF-8 \(index.bytes.names / names.count)")
        print("adding a name: \(adding.text) (asked: 50 µs)")
        let distances = names.map { _ in Double.random(in: 0..<1_000, using: &numbers) }
        print(
            "each of \(questionCount) questions, answers of \(limit), by nearness | by length (asked: p99 1 ms)"
        )
        for kind in QuestionKind.allCases where kind != .english {
            measure(kind, index, names, distances, &numbers)
        }
        suggest(index, names, &numbers)
        var english = SearchIndex()
        for (id, name) in names.enumerated() {
            english.insert(id: UInt32(id), names: SearchNames(name, english: Questions.english(of: name)))
        }
        measure(.english, english, names, distances, &numbers)
    }

    private static func measure(
        _ kind: QuestionKind, _ index: SearchIndex, _ names: [String], _ distances: [Double],
        _ numbers: inout SeededNumbers
    ) {
        let questions = Questions.make(kind, of: names, count: questionCount, index, &numbers)
        var near = Times()
        var short = Times()
        for question in questions {
            near.add(best { _ = index.search(question, limit: limit) { distances[Int($0)] } })
            short.add(best { _ = index.search(question, limit: limit) })
        }
        print("\(kind.rawValue): \(near.textWithMost) | \(short.textWithMost)")
    }

    private static func suggest(_ index: SearchIndex, _ names: [String], _ numbers: inout SeededNumbers) {
        var times = Times()
        for kind in [QuestionKind.unfinished, .pinyinDigits] {
            for question in Questions.make(kind, of: names, count: questionCount / 2, index, &numbers) {
                times.add(best { _ = index.suggest(question, limit: 10) })
            }
        }
        print("suggest, letters and digits: \(times.textWithMost)")
    }

    private static func best(_ body: () -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = now()
            body()
            best = min(best, now() - start)
        }
        return best
    }

    // MARK: - Names

    private static let files = [("jiangsu-communities.csv", [3, 4]), ("jiangsu-streets-codes.csv", [1])]

    /// The names of communities and streets, each once; what is missing is said.
    private static func communities(in folder: String) -> [String] {
        var names: [String] = []
        var known: Set<String> = []
        for (file, columns) in files {
            guard let text = contents(of: folder + "/" + file) else {
                print("(\(file) is not here)")
                continue
            }
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                for column in columns where column < fields.count {
                    let name = fields[column].filter { !" \"\u{FEFF}".contains($0) }
                    if !name.isEmpty, known.insert(name).inserted { names.append(name) }
                }
            }
        }
        if names.isEmpty {
            print("(names of communities are made up)")
            for first in "梅兰竹菊松柏桃李杏荷翠绿蓝红金银玉珠天地" {
                for second in "园苑庄村桥街路湖山河塘溪湾城门亭台阁楼坊" {
                    for third in "东西南北" { names.append("\(first)\(second)\(third)社区") }
                }
            }
        }
        return names
    }

    private static func contents(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            // Stray carriage returns stand at the ends and in the middle of names.
            bytes += buffer[..<count].filter { $0 != 13 }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let kinds =
        "菜市场 便利店 社区食堂 卫生服务站 图书馆 理发店 药店 洗衣店 养老服务站 幼儿园 便民服务中心 早餐店 家电维修部 银行 公园 "
        + "健身中心 再生资源回收点 邮政快递驿站 超市 老年助餐点 音乐培训中心 会计服务部"

    /// Communities, and places named after them, as many as are wanted.
    private static func composed(_ communities: [String], _ numbers: inout SeededNumbers) -> [String] {
        let kinds = kinds.split(separator: " ")
        var names = Array(communities.prefix(nameCount))
        var known = Set(names)
        while names.count < nameCount {
            guard let community = communities.randomElement(using: &numbers),
                let kind = kinds.randomElement(using: &numbers)
            else { return names }
            let isNumbered = Int.random(in: 0..<10, using: &numbers) < 3
            let tail = isNumbered ? "\(Int.random(in: 1...30, using: &numbers))号店" : ""
            let name = community + kind + tail
            if known.insert(name).inserted { names.append(name) }
        }
        return names
    }
}

/// What people type.
enum QuestionKind: String, CaseIterable {
    case whole = "whole name"
    case prefix = "beginning"
    case substring = "part"
    case pinyin = "full pinyin of a part"
    case initials = "initials of a part"
    case mixed = "characters, pinyin and initials mixed"
    case unfinished = "pinyin, unfinished"
    case pinyinDigits = "digits of pinyin"
    case initialDigits = "digits of initials"
    case keys = "one to three letters or digits"
    case frequent = "one character, by how often it stands"
    case oneEdit = "pinyin with a fault"
    case nothing = "no result"
    case english = "English words"
}

/// Seeded questions about composed names.
enum Questions {
    private static let keys = Array("22233344455566677778889999")

    static func make(
        _ kind: QuestionKind, of names: [String], count: Int, _ index: SearchIndex,
        _ numbers: inout SeededNumbers
    ) -> [String] {
        var questions: [String] = []
        while questions.count < count {
            guard let name = names.randomElement(using: &numbers) else { break }
            let question = question(kind, name, &numbers)
            if question.isEmpty { continue }
            if kind == .nothing, !index.search(question, limit: 1).isEmpty { continue }
            questions.append(String(question.prefix(20)))
        }
        return questions
    }

    /// The English name that a composed one might have: Xinjiekou Wet Market.
    static func english(of name: String) -> String {
        let kind = kinds.first { name.contains($0.chinese) }
        let end = kind.flatMap { name.firstRange(of: $0.chinese)?.lowerBound } ?? name.endIndex
        let words = SearchIndex.reading(of: String(name[..<end])).joined()
        return words.prefix(1).uppercased() + words.dropFirst() + " " + (kind?.english ?? "Village")
    }

    /// What places are, as far as names in English are composed.
    private static let kinds = [
        ("菜市场", "Wet Market"), ("便利店", "Convenience Store"), ("社区食堂", "Community Canteen"),
        ("卫生服务站", "Health Centre"), ("图书馆", "Library"), ("理发店", "Barber Shop"), ("药店", "Pharmacy"),
        ("洗衣店", "Laundry"), ("养老服务站", "Elderly Care Centre"), ("幼儿园", "Kindergarten"), ("银行", "Bank"),
        ("便民服务中心", "Citizen Service Centre"), ("早餐店", "Breakfast Shop"), ("公园", "Park"),
        ("健身中心", "Fitness Centre"), ("邮政快递驿站", "Parcel Station"), ("超市", "Supermarket"),
        ("社区", "Community"),
    ].map { (chinese: $0.0, english: $0.1) }

    private static func question(
        _ kind: QuestionKind, _ name: String, _ numbers: inout SeededNumbers
    ) -> String {
        let letters = Array(name)
        let start = Int.random(in: 0..<letters.count, using: &numbers)
        let end = Int.random(in: start..<letters.count, using: &numbers)
        let part = SearchIndex.reading(of: String(letters[start...end]))
        switch kind {
        case .whole: return name
        case .prefix: return String(letters[...end])
        case .substring: return String(letters[start...end])
        case .frequent: return String(letters[start])
        case .pinyin: return part.joined()
        case .initials: return part.map { String($0.prefix(1)) }.joined()
        case .mixed:
            guard part.count == end - start + 1 else { return "" }
            return part.enumerated().map { place, syllable in
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: String(letters[start + place])
                case 1: syllable
                default: String(syllable.prefix(1))
                }
            }.joined()
        case .unfinished: return String(part.joined().dropLast())
        case .pinyinDigits: return digits(part.joined())
        case .initialDigits: return digits(part.map { String($0.prefix(1)) }.joined())
        case .keys:
            let all = Array(Bool.random(using: &numbers) ? "abcdefghijklmnopqrstuvwxyz" : "23456789")
            return (0..<Int.random(in: 1...3, using: &numbers)).reduce("") { text, _ in
                text + String(all.randomElement(using: &numbers) ?? "a")
            }
        case .oneEdit:
            var typed = Array(part.joined())
            guard typed.count > 5 else { return "" }
            typed[Int.random(in: 1..<typed.count, using: &numbers)] = "e"
            return String(typed)
        case .nothing:
            return (0..<Int.random(in: 3...12, using: &numbers)).reduce("") { text, _ in
                text + String("bcdfghjkmnpqrstwxyz".randomElement(using: &numbers) ?? "q")
            }
        case .english:
            let words = english(of: name).split(separator: " ")
            let first = Int.random(in: 0..<words.count, using: &numbers)
            let typed = words[first...].joined(separator: " ")
            return String(typed.prefix(Int.random(in: 2...max(3, typed.count), using: &numbers)))
        }
    }

    private static func digits(_ letters: String) -> String {
        String(
            letters.map { letter in
                guard let value = letter.asciiValue, (97...122).contains(value) else { return letter }
                return keys[Int(value) - 97]
            })
    }
}
