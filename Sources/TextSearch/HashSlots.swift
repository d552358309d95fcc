/// An open-addressing table of numbers that are kept, with what they stand for, somewhere else.
///
/// A Swift `Dictionary` would cost 20 to 40 bytes an entry; this costs about seven.
package struct HashSlots: Sendable {
    /// Number + 1, or 0 for a free slot.
    private var slots: [UInt32]
    /// How many numbers are kept.
    package private(set) var count = 0

    /// An empty table.
    package init() { slots = [UInt32](repeating: 0, count: 16) }

    var bytes: Int { slots.capacity * MemoryLayout<UInt32>.stride }

    /// The number that stands under the hash and is the one that is meant.
    package func find(_ hash: UInt64, where isMeant: (UInt32) -> Bool) -> UInt32? {
        var at = Self.home(hash, slots.count)
        while slots[at] != 0 {
            let number = slots[at] - 1
            if isMeant(number) { return number }
            at = at + 1 == slots.count ? 0 : at + 1
        }
        return nil
    }

    /// Adds a number that is not there yet; `hashOf` tells the hash of those that are.
    package mutating func insert(_ number: UInt32, hash: UInt64, hashOf: (UInt32) -> UInt64) {
        // At most four of five slots are taken, and the table grows by a half: room against time, chosen.
        if (count + 1) * 5 > slots.count * 4 { grow(hashOf) }
        place(number, hash)
        count += 1
    }

    /// Takes a number out that is there; the run behind it moves up, so there are no tombstones.
    package mutating func remove(_ number: UInt32, hash: UInt64, hashOf: (UInt32) -> UInt64) {
        var hole = Self.home(hash, slots.count)
        while slots[hole] != number + 1 {
            if slots[hole] == 0 { return }
            hole = hole + 1 == slots.count ? 0 : hole + 1
        }
        count -= 1
        var at = hole
        while true {
            at = at + 1 == slots.count ? 0 : at + 1
            if slots[at] == 0 { break }
            let home = Self.home(hashOf(slots[at] - 1), slots.count)
            let stays = hole <= at ? (hole < home && home <= at) : (hole < home || home <= at)
            if !stays {
                slots[hole] = slots[at]
                hole = at
            }
        }
        slots[hole] = 0
    }

    private mutating func place(_ number: UInt32, _ hash: UInt64) {
        var at = Self.home(hash, slots.count)
        while slots[at] != 0 { at = at + 1 == slots.count ? 0 : at + 1 }
        slots[at] = number + 1
    }

    private mutating func grow(_ hashOf: (UInt32) -> UInt64) {
        let old = slots
        slots = [UInt32](repeating: 0, count: old.count + old.count / 2)
        for slot in old where slot != 0 { place(slot - 1, hashOf(slot - 1)) }
    }

    private static func home(_ hash: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A hash of a number (the finaliser of MurmurHash3).
    static func hash(_ value: UInt32) -> UInt64 {
        var mixed = UInt64(value) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 33
        mixed = mixed &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ (mixed >> 33) ^ (mixed << 31)
    }

    /// A hash of bytes (FNV-1a, finished as a number is).
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var mixed: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        mixed ^= mixed >> 32
        mixed = mixed &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ (mixed >> 29)
    }
}

extension Array {
    /// Appends and grows by a quarter instead of doubling: the index counts its bytes.
    mutating func appendTightly(_ element: Element) {
        if count == capacity { reserveCapacity(count + Swift.max(8, count / 4)) }
        append(element)
    }
}
