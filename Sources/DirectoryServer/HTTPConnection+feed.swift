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

extension HTTPConnection {
    /// Has a worker open the feed; nothing more is read meanwhile.
    func openFeed(_ request: Request, _ exchange: Exchange) {
        guard let context else { return }
        phase = .answering
        deadline = .distantFuture
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, exchange), eventLoop: loop)
        let core = core
        core.workers.submit(.feed) {
            let opening = core.responder.openFeed(request)
            loop.execute {
                let (connection, exchange) = bound.value
                connection.take(opening, exchange)
            }
        }
    }

    private func take(_ opening: FeedOpening, _ exchange: Exchange) {
        guard current === exchange else { return }
        switch opening {
        case .response(let response): finish(exchange, response)
        case .feed(let query, let piece):
            do throws(DirectoryError) {
                try core.followers.admit(seat.holder, settings.limits)
            } catch {
                return finish(exchange, Response(error))
            }
            begin(Follower(query, piece.next ?? FeedPosition(core.bell.revision)), piece, exchange)
        }
    }

    private func begin(_ follower: Follower, _ piece: FeedPiece, _ exchange: Exchange) {
        core.feedMetrics.followers.increment()
        note(status: 200, error: nil, exchange)
        self.follower = follower
        current = nil
        incoming.removeAll()
        hasServed = true
        phase = .following
        deadline = .distantFuture
        loop.scratch.clear()
        loop.scratch.writeStaticString("HTTP/1.1 200 OK\r\n")
        loop.scratch.writeBytes(loop.date)
        loop.scratch.writeStaticString(FeedText.head)
        send(ByteBuffer(bytes: loop.scratch.readableBytesView))
        take(piece, follower)
        if phase == .following, loop.isQuiescing { stopFollowing() }
        if phase == .following, isInputClosed { end(with: FeedText.farewell("your side is closed")) }
        resumeReading()
    }

    /// A worker has made the next piece.
    private func take(_ piece: FeedPiece, _ follower: Follower) {
        follower.isReading = false
        guard self.follower === follower, phase == .following else { return }
        core.feedMetrics.sent.increment(by: piece.count)
        guard let next = piece.next else { return endWithReread(piece.text) }
        follower.position = next
        follower.hasMore = !piece.isWhole
        if piece.text.readableBytes > 0 {
            follower.heartbeatAt = .now() + Follower.heartbeat
            send(piece.text)
        }
        readOn()
    }

    /// Has the next piece read, where there is one and the client has taken the last.
    private func readOn() {
        guard phase == .following, let follower, let context, context.channel.isWritable, !follower.isReading,
            follower.hasMore || follower.position.revision < core.bell.revision
        else { return }
        follower.isReading = true
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, follower), eventLoop: loop)
        var query = follower.query
        query.position = follower.position
        let core = core
        core.workers.submit(.feed) { [query] in
            let result: Result<FeedPiece, DirectoryError>
            do throws(DirectoryError) {
                result = .success(try core.responder.continueFeed(query))
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
        end(with: FeedText.farewell("\(error.code.rawValue): \(error.message)"))
    }

    // MARK: Events

    /// There is a new revision.
    func hear(_ revision: Revision) {
        guard let follower else { return }
        if let stalledAt = follower.stalledAt,
            revision.number - min(stalledAt.number, revision.number) > UInt64(settings.limits.followerLag)
        {
            return endWithReread(
                FeedText.reread(
                    from: revision,
                    reason:
                        "nothing was taken while \(revision.number - stalledAt.number) revisions were made"))
        }
        readOn()
    }

    func feedWritabilityChanged(_ isWritable: Bool) {
        guard let follower else { return }
        follower.stalledAt = isWritable ? nil : core.bell.revision
        deadline = isWritable ? .distantFuture : .now() + settings.limits.idleTime.amount
        guard isWritable else { return }
        readOn()
        resumeReading()
    }

    /// Says something now and then, and ends what nobody takes.
    func keepFollowing(_ now: NIODeadline) {
        guard let follower, let context else { return }
        if deadline <= now { return closeNow() }
        guard follower.heartbeatAt <= now, context.channel.isWritable else { return }
        follower.heartbeatAt = now + Follower.heartbeat
        var text = ByteBuffer()
        text.writeStaticString(FeedText.heartbeat)
        send(text)
        readOn()
    }

    // MARK: The end

    /// The daemon stops: the feed ends at once, since its client can go on after the last id.
    func stopFollowing() {
        guard let context, context.channel.isWritable else { return closeNow() }
        closesWhole = true
        end(with: FeedText.farewell("the daemon stops; go on after your last id"))
        deadline = .now() + Self.firstRequestTime
    }

    private func endWithReread(_ text: ByteBuffer) {
        core.feedMetrics.rereads.increment()
        end(with: text)
        // Who took nothing for long may need as long to get to what was sent.
        deadline = .now() + settings.limits.idleTime.amount
    }

    private func end(with text: ByteBuffer) {
        endFollower()
        send(text)
        closesAfterAnswer = true
        phase = .answering
        linger()
    }

    /// The connection follows no more.
    func endFollower() {
        guard follower != nil else { return }
        follower = nil
        core.followers.leave(seat.holder)
        core.feedMetrics.followers.decrement()
    }
}
