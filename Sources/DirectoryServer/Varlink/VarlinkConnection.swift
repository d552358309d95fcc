#if canImport(Glibc)
    import Glibc
#endif

internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

/// One connection that speaks Varlink: takes calls one after another, within the limits, and sends their replies in
/// order.
///
/// Calls that arrive together are answered together: their replies leave in one piece. What is answered from memory is
/// answered on the event loop, as over HTTP. Every member is used on the event loop only.
final class VarlinkConnection: ServedConnection, ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// The most bytes that are read at once: then the event loop's other connections have their turn.
    ///
    /// Chosen, not measured: some ninety calls, which take a few milliseconds to answer at most.
    static let readBytes = 8 << 10
    /// Bytes of replies after which those that are made are sent before another is made.
    ///
    /// NIO's own mark, beyond which a client that takes nothing is waited for.
    private static let batchBytes = 64 << 10

    /// What has arrived and was not looked at yet.
    private var input = ByteBuffer()
    /// Bytes at its beginning in which there is no zero byte.
    private var searched = 0
    private var isProcessing = false

    override var hasIncoming: Bool { input.readableBytes > 0 }
    /// While a call goes on, the next ones wait here, and the rest of them in the socket.
    override var holdsBack: Bool { phase == .following && input.readableBytes > settings.limits.headBytes }
    override var feedFormat: FeedFormat { .replies }

    override func dropIncoming() {
        input = ByteBuffer()
        searched = 0
    }

    // MARK: The channel's events

    func handlerAdded(context: ChannelHandlerContext) { begin(in: context) }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            inputClosed()
            // Half a call is no call.
            if phase == .receiving { process() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard phase != .lingering else { return drop(bytes.readableBytes) }
        beginRead()
        if input.readableBytes == 0 {
            input = bytes
            searched = 0
        } else {
            input.writeImmutableBuffer(bytes)
        }
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

    // MARK: Calls

    override func process() {
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        let responder = core.responder
        var replies = loop.takeRoom()
        var startedAt = NIODeadline.now()
        var end = self.end
        while let length = end, takesCalls {
            take(length, responder, &replies, &startedAt)
            if replies.readableBytes >= Self.batchBytes { flush(&replies) }
            end = self.end
        }
        if replies.readableBytes > 0 {
            // Nobody else holds it when it is sent.
            if room == nil { room = replies }
            send(replies)
        } else {
            loop.giveBack(replies)
        }
        guard phase == .idle || phase == .receiving else { return }
        if end == nil {
            settle()
        } else {
            // The client does not take what it was sent: that much time it has.
            deadline = .now() + settings.limits.idleTime.amount
        }
    }

    private var takesCalls: Bool {
        (phase == .idle || phase == .receiving) && context?.channel.isWritable == true
    }

    /// How long the first message is, without its zero byte; nil where it is not here whole.
    private var end: Int? {
        let found = input.withUnsafeReadableBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, bytes.count > searched,
                let zero = memchr(base + searched, 0, bytes.count - searched)
            else { return nil }
            return UnsafeRawPointer(zero) - base
        }
        searched = found ?? input.readableBytes
        return found
    }

    /// Sends replies, and leaves room for more.
    private func flush(_ replies: inout ByteBuffer) {
        guard replies.readableBytes > 0 else { return }
        send(replies)
        flushIfNeeded()
        replies.clear()
    }

    /// All whole messages are answered: waits for another, or for the rest of one.
    private func settle() {
        let limits = settings.limits
        if input.readableBytes > limits.headBytes { return fail(Self.longCall(limits)) }
        if input.readableBytes == 0 {
            finishCalls()
        } else if isInputClosed {
            fail(
                DirectoryError(
                    .invalidRequest, "the connection's sending side was closed in the middle of a call",
                    advice: "send the zero byte after it before closing"))
        } else if phase == .idle {
            beginReceiving()
        }
    }

    /// The last of the calls that are here is answered.
    private func finishCalls() {
        // Its memory is NIO's to read into again.
        dropIncoming()
        if closesAfterAnswer || loop.isQuiescing { return linger() }
        becomeIdle()
        if isInputClosed { closeWhenSent() }
    }

    /// Takes the first message.
    private func take(
        _ length: Int, _ responder: Responder, _ replies: inout ByteBuffer, _ startedAt: inout NIODeadline
    ) {
        guard length <= settings.limits.headBytes else {
            fail(Self.longCall(settings.limits), &replies)
            return
        }
        let call = input.withUnsafeReadableBytes { bytes in
            VarlinkCall(
                UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[..<length]), core.varlink)
        }
        input.moveReaderIndex(forwardBy: length + 1)
        searched = 0
        phase = .idle
        hasServed = true
        var fault = call.fault
        if let method = call.method, fault == nil, !call.isOneway {
            guard method.place == .loop else { return answerElsewhere(method, call.words, startedAt) }
            do throws(VarlinkFault) {
                try responder.answer(method.operation, call.words, to: &replies)
            } catch let other {
                fault = other
            }
        }
        let now = NIODeadline.now()
        note(fault, call.method, (now - startedAt).nanoseconds)
        startedAt = now
        guard let fault else { return }
        if case .unreadable(let error) = fault { return refuse(error, &replies) }
        if !call.isOneway { VarlinkFrame.write(fault, to: &replies) }
    }

    /// Has a worker answer; the calls behind this one wait meanwhile.
    private func answerElsewhere(_ method: VarlinkMethod, _ words: QueryWords, _ startedAt: NIODeadline) {
        guard let context else { return }
        phase = .answering
        seat.idleSince = Seat.busy
        deadline = .distantFuture
        if method.goesOn { return openFeed(method, words, startedAt) }
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let core = core
        core.workers.submit(.general) {
            var reply = ByteBuffer()
            var fault: VarlinkFault?
            do throws(VarlinkFault) {
                try core.responder.answer(method.operation, words, to: &reply)
            } catch let other {
                fault = other
                VarlinkFrame.write(other, to: &reply)
            }
            loop.execute { [reply, fault] in
                bound.value.finish(reply, fault, method, startedAt)
            }
        }
    }

    /// A worker has made the reply.
    private func finish(
        _ reply: ByteBuffer, _ fault: VarlinkFault?, _ method: VarlinkMethod, _ startedAt: NIODeadline
    ) {
        guard phase == .answering, context != nil else { return }
        note(fault, method, (NIODeadline.now() - startedAt).nanoseconds)
        send(reply)
        goOn()
    }

    /// A call is answered that others have waited for.
    private func goOn() {
        phase = .idle
        process()
        resumeReading()
    }

    private func note(_ fault: VarlinkFault?, _ method: VarlinkMethod?, _ nanoseconds: Int64) {
        let metrics = method?.metrics ?? core.varlink.otherCalls
        metrics.record(status: fault?.status ?? 200, nanoseconds: nanoseconds)
        guard let error = fault?.error else { return }
        core.note(error, head: nil, method: method?.name, door: door, peer: peer)
    }

    // MARK: Faults

    private static func longCall(_ limits: ServerLimits) -> DirectoryError {
        DirectoryError(
            .tooLarge, "the call is longer than \(limits.headBytes) bytes",
            advice: "ask for less at once, or raise requests.head_limit")
    }

    override func fail(_ error: DirectoryError) {
        var replies = ByteBuffer()
        fail(error, &replies)
    }

    private func fail(_ error: DirectoryError, _ replies: inout ByteBuffer) {
        note(.unreadable(error), nil, 0)
        refuse(error, &replies)
    }

    /// Says why, and takes no more calls: where one ends is not certain any more.
    private func refuse(_ error: DirectoryError, _ replies: inout ByteBuffer) {
        VarlinkFrame.write(.unreadable(error), to: &replies)
        flush(&replies)
        linger()
    }

    // MARK: The feed

    /// Has a worker read what a follower is told first.
    private func openFeed(_ method: VarlinkMethod, _ words: QueryWords, _ startedAt: NIODeadline) {
        guard let context else { return }
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let core = core
        core.workers.submit(.feed) {
            let opening: Result<(ChangeQuery, FeedPiece), DirectoryError>
            do throws(DirectoryError) {
                opening = .success(try core.responder.openFeed(words))
            } catch {
                opening = .failure(error)
            }
            loop.execute { bound.value.take(opening, method, startedAt) }
        }
    }

    private func take(
        _ opening: Result<(ChangeQuery, FeedPiece), DirectoryError>, _ method: VarlinkMethod,
        _ startedAt: NIODeadline
    ) {
        guard phase == .answering, context != nil else { return }
        let took = (NIODeadline.now() - startedAt).nanoseconds
        do throws(DirectoryError) {
            let (query, piece) = try opening.get()
            try core.followers.admit(seat.holder, settings.limits)
            note(nil, method, took)
            follow(query, piece)
        } catch {
            note(.directory(error), method, took)
            var reply = ByteBuffer()
            VarlinkFrame.write(.directory(error), to: &reply)
            send(reply)
            goOn()
        }
    }

    override func farewell(_ end: FeedEnd) -> ByteBuffer {
        let error: DirectoryError
        switch end {
        case .reread(let revision, let reason):
            error = DirectoryError(
                .historyGone, reason,
                advice: "read anew, and watch since \(revision.number)")
        case .inputClosed: return ByteBuffer()
        case .stopping:
            error = DirectoryError(
                .unavailable, "the daemon stops", advice: "watch again since the last `next`")
        case .failure(let fault): error = fault
        }
        var reply = ByteBuffer()
        VarlinkFrame.write(.directory(error), to: &reply)
        return reply
    }

    override func feedEnded(_ end: FeedEnd) {
        switch end {
        case .inputClosed, .stopping: super.feedEnded(end)
        // The call is over, not the connection.
        case .reread, .failure: goOn()
        }
    }
}
