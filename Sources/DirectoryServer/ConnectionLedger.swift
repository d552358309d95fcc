internal import Synchronization

/// Who holds how many connections on one socket.
///
/// A newcomer over a limit is let in at the cost of the longest idle connection that counts against the same
/// limit; where all of them are busy, the newcomer is refused. So a program that forgets to close its
/// connections, or a crowd of idle ones, hinders nobody, not even itself.
final class ConnectionLedger: Sendable {
    /// What a connection counts as.
    enum Holder: Hashable, Sendable {
        case user(UInt32)
        /// Everybody who comes through the loopback's TCP socket.
        case browser
    }

    /// Why a connection is refused.
    struct Refusal: Error, Hashable {
        /// How many connections the holder, or all together, may have.
        let limit: Int
        let holder: Holder?
    }

    private struct State {
        var seats: [ObjectIdentifier: Seat] = [:]
        var counts: [Holder: Int] = [:]
    }

    private let state = Mutex(State())

    /// Open connections.
    var count: Int { state.withLock { $0.seats.count } }

    /// Takes a seat.
    ///
    /// - Throws: `Refusal` when a limit is reached and nobody is idle.
    func admit(_ holder: Holder, perHolder: Int, inAll: Int, evict: @escaping @Sendable () -> Void)
        throws(Refusal) -> Seat
    {
        let seat = Seat(holder: holder, evict: evict)
        let (victim, refusal) = state.withLock { state -> (Seat?, Refusal?) in
            var victim: Seat?
            if state.counts[holder, default: 0] >= perHolder {
                victim = Self.longestIdle(state.seats.values.lazy.filter { $0.holder == holder })
                if victim == nil { return (nil, Refusal(limit: perHolder, holder: holder)) }
            } else if state.seats.count >= inAll {
                victim = Self.longestIdle(state.seats.values)
                if victim == nil { return (nil, Refusal(limit: inAll, holder: nil)) }
            }
            if let victim { Self.remove(victim, from: &state) }
            state.seats[ObjectIdentifier(seat)] = seat
            state.counts[holder, default: 0] += 1
            return (victim, nil)
        }
        if let refusal { throw refusal }
        victim?.evict()
        return seat
    }

    /// Gives a seat back; a second time does nothing.
    func leave(_ seat: Seat) {
        state.withLock { Self.remove(seat, from: &$0) }
    }

    private static func remove(_ seat: Seat, from state: inout State) {
        guard state.seats.removeValue(forKey: ObjectIdentifier(seat)) != nil else { return }
        let left = (state.counts[seat.holder] ?? 1) - 1
        state.counts[seat.holder] = left > 0 ? left : nil
    }

    private static func longestIdle(_ seats: some Sequence<Seat>) -> Seat? {
        var best: Seat?
        var since = Int64.max
        for seat in seats {
            let idleSince = seat.idleSince
            guard idleSince != Seat.busy, idleSince < since else { continue }
            best = seat
            since = idleSince
        }
        return best
    }
}

/// A connection's place in the ledger.
final class Seat: Sendable {
    static let busy: Int64 = 0

    let holder: ConnectionLedger.Holder
    let evict: @Sendable () -> Void
    private let since = Atomic<Int64>(Seat.busy)

    init(holder: ConnectionLedger.Holder, evict: @escaping @Sendable () -> Void) {
        self.holder = holder
        self.evict = evict
    }

    /// Since when nothing is asked of it, in nanoseconds of the monotonic clock; `busy` while a request is
    /// being received or answered.
    var idleSince: Int64 {
        get { since.load(ordering: .relaxed) }
        set { since.store(newValue, ordering: .relaxed) }
    }
}
