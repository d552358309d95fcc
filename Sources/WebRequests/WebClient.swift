internal import CCurl
internal import DirectoryModel
internal import Synchronization

/// Asks servers elsewhere, one request after another; connections are kept for the next one.
///
/// Certificates are checked. No redirect is followed: whoever asks decides (`WebReply.redirect`). Calls block. Not for
/// use from two threads at once.
package final class WebClient {
    private let handle: OpaquePointer
    private let settings: WebSettings

    private static let prepared: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// A client; connects only when something is sent.
    ///
    /// - Throws: of the kind `settings` where libcurl cannot be started.
    package init(_ settings: WebSettings) throws(WebFault) {
        guard Self.prepared == CURLE_OK, let handle = curl_easy_init() else {
            throw WebFault(kind: .settings, words: "libcurl cannot be started")
        }
        self.handle = OpaquePointer(handle)
        self.settings = settings
    }

    deinit { curl_easy_cleanup(UnsafeMutableRawPointer(handle)) }

    /// Sends a request and takes its whole answer.
    ///
    /// - Returns: the answer, of whatever status.
    package func send(_ request: WebRequest) throws(WebFault) -> WebReply {
        let curl = UnsafeMutableRawPointer(handle)
        // Keeps connections, sessions and names; forgets all options.
        curl_easy_reset(curl)
        let answer = IncomingAnswer(limit: settings.largestAnswer)
        var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        var fields: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(fields) }
        // Without it libcurl waits for a 100 before it sends a longer body.
        for line in request.headers.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            guard let longer = curl_slist_append(fields, line) else {
                throw WebFault(kind: .settings, words: "libcurl has no memory")
            }
            fields = longer
        }
        let code = withExtendedLifetime(answer) {
            words.withUnsafeMutableBufferPointer { buffer in
                (request.body ?? []).withUnsafeBytes { body -> CURLcode in
                    prepare(curl, request.address)
                    quarter_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, buffer.baseAddress)
                    quarter_curl_set_pointer(curl, CURLOPT_HTTPHEADER, fields)
                    answer.attach(to: curl)
                    if request.body != nil {
                        quarter_curl_set_number(curl, CURLOPT_POST, 1)
                        quarter_curl_set_size(curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
                        quarter_curl_set_pointer(
                            curl, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
                    }
                    let code = curl_easy_perform(curl)
                    // The buffer ends with this block.
                    quarter_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, nil)
                    return code
                }
            }
        }
        guard code == CURLE_OK else {
            let said = String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw fault(code, said, answer)
        }
        var status = 0
        quarter_curl_get_number(curl, CURLINFO_RESPONSE_CODE, &status)
        guard (200...599).contains(status) else {
            throw WebFault(kind: .broken, words: "what answers does not speak HTTP")
        }
        var redirect: UnsafeMutablePointer<CChar>?
        quarter_curl_get_text(curl, CURLINFO_REDIRECT_URL, &redirect)
        return WebReply(
            status: status, headers: answer.headers, body: answer.body,
            redirect: redirect.map { String(cString: $0) })
    }

    private func prepare(_ curl: UnsafeMutableRawPointer, _ address: WebAddress) {
        quarter_curl_set_text(curl, CURLOPT_URL, address.text)
        quarter_curl_set_text(curl, CURLOPT_PROTOCOLS_STR, address.scheme)
        quarter_curl_set_number(curl, CURLOPT_FOLLOWLOCATION, 0)
        quarter_curl_set_number(curl, CURLOPT_NOSIGNAL, 1)
        quarter_curl_set_number(curl, CURLOPT_SSL_VERIFYPEER, 1)
        quarter_curl_set_number(curl, CURLOPT_SSL_VERIFYHOST, 2)
        quarter_curl_set_number(curl, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = settings.certificateFile {
            quarter_curl_set_text(curl, CURLOPT_CAINFO, file)
            quarter_curl_set_text(curl, CURLOPT_CAPATH, nil)
        }
        // An empty text keeps libcurl from the environment's proxy.
        quarter_curl_set_text(curl, CURLOPT_PROXY, settings.proxy ?? "")
        quarter_curl_set_text(curl, CURLOPT_USERAGENT, settings.agent)
        // Whatever this libcurl can unpack; the limit counts what comes out.
        quarter_curl_set_text(curl, CURLOPT_ACCEPT_ENCODING, "")
        quarter_curl_set_number(curl, CURLOPT_CONNECTTIMEOUT_MS, Int(settings.connectTimeout.value * 1000))
        quarter_curl_set_number(curl, CURLOPT_TIMEOUT_MS, Int(settings.timeout.value * 1000))
    }

    private func fault(_ code: CURLcode, _ said: String, _ answer: IncomingAnswer) -> WebFault {
        let words = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        if answer.isTooLarge || code == CURLE_FILESIZE_EXCEEDED {
            return WebFault(kind: .tooLarge, words: "more than \(settings.largestAnswer) bytes came")
        }
        let kind: WebFault.Kind =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .notConnected
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ISSUER_ERROR: .notTrusted
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_SSL_CACERT_BADFILE, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: .settings
            default: .broken
            }
        return WebFault(kind: kind, words: words.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
}

/// Takes an answer as libcurl hands it over.
private final class IncomingAnswer {
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private let limit: Int
    private var headBytes = 0

    /// Bytes of a head at most; chosen, not measured.
    private static let headLimit = 128 * 1024

    init(limit: Int) { self.limit = limit }

    /// Has libcurl hand its answer to this object, which must live as long.
    func attach(to curl: UnsafeMutableRawPointer) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        quarter_curl_set_pointer(curl, CURLOPT_WRITEDATA, me)
        quarter_curl_set_taker(curl, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<IncomingAnswer>.fromOpaque(context).takeUnretainedValue().take(piece)
        }
        quarter_curl_set_pointer(curl, CURLOPT_HEADERDATA, me)
        quarter_curl_set_taker(curl, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let line = String(
                decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
            return Unmanaged<IncomingAnswer>.fromOpaque(context).takeUnretainedValue()
                .take(line, of: size * count)
        }
    }

    /// How many bytes were taken; fewer than there are end the transfer.
    private func take(_ piece: UnsafeRawBufferPointer) -> Int {
        guard body.count + piece.count <= limit else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: piece)
        return piece.count
    }

    private func take(_ line: String, of size: Int) -> Int {
        headBytes += size
        guard headBytes <= Self.headLimit else {
            isTooLarge = true
            return 0
        }
        // An interim answer, or that of a proxy, comes before.
        if line.hasPrefix("HTTP/") { headers = [:] }
        guard let colon = line.firstIndex(of: ":") else { return size }
        let name = line[..<colon].lowercased()
        let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
        let trimmed = String(value.reversed().drop(while: \.isWhitespace).reversed())
        headers[name] = headers[name].map { "\($0), \(trimmed)" } ?? trimmed
        return size
    }
}
