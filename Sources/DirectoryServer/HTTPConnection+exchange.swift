internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import NIOHTTP1

extension HTTPConnection {
    /// Takes one part of a request.
    func take(_ part: HTTPServerRequestPart) {
        switch part {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end: end()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        if phase == .idle { beginReceiving() }
        headBytes = 0
        let exchange = Exchange(head: head, startedAt: .now())
        current = exchange
        if !head.isKeepAlive || head.headers.contains(name: "upgrade") || head.method == .CONNECT {
            closesAfterAnswer = true
        }
        do throws(DirectoryError) {
            try examine(head, exchange)
        } catch {
            exchange.failure = error
        }
        let declared = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if declared > exchange.bodyLimit {
            return answerEarly(exchange.failure ?? longBody(exchange), exchange)
        }
        let waits = exchange.expectsContinue && head.version == .http1_1
        if let failure = exchange.failure {
            if waits { answerEarly(failure, exchange) }
        } else if exchange.entry?.place == .spool {
            openUpload(exchange, waits: waits)
        } else if waits {
            sendContinue()
        }
    }

    func sendContinue() { send(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")) }

    /// Finds the route, and what forbids it on this socket.
    private func examine(_ head: HTTPRequestHead, _ exchange: Exchange) throws(DirectoryError) {
        let limits = settings.limits
        exchange.bodyLimit = limits.bodyBytes
        var size = head.uri.utf8.count
        if size > 256 || head.headers.count > 16 {
            for (name, value) in head.headers { size += name.utf8.count + value.utf8.count + 4 }
            guard size <= limits.headBytes else { throw RequestFault.longHead(limits) }
        }
        if let port = door.port {
            try HostCheck(hosts: settings.hosts, port: port).check(
                hosts: head.headers["host"], origins: head.headers["origin"])
        }
        let path = head.uri.prefix { $0 != "?" }
        switch try core.router.match(method: head.method.rawValue, path: path) {
        case .found(let entry, let id):
            exchange.entry = entry
            exchange.id = id
            guard !entry.route.isWrite || door.role == .admin else {
                throw DirectoryError(
                    .forbidden, "the socket “\(door.role.rawValue)” is for reading only",
                    advice: "write through the admin socket")
            }
            if entry.place == .spool { exchange.bodyLimit = limits.registerBytes }
        case .otherMethod(let allow):
            exchange.allow = allow
            throw DirectoryError(
                .methodNotAllowed,
                "\(String(path).shortened()) does not take \(head.method.rawValue.shortened(to: 20))",
                advice: "it takes \(allow)")
        case .nothing:
            exchange.page = try settings.page(head, path, exchange)
            guard exchange.page == nil else { return }
            throw DirectoryError(
                .notFound, "there is no \(String(path).shortened())",
                advice: "GET /v1/openapi.json lists all routes")
        }
    }

    private func longBody(_ exchange: Exchange) -> DirectoryError {
        RequestFault.longBody(
            exchange.bodyLimit, key: exchange.entry?.place == .spool ? "register_limit" : "body_limit")
    }

    private func take(_ bytes: ByteBuffer) {
        guard let exchange = current else { return }
        exchange.bodyBytes += bytes.readableBytes
        guard exchange.bodyBytes <= exchange.bodyLimit else {
            return answerEarly(exchange.failure ?? longBody(exchange), exchange)
        }
        if let upload = exchange.upload {
            deadline = .now() + settings.limits.requestTime.amount
            upload.take(bytes)
        } else if exchange.failure == nil, exchange.entry?.wantsBody == true {
            if exchange.body == nil {
                exchange.body = bytes
            } else {
                exchange.body?.writeImmutableBuffer(bytes)
            }
        }
    }

    private func end() {
        guard let exchange = current else { return }
        if let failure = exchange.failure { return respond(Response(failure), to: exchange) }
        if let page = exchange.page { return respond(page, to: exchange) }
        guard let entry = exchange.entry else {
            preconditionFailure("a request without route passed without failure")
        }
        if let upload = exchange.upload {
            // It is here whole: nothing more is read, and no clock runs, until it is answered.
            phase = .answering
            deadline = .distantFuture
            return upload.finish()
        }
        let request = self.request(exchange, entry)
        switch entry.place {
        case .loop: respond(core.responder.answer(request), to: exchange)
        case .feed: openFeed(request, exchange)
        case .worker, .spool:
            answerElsewhere(exchange, on: entry.route.isWrite ? .writes : .general) { core in
                core.responder.answer(request)
            }
        }
    }

    func request(_ exchange: Exchange, _ entry: RouteEntry) -> Request {
        let uri = exchange.head.uri
        let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?"))
        return Request(
            operation: entry.route.operation, method: exchange.head.method.rawValue,
            path: String(uri[..<(mark ?? uri.endIndex)]),
            query: mark.map { String(uri[uri.index(after: $0)...]) } ?? "", id: exchange.id,
            headers: exchange.head.headers, body: exchange.body, peer: peer, role: door.role)
    }

    /// Has a worker make the answer; nothing more is read meanwhile.
    func answerElsewhere(
        _ exchange: Exchange, on workers: Workers.Kind = .general,
        _ work: @escaping @Sendable (ServerCore) -> Response
    ) {
        guard let context else { return }
        phase = .answering
        deadline = .distantFuture
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, exchange), eventLoop: loop)
        let core = core
        core.workers.submit(workers) {
            let response = work(core)
            loop.execute {
                let (connection, exchange) = bound.value
                connection.finish(exchange, response)
            }
        }
    }

    /// A worker has made the answer.
    func finish(_ exchange: Exchange, _ response: Response) {
        guard current === exchange else { return }
        phase = .receiving
        respond(response, to: exchange)
        process()
        resumeReading()
    }

    // MARK: Answers

    /// Answers before the request is here whole, and lets nothing follow.
    func answerEarly(_ error: DirectoryError, _ exchange: Exchange) {
        closesAfterAnswer = true
        respond(Response(error), to: exchange)
    }

    /// Sends an answer and makes ready for the next request.
    func respond(_ response: consuming Response, to exchange: Exchange?) {
        guard context != nil else { return }
        hasServed = true
        if let allow = exchange?.allow, response.status == 405 { response.headers.append(("Allow", allow)) }
        let closes = closesAfterAnswer || loop.isQuiescing
        send(&response, closes: closes, isHead: exchange?.isHead == true)
        note(status: response.status, error: response.error, exchange)
        current = nil
        if closes { linger() } else { becomeIdle() }
    }

    private func send(_ response: inout Response, closes: Bool, isHead: Bool) {
        loop.scratch.clear()
        loop.scratch.writeStaticString("HTTP/1.1 ")
        loop.scratch.writeString("\(response.status) ")
        loop.scratch.writeStaticString(Response.reason(of: response.status))
        loop.scratch.writeStaticString("\r\n")
        loop.scratch.writeBytes(loop.date)
        if response.status != 304 {
            loop.scratch.writeStaticString("Content-Type: ")
            loop.scratch.writeString(response.contentType)
            loop.scratch.writeStaticString("\r\nContent-Length: ")
            loop.scratch.writeString("\(response.body.readableBytes)")
            loop.scratch.writeStaticString("\r\n")
        }
        if let tag = response.tag {
            loop.scratch.writeStaticString("ETag: ")
            loop.scratch.writeString(tag)
            loop.scratch.writeStaticString("\r\n")
        }
        loop.scratch.writeStaticString(
            response.isCacheable ? "Cache-Control: no-cache\r\n" : "Cache-Control: no-store\r\n")
        for (name, value) in response.headers { loop.scratch.writeString("\(name): \(value)\r\n") }
        if closes { loop.scratch.writeStaticString("Connection: close\r\n") }
        loop.scratch.writeStaticString("\r\n")
        // Taken out of the answer, so that the head is put before it without a copy.
        var body = ByteBuffer()
        swap(&body, &response.body)
        let start = body.readerIndex - loop.scratch.readableBytes
        if isHead || response.status == 304 || start < 0 {
            send(ByteBuffer(bytes: loop.scratch.readableBytesView))
            if !isHead, response.status != 304 { send(body) }
        } else {
            body.setBuffer(loop.scratch, at: start)
            body.moveReaderIndex(to: start)
            send(body)
        }
    }

    func note(status: Int, error: DirectoryError?, _ exchange: Exchange?) {
        let metrics = exchange?.entry?.metrics ?? core.otherRequests
        let took = exchange.map { (NIODeadline.now() - $0.startedAt).nanoseconds } ?? 0
        metrics.record(status: status, nanoseconds: took)
        guard let error else { return }
        core.note(error, head: exchange?.head, door: door, peer: peer)
    }
}
