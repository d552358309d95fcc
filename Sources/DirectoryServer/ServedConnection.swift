internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

/// What a connection is, whatever is spoken on it: its seat, its clocks, what it follows, and how it ends.
///
/// A subclass is the channel's handler: it reads what is asked, and has the channel's events come here. Every member
/// is used on the event loop only.
class ServedConnection {
    /// Where the connection is.
    enum Phase {
        /// Nothing is asked.
        case idle
        /// A request has begun to arrive.
        case receiving
        /// A request is here whole and is answered elsewhere.
        case answering
        /// The change feed is followed.
        case following
        /// The last answer is sent: what still comes is dropped, so that the client can read the answer.
        case lingering
    }

    /// Why a feed ends.
    enum FeedEnd {
        /// The follower has missed too much.
        case reread(from: Revision, reason: String)
        /// The client has closed its side.
        case inputClosed
        /// The daemon stops.
        case stopping
        /// The history cannot be read.
        case failure(DirectoryError)

        /// Whether the follower has to read anew.
        var isReread: Bool {
            switch self {
            case .reread: true
            case .failure(let error): error.code == .historyGone
            case .inputClosed, .stopping: false
            }
        }
    }

    /// How long, and for how many bytes, a client may go on sending after the last answer.
    ///
    /// Chosen, not measured: a client that writes its whole request before it reads sees the answer all the
    /// same.
    static let lingerTime = TimeAmount.seconds(2)
    static let lingerBytes = 64 << 20
    /// How long a connection that has asked nothing yet may still bring its first request once the daemon stops.
    ///
    /// Chosen, not measured: a client that has connected is about to ask.
    static let firstRequestTime = TimeAmount.seconds(1)
    /// How long the event loop may take to hand over what has already arrived.
    static let turnTime = TimeAmount.milliseconds(20)

    let core: ServerCore
    let settings: ServerSettings
    let door: Door
    let peer: Peer?
    let seat: Seat
    let loop: LoopState

    var context: ChannelHandlerContext?
    var phase = Phase.idle
    var deadline = NIODeadline.distantFuture
    /// What is followed.
    var follower: Follower?
    var lingered = 0
    var isInputClosed = false
    var isOutputClosed = false
    /// Whether the next answer is the last.
    var closesAfterAnswer = false
    /// Whether the connection is closed without waiting for what the client may still send.
    var closesWhole = false
    /// Whether anything was asked yet.
    var hasServed = false
    private var isInRead = false
    private var holdsRead = false
    private var needsFlush = false
    /// What is to be given back to the loop when it is sent.
    var room: ByteBuffer?

    init(core: ServerCore, settings: ServerSettings, door: Door, peer: Peer?, seat: Seat, loop: LoopState) {
        self.core = core
        self.settings = settings
        self.door = door
        self.peer = peer
        self.seat = seat
        self.loop = loop
    }

    // MARK: What a subclass says

    /// Whether something has come in that was not looked at yet.
    var hasIncoming: Bool { preconditionFailure("a connection that speaks nothing") }
    /// Whether the client's next words are to wait in the socket, though nothing is being answered.
    var holdsBack: Bool { false }
    /// How the history is written for whoever follows.
    var feedFormat: FeedFormat { preconditionFailure("a connection that speaks nothing") }

    /// Takes what has come in, until something has to be waited for.
    func process() { preconditionFailure("a connection that speaks nothing") }
    /// Drops what has come in, and what is being made of it.
    func dropIncoming() {}
    /// Answers what is no request at all, or did not become one, and lets nothing follow.
    func fail(_ error: DirectoryError) { preconditionFailure("a connection that speaks nothing") }
    /// The last words of a feed.
    func farewell(_ end: FeedEnd) -> ByteBuffer { preconditionFailure("a connection that speaks nothing") }
    /// Something for a follower to see that the other side is there; nil where nothing is needed.
    var heartbeat: StaticString? { nil }
    /// The feed's last words are sent.
    func feedEnded(_ end: FeedEnd) {
        closesAfterAnswer = true
        phase = .answering
        linger()
        // Who took nothing for long may need as long to get to what was sent.
        if end.isReread { deadline = .now() + settings.limits.idleTime.amount }
    }

    // MARK: Coming and going

    /// The channel has its handler.
    func begin(in context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        door.metrics.accepted.increment()
        door.metrics.open.increment()
        becomeIdle()
        if loop.isQuiescing { deadline = .now() + Self.firstRequestTime }
    }

    /// The channel is closed.
    func leave() {
        context = nil
        loop.remove(self)
        core.ledger(of: door.role).leave(seat)
        door.metrics.open.decrement()
        dropIncoming()
        endFollower()
    }

    /// The client has closed its sending side.
    func inputClosed() {
        isInputClosed = true
        // Whoever follows says nothing more, so that this is its end, which nothing else would show for long.
        if phase == .following { return closeNow() }
        if phase == .lingering || (phase == .idle && !hasIncoming) { closeWhenSent() }
    }

    // MARK: Bytes

    /// Counts bytes that nobody waits for any more.
    func drop(_ count: Int) {
        lingered += count
        if lingered > Self.lingerBytes { closeNow() }
    }

    /// A request begins to arrive.
    func beginReceiving() {
        phase = .receiving
        seat.idleSince = Seat.busy
        deadline = .now() + settings.limits.requestTime.amount
    }

    func beginRead() { isInRead = true }

    func endRead() {
        isInRead = false
        if needsFlush { loop.sendSoon(self) }
    }

    /// Reads on, or lets the client's next words wait in the socket while an answer is under way: that is the back
    /// pressure.
    func readOn(in context: ChannelHandlerContext) {
        if phase == .answering || !context.channel.isWritable || holdsBack {
            holdsRead = true
        } else {
            context.read()
        }
    }

    func resumeReading() {
        guard holdsRead, let context else { return }
        holdsRead = false
        readOn(in: context)
    }

    func writabilityChanged(_ isWritable: Bool) {
        if phase == .following {
            feedWritabilityChanged(isWritable)
        } else if isWritable {
            process()
            resumeReading()
        } else {
            flushIfNeeded()
        }
    }

    // MARK: Sending

    /// Puts bytes on their way; they leave with the end of the loop's present turn, or at once where this is none of
    /// a read.
    func send(_ buffer: ByteBuffer) {
        guard let context else { return }
        context.write(NIOAny(buffer), promise: nil)
        needsFlush = true
        if !isInRead || !context.channel.isWritable { flushIfNeeded() }
    }

    func flushIfNeeded() {
        guard needsFlush, let context else { return }
        needsFlush = false
        context.flush()
        if let room = room.take() { loop.giveBack(room) }
    }

    func becomeIdle() {
        phase = .idle
        let now = NIODeadline.now()
        seat.idleSince = Int64(now.uptimeNanoseconds)
        deadline = now + settings.limits.idleTime.amount
    }

    /// After the last answer: says that nothing more will come, and lets the client finish.
    func linger() {
        guard phase != .lingering else { return }
        phase = .lingering
        seat.idleSince = Seat.busy
        dropIncoming()
        deadline = .now() + Self.lingerTime
        closeWhenSent()
        resumeReading()
    }

    /// Closes the output, or all of it when the client has closed its side, as soon as everything is sent.
    func closeWhenSent() {
        guard let context, !isOutputClosed || isInputClosed else { return }
        let mode: CloseMode = isInputClosed || closesWhole ? .all : .output
        isOutputClosed = true
        phase = .lingering
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in bound.value.close(mode: mode, promise: nil) }
        needsFlush = false
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    }

    /// Closes at once, whatever is under way.
    func closeNow() { context?.close(promise: nil) }

    // MARK: Time

    func checkDeadline(_ now: NIODeadline) {
        if phase == .following { return keepFollowing(now) }
        guard deadline <= now, let context else { return }
        switch phase {
        case .idle where context.channel.isWritable && !needsFlush && !hasIncoming:
            closesWhole = loop.isQuiescing
            closeWhenSent()
        case .receiving where context.channel.isWritable: fail(RequestFault.slow(settings.limits))
        case .answering: break
        default: closeNow()
        }
    }

    /// Closes when idle, otherwise after the answer.
    ///
    /// What a client has sent by now is answered: a new connection gets a moment for its first request, and one
    /// that was used a turn of the loop, so that bytes that lie in the socket are no request lost.
    func quiesce() {
        closesAfterAnswer = true
        if phase == .following { return stopFollowing() }
        guard phase == .idle, !hasIncoming, let loop = context?.eventLoop else { return }
        guard hasServed else {
            deadline = .now() + Self.firstRequestTime
            return
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: Self.turnTime) {
            let connection = bound.value
            guard connection.phase == .idle, !connection.hasIncoming else { return }
            connection.closesWhole = true
            connection.closeWhenSent()
        }
    }

    /// Another connection of the same user, or of anybody on a full socket, takes this one's place.
    func evict() {
        guard phase == .idle, !hasIncoming else {
            // A request came in between: it is answered, and is the last.
            closesAfterAnswer = true
            return
        }
        // One that was used for requests is closed without a word, which its client could take for an answer.
        guard !hasServed else { return closeNow() }
        closesWhole = true
        fail(RequestFault.crowded(limit: settings.limits.connectionsPerUser, evicted: true))
    }
}

extension Seconds {
    /// The span as NIO has it.
    var amount: TimeAmount { .nanoseconds(Int64((value * 1e9).rounded())) }
}
