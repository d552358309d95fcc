internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

/// What a connection follows; used on its event loop only.
///
/// It holds a position and nothing of the history: the next piece is read once the client has taken the one before,
/// so a client that takes nothing costs one piece, and none that follows keeps a writer or another waiting.
final class Follower {
    /// How often the client hears something.
    ///
    /// Source: WHATWG HTML, 9.2.7, on proxies that end silent connections.
    static let heartbeat = TimeAmount.seconds(15)

    let query: ChangeQuery
    var position: FeedPosition
    /// Whether the last piece was not all that there was.
    var hasMore = false
    /// Whether a worker reads the next piece.
    var isReading = false
    /// The directory's revision when the client ceased to take anything; nil while it takes.
    var stalledAt: Revision?
    var heartbeatAt = NIODeadline.now() + heartbeat

    init(_ query: ChangeQuery, _ position: FeedPosition) {
        self.query = query
        self.position = position
    }
}

extension ServedConnection {
    /// Follows the feed from here on; the ledger of followers has let it in.
    ///
    /// - Parameters:
    ///   - piece: what is sent at once.
    ///   - head: what is sent before it.
    func follow(_ query: ChangeQuery, _ piece: FeedPiece, after head: ByteBuffer = ByteBuffer()) {
        let follower = Follower(query, piece.next ?? FeedPosition(core.bell.revision))
        core.feedMetrics.followers.increment()
        self.follower = follower
        hasServed = true
        phase = .following
        deadline = .distantFuture
        if head.readableBytes > 0 { send(head) }
        take(piece, follower)
        if phase == .following, loop.isQuiescing { stopFollowing() }
        if phase == .following, isInputClosed { endFeed(.inputClosed) }
        resumeReading()
    }

    /// A worker has made the next piece.
    private func take(_ piece: FeedPiece, _ follower: Follower) {
        follower.isReading = false
        guard self.follower === follower, phase == .following else { return }
        core.feedMetrics.sent.increment(by: piece.count)
        guard let next = piece.next else {
            return endFeed(.reread(from: core.bell.revision, reason: ""), with: piece.text)
        }
        follower.position = next
        follower.hasMore = !piece.isWhole
        if piece.text.readableBytes > 0 {
            follower.heartbeatAt = .now() + Follower.heartbeat
            send(piece.text)
        }
        readHistory()
    }

    /// Has the next piece read, where there is one and the client has taken the last.
    private func readHistory() {
        guard phase == .following, let follower, let context, context.channel.isWritable, !follower.isReading,
            follower.hasMore || follower.position.revision < core.bell.revision
        else { return }
        follower.isReading = true
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, follower), eventLoop: loop)
        var query = follower.query
        query.position = follower.position
        let (core, format) = (core, feedFormat)
        core.workers.submit(.feed) { [query] in
            let result: Result<FeedPiece, DirectoryError>
            do throws(DirectoryError) {
                result = .success(try core.responder.continueFeed(query, as: format))
            } catch {
                result = .failure(error)
            }
            loop.execute {
                let (connection, follower) = bound.value
                switch result {
                case .success(let piece): connection.take(piece, follower)
                case .failure(let error): connection.fail(following: follower, error)
                }
            }
        }
    }

    private func fail(following follower: Follower, _ error: DirectoryError) {
        guard self.follower === follower, phase == .following else { return }
        core.note(error, head: nil, door: door, peer: peer)
        endFeed(.failure(error))
    }

    // MARK: Events

    /// There is a new revision.
    func hear(_ revision: Revision) {
        guard let follower else { return }
        if let stalledAt = follower.stalledAt,
            revision.number - min(stalledAt.number, revision.number) > UInt64(settings.limits.followerLag)
        {
            return endFeed(
                .reread(
                    from: revision,
                    reason:
                        "nothing was taken while \(revision.number - stalledAt.number) revisions were made"))
        }
        readHistory()
    }

    func feedWritabilityChanged(_ isWritable: Bool) {
        guard let follower else { return }
        follower.stalledAt = isWritable ? nil : core.bell.revision
        deadline = isWritable ? .distantFuture : .now() + settings.limits.idleTime.amount
        guard isWritable else { return }
        readHistory()
        resumeReading()
    }

    /// Says something now and then, and ends what nobody takes.
    func keepFollowing(_ now: NIODeadline) {
        guard let follower, let context else { return }
        if deadline <= now { return closeNow() }
        guard follower.heartbeatAt <= now, context.channel.isWritable else { return }
        follower.heartbeatAt = now + Follower.heartbeat
        if let heartbeat { send(ByteBuffer(staticString: heartbeat)) }
        readHistory()
    }

    // MARK: The end

    /// The daemon stops: the feed ends at once, since its client can go on after the last id.
    func stopFollowing() {
        guard let context, context.channel.isWritable else { return closeNow() }
        closesWhole = true
        endFeed(.stopping)
        deadline = .now() + Self.firstRequestTime
    }

    /// Says the last words of the feed, or those that a worker has written.
    private func endFeed(_ end: FeedEnd, with text: ByteBuffer? = nil) {
        endFollower()
        send(text ?? farewell(end))
        if end.isReread { core.feedMetrics.rereads.increment() }
        feedEnded(end)
    }

    /// The connection follows no more.
    func endFollower() {
        guard follower != nil else { return }
        follower = nil
        core.followers.leave(seat.holder)
        core.feedMetrics.followers.decrement()
    }
}
