package import DirectoryModel

/// How servers elsewhere are asked.
package struct WebSettings: Hashable, Sendable {
    /// For the connection and TLS.
    package var connectTimeout: Seconds = 10
    /// For the whole of a request and its answer.
    package var timeout: Seconds = 60
    /// Bytes of an answer at most, unpacked.
    package var largestAnswer = 32 << 20
    /// A file of the certificates that are trusted instead of the system's; nil for the system's.
    package var certificateFile: String?
    /// The proxy's URL; nil for none: what the environment says is not looked at.
    package var proxy: String?
    /// What the client calls itself.
    package var agent = "quarter-bridge"

    /// The defaults, all chosen, not measured.
    package init() {}
}

/// One request.
package struct WebRequest: Sendable {
    /// Where.
    package var address: WebAddress
    /// Header fields; names and values without line breaks.
    package var headers: [(name: String, value: String)]
    /// What is sent by POST; nil for GET.
    package var body: [UInt8]?

    /// A request; see the fields.
    package init(_ address: WebAddress, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
        self.address = address
        self.headers = headers
        self.body = body
    }
}

/// An answer of any status.
package struct WebReply: Sendable {
    /// The HTTP status, 200…599.
    package var status: Int
    /// Header fields, names in lower case; of a repeated one all values, joined by commas.
    package var headers: [String: String]
    /// The whole body, unpacked.
    package var body: [UInt8]
    /// Where a redirect leads, absolute; nil where there is none.
    package var redirect: String?

    /// An answer; see the fields.
    package init(status: Int, headers: [String: String], body: [UInt8], redirect: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.redirect = redirect
    }
}

/// Why there is no answer.
package struct WebFault: Error, Hashable, Sendable {
    /// What kind of fault.
    package enum Kind: Hashable, Sendable {
        /// No connection: nobody there, no such name, no route.
        case notConnected
        /// A connection, but no certificate that is trusted, or no TLS.
        case notTrusted
        /// Nothing, or not everything, in time.
        case timedOut
        /// The connection broke, or what came is no HTTP.
        case broken
        /// More than is taken.
        case tooLarge
        /// The settings are wrong, such as a file of certificates that isn't there.
        case settings
    }

    /// What kind.
    package let kind: Kind
    /// In libcurl's words, on one line, without URL and credentials.
    package let words: String
}
