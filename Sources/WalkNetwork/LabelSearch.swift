import DirectoryModel

// A list from labels instead of over the network.
//
// The walk to a target goes to one of the origin's hubs and on to the target; the list of each hub has its
// targets in order, so the nearest target of all is at the head of one of the lists: a queue of the heads
// gives targets in order, each perhaps several times, and only as many as are wanted. Lists are in whole
// centimetres, rounded down, so the head of the queue bounds from below what can still come: a target waits
// until its own unrounded metres are below that.
//
// The least *order* of a target, key of its edge's end and whole centimetres from there, is kept for both
// ends; from it comes back the very key that a bounded search has for that vertex, and from the key the same
// metres, bit by bit.

/// The state of one search over labels.
struct LabelSearch {
    /// Beyond this many words from the queue, reading the lists to their ends and sorting is quicker.
    ///
    /// Measured on Malta and Helsinki: a word from the queue costs as much as some six read in a row.
    static let mostFromQueue = 768
    /// More wanted targets than this are not worth a queue.
    static let mostWanted = 192
    /// Metres that the sums of a list may be off their exact value; far more than the rounding of doubles.
    static let margin = 1e-6

    typealias Acceptance = (TargetSlot, Metres) -> Bool
    typealias Precedence = (TargetSlot, TargetSlot) -> Bool

    private let network: WalkNetwork
    private let labels: HubLabels
    private let scratch: LabelScratch
    private let records: UnsafeMutablePointer<TargetRecord>
    private let hubs: HubLists
    private let chains: TargetChains
    private let states: UnsafeMutablePointer<HubState>
    private let epoch: UInt32
    private let origin: Snap
    private let firstLeg: Double
    private let limit: Double
    private let seeds: SeedPair
    private let lastKey: UInt32
    private let avoidsSteps: Bool
    private let wantedWays: UInt64
    private let kinds: UnsafeBufferPointer<UInt64>?
    private let ownTargets: Int32
    private let wanted: Int
    private let opened: UnsafeMutablePointer<UInt32>
    private var memory: LabelMemory
    /// What is still to come of the labels of the head and of the tail of the origin's edge, nearest hub
    /// first.
    private var head: UnsafeBufferPointer<UInt64>
    private var tail: UnsafeBufferPointer<UInt64>
    private var headNext = 0
    private var tailNext = 0
    private var cursorCount = 0
    private var queueCount = 0
    private var waitingFirst = 0
    private var waitingEnd = 0
    private var foundCount = 0

    init?(
        network: WalkNetwork, query: TargetQuery, targets: TargetTable, hubs: HubLists, scratch: LabelScratch,
        kinds: UnsafeBufferPointer<UInt64>?
    ) {
        precondition(network.holds(query.origin))
        let budget = query.limit.value - query.origin.leg.value
        guard let labels = network.labels, budget >= 0, query.wanted > 0 else { return nil }
        self.network = network
        self.labels = labels
        self.scratch = scratch
        self.kinds = kinds
        records = targets.records
        self.hubs = hubs
        chains = targets.chains
        scratch.begin(slotLimit: targets.capacity)
        states = scratch.states
        epoch = scratch.epoch
        origin = query.origin
        firstLeg = query.origin.leg.value
        limit = query.limit.value
        wanted = query.wanted
        // One centimetre more than the budget, against its rounding; what is too far is found out in metres.
        lastKey = (UInt32(budget * 100) + 1) << 1 | 1
        seeds = SeedPair(offset: origin.offset.value, length: network.centimetres(origin.edge.number))
        avoidsSteps = query.avoidsSteps
        wantedWays = query.avoidsSteps ? HubTarget.stepFree : HubTarget.any
        ownTargets = targets.chains.first(ofEdge: origin.edge.number)
        opened = scratch.opened
        memory = scratch.memory
        let edge = network.edges[Int(origin.edge.number)]
        head = labels[edge.head]
        tail =
            edge.flags & EdgeRecord.oneway == 0
            ? labels[edge.tail] : UnsafeBufferPointer(start: nil, count: 0)
    }

    /// Searches, and leaves the answer in the scratch.
    ///
    /// Both closures are handed on and never kept, which would cost memory for each answer.
    ///
    /// - Returns: the number of targets of the answer.
    mutating func run(by way: ReachWay, accept: Acceptance, precedes: Precedence) -> Int {
        defer { scratch.memory = memory }
        takeOwnEdge(precedes)
        if way == .inOrder && wanted <= Self.mostWanted && takeInOrder(accept, precedes) {
            return foundCount
        }
        takeRest(accept, precedes)
        return foundCount
    }

    // MARK: Hubs

    /// Opens the lists of the hubs whose key is no more than this, which have not been opened before.
    ///
    /// The hubs of both ends of the origin's edge come in the order of their keys, so that the first key of a
    /// hub that both have is its least.
    @inline(__always) private mutating func openHubs(upTo last: UInt32, queued: Bool) {
        let ways = LabelWays.out(avoidsSteps: avoidsSteps)
        while true {
            let left = headNext < head.count ? LabelEntry(word: head[headNext]) : nil
            let right = tailNext < tail.count ? LabelEntry(word: tail[tailNext]) : nil
            let leftKey = left.map { seeds.headKey &+ $0.centimetres << 1 } ?? .max
            let rightKey = right.map { seeds.tailKey &+ $0.centimetres << 1 } ?? .max
            let key = min(leftKey, rightKey)
            guard key <= last else { return }
            let entry: LabelEntry?
            if leftKey <= rightKey {
                entry = left
                headNext &+= 1
            } else {
                entry = right
                tailNext &+= 1
            }
            if let entry, entry.serves(ways) { open(entry.hub, key: key, queued: queued) }
        }
    }

    @inline(__always) private mutating func open(_ hub: UInt32, key: UInt32, queued: Bool) {
        guard opened[Int(hub)] != epoch else { return }
        opened[Int(hub)] = epoch
        let words = hubs[hub]
        guard let start = words.baseAddress else { return }
        var cursor = HubCursor(next: start, end: start + words.count, key: key)
        guard let order = advance(&cursor) else { return }
        memory.cursors.ensure(cursorCount &+ 1, keeping: cursorCount)
        memory.cursors.start[cursorCount] = cursor
        if queued { push(UInt64(order) << 32 | UInt64(cursorCount)) }
        cursorCount &+= 1
    }

    /// Goes on to the next word of a list that is of use.
    ///
    /// - Returns: the order of its target, or nil where the list has none any more.
    @inline(__always) private func advance(_ cursor: inout HubCursor) -> UInt32? {
        while cursor.next < cursor.end {
            let target = HubTarget(word: cursor.next.pointee)
            let order = cursor.key &+ target.centimetres << 1
            guard order <= lastKey else { break }
            if target.ways & wantedWays != 0, isWanted(target) { return order }
            cursor.next += 1
        }
        cursor.next = cursor.end
        return nil
    }

    @inline(__always) private func isWanted(_ target: HubTarget) -> Bool {
        guard let kinds else { return true }
        let kind = target.kind < HubTarget.lastKind ? target.kind : records[Int(target.slot)].kind
        return Self.holds(kinds, kind)
    }

    @inline(__always) private static func holds(_ kinds: UnsafeBufferPointer<UInt64>, _ kind: UInt16) -> Bool
    {
        let word = Int(kind >> 6)
        return word < kinds.count && kinds[word] & (1 << UInt64(kind & 63)) != 0
    }

    // MARK: Targets

    /// Targets on the origin's own edge, straight along it.
    private mutating func takeOwnEdge(_ precedes: Precedence) {
        var slot = ownTargets
        while slot >= 0 {
            let record = records[Int(slot)]
            if kinds.map({ Self.holds($0, record.kind) }) ?? true {
                states[Int(slot)] = HubState(total: .infinity, tail: .max, head: .max, epoch: epoch)
                wait(slot, precedes)
            }
            slot = chains.next(after: slot)
        }
    }

    /// The shortest walk to a target by what is known of it, in metres.
    @inline(__always) private func total(_ slot: Int32, _ state: HubState) -> Double {
        let record = records[Int(slot)]
        let length = network.edges[Int(record.edge)].length
        var least = Double.infinity
        if state.tail != .max {
            let approach = Approach.centimetres(
                offset: record.offset, leg: record.leg, length: length, isHead: false)
            let along = WalkTotal.toPoint(
                vertex: seeds.metres(state.tail &- approach << 1), offset: record.offset, length: length,
                reversed: false)
            least = WalkTotal.whole(firstLeg, along, record.leg)
        }
        if state.head != .max {
            let approach = Approach.centimetres(
                offset: record.offset, leg: record.leg, length: length, isHead: true)
            let along = WalkTotal.toPoint(
                vertex: seeds.metres(state.head &- approach << 1), offset: record.offset, length: length,
                reversed: true)
            least = min(least, WalkTotal.whole(firstLeg, along, record.leg))
        }
        if record.edge == origin.edge.number,
            let along = network.alongEdge(origin.edge, origin.offset.value, record.offset)
        {
            least = min(least, WalkTotal.whole(firstLeg, along, record.leg))
        }
        return least
    }

    /// Notes a walk to a target.
    ///
    /// - Returns: whether it is shorter than those before it over the same end.
    @inline(__always) private func note(_ target: HubTarget, order: UInt32) -> Bool {
        let state = states + Int(target.slot)
        if state.pointee.epoch != epoch {
            state.pointee = HubState(total: .infinity, tail: .max, head: .max, epoch: epoch)
        }
        if target.isHead {
            guard order < state.pointee.head else { return false }
            state.pointee.head = order
        } else {
            guard order < state.pointee.tail else { return false }
            state.pointee.tail = order
        }
        return true
    }

    /// Puts a target in its place among those that wait.
    @inline(__always) private mutating func wait(_ slot: Int32, _ precedes: Precedence) {
        let state = states + Int(slot)
        let total = total(slot, state.pointee)
        guard total != state.pointee.total else { return }
        if state.pointee.total != .infinity { stopWaiting(slot) }
        guard total <= limit else {
            state.pointee.total = .infinity
            return
        }
        state.pointee.total = total
        memory.waiting.ensure(waitingEnd &+ 1, keeping: waitingEnd)
        let waiting = memory.waiting.start
        let target = ReachedTarget(slot: TargetSlot(slot), metres: Metres(total))
        var index = waitingEnd
        while index > waitingFirst, Self.comesBefore(target, waiting[index &- 1], precedes) {
            waiting[index] = waiting[index &- 1]
            index &-= 1
        }
        waiting[index] = target
        waitingEnd &+= 1
    }

    private mutating func stopWaiting(_ slot: Int32) {
        let waiting = memory.waiting.start
        guard let index = (waitingFirst..<waitingEnd).last(where: { waiting[$0].slot.number == slot }) else {
            return
        }
        for later in index &+ 1..<waitingEnd { waiting[later &- 1] = waiting[later] }
        waitingEnd &-= 1
    }

    @inline(__always)
    private static func comesBefore(
        _ left: ReachedTarget, _ right: ReachedTarget, _ precedes: Precedence
    ) -> Bool {
        left.metres.value != right.metres.value
            ? left.metres.value < right.metres.value : precedes(left.slot, right.slot)
    }

    /// Takes a target into the answer, if it is accepted.
    ///
    /// - Returns: whether there are as many as wanted.
    @inline(__always) private mutating func give(_ target: ReachedTarget, _ accept: Acceptance) -> Bool {
        if accept(target.slot, target.metres) {
            memory.found.ensure(foundCount &+ 1, keeping: foundCount)
            memory.found.start[foundCount] = target
            foundCount &+= 1
        }
        return foundCount == wanted
    }

    // MARK: In order

    /// Takes targets from the heads of the lists, the nearest first.
    ///
    /// - Returns: whether the answer is whole; false when so many had to be looked at that reading on is
    ///   quicker.
    private mutating func takeInOrder(_ accept: Acceptance, _ precedes: Precedence) -> Bool {
        var taken = 0
        while true {
            guard queueCount > 0 else {
                let key = nextKey
                guard key <= lastKey else { break }
                openHubs(upTo: key, queued: true)
                continue
            }
            // Targets of a hub are no nearer than the hub: those beyond the head of the queue can wait.
            let last = UInt32(truncatingIfNeeded: memory.queue.start[0] >> 32)
            openHubs(upTo: min(last, lastKey), queued: true)
            let top = memory.queue.start[0]
            let order = UInt32(truncatingIfNeeded: top >> 32)
            // Nothing that is still to come is nearer than this.
            let least = firstLeg + Double(order >> 1) / 100 - Self.margin
            while waitingFirst < waitingEnd {
                let target = memory.waiting.start[waitingFirst]
                guard target.metres.value < least else { break }
                waitingFirst &+= 1
                if give(target, accept) { return true }
            }
            guard taken < Self.mostFromQueue else { return false }
            taken &+= 1
            let number = Int(top & 0xFFFF_FFFF)
            let cursors = memory.cursors.start
            let target = HubTarget(word: cursors[number].next.pointee)
            if note(target, order: order) { wait(target.slot, precedes) }
            cursors[number].next += 1
            if let next = advance(&cursors[number]) {
                sink(UInt64(next) << 32 | UInt64(number))
            } else {
                queueCount &-= 1
                if queueCount > 0 { sink(memory.queue.start[queueCount]) }
            }
        }
        while waitingFirst < waitingEnd {
            waitingFirst &+= 1
            if give(memory.waiting.start[waitingFirst &- 1], accept) { return true }
        }
        return true
    }

    /// The key of the next hub that has not been opened; UInt32.max: none.
    private var nextKey: UInt32 {
        let left =
            headNext < head.count ? seeds.headKey &+ LabelEntry(word: head[headNext]).centimetres << 1 : .max
        let right =
            tailNext < tail.count ? seeds.tailKey &+ LabelEntry(word: tail[tailNext]).centimetres << 1 : .max
        return min(left, right)
    }

    @inline(__always) private mutating func push(_ word: UInt64) {
        memory.queue.ensure(queueCount &+ 1, keeping: queueCount)
        let queue = memory.queue.start
        var index = queueCount
        queueCount &+= 1
        while index > 0 {
            let parent = (index &- 1) >> 1
            guard word < queue[parent] else { break }
            queue[index] = queue[parent]
            index = parent
        }
        queue[index] = word
    }

    /// Puts a word in the place of the first of the queue, and down where it belongs.
    @inline(__always) private func sink(_ word: UInt64) {
        let queue = memory.queue.start
        var index = 0
        while true {
            var child = 2 &* index &+ 1
            guard child < queueCount else { break }
            if child &+ 1 < queueCount && queue[child &+ 1] < queue[child] { child &+= 1 }
            guard queue[child] < word else { break }
            queue[index] = queue[child]
            index = child
        }
        queue[index] = word
    }

    // MARK: All the rest

    /// Reads all lists to their ends, then gives what was met in order.
    private mutating func takeRest(_ accept: Acceptance, _ precedes: Precedence) {
        var metCount = 0
        while waitingFirst < waitingEnd {
            memory.met.ensure(metCount &+ 1, keeping: metCount)
            let slot = memory.waiting.start[waitingFirst].slot.number
            memory.met.start[metCount] = slot
            states[Int(slot)].total = HubState.isMet
            metCount &+= 1
            waitingFirst &+= 1
        }
        openHubs(upTo: lastKey, queued: false)
        let cursors = memory.cursors.start
        for number in 0..<cursorCount {
            var cursor = cursors[number]
            memory.met.ensure(metCount &+ (cursor.end - cursor.next), keeping: metCount)
            let met = memory.met.start
            while let order = advance(&cursor) {
                let target = HubTarget(word: cursor.next.pointee)
                _ = note(target, order: order)
                let state = states + Int(target.slot)
                if state.pointee.total == .infinity {
                    state.pointee.total = HubState.isMet
                    met[metCount] = target.slot
                    metCount &+= 1
                }
                cursor.next += 1
            }
        }
        giveAll(metCount, accept, precedes)
    }

    /// Sorts targets by bucket, then gives bucket by bucket.
    private mutating func giveAll(_ metCount: Int, _ accept: Acceptance, _ precedes: Precedence) {
        memory.sorted.ensure(metCount, keeping: 0)
        let (met, sorted, starts) = (memory.met.start, memory.sorted.start, scratch.bucketStarts)
        starts.initialize(repeating: 0, count: LabelScratch.bucketCount + 1)
        var count = 0
        for index in 0..<metCount {
            let slot = met[index]
            let total = total(slot, states[Int(slot)])
            states[Int(slot)].total = total
            guard total <= limit else { continue }
            met[count] = slot
            count &+= 1
            starts[bucket(total) &+ 1] &+= 1
        }
        for bucket in 0..<LabelScratch.bucketCount { starts[bucket &+ 1] &+= starts[bucket] }
        for index in 0..<count {
            let slot = met[index]
            let total = states[Int(slot)].total
            let bucket = bucket(total)
            sorted[Int(starts[bucket])] = ReachedTarget(slot: TargetSlot(slot), metres: Metres(total))
            starts[bucket] &+= 1
        }
        // Each start is now the end of its bucket.
        var first = 0
        for bucket in 0..<LabelScratch.bucketCount {
            let end = Int(starts[bucket])
            guard first < end else { continue }
            Self.sort(sorted + first, count: end - first, precedes)
            for index in first..<end where give(sorted[index], accept) { return }
            first = end
        }
    }

    @inline(__always) private func bucket(_ total: Double) -> Int {
        Int((total - firstLeg) * 100) >> LabelScratch.bucketShift
    }

    private static func sort(
        _ targets: UnsafeMutablePointer<ReachedTarget>, count: Int, _ precedes: Precedence
    ) {
        guard count <= 24 else {
            var all = UnsafeMutableBufferPointer(start: targets, count: count)
            all.sort { comesBefore($0, $1, precedes) }
            return
        }
        for end in 1..<max(1, count) {
            let target = targets[end]
            var index = end
            while index > 0, comesBefore(target, targets[index &- 1], precedes) {
                targets[index] = targets[index &- 1]
                index &-= 1
            }
            targets[index] = target
        }
    }
}
