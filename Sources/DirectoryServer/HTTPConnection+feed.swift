internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

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
            note(status: 200, error: nil, exchange)
            dropIncoming()
            loop.scratch.clear()
            loop.scratch.writeStaticString("HTTP/1.1 200 OK\r\n")
            loop.scratch.writeBytes(loop.date)
            loop.scratch.writeStaticString(FeedText.head)
            follow(query, piece, after: ByteBuffer(bytes: loop.scratch.readableBytesView))
        }
    }
}
