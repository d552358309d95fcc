package import DirectoryModel

extension WriteReply {
    /// Reads a reply that was kept for an idempotency key.
    ///
    /// - Throws: `store_damaged`.
    package init(_ json: JSONValue) throws(DirectoryError) {
        guard case .whole(let revision)? = json["revision"], case .string(let kind)? = json["kind"],
            case .string(let id)? = json["id"], case .string(let word)? = json["outcome"],
            let outcome = Outcome(rawValue: word), case .string(let tag)? = json["tag"],
            case .array(let findings)? = json["findings"]
        else { throw DirectoryError(.storeDamaged, "a kept reply cannot be read") }
        self.init(
            revision: Revision(UInt64(clamping: revision)), kind: kind, id: id, outcome: outcome, tag: tag,
            findings: try findings.map { value throws(DirectoryError) in try RecordFinding(value) })
    }
}

extension RecordFinding {
    fileprivate init(_ json: JSONValue) throws(DirectoryError) {
        func text(_ value: JSONValue?) -> String? {
            guard case .string(let text)? = value else { return nil }
            return text
        }
        guard let severity = text(json["severity"]), let code = text(json["code"]),
            let record = text(json["record"]), let zh = text(json["message"]?["zh"]),
            let en = text(json["message"]?["en"])
        else { throw DirectoryError(.storeDamaged, "a kept reply cannot be read") }
        self.init(
            severity: severity, code: code, record: record, field: text(json["field"]),
            value: text(json["value"]), message: LocalizedText(zh: zh, en: en))
    }
}
