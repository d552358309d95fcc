package import DirectoryModel
package import TOMLDocument
package import WebRequests
internal import Foundation

/// A server elsewhere: where it is, how it is asked, and what it is told to be let in.
package struct RemoteServer: Sendable {
    /// Where, without what a page or a secret adds.
    package let address: WebAddress
    /// Limits, certificates, proxy.
    package let settings: WebSettings
    /// How often it is tried again.
    package let retries: RetryPolicy
    private let headers: [(name: String, value: String)]
    private let secret: RemoteSecret?
    private let secretHeader: (name: String, prefix: String)?
    private let secretParameter: String?

    /// Header fields that this program or libcurl sets itself.
    private static let ownHeaders: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "expect", "authorization", "cookie",
        "proxy-authorization", "idempotency-key",
    ]

    /// Reads the keys that pull and push have in common; what is wrong is reported to the reader.
    ///
    /// - Parameters:
    ///   - retries: those that count where the file does not say.
    ///   - credentials: the folder of secrets that systemd hands over.
    /// - Returns: nil where something is wrong.
    /// - Throws: `configuration_invalid` about a secret.
    package init?(
        _ reader: TOMLReader, retries: RetryPolicy, agent: String, credentials: String?
    ) throws(DirectoryError) {
        var settings = WebSettings()
        settings.agent = agent
        settings.connectTimeout = reader.duration("connect_timeout", in: 0.1...600) ?? settings.connectTimeout
        settings.timeout = reader.duration("timeout", in: 0.1...3600) ?? settings.timeout
        settings.largestAnswer =
            reader.byteSize("largest_answer", in: 1024...(1 << 30)) ?? settings.largestAnswer
        settings.certificateFile = reader.text("ca_file", longest: 4096)
        settings.proxy = reader.text("proxy", longest: 2048)
        var retries = retries
        retries.attempts = reader.whole("attempts", in: 1...1000) ?? retries.attempts
        retries.backoff = reader.duration("backoff", in: 0.001...3600) ?? retries.backoff
        retries.longestWait = reader.duration("longest_wait", in: 0.001...86_400) ?? retries.longestWait
        let isPlainAllowed = reader.bool("plain_http") ?? false
        var headers: [(name: String, value: String)] = []
        if let table = reader.table("headers") {
            for (name, value) in table.remainingTexts(longest: 2000) {
                if Self.ownHeaders.contains(name.lowercased()) {
                    table.report(
                        "the header \(name) is not set here", about: name, advice: "use [credential]")
                } else if !name.utf8.allSatisfy({ $0.isTokenByte }) {
                    table.report("\(name.shortened()) is no name of a header", about: name)
                } else {
                    headers.append((name, value))
                }
            }
        }
        var address: WebAddress?
        if let text = reader.required(reader.text("url", longest: 4000), "url") {
            do throws(DirectoryError) {
                let read = try WebAddress(text)
                if read.scheme == "http", !read.isLoopback, !isPlainAllowed {
                    reader.report(
                        "\(read) is not encrypted", about: "url",
                        advice: "use https, or set plain_http = true where nobody can listen in")
                }
                address = read
            } catch {
                reader.report(error.message, about: "url", advice: error.advice)
            }
        }
        (secret, secretHeader, secretParameter) = try Self.credential(reader.table("credential"), credentials)
        guard let address, !reader.hasProblems else { return nil }
        self.address = address
        self.settings = settings
        self.retries = retries
        self.headers = headers
    }

    private static func credential(_ table: TOMLReader?, _ folder: String?) throws(DirectoryError)
        -> (RemoteSecret?, (name: String, prefix: String)?, String?)
    {
        guard let table else { return (nil, nil, nil) }
        let file = table.text("file", longest: 4096) ?? "secret"
        let parameter = table.text("parameter", longest: 100)
        let header = table.text("header", longest: 100)
        let prefix = table.text("prefix", longest: 100, mayBeEmpty: true)
        if parameter != nil, header != nil {
            table.report("a credential goes into a header or a parameter, not both", about: "parameter")
        }
        if let header, !header.utf8.allSatisfy({ $0.isTokenByte }) {
            table.report("\(header.shortened()) is no name of a header", about: "header")
        }
        guard !table.hasProblems else { return (nil, nil, nil) }
        let secret = try RemoteSecret(file: file, folder: folder, location: table.location(of: "file"))
        guard parameter == nil else { return (secret, nil, parameter) }
        let name = header ?? "Authorization"
        return (secret, (name, prefix ?? (header == nil ? "Bearer " : "")), nil)
    }

    /// A request to this server with what lets it in.
    ///
    /// - Parameter address: of this server, or the secret would go elsewhere.
    package func request(
        _ address: WebAddress, headers more: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) throws(DirectoryError) -> WebRequest {
        precondition(address.server == self.address.server, "a secret is for one server only")
        var request = WebRequest(address, headers: headers + more, body: body)
        guard let secret else { return request }
        if let secretHeader {
            request.headers.append((secretHeader.name, secretHeader.prefix + secret.text))
        }
        if let secretParameter {
            request.address = try address.with(secretParameter, secret.text)
        }
        return request
    }

    /// A client of it, for one thread.
    ///
    /// - Throws: `internal_error`.
    package func client() throws(DirectoryError) -> WebClient {
        do throws(WebFault) {
            return try WebClient(settings)
        } catch {
            throw DirectoryError(.internalError, error.words)
        }
    }
}

extension WebFault {
    /// The fault as an error about an address, with what to do.
    package func error(at address: WebAddress) -> DirectoryError {
        switch kind {
        case .notConnected:
            DirectoryError(
                .remoteUnreachable, "\(address) cannot be reached",
                advice: "see that it is up and the name is right",
                cause: words)
        case .timedOut:
            DirectoryError(
                .remoteUnreachable, "\(address) has not answered in time",
                advice: "see that it is up, or raise timeout",
                cause: words)
        case .broken:
            DirectoryError(
                .remoteUnreachable, "\(address) hung up before its answer was whole",
                advice: "see the journal of that server", cause: words)
        case .notTrusted:
            DirectoryError(
                .remoteRefused, "\(address) has no certificate that is trusted",
                advice: "give the certificate of who signed it as ca_file", cause: words)
        case .tooLarge:
            DirectoryError(
                .remoteInvalid, "\(address) answers with too much",
                advice: "ask for smaller pages, or raise largest_answer",
                cause: words)
        case .settings:
            DirectoryError(
                .configurationInvalid, "\(address) cannot be asked with these settings",
                advice: "see url, proxy and ca_file", cause: words)
        }
    }

    /// Whether the same may go well later.
    package var isPassing: Bool { [.notConnected, .timedOut, .broken].contains(kind) }
}

extension UInt8 {
    /// Whether it may stand in the name of a header (RFC 9110, 5.6.2).
    fileprivate var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
