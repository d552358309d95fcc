internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1
internal import PageFiles

/// One connection of a browser: answers with files itself, and passes what is asked of the directory on.
///
/// Every member is used on the event loop only.
final class DeskConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What becomes of the request's body.
    private enum Phase {
        /// No request is under way.
        case idle
        /// It goes on to the daemon.
        case passing(AdminPass)
        /// It is dropped, up to so many bytes; the answer is on its way or sent.
        case dropping(left: Int)
    }

    /// Within what time the first request's head must be here; and after what time without a byte, in either direction,
    /// a connection is closed that does not wait for the daemon.
    ///
    /// Chosen, not measured.
    private static let headTime = TimeAmount.seconds(10), stallTime = TimeAmount.seconds(60)
    /// How much of a body is read to its end after the answer, so that the client sees the answer: of a stranger, and
    /// of the session (a register that the daemon refused early).
    ///
    /// Chosen, not measured.
    private static let strangersBody = 1 << 20, ownBody = 2 << 30

    private let desk: DeskRoom
    private var context: ChannelHandlerContext?
    private var phase = Phase.idle
    private var isAnswered = true
    private var closesAfterAnswer = false
    private var holdsRead = false
    private var isCounted = false
    private var timer: Scheduled<Void>?
    private var lastWrite: EventLoopFuture<Void>?
    private var user: UInt32??

    init(_ desk: DeskRoom) { self.desk = desk }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm(Self.headTime)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        if case .passing(let pass) = phase { pass.cancel() }
        phase = .idle
        finishCount()
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Reading

    /// Reads more only when the daemon has taken what is here.
    func read(context: ChannelHandlerContext) {
        if case .passing(let pass) = phase, !pass.takesMore {
            holdsRead = true
        } else {
            context.read()
        }
    }

    /// The daemon has taken what was sent.
    func resumeReading() {
        guard holdsRead else { return }
        holdsRead = false
        context?.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end: endOfRequest()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        isAnswered = false
        closesAfterAnswer = !head.isKeepAlive
        arm(Self.stallTime)
        do throws(DirectoryError) {
            try desk.check.check(head)
        } catch {
            return answer(DeskAnswer(error, asPage: head.wantsPage), to: head, isStrangers: true)
        }
        let path = head.uri.prefix { $0 != "?" }
        if path.hasPrefix("/open/") { return open(head, path.dropFirst("/open/".count)) }
        guard desk.gate.admits(cookies: head.headers["cookie"], user: peer()) else {
            return answer(DeskAnswer(Self.noSession, asPage: head.wantsPage), to: head, isStrangers: true)
        }
        desk.gate.begin()
        isCounted = true
        if path.hasPrefix("/v1/") {
            // A stream of changes stays open for as long as the page does, and is no work of anybody.
            if head.headers["accept"].contains(where: { $0.contains("text/event-stream") }) { finishCount() }
            let pass = AdminPass(for: self, of: desk, head)
            phase = .passing(pass)
            return pass.connect()
        }
        answer(file(head, path), to: head, isStrangers: false)
    }

    private static let noSession = DirectoryError(
        .forbidden, "this browser has not opened the staff desk, or its session has ended",
        advice: "end `quarterctl staff`, start it again, and open the address that it prints")

    private func open(_ head: HTTPRequestHead, _ word: Substring) {
        let isAhead = (head.headers.first(name: "sec-purpose") ?? "").contains("prefetch")
        guard head.method == .GET, !isAhead else {
            let error = DirectoryError(
                .methodNotAllowed, "the token is taken from a page that is opened, and not ahead of it")
            return answer(DeskAnswer(error, asPage: false), to: head, isStrangers: true)
        }
        let opening = desk.gate.open(word, by: peer())
        guard opening != .granted else {
            return answer(.opened(cookie: desk.gate.cookie), to: head, isStrangers: true)
        }
        // Whoever has the session and opens its bookmark or an old window goes on.
        if desk.gate.admits(cookies: head.headers["cookie"], user: peer()) {
            return answer(.moved(to: "/staff/"), to: head, isStrangers: false)
        }
        let words =
            opening == .used ? "this address was used before: it opens once" : "this address opens nothing"
        let error = DirectoryError(.forbidden, words, advice: Self.noSession.advice)
        answer(DeskAnswer(error, asPage: true), to: head, isStrangers: true)
    }

    private func file(_ head: HTTPRequestHead, _ path: Substring) -> DeskAnswer {
        if path == "/" { return .moved(to: "/staff/") }
        guard let file = desk.pages.file(at: path) else {
            if let target = desk.pages.target(of: path) { return .moved(to: target) }
            let error = DirectoryError(
                .notFound, "there is no \(String(path).shortened())", advice: "go to /staff/")
            return DeskAnswer(error, asPage: head.wantsPage)
        }
        guard head.method == .GET || head.method == .HEAD else {
            let error = DirectoryError(.methodNotAllowed, "a file is read only", advice: "it takes GET, HEAD")
            return DeskAnswer(error, asPage: false)
        }
        let kept = head.headers["if-none-match"].contains { $0.contains(file.tag) }
        return DeskAnswer(file, isKept: kept)
    }

    /// Who is at the other end; asked once, when it first matters.
    private func peer() -> UInt32? {
        if let user { return user }
        let found = PeerUser.of(context?.channel.remoteAddress, to: context?.channel.localAddress)
        user = .some(found)
        return found
    }

    private func take(_ bytes: ByteBuffer) {
        switch phase {
        case .idle: break
        case .passing(let pass):
            arm(Self.stallTime)
            pass.send(bytes)
        case .dropping(let left):
            arm(Self.stallTime)
            phase = .dropping(left: left - bytes.readableBytes)
            if left < bytes.readableBytes { context?.close(promise: nil) }
        }
    }

    private func endOfRequest() {
        switch phase {
        case .passing(let pass):
            // From here on the daemon works, for as long as a large register takes.
            timer?.cancel()
            pass.finish()
        case .idle, .dropping:
            phase = .idle
            if isAnswered { becomeIdle() }
        }
    }

    private func becomeIdle() {
        finishCount()
        if closesAfterAnswer { return closeWhenSent() }
        arm(Self.stallTime)
    }

    // MARK: Answering

    private func answer(_ answer: DeskAnswer, to head: HTTPRequestHead, isStrangers: Bool) {
        guard let context else { return }
        phase = .dropping(left: isStrangers ? Self.strangersBody : Self.ownBody)
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        headers.add(name: "Content-Type", value: answer.type)
        if answer.status != 304 { headers.add(name: "Content-Length", value: "\(answer.body.count)") }
        if closesAfterAnswer { headers.add(name: "Connection", value: "close") }
        context.write(
            Self.wrapOutboundOut(
                .head(
                    HTTPResponseHead(
                        version: .http1_1, status: .init(statusCode: answer.status), headers: headers))),
            promise: nil)
        if head.method != .HEAD, !answer.body.isEmpty {
            context.write(
                Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        endOfAnswer()
    }

    /// The daemon's answer begins.
    func passOn(_ head: HTTPResponseHead) {
        var headers = head.headers
        for name in ["connection", "keep-alive", "transfer-encoding", "cache-control"] {
            headers.remove(name: name)
        }
        for (name, value) in DeskAnswer.strict { headers.replaceOrAdd(name: name, value: value) }
        headers.add(name: "Cache-Control", value: "no-store")
        if closesAfterAnswer { headers.add(name: "Connection", value: "close") }
        write(.head(HTTPResponseHead(version: .http1_1, status: head.status, headers: headers)))
    }

    /// A piece of the daemon's answer.
    func passOn(_ bytes: ByteBuffer) { write(.body(.byteBuffer(bytes))) }

    private func write(_ part: HTTPServerResponsePart) {
        guard let context else { return }
        context.writeAndFlush(Self.wrapOutboundOut(part), promise: nil)
    }

    /// The daemon's answer is whole; the request may still be arriving, when it was refused.
    func endOfPass(isRequestWhole: Bool) {
        phase = isRequestWhole ? .idle : .dropping(left: Self.ownBody)
        endOfAnswer()
        resumeReading()
        if isRequestWhole { becomeIdle() }
    }

    private func endOfAnswer() {
        guard let context else { return }
        isAnswered = true
        lastWrite = context.writeAndFlush(Self.wrapOutboundOut(.end(nil)))
    }

    /// There is no answer of the daemon.
    ///
    /// - Parameter isBegun: whether a part of one was passed on, which cannot be taken back.
    func passFailed(_ error: DirectoryError, isBegun: Bool, isRequestWhole: Bool, head: HTTPRequestHead) {
        guard !isBegun else {
            context?.close(promise: nil)
            return
        }
        answer(DeskAnswer(error, asPage: false), to: head, isStrangers: false)
        resumeReading()
        if isRequestWhole {
            phase = .idle
            becomeIdle()
        }
    }

    /// Whether the client takes what it is sent.
    var takesMore: Bool { context?.channel.isWritable ?? false }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .passing(let pass) = phase, context.channel.isWritable { pass.resumeReading() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Time

    private func arm(_ time: TimeAmount) {
        timer?.cancel()
        guard let context else { return }
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func closeWhenSent() {
        guard let channel = context?.channel, let lastWrite else { return }
        lastWrite.whenComplete { _ in channel.close(promise: nil) }
    }

    private func finishCount() {
        if isCounted { desk.gate.end() }
        isCounted = false
    }
}

extension HTTPRequestHead {
    /// Whether a person waits for a page, and not a program for an answer.
    var wantsPage: Bool {
        method == .GET && headers["accept"].contains { $0.contains("text/html") }
    }
}
