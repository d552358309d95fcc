internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1

/// One connection: takes requests one after another, within the limits, and sends their answers in order.
///
/// What is answered from memory is answered on the event loop, without a task or a change of thread; a write or
/// a register goes to a worker, and what the client sends meanwhile waits in the socket. Every member is used on
/// the event loop only.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

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

    /// What came in, in order.
    enum Incoming {
        case part(HTTPServerRequestPart)
        case failure(DirectoryError)
    }

    /// How long, and for how many bytes, a client may go on sending after the last answer.
    ///
    /// Chosen, not measured: a client that writes its whole request before it reads sees the answer all the
    /// same.
    static let lingerTime = TimeAmount.seconds(2)
    static let lingerBytes = 64 << 20

    let core: ServerCore
    let settings: ServerSettings
    let door: Door
    let peer: Peer?
    let seat: Seat
    let loop: LoopState

    var context: ChannelHandlerContext?
    var phase = Phase.idle
    var deadline = NIODeadline.distantFuture
    var incoming = CircularBuffer<Incoming>()
    var current: Exchange?
    /// What is followed.
    var follower: Follower?
    /// Bytes since the head that is expected next began to arrive.
    var headBytes = 0
    var lingered = 0
    var isInputClosed = false
    var isOutputClosed = false
    /// Whether the next answer is the last.
    var closesAfterAnswer = false
    /// Whether the connection is closed without waiting for what the client may still send.
    var closesWhole = false
    /// Whether anything was asked yet.
    var hasServed = false
    private var isProcessing = false
    private var isInRead = false
    private var holdsRead = false
    private var needsFlush = false

    init(core: ServerCore, settings: ServerSettings, door: Door, peer: Peer?, seat: Seat, loop: LoopState) {
        self.core = core
        self.settings = settings
        self.door = door
        self.peer = peer
        self.seat = seat
        self.loop = loop
    }

    // MARK: Coming and going

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        door.metrics.accepted.increment()
        door.metrics.open.increment()
        becomeIdle()
        if loop.isQuiescing { deadline = .now() + Self.firstRequestTime }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
        core.ledger(of: door.role).leave(seat)
        door.metrics.open.decrement()
        current = nil
        incoming.removeAll()
        endFollower()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        guard phase != .lingering, phase != .following else { return }
        incoming.append(
            .failure(RequestFault.unreadable(error, limits: settings.limits, atEnd: isInputClosed)))
        process()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            isInputClosed = true
            // Whoever follows says nothing more, so that this is its end, which nothing else would show for long.
            if phase == .following { return closeNow() }
            if phase == .lingering || (phase == .idle && incoming.isEmpty) { closeWhenSent() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Bytes

    /// The gate saw bytes of the client.
    ///
    /// False when they are to be dropped.
    func receive(_ count: Int) -> Bool {
        guard phase != .lingering, phase != .following else {
            lingered += count
            if lingered > Self.lingerBytes { closeNow() }
            return false
        }
        if phase == .idle {
            phase = .receiving
            seat.idleSince = Seat.busy
            deadline = .now() + settings.limits.requestTime.amount
        }
        headBytes += count
        return true
    }

    /// The gate has passed the bytes on: a head that is still not whole may be too long by now.
    func checkHead() {
        guard current == nil, incoming.isEmpty, phase == .receiving, headBytes > settings.limits.headBytes
        else { return }
        incoming.append(.failure(RequestFault.longHead(settings.limits)))
        process()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isInRead = true
        incoming.append(.part(unwrapInboundIn(data)))
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isInRead = false
        flushIfNeeded()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        // While an answer is under way the client's next words wait in the socket: that is the back pressure.
        if phase == .answering || !context.channel.isWritable || current?.upload?.isFull == true {
            holdsRead = true
        } else {
            context.read()
        }
    }

    func resumeReading() {
        guard holdsRead, let context else { return }
        holdsRead = false
        read(context: context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .following {
            feedWritabilityChanged(context.channel.isWritable)
        } else if context.channel.isWritable {
            process()
            resumeReading()
        } else {
            flushIfNeeded()
        }
        context.fireChannelWritabilityChanged()
    }

    /// Takes what has come in, until something has to be waited for.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        while phase != .answering, phase != .lingering, phase != .following, let context,
            context.channel.isWritable,
            let next = incoming.popFirst()
        {
            switch next {
            case .part(let part): take(part)
            case .failure(let error): fail(error)
            }
        }
        if isInputClosed, phase == .idle, incoming.isEmpty { closeWhenSent() }
    }

    // MARK: Sending

    /// Puts bytes on their way; they leave with the end of the present read, or at once.
    func send(_ buffer: ByteBuffer) {
        guard let context else { return }
        context.write(wrapOutboundOut(buffer), promise: nil)
        needsFlush = true
        if !isInRead || !context.channel.isWritable { flushIfNeeded() }
    }

    private func flushIfNeeded() {
        guard needsFlush, let context else { return }
        needsFlush = false
        context.flush()
    }

    func becomeIdle() {
        phase = .idle
        headBytes = 0
        let now = NIODeadline.now()
        seat.idleSince = Int64(now.uptimeNanoseconds)
        deadline = now + settings.limits.idleTime.amount
    }

    /// After the last answer: says that nothing more will come, and lets the client finish.
    func linger() {
        guard phase != .lingering else { return }
        phase = .lingering
        seat.idleSince = Seat.busy
        current = nil
        incoming.removeAll()
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
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
    }

    /// Closes at once, whatever is under way.
    func closeNow() { context?.close(promise: nil) }

    // MARK: Time

    func checkDeadline(_ now: NIODeadline) {
        if phase == .following { return keepFollowing(now) }
        guard deadline <= now, let context else { return }
        switch phase {
        case .idle where context.channel.isWritable && !needsFlush && incoming.isEmpty:
            closesWhole = loop.isQuiescing
            closeWhenSent()
        case .receiving where context.channel.isWritable: fail(RequestFault.slow(settings.limits))
        case .answering: break
        default: closeNow()
        }
    }

    /// How long a connection that has asked nothing yet may still bring its first request once the daemon stops.
    ///
    /// Chosen, not measured: a client that has connected is about to ask.
    static let firstRequestTime = TimeAmount.seconds(1)
    /// How long the event loop may take to hand over what has already arrived.
    static let turnTime = TimeAmount.milliseconds(20)

    /// Closes when idle, otherwise after the answer.
    ///
    /// What a client has sent by now is answered: a new connection gets a moment for its first request, and one
    /// that was used a turn of the loop, so that bytes that lie in the socket are no request lost.
    func quiesce() {
        closesAfterAnswer = true
        if phase == .following { return stopFollowing() }
        guard phase == .idle, incoming.isEmpty, let loop = context?.eventLoop else { return }
        guard hasServed else {
            deadline = .now() + Self.firstRequestTime
            return
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: Self.turnTime) {
            let connection = bound.value
            guard connection.phase == .idle, connection.incoming.isEmpty else { return }
            connection.closesWhole = true
            connection.closeWhenSent()
        }
    }

    /// Another connection of the same user, or of anybody on a full socket, takes this one's place.
    func evict() {
        guard phase == .idle, incoming.isEmpty else {
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

/// Counts bytes before they are parsed, and drops those that nobody waits for.
final class ConnectionGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection

    init(_ connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard connection.receive(unwrapInboundIn(data).readableBytes) else { return }
        context.fireChannelRead(data)
        connection.checkHead()
    }
}

extension Seconds {
    /// The span as NIO has it.
    var amount: TimeAmount { .nanoseconds(Int64((value * 1e9).rounded())) }
}
