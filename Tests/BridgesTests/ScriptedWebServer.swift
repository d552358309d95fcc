import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A real HTTP server on 127.0.0.1 that does what a test tells it, misbehaviour included.
final class ScriptedWebServer: @unchecked Sendable {
    // Unchecked: what changes is used under the lock.

    /// What came.
    struct Call: Sendable {
        var method: String
        var target: String
        var headers: [String: String]
        var body: [UInt8]

        /// A word of the query, decoded.
        func word(_ name: String) -> String? {
            URLComponents(string: "http://x" + target)?.queryItems?.first { $0.name == name }?.value
        }

        /// The body as a JSON object.
        var object: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
        }
    }

    /// What is done.
    enum Action: Sendable {
        case reply(Int, [String: String] = [:], String = "")
        /// Hangs up without an answer.
        case drop
        /// Says nothing, ever.
        case hang
        /// Sends so many bytes.
        case flood(Int)
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let lock = NSLock()
    private var channel: (any Channel)?
    private var children: [ObjectIdentifier: any Channel] = [:]
    private var received: [Call] = []
    private let act: @Sendable (Call) -> Action
    private(set) var port = 0

    init(_ act: @escaping @Sendable (Call) -> Action) throws {
        self.act = act
        try open()
    }

    deinit {
        close()
        group.shutdownGracefully { _ in }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// All calls so far, in order.
    var calls: [Call] { lock.withLock { received } }

    /// Listens, on the same port as before.
    func open() throws {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [weak self] channel in
                let server = self
                server?.keep(channel)
                return channel.pipeline.configureHTTPServerPipeline().flatMap {
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Handler(server))
                    }
                }
            }
        let channel = try bootstrap.bind(host: "127.0.0.1", port: port).wait()
        lock.withLock {
            self.channel = channel
            port = channel.localAddress?.port ?? 0
        }
    }

    /// Listens no more, and hangs up on everybody.
    func close() {
        let (channel, children) = lock.withLock {
            defer {
                self.channel = nil
                self.children = [:]
            }
            return (self.channel, Array(self.children.values))
        }
        try? channel?.close().wait()
        for child in children { child.close(promise: nil) }
    }

    private func keep(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        lock.withLock { children[id] = channel }
        channel.closeFuture.whenComplete { [weak self] _ in
            _ = self?.lock.withLock { self?.children.removeValue(forKey: id) }
        }
    }

    fileprivate func action(for call: Call) -> Action {
        lock.withLock { received.append(call) }
        return act(call)
    }

    private final class Handler: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private weak var server: ScriptedWebServer?
        private var call: Call?

        init(_ server: ScriptedWebServer?) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                var headers: [String: String] = [:]
                for (name, value) in head.headers { headers[name.lowercased()] = value }
                call = Call(method: head.method.rawValue, target: head.uri, headers: headers, body: [])
            case .body(let piece): call?.body += Array(piece.readableBytesView)
            case .end:
                guard let call, let server else { return context.close(promise: nil) }
                perform(server.action(for: call), context)
            }
        }

        private func perform(_ action: Action, _ context: ChannelHandlerContext) {
            switch action {
            case .drop: context.close(promise: nil)
            case .hang: break
            case .reply(let status, let fields, let body):
                var headers = HTTPHeaders(Array(fields))
                headers.add(name: "Content-Length", value: "\(body.utf8.count)")
                let head = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status), headers: headers)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .flood(let bytes):
                let head = HTTPResponseHead(version: .http1_1, status: .ok)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                flood(bytes, context)
            }
        }

        private func flood(_ rest: Int, _ context: ChannelHandlerContext) {
            guard rest > 0, context.channel.isActive else { return context.close(promise: nil) }
            let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: min(rest, 1 << 18))
            let box = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece)))).whenComplete { _ in
                box.value.0.flood(rest - piece.readableBytes, box.value.1)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
