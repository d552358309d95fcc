internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore

/// An answer, ready to be sent.
///
/// Its body leaves room for the head before it, so that both go out in one piece.
struct Response: Sendable {
    /// Bytes kept free before the body.
    ///
    /// A head has some 200; a longer one is sent apart.
    static let headRoom = 512

    var status: Int
    var contentType: String
    /// Further headers, without line breaks in their values.
    var headers: [(name: String, value: String)] = []
    /// The `ETag`, with its quotation marks.
    var tag: String?
    /// Whether a proxy or browser may keep it only after asking again (true) or not at all (false).
    var isCacheable = false
    /// The error that it reports.
    var error: DirectoryError?
    /// The body, after `headRoom` bytes.
    var body: ByteBuffer

    init(status: Int, contentType: String, bytes: UnsafeRawBufferPointer) {
        self.status = status
        self.contentType = contentType
        body = ByteBufferAllocator().buffer(capacity: Self.headRoom + bytes.count)
        body.moveWriterIndex(to: Self.headRoom)
        body.moveReaderIndex(to: Self.headRoom)
        body.writeBytes(bytes)
    }

    /// A JSON answer.
    init(status: Int = 200, contentType: String = Self.json, json: borrowing JSONWriter) {
        self = json.withBytes { Response(status: status, contentType: contentType, bytes: $0) }
    }

    /// Room for an answer of fifty places; with the head's, a power of two, to which NIO rounds up.
    private static let bodyRoom = 32_768 - headRoom

    /// A JSON answer that is written where it is sent from, as long as it is not longer than most are.
    init(
        contentType: String, writing write: (inout JSONWriter) throws(DirectoryError) -> Void
    ) throws(DirectoryError) {
        status = 200
        self.contentType = contentType
        body = ByteBufferAllocator().buffer(capacity: Self.headRoom + Self.bodyRoom)
        body.moveWriterIndex(to: Self.headRoom)
        body.moveReaderIndex(to: Self.headRoom)
        var failure: DirectoryError?
        var longer: [UInt8]?
        body.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.bodyRoom) { memory in
            var json = JSONWriter(into: memory)
            do throws(DirectoryError) { try write(&json) } catch { failure = error }
            if json.isLent { return json.count }
            longer = json.bytes()
            return 0
        }
        if let failure { throw failure }
        if let longer { body.writeBytes(longer) }
    }

    /// An error, as RFC 9457 has it.
    ///
    /// - Parameter current: the record as it is now, as JSON, where the error is that it is another one.
    init(_ error: DirectoryError, current: String? = nil) {
        var json = JSONWriter(capacity: 512)
        error.write(to: &json, current: current)
        self.init(
            status: ErrorTable.status(of: error.code), contentType: "application/problem+json", json: json)
        self.error = error
    }

    /// No body: the client's copy still holds.
    static func notModified(tag: String) -> Response {
        var response = Response(
            status: 304, contentType: "", bytes: UnsafeRawBufferPointer(start: nil, count: 0))
        response.tag = tag
        response.isCacheable = true
        return response
    }

    static let json = "application/json; charset=utf-8"
    static let geoJSON = "application/geo+json"

    /// The words of a status line.
    static func reason(of status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 304: "Not Modified"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        default: "Other"
        }
    }
}
