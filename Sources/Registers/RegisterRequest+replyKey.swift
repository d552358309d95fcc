internal import Digests
internal import DirectoryAPI
internal import DirectoryModel

extension RegisterRequest {
    /// The key under which the report is kept; nil where the client gave none, and for a rehearsal, which changes
    /// nothing, so that it may as well be made anew.
    ///
    /// - Throws: `unreadable_file`.
    func replyKey() throws(DirectoryError) -> ReplyKey? {
        guard let idempotencyKey, !table.isRehearsal else { return nil }
        let words = [
            format, source?.rawValue, table.type?.rawValue, table.datum?.rawValue, table.mapping,
            table.isComplete ? "complete" : nil, fileName,
        ]
        // Each with its length: no two lists of words give the same text.
        var digest = words.map { word in word.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: ",")
        digest = NameUUID.text(of: digest, in: Self.namespace)
        return ReplyKey(key: idempotencyKey, requestDigest: digest + " " + (try FileDigest.sha256(of: path)))
    }

    /// Of the words of registers: any 16 bytes that nobody else uses would do.
    private static let namespace: [UInt8] = Array("quarter:register".utf8)
}
