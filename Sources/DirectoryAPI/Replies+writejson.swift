package import DirectoryModel

extension RecordFinding {
    /// Writes the finding.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("severity")
        json.string(severity)
        json.key("code")
        json.string(code)
        json.key("record")
        json.string(record)
        json.key("field")
        json.string(field)
        json.key("value")
        json.string(value)
        json.key("message")
        json.localized(message)
        if let cell {
            json.key("sheet")
            json.string(cell.sheet)
            json.key("row")
            json.whole(cell.row)
            json.key("column")
            json.string(cell.column)
            json.key("header")
            json.string(cell.header)
        }
        json.endObject()
    }
}

extension WriteReply {
    /// Writes the answer to a write.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(revision.number)
        json.key("kind")
        json.string(kind)
        json.key("id")
        json.string(id)
        json.key("outcome")
        json.string(outcome.rawValue)
        json.key("tag")
        json.string(tag)
        json.key("findings")
        json.beginArray()
        for finding in findings { finding.write(to: &json) }
        json.endArray()
        json.endObject()
    }
}

extension RegisterReport {
    /// The most keys and findings that are written one by one; counts are always whole.
    package static var detailLimit: Int { 10_000 }

    /// Writes the report as `POST /v1/registers` gives it.
    package func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("revision")
        json.whole(batch.revision.number)
        json.key("batch")
        if let number = batch.number { json.whole(Int(number)) } else { json.null() }
        json.key("dry_run")
        json.bool(isRehearsal)
        json.key("answer")
        if let answerPath {
            json.string(String(answerPath.split(separator: "/").last ?? ""))
        } else {
            json.null()
        }
        json.key("format")
        json.string(format)
        json.key("source")
        json.string(source.rawValue)
        json.key("counts")
        json.beginObject()
        for kind in RecordKind.allCases {
            guard let counts = batch.counts[kind] else { continue }
            json.key(kind.rawValue)
            json.beginObject()
            json.key("given")
            json.whole(counts.given)
            json.key("created")
            json.whole(counts.created)
            json.key("changed")
            json.whole(counts.changed)
            json.key("unchanged")
            json.whole(counts.unchanged)
            json.key("rejected")
            json.whole(counts.rejected)
            json.key("held")
            json.whole(counts.held)
            json.key("vanished")
            json.whole(counts.vanished)
            json.endObject()
        }
        json.endObject()
        json.key("figures")
        json.beginArray()
        for (name, value) in figures {
            json.beginObject()
            json.key("name")
            json.string(name)
            json.key("value")
            json.string(value)
            json.endObject()
        }
        json.endArray()
        json.key("taken_as")
        json.beginArray()
        for taken in takenAs {
            json.beginObject()
            json.key("type")
            json.string(taken.type.rawValue)
            json.key("reason")
            json.string(taken.reason)
            json.key("count")
            json.whole(taken.count)
            json.endObject()
        }
        json.endArray()
        writeLeftOut(to: &json)
        writeColumns(to: &json)
        json.key("findings_total")
        json.whole(findingCounts.reduce(0) { $0 + $1.count })
        json.key("findings_by_code")
        json.beginArray()
        for count in findingCounts {
            json.beginObject()
            json.key("code")
            json.string(count.code)
            json.key("severity")
            json.string(count.severity)
            json.key("count")
            json.whole(count.count)
            json.endObject()
        }
        json.endArray()
        json.key("findings")
        json.beginArray()
        for finding in batch.findings.prefix(RegisterReport.detailLimit) { finding.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    private func writeColumns(to json: inout JSONWriter) {
        json.key("columns")
        json.beginArray()
        for column in columns {
            json.beginObject()
            json.key("sheet")
            json.string(column.sheet)
            json.key("column")
            json.string(column.column)
            json.key("header")
            json.string(column.header)
            json.key("field")
            if let field = column.field { json.string(field) } else { json.null() }
            json.key("samples")
            json.strings(column.samples)
            json.endObject()
        }
        json.endArray()
    }

    private func writeLeftOut(to json: inout JSONWriter) {
        json.key("left_out")
        json.beginArray()
        for group in leftOut {
            json.beginObject()
            json.key("code")
            json.string(group.code)
            json.key("reason")
            json.localized(group.reason)
            json.key("count")
            json.whole(group.keys.count)
            json.key("keys")
            json.strings(Array(group.keys.prefix(RegisterReport.detailLimit)))
            json.endObject()
        }
        json.endArray()
    }
}

extension DirectoryError {
    /// Writes the error as `application/problem+json` (RFC 9457) with the stable code.
    ///
    /// - Parameter current: the record as it is now, as JSON, where the error is that it is another one.
    package func write(to json: inout JSONWriter, current: String? = nil) {
        json.beginObject()
        json.key("type")
        json.string("about:blank")
        json.key("status")
        json.whole(ErrorTable.status(of: code))
        json.key("code")
        json.string(code.rawValue)
        json.key("title")
        json.string(message)
        json.key("detail")
        json.string(description)
        if let advice {
            json.key("advice")
            json.string(advice)
        }
        if let location {
            json.key("location")
            json.string(location)
        }
        if let current {
            json.key("current")
            json.raw(current)
        }
        json.endObject()
    }
}
