import Foundation

@testable import TextSearch

/// The rules of the search, written down as plainly as possible: every way of reading is tried, one name at a time.
struct SlowSearch {
    var things: [(id: UInt32, names: SearchNames)] = []

    /// Channel of each thing that is found.
    func search(_ text: String, withEdits: Bool = true) -> [UInt32: SearchChannel] {
        var found: [UInt32: SearchChannel] = [:]
        for thing in things {
            var best: SearchChannel?
            for (text, query) in thing.names.fields.map({ ($0, text) }) {
                guard let way = Self.way(text.text, query, withEdits: withEdits) else { continue }
                let channel = Self.channel(text.field, way)
                best = min(best ?? channel, channel)
            }
            if let best { found[thing.id] = best }
        }
        return found
    }

    /// The order of what is found: channel, words of the type that begin so, rank, length of the name, id.
    func order(
        _ found: [UInt32: SearchChannel], of query: String, rank: (UInt32) -> Double = { _ in 0 }
    ) -> [UInt32] {
        let keys = things.compactMap { thing -> (SearchChannel, Int, Double, Int, UInt32)? in
            guard let channel = found[thing.id] else { return nil }
            let begins = thing.names.typeWords.contains {
                Self.way($0, query, withEdits: false, onlyAtStart: true) != nil
            }
            let length = FoldedText(thing.names.name, limit: SearchLimits.textUnits).units.count
            return (channel, channel == .typeWord && !begins ? 1 : 0, rank(thing.id), length, thing.id)
        }
        return keys.sorted { $0 < $1 }.map(\.4)
    }

    static func channel(_ field: SearchField, _ way: SearchChannel) -> SearchChannel {
        if way == .oneEdit { return way }
        return switch field {
        case .name, .other: way
        case .english: way == .exactName ? way : .english
        case .typeWord: .typeWord
        case .address: .address
        }
    }

    /// The best way in which a query is found in a text, at its beginning only if asked.
    static func way(
        _ text: String, _ query: String, withEdits: Bool, onlyAtStart: Bool = false
    ) -> SearchChannel? {
        let folded = FoldedText(text, limit: SearchLimits.textUnits)
        let asked = FoldedText(query, limit: SearchLimits.queryUnits)
        guard !asked.units.isEmpty else { return nil }
        var typed = asked.units
        for index in asked.umlauts { typed[index] = UInt32(UInt8(ascii: "v")) }
        var best: SearchChannel?
        func note(_ way: SearchChannel?) { if let way { best = min(best ?? way, way) } }
        let isDigits = asked.units.allSatisfy(FoldedText.isDigit)
        let hasLetters = asked.units.contains(where: FoldedText.isLatin)
        let readings = Self.readings(folded)
        for start in folded.units.indices where folded.starts[start] && (start == 0 || !onlyAtStart) {
            if folded.units[start...].starts(with: asked.units) {
                let isWhole = folded.units.count == asked.units.count
                note(start > 0 ? .nameSubstring : isWhole ? .exactName : .namePrefix)
            }
            if asked.units.count == 1, start > 0 { continue }
            if hasLetters || isDigits {
                var walk = Walk(
                    units: folded.units, readings: readings, typed: typed, written: asked.units,
                    keys: isDigits,
                    start: start)
                walk.go(start, 0, [.first, .full, .initials])
                note(walk.best)
            }
        }
        let letters = asked.units.count(where: FoldedText.isLatin)
        let digits = asked.units.count(where: FoldedText.isDigit)
        let allowsEdit = letters >= SearchLimits.editUnits && letters + digits == asked.units.count
        if best == nil, withEdits, allowsEdit {
            for start in folded.units.indices where folded.starts[start] {
                var walk = EditWalk(
                    units: folded.units, readings: readings, typed: typed, written: asked.units, start: start)
                walk.go(start, 0, edited: false)
                if walk.found { note(.oneEdit) }
            }
        }
        return best
    }

    /// Syllables of each unit, the right one first.
    static func readings(_ folded: FoldedText) -> [[String]] {
        var result: [[String]] = []
        let table = ReadingTable.shared
        while result.count < folded.units.count {
            let at = result.count
            let phrase = PhraseTable.shared.word(at: at, of: folded.units) ?? []
            for offset in 0..<max(1, phrase.count) {
                var own = table.readings(of: folded.units[at + offset])
                if offset < phrase.count { own = [phrase[offset]] + own.filter { $0 != phrase[offset] } }
                result.append(own.map { table.syllables[Int($0)].letters })
            }
        }
        return result
    }

    /// All ways of typing a syllable.
    static func forms(_ syllable: String) -> [String] {
        if syllable.hasPrefix("lv") || syllable.hasPrefix("nv") {
            return ["v", "u", "yu"].map { syllable.prefix(1) + $0 + syllable.dropFirst(2) }
        }
        for first in ["ju", "qu", "xu", "yu"] where syllable.hasPrefix(first) {
            return [syllable, first.prefix(1) + "v" + syllable.dropFirst(2)]
        }
        return [syllable]
    }

    static func digits(_ letters: String) -> [UInt32] {
        let groups = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"]
        return letters.map { letter in
            guard let group = groups.firstIndex(where: { $0.contains(letter) }) else {
                return letter.unicodeScalars.first?.value ?? 0
            }
            return UInt32(group) + 0x32
        }
    }

    /// Tries every reading of every unit.
    struct Walk {
        enum Kind { case first, full, initials }
        let units: [UInt32]
        let readings: [[String]]
        let typed: [UInt32]
        let written: [UInt32]
        let keys: Bool
        let start: Int
        var best: SearchChannel?

        mutating func note(_ way: SearchChannel) { best = min(best ?? way, way) }

        mutating func finish(_ at: Int, _ kinds: Set<Kind>) {
            if keys {
                note(kinds.isEmpty ? .digitsMixed : .digits)
                return
            }
            let hasOthers = written.contains { !FoldedText.isLatin($0) && !FoldedText.isDigit($0) }
            if hasOthers {
                note(.mixed)
            } else if kinds.contains(.first) || kinds.contains(.full) {
                let isWhole = start == 0 && at == units.count
                note(isWhole ? .pinyinName : kinds.contains(.first) ? .pinyin : .pinyinOtherReading)
            } else {
                note(kinds.contains(.initials) ? .initials : .mixed)
            }
        }

        mutating func go(_ at: Int, _ used: Int, _ kinds: Set<Kind>) {
            if used == typed.count {
                if at > start { finish(at, kinds) }
                return
            }
            guard at < units.count else { return }
            let unit = units[at]
            let key = SlowSearch.digits(String(Character(Unicode.Scalar(unit) ?? "?"))).first
            if unit == written[used] || (keys && key == written[used]) { go(at + 1, used + 1, kinds) }
            for (number, reading) in readings[at].enumerated() {
                for form in SlowSearch.forms(reading) {
                    let letters = keys ? SlowSearch.digits(form) : form.unicodeScalars.map(\.value)
                    let rest = Array(typed[used...])
                    if rest.starts(with: letters) {
                        let kept: Set<Kind> = number == 0 ? [.first, .full] : [.full]
                        go(at + 1, used + letters.count, kinds.intersection(kept))
                    } else if letters.starts(with: rest) {
                        note(keys ? .digitsMixed : .unfinished)
                    }
                    if rest.first == letters.first { go(at + 1, used + 1, kinds.intersection([.initials])) }
                    let hasTwo = ["zh", "ch", "sh"].contains(form.prefix(2))
                    if hasTwo, rest.starts(with: letters.prefix(2)) {
                        go(at + 1, used + 2, kinds.intersection([.initials]))
                    }
                }
            }
        }
    }

    /// Tries every full reading of every unit with one edit in all.
    struct EditWalk {
        let units: [UInt32]
        let readings: [[String]]
        let typed: [UInt32]
        let written: [UInt32]
        let start: Int
        var found = false

        mutating func go(_ at: Int, _ used: Int, edited: Bool) {
            if used == typed.count, at > start { found = true }
            guard at < units.count, !found else { return }
            if FoldedText.isLatin(units[at]) { goLetter(at, used, edited) }
            if FoldedText.isDigit(units[at]), used < written.count, written[used] == units[at] {
                go(at + 1, used + 1, edited: edited)
            }
            for reading in readings[at] {
                for form in SlowSearch.forms(reading) {
                    let letters = form.unicodeScalars.map(\.value)
                    if typed[used...].starts(with: letters) {
                        go(at + 1, used + letters.count, edited: edited)
                    }
                    if edited { continue }
                    for length in max(0, letters.count - 1)...letters.count + 1
                    where used + length <= typed.count {
                        let part = Array(typed[used..<used + length])
                        if at == start, part.first != letters.first { continue }
                        if SlowSearch.isOneEdit(part, letters) { go(at + 1, used + length, edited: true) }
                    }
                }
            }
        }

        private mutating func goLetter(_ at: Int, _ used: Int, _ edited: Bool) {
            let here = used < written.count ? written[used] : 0
            if here == units[at] { go(at + 1, used + 1, edited: edited) }
            if edited { return }
            if at == start {
                if here == units[at], used + 1 < written.count { go(at + 1, used + 2, edited: true) }
                return
            }
            go(at + 1, used, edited: true)
            if here != 0 { go(at + 1, used + 1, edited: true) }
            if used + 1 < written.count {
                if here == units[at] || written[used + 1] == units[at] { go(at + 1, used + 2, edited: true) }
                if at + 1 < units.count, FoldedText.isLatin(units[at + 1]), written[used + 1] == units[at],
                    here == units[at + 1]
                {
                    go(at + 2, used + 2, edited: true)
                }
            }
        }
    }

    static func isOneEdit(_ typed: [UInt32], _ word: [UInt32]) -> Bool {
        if typed == word { return false }
        var all: Set<[UInt32]> = []
        for at in word.indices {
            var missing = word
            missing.remove(at: at)
            // A syllable of one letter does not vanish.
            if word.count > 1 { all.insert(missing) }
            if at + 1 < word.count {
                var swapped = word
                swapped.swapAt(at, at + 1)
                all.insert(swapped)
            }
            if typed.count == word.count {
                var wrong = word
                wrong[at] = typed[at]
                all.insert(wrong)
            }
        }
        if typed.count == word.count + 1 {
            for at in 0...word.count {
                var more = word
                more.insert(typed[at], at: at)
                all.insert(more)
            }
        }
        return all.contains(typed)
    }
}
