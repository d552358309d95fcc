// DirectoryClient: connects to a quarterd, sends one request, reads one answer; says what to do when it can't.
// May import: DirectoryAPI, DirectoryModel. Blocking POSIX sockets: a command line waits for one answer at a
// time, and starts faster without an event loop.

package import DirectoryModel
import Foundation

/// Where a daemon listens.
package enum DirectoryEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A Unix socket's path.
    case unixSocket(path: String)
    /// A port of this machine's loopback address, 127.0.0.1.
    case loopback(port: UInt16)

    /// The path, or `127.0.0.1:PORT`.
    package var description: String {
        switch self {
        case .unixSocket(let path): path
        case .loopback(let port): "127.0.0.1:\(port)"
        }
    }
}

/// How long a client waits.
package struct ClientTimeouts: Hashable, Sendable {
    /// For the connection, and for each piece that is sent.
    ///
    /// Chosen, not measured.
    package var send: Seconds
    /// For the answer's first byte, and between two pieces of it.
    ///
    /// Chosen, not measured.
    package var answer: Seconds

    /// Timeouts; each more than zero.
    package init(send: Seconds = 10, answer: Seconds = 30) {
        self.send = send
        self.answer = answer
    }

    /// For work that a daemon takes minutes over: reading a city's register.
    ///
    /// Chosen, not measured.
    package static let longWork = ClientTimeouts(send: 60, answer: 3600)
}

/// A request as the client sends it.
package struct ClientRequest: Sendable {
    /// GET, PUT, PATCH, POST or DELETE.
    package var method: String
    /// The path, starting with a slash, each part already percent-encoded.
    package var path: String
    /// The words of the query, in order; encoded when sent.
    package var query: [(name: String, value: String)]
    /// Further header fields, such as `If-Match`.
    package var headers: [(name: String, value: String)]
    /// The body.
    package var body: Body

    /// A request; see the fields.
    package init(
        _ method: String = "GET", _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: Body = .none
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// What a request carries.
    package enum Body: Sendable {
        /// Nothing.
        case none
        /// JSON text.
        case json([UInt8])
        /// A file, sent in pieces as it is read.
        case file(path: String, contentType: String)
    }
}

/// An answer as the client read it.
package struct ClientReply: Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// The header fields, names in lower case; of a repeated one, the last.
    package let headers: [String: String]
    /// The whole body.
    package let body: [UInt8]

    /// An answer; see the fields.
    package init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A client of one daemon.
///
/// Each request is a connection of its own; calls block.
package struct DirectoryClient: Sendable {
    /// Where the daemon listens.
    package let endpoint: DirectoryEndpoint
    /// How long to wait.
    package var timeouts: ClientTimeouts

    /// A client of the daemon at `endpoint`; connects only when something is sent.
    package init(endpoint: DirectoryEndpoint, timeouts: ClientTimeouts = ClientTimeouts()) {
        self.endpoint = endpoint
        self.timeouts = timeouts
    }

    /// Sends a request and reads the answer.
    ///
    /// - Parameter progress: called with bytes sent and bytes in all while a file is sent, on this thread.
    /// - Returns: an answer with a status of 200…299.
    /// - Throws: what the daemon said was wrong, with its code; `cannot_connect`; `bad_reply`;
    ///   `request_timeout`; `unreadable_file` for a file to be sent.
    package func send(
        _ request: ClientRequest, progress: ((_ sent: Int, _ all: Int) -> Void)? = nil
    ) throws(DirectoryError) -> ClientReply {
        let body = try OutgoingBody(request.body)
        defer { body.close() }
        let connection = try connect()
        defer { connection.close() }
        // A daemon that refuses a request may answer and close before it has read all of it: what was
        // answered then says more than the broken connection, so a failed send still reads the answer.
        var sendFault: DirectoryError?
        do throws(DirectoryError) {
            try connection.send(Array(head(of: request, body: body).utf8))
            try body.send(over: connection, progress: progress)
        } catch {
            guard error.code != .unreadableFile else { throw error }
            sendFault = error
        }
        let reply: ClientReply
        do throws(DirectoryError) {
            var reader = ReplyReader(connection: connection)
            reply = try reader.readReply()
        } catch {
            throw sendFault ?? error
        }
        guard !(200...299).contains(reply.status) else { return reply }
        throw reply.problem(from: endpoint)
    }

    func connect() throws(DirectoryError) -> ClientConnection {
        do throws(ConnectFault) {
            return try ClientConnection(to: endpoint, timeouts: timeouts)
        } catch {
            throw endpoint.connectError(error.number)
        }
    }

    func head(of request: ClientRequest, body: OutgoingBody) -> String {
        var target = request.path
        if !request.query.isEmpty {
            let words = request.query.map { "\($0.name.queryEncoded)=\($0.value.queryEncoded)" }
            target += "?" + words.joined(separator: "&")
        }
        let host =
            switch endpoint {
            case .unixSocket: "localhost"
            case .loopback(let port): "127.0.0.1:\(port)"
            }
        var head = "\(request.method) \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
        if !request.headers.contains(where: { $0.name == "Accept" }) {
            head += "Accept: application/json\r\n"
        }
        if let type = body.contentType {
            head += "Content-Type: \(type)\r\nContent-Length: \(body.length)\r\n"
        }
        for header in request.headers { head += "\(header.name): \(header.value.withoutLineBreaks)\r\n" }
        return head + "\r\n"
    }
}

extension String {
    /// The text with every byte but the unreserved ones of RFC 3986 percent-encoded.
    package var queryEncoded: String {
        var encoded = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%" + String(byte >> 4, radix: 16, uppercase: true)
                encoded += String(byte & 15, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    fileprivate var withoutLineBreaks: String {
        String(unicodeScalars.map { $0 == "\r" || $0 == "\n" ? " " : Character($0) })
    }
}

extension DirectoryClient {
    /// Whether somebody listens at an endpoint.
    package enum Listening: Sendable {
        /// A connection was made.
        case yes
        /// There is no socket, or nobody behind it.
        case no
        /// There is one, but it may not be used or does not take the connection.
        case cannotTell(DirectoryError)
    }

    /// Whether a daemon listens: connects, and hangs up at once.
    package func listens() -> Listening {
        do throws(ConnectFault) {
            try ClientConnection(to: endpoint, timeouts: timeouts).close()
            return .yes
        } catch {
            let isAbsent = [ENOENT, ENOTDIR, ECONNREFUSED].contains(error.number)
            return isAbsent ? .no : .cannotTell(endpoint.connectError(error.number))
        }
    }
}
