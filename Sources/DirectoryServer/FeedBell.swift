internal import DirectoryModel
internal import NIOCore
internal import Synchronization

/// Wakes the followers of every event loop after a commit.
///
/// Ringing costs the writer a task for each loop at most, however many follow and whatever they are at.
final class FeedBell: Sendable {
    /// One event loop's end of the rope.
    private final class Rope: Sendable {
        let loop: NIOLoopBound<LoopState>
        let isPulled = Atomic<Bool>(false)

        init(_ loop: NIOLoopBound<LoopState>) { self.loop = loop }
    }

    private let ropes = Mutex<[Rope]>([])
    private let heard = Atomic<UInt64>(0)

    /// The last revision that it was rung for.
    var revision: Revision { Revision(heard.load(ordering: .acquiring)) }

    /// Has it ring on these loops.
    func hang(_ loops: [NIOLoopBound<LoopState>]) { ropes.withLock { $0 = loops.map(Rope.init) } }

    /// Has it ring nowhere: on return no loop is given anything any more.
    func takeDown() { ropes.withLock { $0 = [] } }

    /// Tells every loop that there is a revision.
    func ring(_ revision: Revision) {
        heard.max(revision.number, ordering: .acquiringAndReleasing)
        ropes.withLock { ropes in
            for rope in ropes where !rope.isPulled.exchange(true, ordering: .acquiringAndReleasing) {
                rope.loop.eventLoop.execute { [self] in
                    rope.isPulled.store(false, ordering: .sequentiallyConsistent)
                    rope.loop.value.hear(self.revision)
                }
            }
        }
    }
}

/// How many followers each user has, on all sockets.
final class FollowerLedger: Sendable {
    private struct State {
        var counts: [ConnectionLedger.Holder: Int] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    /// Counts one more.
    ///
    /// - Throws: `too_many_connections`.
    func admit(_ holder: ConnectionLedger.Holder, _ limits: ServerLimits) throws(DirectoryError) {
        let refusal = state.withLock { state -> DirectoryError? in
            let own = state.counts[holder, default: 0]
            guard own < limits.followersPerUser else {
                return Self.refusal("you follow \(own) times already", key: "followers_per_user")
            }
            guard state.count < limits.followers else {
                return Self.refusal("there are \(state.count) followers already", key: "followers")
            }
            state.counts[holder] = own + 1
            state.count += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Counts one less.
    func leave(_ holder: ConnectionLedger.Holder) {
        state.withLock { state in
            let left = (state.counts[holder] ?? 1) - 1
            state.counts[holder] = left > 0 ? left : nil
            state.count -= 1
        }
    }

    private static func refusal(_ words: String, key: String) -> DirectoryError {
        DirectoryError(
            .tooManyConnections, words,
            advice: "end another one, ask for pages with follow=no, or raise requests.\(key)")
    }
}
