internal import CCurl
package import DirectoryModel

extension WebReply {
    /// How long the server asks to be left alone: `Retry-After` in seconds, or as a moment (RFC 9110, 10.2.3).
    ///
    /// - Parameter now: seconds since 1970.
    /// - Returns: nil where it does not say, or not in a way that is understood; never less than zero.
    package func retryAfter(now: Double) -> Seconds? {
        guard let text = headers["retry-after"], !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Double(text).map { Seconds(min($0, 1e9)) }
        }
        let moment = curl_getdate(text, nil)
        return moment < 0 ? nil : Seconds(max(0, Double(moment) - now))
    }

    /// Where the next page is: the target of `Link` with the relation "next" (RFC 8288); nil where there is none.
    package var nextLink: String? {
        guard let text = headers["link"] else { return nil }
        var rest = text[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let target = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            let words = rest.prefix { $0 != "<" }
            for word in words.split(whereSeparator: { $0 == ";" || $0 == "," }) {
                let pair = word.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
                guard pair.count == 2, pair[0].lowercased() == "rel" else { continue }
                let relations = word.split(separator: "=", maxSplits: 1)[1].split {
                    $0 == "\"" || $0.isWhitespace
                }
                if relations.contains(where: { $0.lowercased() == "next" }) { return String(target) }
            }
        }
        return nil
    }
}
