// WebRequests: one request to a server elsewhere and its answer, within limits: libcurl wrapped once.
// May import: DirectoryModel, CCurl.

internal import CCurl
package import DirectoryModel
internal import Glibc

/// An http or https URL without user and password, taken apart by libcurl itself.
package struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The whole URL, as it is asked; its query may hold a secret, so it is never shown.
    package let text: String
    /// "http" or "https".
    package let scheme: String
    /// Scheme, host and port: what a credential is meant for.
    package let server: String
    /// Whether the host is this machine, which nobody listens in on.
    package let isLoopback: Bool
    /// Scheme, host, port and path: what may be shown.
    package let description: String

    /// An address.
    ///
    /// - Parameters:
    ///   - text: the URL; characters that a URL cannot hold, such as Chinese ones, are percent-encoded.
    ///   - base: what a relative one counts from; nil for none.
    /// - Throws: `invalid_request`, without showing more than host and path.
    package init(_ text: String, from base: WebAddress? = nil) throws(DirectoryError) {
        guard let parts = curl_url() else { throw Self.fault("libcurl has no memory") }
        defer { curl_url_cleanup(parts) }
        let flags = UInt32(CURLU_URLENCODE)
        if let base {
            guard curl_url_set(parts, CURLUPART_URL, base.text, flags) == CURLUE_OK else {
                throw Self.fault("no URL can be made from its base")
            }
        }
        let state = curl_url_set(parts, CURLUPART_URL, text, flags)
        guard state == CURLUE_OK else { throw Self.fault(String(cString: curl_url_strerror(state))) }
        try self.init(parts)
    }

    private init(_ parts: OpaquePointer) throws(DirectoryError) {
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
            var found: UnsafeMutablePointer<CChar>?
            guard curl_url_get(parts, part, &found, UInt32(flags)) == CURLUE_OK, let found else { return nil }
            defer { curl_free(found) }
            return String(cString: found)
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw Self.fault("user and password do not belong in it")
        }
        guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
            throw Self.fault("only http and https are asked")
        }
        guard let host = part(CURLUPART_HOST)?.lowercased(), !host.isEmpty,
            let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT)
        else { throw Self.fault("it has no host") }
        // What follows # is for a reader.
        curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
        guard let whole = part(CURLUPART_URL) else { throw Self.fault("it cannot be put together") }
        text = whole
        self.scheme = scheme
        let ownPort = part(CURLUPART_PORT, CURLU_NO_DEFAULT_PORT).map { ":\($0)" } ?? ""
        server = "\(scheme)://\(host):\(port)"
        isLoopback = host == "localhost" || host == "[::1]" || Self.isLoopbackNumber(host)
        description = "\(scheme)://\(host)\(ownPort)\(part(CURLUPART_PATH) ?? "/")"
    }

    /// Whether a host is a number of 127.0.0.0/8, and not a name that begins like one.
    private static func isLoopbackNumber(_ host: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, host, &address) == 1 && UInt32(bigEndian: address.s_addr) >> 24 == 127
    }

    /// The address with one more word in its query, or another value of a word that is there.
    package func with(_ name: String, _ value: String) throws(DirectoryError) -> WebAddress {
        guard let parts = curl_url(), curl_url_set(parts, CURLUPART_URL, text, 0) == CURLUE_OK else {
            throw Self.fault("it cannot be taken apart")
        }
        defer { curl_url_cleanup(parts) }
        let word = name.percentEncoded
        var found: UnsafeMutablePointer<CChar>?
        var words: [Substring] = []
        if curl_url_get(parts, CURLUPART_QUERY, &found, 0) == CURLUE_OK, let found {
            words = String(cString: found).split(separator: "&")
            curl_free(found)
        }
        let others = words.filter { $0 != word && !$0.hasPrefix(word + "=") }.map(String.init)
        let query = (others + ["\(word)=\(value.percentEncoded)"]).joined(separator: "&")
        guard curl_url_set(parts, CURLUPART_QUERY, query, 0) == CURLUE_OK else {
            throw Self.fault("its query cannot be set")
        }
        return try WebAddress(parts)
    }

    private static func fault(_ words: String) -> DirectoryError {
        DirectoryError(
            .invalidRequest, "this is no URL that can be asked: \(words)",
            advice: "give one such as https://host/path")
    }
}

extension String {
    /// Every byte but the unreserved ones of RFC 3986 percent-encoded.
    fileprivate var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-._~".unicodeScalars.contains(scalar)
            {
                encoded.unicodeScalars.append(scalar)
            } else {
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
