/// Full syllables, written letters and digits with one edit: a letter wrong, missing, too many, or two swapped.
///
/// The first letter must be right. An edit lies within one syllable (what is too many may stand behind it), or in a
/// word of Latin letters.
struct EditAutomaton: SymbolAutomaton {
    /// Bit n: the first n letters can be used up, without an edit and with one.
    struct State: AutomatonState {
        var clean: UInt64 = 0
        var edited: UInt64 = 0
        /// The letter behind the n-th was there already, the n-th itself must follow: two are swapped.
        var swapped: UInt64 = 0
        var isFirst = false

        var fingerprint: UInt64 {
            clean &+ edited &* 0xFFFF_FFFB &+ swapped &* 0x100_000F &+ (isFirst ? 0x51_7CC1 : 0)
        }
    }

    let query: SearchQuery.View
    let spellings: UnsafeBufferPointer<SymbolSpelling>

    var best: SearchChannel? { .oneEdit }

    var start: State { State(clean: 1, isFirst: true) }

    func step(_ state: State, _ symbol: Symbol) -> State {
        var next = State()
        let end: UInt64 = query.end
        let valid = end | (end - 1)
        var left = (state.clean | state.edited | state.swapped)
        while left != 0 {
            let at = left.trailingZeroBitCount
            left &= left - 1
            let bit: UInt64 = 1 << UInt64(at)
            if FoldedText.isLatin(symbol.unit) {
                stepLetter(state, symbol.unit, at, &next)
            } else if FoldedText.isDigit(symbol.unit), at < query.count, query.units[at] == symbol.unit {
                next.clean |= (state.clean & bit) << 1
                next.edited |= (state.edited & bit) << 1
            }
            guard (state.clean | state.edited) & bit != 0 else { continue }
            let window = at < query.count ? query.windows[at] : 0
            let first = Int(symbol.spellingStart)
            for index in first..<first + Int(symbol.spellingCount) {
                let word = spellings[index].spelling
                let length = Int(word.count)
                let same = min((window ^ word.packed).trailingZeroBitCount / 8, length)
                if same == length {
                    if state.clean & bit != 0 { next.clean |= bit << UInt64(length) }
                    if state.edited & bit != 0 { next.edited |= bit << UInt64(length) }
                }
                if state.clean & bit != 0, same > 0 || !state.isFirst {
                    next.edited |= Self.edits(window, word, same) << UInt64(at)
                }
            }
        }
        next.clean &= valid
        next.edited &= valid
        next.swapped &= end - 1
        return next
    }

    func accepted(_ state: State) -> SearchChannel? {
        (state.clean | state.edited) & query.end != 0 ? .oneEdit : nil
    }

    func wanted(_ state: State) -> UInt64 {
        let end: UInt64 = query.end
        if state.isFirst { return query.starts[0] }
        // One edit may still come: anything, even after the last letter, where one may be missing.
        if state.clean & ~end != 0 || state.swapped != 0 { return .max }
        var wanted: UInt64 = 0
        var left = state.edited & ~end
        while left != 0 {
            wanted |= query.starts[left.trailingZeroBitCount]
            left &= left - 1
        }
        return wanted
    }

    func offered(_ symbol: Symbol) -> UInt64 { symbol.starts }

    /// How far one can be after a word with exactly one edit in it, as bits from the beginning of the window on.
    static func edits(_ window: UInt64, _ word: Spelling, _ same: Int) -> UInt64 {
        let length = Int(word.count)
        var ends: UInt64 = 0
        func tail(_ value: UInt64, _ from: Int) -> UInt64 { from >= 8 ? 0 : value >> UInt64(from * 8) }
        func agree(_ typed: UInt64, _ wanted: UInt64, _ count: Int) -> Bool {
            count <= 0 || (typed ^ wanted).trailingZeroBitCount >= count * 8
        }
        if same < length {
            let rest = tail(word.packed, same + 1)
            // One is wrong, one is missing.
            if tail(window, same) & 0xFF != 0, agree(tail(window, same + 1), rest, length - same - 1) {
                ends |= 1 << UInt64(length)
            }
            if length > 1, agree(tail(window, same), rest, length - same - 1) {
                ends |= 1 << UInt64(length - 1)
            }
            if same + 1 < length {
                let (here, there) = (tail(window, same) & 0xFF, tail(window, same + 1) & 0xFF)
                let swapped = tail(word.packed, same) & 0xFF == there && rest & 0xFF == here
                if swapped, agree(tail(window, same + 2), tail(word.packed, same + 2), length - same - 2) {
                    ends |= 1 << UInt64(length)
                }
            }
        }
        // One is too many: where they part, or behind the word.
        if tail(window, same) & 0xFF != 0,
            agree(tail(window, same + 1), tail(word.packed, same), length - same)
        {
            ends |= 1 << UInt64(length + 1)
        }
        return ends
    }

    private func stepLetter(_ state: State, _ letter: UInt32, _ at: Int, _ next: inout State) {
        let bit: UInt64 = 1 << UInt64(at)
        let here = at < query.count ? query.units[at] : 0
        let there = at + 1 < query.count ? query.units[at + 1] : 0
        if here == letter {
            next.clean |= (state.clean & bit) << 1
            next.edited |= (state.edited & bit) << 1
            if state.swapped & bit != 0 { next.edited |= bit << 2 }
        }
        guard state.clean & bit != 0 else { return }
        if state.isFirst {
            // The first letter is right; one too many may stand behind it.
            if here == letter, there != 0 { next.edited |= bit << 2 }
            return
        }
        next.edited |= bit
        if here != 0 {
            next.edited |= bit << 1
            if there == letter {
                next.edited |= bit << 2
                next.swapped |= bit
            }
            if here == letter, there != 0 { next.edited |= bit << 2 }
        }
    }
}
