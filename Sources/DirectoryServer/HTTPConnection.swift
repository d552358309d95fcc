internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1

/// One connection that speaks HTTP: takes requests one after another, within the limits, and sends their answers in
/// order.
///
/// What is answered from memory is answered on the event loop, without a task or a change of thread; a write or
/// a register goes to a worker, and what the client sends meanwhile waits in the socket. Every member is used on
/// the event loop only.
final class HTTPConnection: ServedConnection, ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// What came in, in order.
    enum Incoming {
        case part(HTTPServerRequestPart)
        case failure(DirectoryError)
    }

    var incoming = CircularBuffer<Incoming>()
    var current: Exchange?
    /// Bytes since the head that is expected next began to arrive.
    var headBytes = 0
    private var isProcessing = false

    override var hasIncoming: Bool { !incoming.isEmpty }
    override var holdsBack: Bool { current?.upload?.isFull == true }
    override var feedFormat: FeedFormat { .events }
    override var heartbeat: StaticString? { FeedText.heartbeat }

    override func dropIncoming() {
        current = nil
        incoming.removeAll()
    }

    override func becomeIdle() {
        headBytes = 0
        super.becomeIdle()
    }

    override func farewell(_ end: FeedEnd) -> ByteBuffer {
        switch end {
        case .reread(let revision, let reason): FeedText.reread(from: revision, reason: reason)
        case .inputClosed: FeedText.farewell("your side is closed")
        case .stopping: FeedText.farewell("the daemon stops; go on after your last id")
        case .failure(let error): FeedText.farewell("\(error.code.rawValue): \(error.message)")
        }
    }

    // MARK: The channel's events

    func handlerAdded(context: ChannelHandlerContext) { begin(in: context) }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        guard phase != .lingering, phase != .following else { return }
        incoming.append(
            .failure(RequestFault.unreadable(error, limits: settings.limits, atEnd: isInputClosed)))
        process()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { inputClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        beginRead()
        incoming.append(.part(unwrapInboundIn(data)))
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        endRead()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) { readOn(in: context) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Bytes

    /// The gate saw bytes of the client.
    ///
    /// False when they are to be dropped.
    func receive(_ count: Int) -> Bool {
        guard phase != .lingering, phase != .following else {
            drop(count)
            return false
        }
        if phase == .idle { beginReceiving() }
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

    override func process() {
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

    override func fail(_ error: DirectoryError) {
        closesAfterAnswer = true
        respond(Response(error), to: current)
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
