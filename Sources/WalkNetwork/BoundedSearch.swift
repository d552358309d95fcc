import DirectoryModel

// One bounded search serves isochrone, route, and lists that no labels answer, so that they cannot disagree;
// those from labels (LabelSearch.swift) put metres together by the same expressions.
//
// A walk from the origin first goes to one end of the origin's edge, a *seed*, and from there over whole
// edges of whole centimetres. A vertex therefore lies at `seed + k cm` for one of two seeds, and the key
// `2 * floor(cm) + (1 for the seed whose fraction of a centimetre is the greater)` orders vertices exactly
// as the unrounded distances do: the search is exact in 32-bit integers, and metres are put together once,
// at the end, by `SeedPair.metres` and `WalkTotal`, which everything uses.

/// The two ways to leave the origin's edge.
struct SeedPair {
    /// Metres from the origin's point to the vertex of the seed with the smaller fraction, then the other.
    private let metres: (Double, Double)
    /// Whole centimetres of the same.
    private let centimetres: (UInt32, UInt32)
    /// The key at the edge's tail, and at its head.
    let tailKey: UInt32
    let headKey: UInt32

    /// The seeds of a point `offset` metres into an edge of `length` centimetres.
    init(offset: Double, length: UInt32) {
        let toHead = max(0, Double(length) / 100 - offset)
        let tail = Self.split(offset)
        let head = Self.split(toHead)
        if tail.fraction <= head.fraction {
            metres = (offset, toHead)
            centimetres = (tail.whole, head.whole)
            tailKey = tail.whole << 1
            headKey = head.whole << 1 | 1
        } else {
            metres = (toHead, offset)
            centimetres = (head.whole, tail.whole)
            tailKey = tail.whole << 1 | 1
            headKey = head.whole << 1
        }
    }

    private static func split(_ metres: Double) -> (whole: UInt32, fraction: Double) {
        let scaled = metres * 100
        let whole = scaled.rounded(.down)
        return (UInt32(min(whole, Double(UInt32.max >> 1))), scaled - whole)
    }

    /// Metres on the network from the origin's point to a vertex with this key.
    @inline(__always) func metres(_ key: UInt32) -> Double {
        key & 1 == 0
            ? metres.0 + Double(key >> 1 &- centimetres.0) / 100
            : metres.1 + Double(key >> 1 &- centimetres.1) / 100
    }
}

/// The one expression for the length of a whole walk.
enum WalkTotal {
    /// Metres to a point of an edge from the edge's end that lies `vertex` metres from the origin's point.
    @inline(__always)
    static func toPoint(vertex: Double, offset: Double, length: UInt32, reversed: Bool) -> Double {
        vertex + (reversed ? max(0, Double(length) / 100 - offset) : offset)
    }

    /// First leg + network + last leg.
    @inline(__always) static func whole(_ first: Double, _ network: Double, _ last: Double) -> Double {
        (first + network) + last
    }
}

/// What a search is done for.
///
/// The search is compiled anew for each, so that a list does not pay for a route.
protocol SearchPurpose {
    /// Whether the half-edge that each label came over is kept.
    static var keepsParents: Bool { get }
    /// Called for each half-edge of a vertex taken from the queue with `key`, perhaps more than once.
    mutating func leave(by half: HalfEdge, key: UInt32, search: inout BoundedSearch)
    /// Called for each vertex taken from the queue.
    mutating func settle(_ vertex: UInt32, key: UInt32, search: inout BoundedSearch)
    /// Called when nothing can be reached any more with a key of this bucket or below; true ends the search.
    mutating func finish(bucket: Int, search: inout BoundedSearch) -> Bool
}

/// The state of one search: pointers into network and scratch, taken once.
///
/// Everything that takes it `inout` on the way of a list is inlined, so that its fields stay in registers:
/// one call that is not puts them all into memory and costs a list 15 %.
struct BoundedSearch {
    /// The parent of a seed at the tail of the origin's edge.
    static let tailSeed = UInt32.max
    /// The parent of a seed at the head of the origin's edge.
    static let headSeed = UInt32.max - 1
    /// Targets are put this many metres later into the queue, against the rounding of their totals.
    static let roundingMargin = 1e-6

    let network: WalkNetwork
    let scratch: SearchScratch
    let origin: Snap
    let seeds: SeedPair
    let limit: Double
    /// The highest key that can be of use.
    let lastKey: UInt32
    private let mask: UInt32
    private let epochBits: UInt64
    let epoch: UInt32
    private let shift = SearchScratch.bucketShift
    private let vertexOffsets: UnsafePointer<UInt32>
    private let halfEdges: UnsafePointer<HalfEdge>
    private let labels: UnsafeMutablePointer<UInt64>
    private let parents: UnsafeMutablePointer<UInt32>?
    private let buckets: UnsafeMutablePointer<Bucket>
    private let occupied: UnsafeMutablePointer<UInt64>
    private let wordCount: Int
    private var vertexEntries: UnsafeMutablePointer<VertexEntry>
    private var vertexLimit: UInt32
    private var vertexFill: UInt32 = 1
    private var targetEntries: UnsafeMutablePointer<TargetEntry>
    private var targetLimit: UInt32
    private var targetFill: UInt32 = 1

    /// Readies a search; nil where the first leg alone is longer than the limit.
    init?(
        network: WalkNetwork, scratch: SearchScratch, origin: Snap, limit: Metres, avoidsSteps: Bool,
        slotLimit: Int, keepsParents: Bool
    ) {
        precondition(network.holds(origin) && scratch.vertexCount == network.vertexCount)
        let limit = min(limit, WalkNetwork.maximumLimit).value
        let budget = limit - origin.leg.value
        guard budget >= 0 else { return nil }
        self.network = network
        self.scratch = scratch
        self.origin = origin
        self.limit = limit
        // One centimetre more than the budget, against its rounding; what is too far is found out in metres.
        lastKey = (UInt32(budget * 100) + 1) << 1 | 1
        let bucketCount = Int(lastKey >> shift) + 2
        scratch.begin(bucketCount: bucketCount, slotLimit: slotLimit, keepsParents: keepsParents)
        seeds = SeedPair(offset: origin.offset.value, length: network.centimetres(origin.edge.number))
        mask = HalfEdge.closed | (avoidsSteps ? HalfEdge.steps : 0)
        epoch = scratch.epoch
        epochBits = UInt64(scratch.epoch) << 32
        vertexOffsets = network.vertexOffsets
        halfEdges = network.halfEdges
        labels = scratch.labels
        parents = scratch.parents
        buckets = scratch.buckets
        occupied = scratch.occupied
        wordCount = (bucketCount + 63) / 64
        vertexEntries = scratch.vertexEntries
        vertexLimit = UInt32(scratch.vertexCapacity)
        targetEntries = scratch.targetEntries
        targetLimit = UInt32(scratch.targetCapacity)
    }

    /// The key of a vertex, or nil where this search has not reached it.
    @inline(__always) func key(of vertex: UInt32) -> UInt32? {
        let label = labels[Int(vertex)]
        return label >> 32 == UInt64(epoch) ? UInt32(truncatingIfNeeded: label) : nil
    }

    /// Runs the search to its end, or until the purpose has what it wants.
    @inline(__always) mutating func run<Purpose: SearchPurpose>(_ purpose: inout Purpose) {
        seed(keepsParents: Purpose.keepsParents)
        var word = 0
        while word < wordCount {
            let bits = occupied[word]
            if bits == 0 {
                word &+= 1
                continue
            }
            let number = word << 6 | bits.trailingZeroBitCount
            while buckets[number].vertices != 0 {
                let entry = vertexEntries[Int(buckets[number].vertices)]
                buckets[number].vertices = entry.next
                guard labels[Int(entry.vertex)] == epochBits | UInt64(entry.key) else { continue }
                expand(entry.vertex, key: entry.key, purpose: &purpose)
            }
            let isEnough = purpose.finish(bucket: number, search: &self)
            occupied[word] &= ~(1 << UInt64(number & 63))
            buckets[number] = Bucket(vertices: 0, targets: 0)
            if isEnough { break }
        }
        clear(from: word)
    }

    @inline(__always) private mutating func expand<Purpose: SearchPurpose>(
        _ vertex: UInt32, key: UInt32, purpose: inout Purpose
    ) {
        purpose.settle(vertex, key: key, search: &self)
        var index = Int(vertexOffsets[Int(vertex)])
        let end = Int(vertexOffsets[Int(vertex) &+ 1])
        while index < end {
            let half = halfEdges[index]
            index &+= 1
            guard half.edgeAndFlags & mask == 0 else { continue }
            // Cannot wrap: keys stay below 2^25 and twice a piece's centimetres below 2^32 - 2^25.
            let next = key &+ half.weight &<< 1
            if next <= lastKey {
                reach(
                    half.target, key: next, parent: half.edgeAndFlags, keepsParents: Purpose.keepsParents)
            }
            purpose.leave(by: half, key: key, search: &self)
        }
    }

    @inline(__always) private mutating func seed(keepsParents: Bool) {
        let record = network.edges[Int(origin.edge.number)]
        if seeds.headKey <= lastKey {
            reach(record.head, key: seeds.headKey, parent: Self.headSeed, keepsParents: keepsParents)
        }
        if record.flags & EdgeRecord.oneway == 0 && seeds.tailKey <= lastKey {
            reach(record.tail, key: seeds.tailKey, parent: Self.tailSeed, keepsParents: keepsParents)
        }
    }

    @inline(__always)
    private mutating func reach(_ vertex: UInt32, key: UInt32, parent: UInt32, keepsParents: Bool) {
        let label = epochBits | UInt64(key)
        guard label < labels[Int(vertex)] else { return }
        labels[Int(vertex)] = label
        if keepsParents, let parents { parents[Int(vertex)] = parent }
        if vertexFill == vertexLimit {
            scratch.growVertexEntries()
            vertexEntries = scratch.vertexEntries
            vertexLimit = UInt32(scratch.vertexCapacity)
        }
        let number = Int(key >> shift)
        vertexEntries[Int(vertexFill)] = VertexEntry(
            key: key, vertex: vertex, next: buckets[number].vertices)
        buckets[number].vertices = vertexFill
        occupied[number >> 6] |= 1 << UInt64(number & 63)
        vertexFill &+= 1
    }

    /// The bucket after which a target with this total can't be reached by a shorter walk any more.
    @inline(__always) func bucket(ofTotal total: Double) -> Int {
        Int((total - origin.leg.value + Self.roundingMargin) * 200) >> Int(shift)
    }

    /// Puts a target with its total into the queue; totals beyond the limit must not come here.
    @inline(__always) mutating func queue(target slot: Int32, total: Double) {
        if targetFill == targetLimit {
            scratch.growTargetEntries()
            targetEntries = scratch.targetEntries
            targetLimit = UInt32(scratch.targetCapacity)
        }
        let number = bucket(ofTotal: total)
        targetEntries[Int(targetFill)] = TargetEntry(
            total: total, slot: slot, next: buckets[number].targets)
        buckets[number].targets = targetFill
        occupied[number >> 6] |= 1 << UInt64(number & 63)
        targetFill &+= 1
    }

    /// Takes a target entry out of a bucket.
    @inline(__always) mutating func popTarget(bucket: Int) -> TargetEntry? {
        let first = buckets[bucket].targets
        guard first != 0 else { return nil }
        let entry = targetEntries[Int(first)]
        buckets[bucket].targets = entry.next
        return entry
    }

    /// Empties what a search that ended early has left in the queue.
    @inline(__always) private func clear(from first: Int) {
        var word = first
        while word < wordCount {
            var bits = occupied[word]
            while bits != 0 {
                buckets[word << 6 | bits.trailingZeroBitCount] = Bucket(vertices: 0, targets: 0)
                bits &= bits &- 1
            }
            occupied[word] = 0
            word &+= 1
        }
    }
}
