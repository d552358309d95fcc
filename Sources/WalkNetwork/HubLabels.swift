// Hub labels: what makes a list cost what it lists, not what the area holds.
//
// Each vertex has a *label*: some vertices near it, its *hubs*, with the centimetres of the shortest way to
// and from each. They are chosen so that of any two vertices within the bound, a hub that both have lies on a
// shortest way between them: the shortest way is the least sum over the hubs in common. HubLabelling.swift
// makes them, HubLists.swift hangs targets on hubs, LabelSearch.swift answers from both. docs/performance.md
// has the whole in words.

/// What the labels of a network cover.
package enum LabelBound {
    /// The longest walk between two vertices that labels know: 20 minutes at the quickest shipped pace, 1.11
    /// m/s.
    ///
    /// One metre more than that, so that no rounding of a limit puts it beyond the bound.
    package static let centimetres: UInt32 = 133_300
    /// What an entry of a label, and of a hub's list, has room for: 20 bits.
    static let most: UInt32 = 1 << 20 - 1
}

/// For which walks an entry of a label holds.
///
/// Where no one-way footway and no steps are near, all four are the same and are kept as one entry.
struct LabelWays: OptionSet {
    let rawValue: UInt64

    /// From the vertex to the hub.
    static let out = LabelWays(rawValue: 1)
    /// From the hub to the vertex.
    static let back = LabelWays(rawValue: 2)
    /// From the vertex to the hub over no steps.
    static let outStepFree = LabelWays(rawValue: 4)
    /// From the hub to the vertex over no steps.
    static let backStepFree = LabelWays(rawValue: 8)
    /// Whatever the walk.
    static let all = LabelWays(rawValue: 15)

    /// From the vertex to the hub.
    @inline(__always) static func out(avoidsSteps: Bool) -> LabelWays { avoidsSteps ? .outStepFree : .out }
    /// From the hub to the vertex.
    @inline(__always) static func back(avoidsSteps: Bool) -> LabelWays { avoidsSteps ? .backStepFree : .back }
}

/// One hub of a label, in one word: centimetres, then `LabelWays`, then the hub; so words order by the way.
struct LabelEntry {
    /// The word.
    let word: UInt64

    /// The entry of a word.
    @inline(__always) init(word: UInt64) { self.word = word }

    /// An entry of its parts.
    @inline(__always) init(hub: UInt32, centimetres: UInt32, ways: LabelWays) {
        word = UInt64(centimetres) << 36 | ways.rawValue << 32 | UInt64(hub)
    }

    /// The vertex that is the hub.
    @inline(__always) var hub: UInt32 { UInt32(truncatingIfNeeded: word) }
    /// Centimetres of the shortest way, at most `LabelBound.centimetres`.
    @inline(__always) var centimetres: UInt32 { UInt32(truncatingIfNeeded: word >> 36) }
    /// The walks that it is for.
    @inline(__always) var ways: LabelWays { LabelWays(rawValue: word >> 32 & 15) }
    /// Whether it is for any of these walks.
    @inline(__always) func serves(_ wanted: LabelWays) -> Bool { word >> 32 & wanted.rawValue != 0 }
}

/// The labels of all vertices of a network.
struct HubLabels {
    /// Where the label of each vertex starts; one more than there are vertices.
    let offsets: UnsafePointer<UInt32>
    /// `LabelEntry.word` × entries, of each vertex the nearest hub first.
    let entries: UnsafePointer<UInt64>
    /// The longest way between two vertices that they cover.
    let boundCentimetres: UInt32

    /// The label of a vertex.
    @inline(__always) subscript(vertex: UInt32) -> UnsafeBufferPointer<UInt64> {
        let start = Int(offsets[Int(vertex)])
        return UnsafeBufferPointer(
            start: entries + start, count: Int(offsets[Int(vertex) &+ 1]) &- start)
    }
}
