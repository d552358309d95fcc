package import DirectoryAPI
package import DirectoryClient
package import DirectoryModel

/// A register file on its way to the daemon.
package struct RegisterUpload: Sendable {
    /// Where the file lies; only this user can change it there.
    package var path: String
    /// Its name as whoever keeps it knows it.
    package var fileName: String
    /// osm, communities, records or table.
    package var format: String
    /// Whose it is.
    package var source: SourceID
    /// A table: what its columns are, as TOML; nil for the mapping that the directory keeps of the source.
    package var mapping: String?
    /// The `Idempotency-Key`: the same file under it is taken once.
    package var key: String

    /// A file; see the fields.
    package init(
        path: String, fileName: String, format: String, source: SourceID, mapping: String? = nil, key: String
    ) {
        self.path = path
        self.fileName = fileName
        self.format = format
        self.source = source
        self.mapping = mapping
        self.key = key
    }

    /// Sends it, and returns the report; `isRepeated` says that it was taken before, under this key.
    ///
    /// Blocking, for minutes: give a client with `ClientTimeouts.longWork`.
    /// - Throws: what the daemon says is wrong with it, and what `DirectoryClient.send` throws.
    package func send(
        by client: DirectoryClient
    ) throws(DirectoryError) -> (report: JSONValue, isRepeated: Bool) {
        var query = [(name: "format", value: format), (name: "source", value: source.rawValue)]
        if format == "table", let mapping { query.append((name: "mapping", value: mapping)) }
        let name = fileName.onOneLine.queryEncoded
        let reply = try client.send(
            ClientRequest(
                "POST", "/v1/registers", query: query,
                headers: [
                    ("Content-Disposition", "attachment; filename*=UTF-8''" + name), ("Idempotency-Key", key),
                ],
                body: .file(path: path, contentType: "application/octet-stream")))
        return (try reply.json(), reply.headers["idempotent-replayed"] != nil)
    }

    /// The answer file that a report names, with its ending; nil where it names none, or it is no longer kept.
    ///
    /// - Throws: what `DirectoryClient.send` throws.
    package static func answer(
        to report: JSONValue, from client: DirectoryClient
    ) throws(DirectoryError) -> (bytes: [UInt8], ending: String)? {
        guard case .string(let name)? = report["answer"] else { return nil }
        do throws(DirectoryError) {
            let reply = try client.send(ClientRequest("GET", "/v1/answers/" + name.queryEncoded))
            return (reply.body, "." + (name.split(separator: ".").last.map(String.init) ?? "csv"))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
