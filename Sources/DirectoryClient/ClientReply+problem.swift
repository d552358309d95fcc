package import DirectoryAPI
package import DirectoryModel

extension ClientReply {
    /// The body as JSON.
    ///
    /// - Throws: `bad_reply` when it is none.
    package func json() throws(DirectoryError) -> JSONValue {
        do throws(DirectoryError) {
            return try JSONValue(json: body)
        } catch {
            throw DirectoryError(
                .badReply, "the answer is not JSON", advice: ClientReply.versionAdvice, cause: error.cause)
        }
    }

    /// What a daemon that answers oddly may be, and what to do.
    static let versionAdvice = "see that quarterctl and quarterd are of one version, and that it is quarterd"

    /// The error that this answer tells of: its problem+json, or `bad_reply` where it has none.
    func problem(from endpoint: DirectoryEndpoint) -> DirectoryError {
        guard let value = try? JSONValue(json: body), case .string(let code)? = value["code"] else {
            return DirectoryError(
                .badReply, "\(endpoint) answered with status \(status) and no explanation",
                advice: ClientReply.versionAdvice)
        }
        func text(_ key: String) -> String? {
            guard case .string(let text)? = value[key], !text.isEmpty else { return nil }
            return text
        }
        return DirectoryError(
            DirectoryError.Code(rawValue: code), text("title") ?? text("detail") ?? "refused",
            advice: text("advice"), location: text("location"))
    }
}
