internal import DirectoryAPI
internal import DirectoryModel
internal import NIOHTTP1
internal import PageFiles

extension ServerSettings {
    /// The answer to a request for a file of a page; nil where there is no such file.
    ///
    /// - Throws: `method_not_allowed`.
    func page(_ head: HTTPRequestHead, _ path: Substring, _ exchange: Exchange) throws(DirectoryError)
        -> Response?
    {
        let file = pages.file(at: path)
        let target = pages.target(of: path)
        guard file != nil || target != nil else { return nil }
        guard head.method == .GET || head.method == .HEAD else {
            exchange.allow = "GET, HEAD"
            throw DirectoryError(
                .methodNotAllowed,
                "\(String(path).shortened()) does not take \(head.method.rawValue.shortened(to: 20))",
                advice: "it takes GET, HEAD")
        }
        guard let file else { return .moved(to: (target ?? "/") + head.uri.dropFirst(path.count)) }
        let names = head.headers["if-none-match"].flatMap { $0.split(separator: ",") }
        let isKept = names.contains { $0.drop { $0 == " " }.hasSuffix(file.tag) }
        guard !isKept else { return .notModified(tag: file.tag) }
        return Response(file)
    }
}

extension Response {
    /// A file of a page.
    ///
    /// A browser may keep it, and asks each time whether it is still the same: after an update no page is made of old
    /// and new files.
    fileprivate init(_ file: PageFile) {
        self = file.bytes.withUnsafeBytes { Response(status: 200, contentType: file.type, bytes: $0) }
        headers = file.headers
        tag = file.tag
        isCacheable = true
    }

    /// That what is wanted lies elsewhere on this server.
    fileprivate static func moved(to address: String) -> Response {
        var response = Response(
            status: 308, contentType: "text/plain; charset=utf-8",
            bytes: UnsafeRawBufferPointer(start: nil, count: 0))
        response.headers = [("Location", address)]
        return response
    }
}
