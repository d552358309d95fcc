// TextSearch: finds named things by characters, pinyin, initials, telephone digits and English words.
// May import: the standard library only.

/// A live index of named things.
///
/// Whatever is inserted, replaced or removed shows in the next search. It is a plain value without a lock: one
/// writer at a time, and no reader while it writes, is the caller's care. Any number of readers may search at once.
package struct SearchIndex: Sendable {
    private(set) var store = TextStore()
    /// The caller's id of each thing; see `texts` for which are taken.
    private(set) var ids: [UInt32] = []
    /// The texts of each thing; a free number has none.
    private(set) var texts: [PackedList] = []
    /// Units of the name of each thing: the shorter of two comes first.
    private(set) var lengths: [UInt8] = []
    private var byID = HashSlots()
    private var freeThings: [UInt32] = []

    /// An index with nothing in it.
    package init() {}

    /// How many things are in it.
    package var count: Int { byID.count }

    /// The bytes that the index takes, capacity counted: without the UTF-8 of the names, and that UTF-8.
    package var bytes: (index: Int, names: Int) {
        let own =
            ids.capacity * 4 + lengths.capacity + texts.capacity * MemoryLayout<PackedList>.stride
            + byID.bytes
            + freeThings.capacity * 4
        let stored = store.bytes
        return (own + stored.index, stored.names)
    }

    /// Adds a thing; one that has the id already is replaced.
    ///
    /// - Parameters:
    ///   - id: any number; see `search` for how ties are broken.
    ///   - names: a thing whose texts hold no letter, digit or character is counted and never found.
    /// - Complexity: O(length of the texts), and O(log n) comparisons and one move of memory for each character.
    package mutating func insert(id: UInt32, names: SearchNames) {
        remove(id: id)
        let thing: UInt32
        if let free = freeThings.popLast() {
            thing = free
            ids[Int(thing)] = id
        } else {
            // A link has room for 29 bits.
            guard ids.count < 1 << 29 else { return }
            thing = UInt32(ids.count)
            ids.appendTightly(id)
            texts.appendTightly(PackedList())
            lengths.appendTightly(0)
        }
        var own = PackedList()
        lengths[Int(thing)] = 0
        for (text, field) in names.fields {
            guard let number = store.add(text, thing: thing, field: field) else { continue }
            store.insert(number, into: &own)
            if field == .name { lengths[Int(thing)] = store.records[Int(number)].count }
        }
        texts[Int(thing)] = own
        changeIDs { slots, ids in
            slots.insert(thing, hash: HashSlots.hash(id)) { HashSlots.hash(ids[Int($0)]) }
        }
    }

    /// Takes a thing out.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    package mutating func remove(id: UInt32) -> Bool {
        guard let thing = thing(id) else { return false }
        var own = texts[Int(thing)]
        for number in store.lists.array(own) { store.remove(number, thing: thing) }
        store.clear(&own)
        texts[Int(thing)] = own
        changeIDs { slots, ids in
            slots.remove(thing, hash: HashSlots.hash(id)) { HashSlots.hash(ids[Int($0)]) }
        }
        freeThings.append(thing)
        return true
    }

    /// Gives a thing other names; one that is not there is added.
    package mutating func replace(id: UInt32, names: SearchNames) { insert(id: id, names: names) }

    /// Whether a thing is in it.
    package func contains(id: UInt32) -> Bool { thing(id) != nil }

    private func thing(_ id: UInt32) -> UInt32? {
        byID.find(HashSlots.hash(id)) { ids[Int($0)] == id }
    }

    private mutating func changeIDs(_ change: (inout HashSlots, [UInt32]) -> Void) {
        let ids = ids
        change(&byID, ids)
    }
}
