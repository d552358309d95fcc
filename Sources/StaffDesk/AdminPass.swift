internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One request on its way to the admin socket, and its answer back, in pieces: at no time more of either is held than
/// the two sockets' buffers.
///
/// A connection of its own for each: the daemon judges it by the credentials of this process. Used on the event loop
/// only.
final class AdminPass {
    /// Headers of a request that the daemon reads; the cookie is not among them.
    private static let headers = [
        "accept", "accept-language", "content-type", "content-length", "transfer-encoding",
        "content-disposition",
        "if-match", "if-none-match", "idempotency-key", "last-event-id",
    ]
    /// For how long a connection is tried.
    ///
    /// Chosen, not measured.
    private static let connectTime = TimeAmount.seconds(5)

    private weak var connection: DeskConnection?
    private let desk: DeskRoom
    private let head: HTTPRequestHead
    private var channel: (any Channel)?
    private var waiting: [HTTPClientRequestPart] = []
    private var isRequestWhole = false
    private var hasBegun = false
    private var isOver = false

    init(for connection: DeskConnection, of desk: DeskRoom, _ head: HTTPRequestHead) {
        self.connection = connection
        self.desk = desk
        self.head = head
    }

    /// Opens the connection to the daemon.
    func connect() {
        let loop = desk.loop
        var own = HTTPRequestHead(version: .http1_1, method: head.method, uri: head.uri)
        own.headers.add(name: "Host", value: "localhost")
        own.headers.add(name: "Connection", value: "close")
        for name in Self.headers {
            for value in head.headers[name] { own.headers.add(name: name, value: value) }
        }
        waiting.append(.head(own))
        let bound = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .connectTimeout(Self.connectTime)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(AdminAnswer(bound.value))
                }
            }
            .connect(unixDomainSocketPath: desk.adminSocket)
            .whenComplete { result in bound.value.connected(result) }
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .failure(let error): fail(error)
        case .success(let channel):
            guard !isOver else { return channel.close(promise: nil) }
            self.channel = channel
            for part in waiting { channel.write(part, promise: nil) }
            waiting = []
            channel.flush()
            if takesMore { connection?.resumeReading() }
        }
    }

    /// Whether the daemon takes more of the request.
    var takesMore: Bool { channel?.isWritable ?? false }

    /// Sends a piece of the body.
    func send(_ bytes: ByteBuffer) { write(.body(.byteBuffer(bytes))) }

    /// The request is whole.
    func finish() {
        isRequestWhole = true
        write(.end(nil))
    }

    private func write(_ part: HTTPClientRequestPart) {
        guard let channel else { return waiting.append(part) }
        // What a daemon does not take that has answered already is nobody's loss.
        channel.writeAndFlush(part, promise: nil)
    }

    /// The client has taken what it was sent.
    func resumeReading() { channel?.pipeline.read() }

    /// Whether the client takes more of the answer.
    var clientTakesMore: Bool { connection?.takesMore ?? false }

    /// The client is gone.
    func cancel() {
        isOver = true
        channel?.close(promise: nil)
    }

    // MARK: What the daemon says

    fileprivate func take(_ part: HTTPClientResponsePart) {
        guard !isOver else { return }
        switch part {
        case .head(let answer):
            hasBegun = true
            connection?.passOn(answer)
        case .body(let bytes): connection?.passOn(bytes)
        case .end:
            isOver = true
            connection?.endOfPass(isRequestWhole: isRequestWhole)
            channel?.close(promise: nil)
        }
    }

    fileprivate func requestTaken() { connection?.resumeReading() }

    fileprivate func fail(_ error: (any Error)?) {
        guard !isOver else { return }
        isOver = true
        channel?.close(promise: nil)
        let failure =
            channel == nil
            ? DirectoryError(
                .cannotConnect, "quarterd does not answer on \(desk.adminSocket)",
                advice:
                    "start it with `systemctl start quarterd`; the page goes on by itself when it is there",
                cause: error.map { "\($0)" })
            : DirectoryError(
                .unavailable, "quarterd ended the connection before its answer was whole",
                advice: "see what became of it, then try again", cause: error.map { "\($0)" })
        connection?.passFailed(failure, isBegun: hasBegun, isRequestWhole: isRequestWhole, head: head)
    }
}

/// The daemon's end of a pass.
private final class AdminAnswer: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let pass: AdminPass

    init(_ pass: AdminPass) { self.pass = pass }

    func read(context: ChannelHandlerContext) {
        // The client's turn first: it asks for more when it has taken what is here.
        if pass.clientTakesMore { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { pass.take(Self.unwrapInboundIn(data)) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { pass.requestTaken() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { pass.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { pass.fail(nil) }
}
