/// A question, folded as texts are and prepared for the automata.
struct SearchQuery: Sendable {
    /// At most `SearchLimits.queryUnits`.
    let units: [UInt32]
    /// Eight bytes from each unit on: what is typed for syllables, ü as v; 0xFF for what no syllable has.
    let windows: [UInt64]
    /// What each unit may begin; see `StartMask`.
    let starts: [UInt64]
    let hasLetters: Bool
    /// Neither letters nor digits only.
    let hasOthers: Bool
    let isDigitsOnly: Bool
    /// Letters enough, and at most digits beside them: one of them may be wrong.
    let allowsEdit: Bool

    var count: Int { units.count }

    /// Folds what was typed; blanks and punctuation do not count.
    init(_ text: String) {
        let folded = FoldedText(text, limit: SearchLimits.queryUnits)
        let units = folded.units
        var typed = units.map { FoldedText.isLatin($0) || FoldedText.isDigit($0) ? UInt8($0) : 0xFF }
        for index in folded.umlauts { typed[index] = UInt8(ascii: "v") }
        windows = typed.indices.map { index in
            var window: UInt64 = 0
            for offset in 0..<min(8, typed.count - index) {
                window |= UInt64(typed[index + offset]) << UInt64(offset * 8)
            }
            return window
        }
        starts = units.indices.map { StartMask.of(units[$0]) | StartMask.of(UInt32(typed[$0])) }
        self.units = units
        let letters = units.count { FoldedText.isLatin($0) }
        let digits = units.count { FoldedText.isDigit($0) }
        hasLetters = letters > 0
        hasOthers = letters + digits < units.count
        isDigitsOnly = digits == units.count && digits > 0
        allowsEdit = letters >= SearchLimits.editUnits && letters + digits == units.count
    }
}

extension SearchQuery {
    /// A query as plain memory while a search runs: arrays cost a count up and down at each touch.
    struct View {
        let units: UnsafeBufferPointer<UInt32>
        let windows: UnsafeBufferPointer<UInt64>
        let starts: UnsafeBufferPointer<UInt64>
        /// Number of units.
        let count: Int
        /// The bit of the position behind the last unit.
        let end: UInt64
        let hasOthers: Bool
    }

    /// Calls with the query as plain memory; it is not kept longer.
    func withView<Result>(_ body: (View) -> Result) -> Result {
        units.withUnsafeBufferPointer { units in
            windows.withUnsafeBufferPointer { windows in
                starts.withUnsafeBufferPointer { starts in
                    body(
                        View(
                            units: units, windows: windows, starts: starts, count: units.count,
                            end: 1 << UInt64(units.count), hasOthers: hasOthers))
                }
            }
        }
    }
}
