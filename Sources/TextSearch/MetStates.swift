/// The states of an automaton that were met, numbered, and what each symbol does in them.
///
/// Names share most of what they are made of: few states are met, and each step from them is worked out once.
struct MetStates<Automaton: SymbolAutomaton> {
    /// A state, and what is asked of it again and again.
    struct Entry {
        let state: Automaton.State
        let accepted: SearchChannel?
        let wanted: UInt64
    }

    /// A step that was worked out; another one in its place takes it over.
    private struct Step {
        /// The state × 65,536 + the symbol; 0 for none.
        var key: UInt64 = 0
        var next: UInt32 = 0
    }

    /// Nothing leads on from here and nothing is accepted.
    static var dead: UInt32 { 0 }

    /// Bits of the number of steps that are kept, 64 KiB of them.
    ///
    /// Chosen, not measured.
    private static var stepBits: UInt64 { 12 }
    /// The first number of slots, a power of two.
    private static var slotCount: Int { 256 }

    private let automaton: Automaton
    private let symbols: UnsafeBufferPointer<Symbol>
    private let steps: UnsafeMutableBufferPointer<Step>
    private var entries: UnsafeMutableBufferPointer<Entry>
    /// Numbers of states by their fingerprints, 0 for none.
    private var slots: UnsafeMutableBufferPointer<UInt32>
    private(set) var count = 0

    init(_ automaton: Automaton, _ symbols: UnsafeBufferPointer<Symbol>) {
        self.automaton = automaton
        self.symbols = symbols
        steps = .allocate(capacity: 1 << Int(Self.stepBits))
        entries = .allocate(capacity: Self.slotCount / 2)
        slots = .allocate(capacity: Self.slotCount)
        reset()
    }

    func deallocate() {
        steps.deallocate()
        entries.deallocate()
        slots.deallocate()
    }

    /// The number of the automaton's first state.
    static var start: UInt32 { 1 }

    subscript(number: UInt32) -> Entry { entries[Int(number)] }

    /// Forgets all states; numbers that were given mean nothing any more.
    mutating func reset() {
        steps.initialize(repeating: Step())
        slots.initialize(repeating: 0)
        count = 0
        // Its number is 0, and nothing finds it.
        add(Entry(state: automaton.start, accepted: nil, wanted: 0))
        _ = number(
            of: Entry(state: automaton.start, accepted: nil, wanted: automaton.wanted(automaton.start)))
    }

    /// The number of the state after a symbol.
    @inline(__always)
    mutating func next(_ number: UInt32, _ symbol: UInt16) -> UInt32 {
        let key = UInt64(number) << 16 | UInt64(symbol)
        let home = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> (64 - Self.stepBits))
        if steps[home].key == key { return steps[home].next }
        let next = made(number, symbol)
        steps[home] = Step(key: key, next: next)
        return next
    }

    @inline(never)
    private mutating func made(_ number: UInt32, _ symbol: UInt16) -> UInt32 {
        let entry = entries[Int(number)]
        let symbol = symbols[Int(symbol)]
        guard automaton.offered(symbol) & entry.wanted != 0 else { return Self.dead }
        let state = automaton.step(entry.state, symbol)
        let (accepted, wanted) = (automaton.accepted(state), automaton.wanted(state))
        guard accepted != nil || wanted != 0 else { return Self.dead }
        return self.number(of: Entry(state: state, accepted: accepted, wanted: wanted))
    }

    private mutating func number(of entry: Entry) -> UInt32 {
        var at = home(entry)
        while slots[at] != 0 {
            if entries[Int(slots[at])].state == entry.state { return slots[at] }
            at = (at + 1) & (slots.count - 1)
        }
        add(entry)
        place(UInt32(count - 1))
        return UInt32(count - 1)
    }

    private func home(_ entry: Entry) -> Int {
        let mixed = entry.state.fingerprint &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 32) & (slots.count - 1)
    }

    private mutating func add(_ entry: Entry) {
        if count == entries.count { grow() }
        entries.initializeElement(at: count, to: entry)
        count += 1
    }

    /// Twice the room.
    private mutating func grow() {
        let (oldEntries, oldSlots) = (entries, slots)
        entries = .allocate(capacity: oldEntries.count * 2)
        slots = .allocate(capacity: oldSlots.count * 2)
        slots.initialize(repeating: 0)
        for number in 0..<count { entries.initializeElement(at: number, to: oldEntries[number]) }
        for slot in oldSlots where slot != 0 { place(slot) }
        oldEntries.deallocate()
        oldSlots.deallocate()
    }

    private mutating func place(_ number: UInt32) {
        var at = home(entries[Int(number)])
        while slots[at] != 0 { at = (at + 1) & (slots.count - 1) }
        slots[at] = number
    }
}
