import DirectoryModel

extension WalkNetwork {
    /// Lists the targets within reach of an origin, nearest first.
    ///
    /// A target is within reach if and only if first leg + network + last leg ≤ the limit, on unrounded
    /// values.
    ///
    /// Answered from labels where the network has them, `targets` hang on its hubs, and the limit is within
    /// `labelledLimit`; by a bounded search elsewhere. Both give the same answer, to the last bit.
    ///
    /// - Parameters:
    ///   - query: origin, limit, what is avoided, kinds and number.
    ///   - targets: the targets; see there for changes meanwhile.
    ///   - scratch: working memory of this network.
    ///   - accept: called for targets of the wanted kinds in the order of the answer, until there are as many
    ///     as wanted; those for which it says false are left out.
    ///   - precedes: for two targets with exactly equal metres, whether the first one comes first.
    ///   - results: emptied, then filled with at most `query.wanted` targets.
    /// - Complexity: from labels, O(h + f log h) in the hubs h of the origin and the targets f that are
    ///   listed or turned away by `accept`; otherwise that of `boundedReach`.
    package func reach(
        _ query: TargetQuery, targets: TargetTable, scratch: SearchScratch,
        accept: (TargetSlot, Metres) -> Bool, precedes: (TargetSlot, TargetSlot) -> Bool,
        into results: inout [ReachedTarget]
    ) {
        if let hubs = targets.hubs, hubs.network === self, let labelledLimit, query.limit <= labelledLimit,
            case let way = ReachWay.soonest(query, hubs), way != .bounded
        {
            labelledReach(
                query, by: way, targets: targets, hubs: hubs, scratch: scratch, accept: accept,
                precedes: precedes,
                into: &results)
        } else {
            boundedReach(
                query, targets: targets, scratch: scratch, accept: accept, precedes: precedes,
                into: &results)
        }
    }

    /// The same as `reach`, always by a bounded search.
    ///
    /// - Complexity: O(s) in the half-edges and targets met, for short buckets.
    package func boundedReach(
        _ query: TargetQuery, targets: TargetTable, scratch: SearchScratch,
        accept: (TargetSlot, Metres) -> Bool, precedes: (TargetSlot, TargetSlot) -> Bool,
        into results: inout [ReachedTarget]
    ) {
        results.removeAll(keepingCapacity: true)
        guard query.wanted > 0,
            var search = BoundedSearch(
                network: self, scratch: scratch, origin: query.origin, limit: query.limit,
                avoidsSteps: query.avoidsSteps, slotLimit: targets.capacity, keepsParents: false)
        else { return }
        let words = query.kinds?.words ?? []
        let count = words.withUnsafeBufferPointer { words in
            withoutActuallyEscaping(accept) { accept in
                withoutActuallyEscaping(precedes) { precedes in
                    var list = ListPurpose(
                        records: targets.records, chains: targets.chains,
                        states: scratch.targetStates, kinds: query.kinds == nil ? nil : words,
                        firstLeg: query.origin.leg.value, wanted: query.wanted, accept: accept,
                        precedes: precedes, scratch: scratch)
                    list.takeOwnEdge(search: &search)
                    search.run(&list)
                    return list.foundCount
                }
            }
        }
        results.append(contentsOf: UnsafeBufferPointer(start: scratch.found, count: count))
    }
}

/// Collects targets, bucket by bucket.
private struct ListPurpose: SearchPurpose {
    static var keepsParents: Bool { false }

    let records: UnsafeMutablePointer<TargetRecord>
    let chains: TargetChains
    let states: UnsafeMutablePointer<TargetState>
    let kinds: UnsafeBufferPointer<UInt64>?
    let firstLeg: Double
    let wanted: Int
    let accept: (TargetSlot, Metres) -> Bool
    let precedes: (TargetSlot, TargetSlot) -> Bool
    let scratch: SearchScratch
    private(set) var foundCount = 0

    @inline(__always) mutating func settle(_ vertex: UInt32, key: UInt32, search: inout BoundedSearch) {}

    @inline(__always)
    mutating func leave(by half: HalfEdge, key: UInt32, search: inout BoundedSearch) {
        var slot = chains.first(ofEdge: half.edgeAndFlags >> HalfEdge.shift)
        guard slot >= 0 else { return }
        let vertex = search.seeds.metres(key)
        let reversed = half.edgeAndFlags & HalfEdge.reversed != 0
        while slot >= 0 {
            let record = records[Int(slot)]
            offer(
                slot, record,
                network: WalkTotal.toPoint(
                    vertex: vertex, offset: record.offset, length: half.weight, reversed: reversed),
                search: &search)
            slot = chains.next(after: slot)
        }
    }

    /// Targets on the origin's own edge, straight along it.
    @inline(__always) mutating func takeOwnEdge(search: inout BoundedSearch) {
        let origin = search.origin
        var slot = chains.first(ofEdge: origin.edge.number)
        while slot >= 0 {
            let record = records[Int(slot)]
            if let network = search.network.alongEdge(origin.edge, origin.offset.value, record.offset) {
                offer(slot, record, network: network, search: &search)
            }
            slot = chains.next(after: slot)
        }
    }

    @inline(__always)
    private mutating func offer(
        _ slot: Int32, _ record: TargetRecord, network: Double, search: inout BoundedSearch
    ) {
        let total = WalkTotal.whole(firstLeg, network, record.leg)
        guard total <= search.limit, isWanted(record.kind) else { return }
        let state = states[Int(slot)]
        if state.epoch == search.epoch && state.total <= total { return }
        states[Int(slot)] = TargetState(total: total, epoch: search.epoch)
        search.queue(target: slot, total: total)
    }

    @inline(__always) private func isWanted(_ kind: UInt16) -> Bool {
        guard let kinds else { return true }
        let word = Int(kind >> 6)
        return word < kinds.count && kinds[word] & (1 << UInt64(kind & 63)) != 0
    }

    @inline(__always) mutating func finish(bucket: Int, search: inout BoundedSearch) -> Bool {
        guard let first = search.popTarget(bucket: bucket) else { return false }
        // Not kept in a field: they move when target entries grow.
        let (due, found) = (scratch.due, scratch.found)
        var count = collect(first, into: due, count: 0)
        while let entry = search.popTarget(bucket: bucket) { count = collect(entry, into: due, count: count) }
        var index = 0
        while index < count && foundCount < wanted {
            let target = due[index]
            if accept(target.slot, target.metres) {
                found[foundCount] = target
                foundCount &+= 1
            }
            index &+= 1
        }
        return foundCount == wanted
    }

    /// Inserts an entry in its place among those of the bucket, unless a shorter walk was found meanwhile.
    @inline(__always) private func collect(
        _ entry: TargetEntry, into due: UnsafeMutablePointer<ReachedTarget>, count: Int
    ) -> Int {
        guard states[Int(entry.slot)].total == entry.total else { return count }
        let target = ReachedTarget(slot: TargetSlot(entry.slot), metres: Metres(entry.total))
        var index = count
        while index > 0, comesBefore(target, due[index &- 1]) {
            due[index] = due[index &- 1]
            index &-= 1
        }
        due[index] = target
        return count &+ 1
    }

    @inline(__always) private func comesBefore(_ left: ReachedTarget, _ right: ReachedTarget) -> Bool {
        left.metres.value != right.metres.value
            ? left.metres.value < right.metres.value : precedes(left.slot, right.slot)
    }
}

extension WalkNetwork {
    /// Two points of an edge closer than this many metres are one spot: things at one place are put on an
    /// edge with the rounding of doubles, and none of them is behind the other on a one-way edge.
    static let sameSpot = 1e-6

    /// Metres along one edge from an offset to another, or nil where that is against a one-way edge.
    @inline(__always) func alongEdge(_ edge: EdgeIndex, _ from: Double, _ to: Double) -> Double? {
        if to >= from { return to - from }
        let isOneway = edges[Int(edge.number)].flags & EdgeRecord.oneway != 0
        return isOneway && from - to > Self.sameSpot ? nil : from - to
    }
}
