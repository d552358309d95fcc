internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Lets a new connection in, or tells it why not.
struct Reception {
    let core: ServerCore
    let door: Door

    /// Gives the channel its handlers.
    func welcome(_ channel: any Channel, _ loop: LoopState) throws {
        let settings = core.settings
        let peer = door.port == nil ? credentials(of: channel) : nil
        let pipeline = channel.pipeline.syncOperations
        let eviction = Eviction()
        let holder = peer.map { ConnectionLedger.Holder.user($0.user) } ?? .browser
        let seat: Seat
        do throws(ConnectionLedger.Refusal) {
            let eventLoop = channel.eventLoop
            let bound = NIOLoopBound(eviction, eventLoop: eventLoop)
            seat = try core.ledger(of: door.role).admit(
                holder, perHolder: settings.limits.connectionsPerUser,
                inAll: settings.limits.connectionsPerSocket
            ) { eventLoop.execute { bound.value.connection?.evict() } }
        } catch {
            door.metrics.refused.increment()
            let fault = RequestFault.crowded(limit: error.limit, evicted: false)
            core.note(fault, head: nil, door: door, peer: peer)
            return try pipeline.addHandler(FarewellHandler(words(of: fault, loop)))
        }
        guard door.role != .varlink else {
            let connection = VarlinkConnection(
                core: core, settings: settings, door: door, peer: peer, seat: seat, loop: loop)
            eviction.connection = connection
            return try pipeline.addHandler(connection)
        }
        let connection = HTTPConnection(
            core: core, settings: settings, door: door, peer: peer, seat: seat, loop: loop)
        eviction.connection = connection
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.limits.headBytes
        limits.maxHeaderListSize = settings.limits.headBytes
        try pipeline.addHandler(ConnectionGate(connection))
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)))
        try pipeline.addHandler(connection)
    }

    /// Why there is no room, as the door's protocol has it.
    private func words(of fault: DirectoryError, _ loop: LoopState) -> ByteBuffer {
        var words = ByteBuffer()
        guard door.role != .varlink else {
            VarlinkFrame.write(.directory(fault), to: &words)
            return words
        }
        let response = Response(fault)
        words.writeString("HTTP/1.1 \(response.status) \(Response.reason(of: response.status))\r\n")
        words.writeBytes(loop.date)
        words.writeString(
            "Content-Type: \(response.contentType)\r\nContent-Length: \(response.body.readableBytes)\r\n"
                + "Retry-After: 1\r\nConnection: close\r\n\r\n")
        words.writeImmutableBuffer(response.body)
        return words
    }

    private func credentials(of channel: any Channel) -> Peer? {
        guard let channel = channel as? any SocketOptionProvider else { return nil }
        // On its own event loop the option is there at once.
        let future: EventLoopFuture<PeerWords> = channel.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: Peer.option))
        let box = NIOLoopBoundBox<Peer?>(nil, eventLoop: future.eventLoop)
        future.whenSuccess { words in box.value = words.peer }
        return box.value
    }

    /// Ties a seat to the connection that will sit in it.
    private final class Eviction {
        weak var connection: ServedConnection?
    }
}

/// Says why there is no room, and closes.
private final class FarewellHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let words: ByteBuffer

    init(_ words: ByteBuffer) { self.words = words }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(words), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
