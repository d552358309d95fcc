/// Something that reads the symbols of a text one by one and says whether what was typed has been used up.
///
/// All ways of reading are followed at once, as sets of positions in what was typed: nothing is ever written out.
protocol SymbolAutomaton {
    associatedtype State: AutomatonState
    /// Nothing is used up yet.
    var start: State { get }
    /// Reads one symbol.
    @inline(__always)
    func step(_ state: State, _ symbol: Symbol) -> State
    /// The best way in which everything is used up now, if it is.
    func accepted(_ state: State) -> SearchChannel?
    /// What the next symbol must begin with, as `StartMask`; 0 when no symbol can lead on.
    func wanted(_ state: State) -> UInt64
    /// Nothing that comes later can be better.
    var best: SearchChannel? { get }
    /// What of a symbol is compared with `wanted`.
    func offered(_ symbol: Symbol) -> UInt64
}

/// Where an automaton stands.
protocol AutomatonState: Equatable {
    /// The same for equal states, and seldom for others.
    var fingerprint: UInt64 { get }
}

/// Full syllables, initials, and both mixed with characters; in letters or in digits of a telephone.
struct SpellingAutomaton: SymbolAutomaton {
    /// Bit n of each: the first n units can be used up in this way.
    ///
    /// `mixed` has all that the others have.
    struct State: AutomatonState {
        /// Syllables as they are read here.
        var first: UInt64 = 0
        /// Full syllables of any reading.
        var full: UInt64 = 0
        var initials: UInt64 = 0
        var mixed: UInt64 = 0
        /// Everything is used up in the middle of a syllable: its next letter, as `StartMask`.
        var next: UInt64 = 0

        var fingerprint: UInt64 {
            first &+ full &* 3 &+ initials &* 0xFFFF_FFFB &+ mixed &* 0x100_000F &+ next &* 0x51_7CC1
        }
    }

    let query: SearchQuery.View
    let keys: Bool
    let spellings: UnsafeBufferPointer<SymbolSpelling>

    // In letters a whole name is better than what is accepted here.
    var best: SearchChannel? { keys ? .digits : nil }

    var start: State { State(first: 1, full: 1, initials: 1, mixed: 1) }

    @inline(__always)
    func step(_ state: State, _ symbol: Symbol) -> State {
        var next = State()
        let total = query.count
        let firstSpelling = Int(symbol.spellingStart) + (keys ? Int(symbol.spellingCount) : 0)
        let spellingCount = Int(keys ? symbol.keySpellingCount : symbol.spellingCount)
        let offered = offered(symbol)
        var left = state.mixed & ~query.end
        while left != 0 {
            let at = left.trailingZeroBitCount
            left &= left - 1
            guard query.starts[at] & offered != 0 else { continue }
            let bit: UInt64 = 1 << UInt64(at)
            if isLiteral(at, symbol) {
                next.first |= (state.first & bit) << 1
                next.full |= (state.full & bit) << 1
                next.initials |= (state.initials & bit) << 1
                next.mixed |= bit << 1
            }
            let window = query.windows[at]
            for index in firstSpelling..<firstSpelling + spellingCount {
                let entry = spellings[index]
                let difference = window ^ entry.spelling.packed
                let same = min(difference.trailingZeroBitCount / 8, Int(entry.spelling.count))
                guard same > 0 else { continue }
                next.initials |= (state.initials & bit) << 1
                next.mixed |= bit << 1
                if entry.spelling.initialCount == 2, same > 1 {
                    next.initials |= (state.initials & bit) << 2
                    next.mixed |= bit << 2
                }
                if same == Int(entry.spelling.count) {
                    let length = UInt64(same)
                    if entry.isFirst { next.first |= (state.first & bit) << length }
                    next.full |= (state.full & bit) << length
                    next.mixed |= bit << length
                } else if at + same == total {
                    next.next |= StartMask.of(UInt32(entry.spelling.packed >> UInt64(same * 8) & 0xFF))
                }
            }
        }
        return next
    }

    func accepted(_ state: State) -> SearchChannel? {
        let end: UInt64 = query.end
        if keys {
            if (state.full | state.initials) & end != 0 { return .digits }
            return state.mixed & end != 0 || state.next != 0 ? .digitsMixed : nil
        }
        if !query.hasOthers {
            if state.first & end != 0 { return .pinyin }
            if state.full & end != 0 { return .pinyinOtherReading }
            if state.initials & end != 0 { return .initials }
        }
        if state.mixed & end != 0 { return .mixed }
        return state.next != 0 ? .unfinished : nil
    }

    func wanted(_ state: State) -> UInt64 {
        var wanted: UInt64 = 0
        var left = state.mixed & ~query.end
        while left != 0 {
            wanted |= query.starts[left.trailingZeroBitCount]
            left &= left - 1
        }
        return wanted
    }

    func offered(_ symbol: Symbol) -> UInt64 { keys ? symbol.keyStarts : symbol.starts }

    private func isLiteral(_ at: Int, _ symbol: Symbol) -> Bool {
        let unit = query.units[at]
        return unit == symbol.unit || (keys && unit == UInt32(symbol.key))
    }
}
