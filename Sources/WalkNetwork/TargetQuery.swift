import DirectoryModel

/// What a list of reachable targets is asked for.
package struct TargetQuery: Sendable {
    /// Where the walk starts.
    package var origin: Snap
    /// The longest walk, both legs included, itself allowed; 0 … `WalkNetwork.maximumLimit`.
    package var limit: Metres
    /// Whether ways of steps are left out.
    package var avoidsSteps: Bool
    /// The kinds that are wanted, or nil for all of them.
    package var kinds: KindSet?
    /// How many targets are wanted at most, at least 0.
    package var wanted: Int

    /// A query; see the fields.
    package init(
        origin: Snap, limit: Metres, avoidsSteps: Bool = false, kinds: KindSet? = nil, wanted: Int = .max
    ) {
        self.origin = origin
        self.limit = limit
        self.avoidsSteps = avoidsSteps
        self.kinds = kinds
        self.wanted = wanted
    }
}

/// One target within reach.
package struct ReachedTarget: Hashable, Sendable {
    /// Which.
    package var slot: TargetSlot
    /// First leg + network + last leg, not rounded.
    package var metres: Metres

    /// A target at its distance.
    package init(slot: TargetSlot, metres: Metres) {
        self.slot = slot
        self.metres = metres
    }
}

/// A set of target kinds.
package struct KindSet: Hashable, Sendable {
    /// Bit k of word k / 64 stands for kind k.
    package private(set) var words: [UInt64]

    /// The empty set.
    package init() { words = [] }

    /// The set of these kinds.
    package init(_ kinds: some Sequence<UInt16>) {
        words = []
        for kind in kinds { insert(kind) }
    }

    /// Adds a kind.
    package mutating func insert(_ kind: UInt16) {
        let word = Int(kind) >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(kind & 63)
    }

    /// Whether a kind is in the set.
    package func contains(_ kind: UInt16) -> Bool {
        let word = Int(kind) >> 6
        return word < words.count && words[word] & (1 << UInt64(kind & 63)) != 0
    }
}
