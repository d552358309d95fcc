internal import DirectoryModel
internal import ServiceTypeKit
internal import TOMLDocument

/// One type of a module, with what its results are held against.
final class HostedType: Sendable {
    let description: ServiceTypeDescription
    /// Of the description, which is large.
    let calendarPolicy: CalendarPolicy
    let guarded: GuardedModule
    private let kinds: [String: AttributeKind]
    private let facetKinds: [String: AttributeKind]
    /// Whether there is no code behind the type: its lines are made by the host itself, from checked texts.
    var isDeclared: Bool { declared != nil }
    private let declared: DeclaredModule?
    /// Whether its lines depend on the moment, as far as the host knows.
    let isTimed: Bool

    init(_ description: ServiceTypeDescription, _ guarded: GuardedModule) {
        self.description = description
        calendarPolicy = description.calendarPolicy
        self.guarded = guarded
        kinds = Dictionary(description.attributes.map { ($0.key, $0.kind) }) { first, _ in first }
        declared = guarded.module as? DeclaredModule
        isTimed = declared?.rules.isTimed ?? true
        facetKinds = Dictionary(description.facets.map { ($0.key, $0.kind) }) { first, _ in first }
    }

    // Limits of what a module may return. Chosen, not measured: several times what the five modules need.
    private static let maximumFindings = 200
    private static let maximumWords = 100
    private static let maximumWordCharacters = 60
    private static let maximumTextCharacters = 500
    /// A table's key, a row's number and a column's key.
    private static let maximumFieldBytes = 160
    private static let maximumHighlights = Highlight.maximumCount

    // MARK: normalise

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        let result = guarded.call(.normalise) { $0.normalise(draft) }
        var place = draft.place
        var faults = Faults()
        place.hours = text(result.place.hours, "hours", &faults)
        place.nameEnglish = text(result.place.nameEnglish, "nameEnglish", &faults)
        if let name = text(result.place.name, "name", &faults), !name.isEmpty || draft.place.name.isEmpty {
            place.name = name
        } else if result.place.name.isEmpty {
            faults.note("an empty name")
        }
        if changesWhatItMayNot(result.place, draft.place) {
            faults.note("a change of more than name, hours, attributes")
        }
        place.attributes = result.place.attributes
        for (key, value) in result.place.attributes where !fits(value, kinds[key]) {
            place.attributes[key] = nil
            faults.note("a value that its schema does not allow in \(key.shortened())")
        }
        var findings = result.findings
        if findings.count > Self.maximumFindings {
            findings = Array(findings.prefix(Self.maximumFindings))
            faults.note("over \(Self.maximumFindings) findings")
        }
        for index in findings.indices where isTooLong(findings[index]) {
            findings[index] = shortened(findings[index])
            faults.note("a finding that is too long")
        }
        if let reason = faults.first { guarded.fail(.normalise, reason) }
        return NormalisedPlace(place: place, findings: findings)
    }

    /// Whether more differs than a module may change.
    private func changesWhatItMayNot(_ result: Place, _ draft: Place) -> Bool {
        var rest = result
        rest.name = draft.name
        rest.nameEnglish = draft.nameEnglish
        rest.hours = draft.hours
        rest.attributes = draft.attributes
        return rest != draft
    }

    /// A text of the record, left out when it is longer than any record's.
    private func text(_ text: String?, _ field: String, _ faults: inout Faults) -> String? {
        guard let text, text.utf8.count > Self.maximumTextCharacters * 4 else { return text }
        faults.note("a \(field) of \(text.utf8.count) bytes")
        return nil
    }

    private func isTooLong(_ finding: Finding) -> Bool {
        let limit = Self.maximumTextCharacters * 4
        return finding.message.zh.utf8.count > limit || finding.message.en.utf8.count > limit
            || finding.code.utf8.count > 64 || (finding.field?.utf8.count ?? 0) > Self.maximumFieldBytes
            || (finding.value?.utf8.count ?? 0) > limit
    }

    private func shortened(_ finding: Finding) -> Finding {
        let limit = Self.maximumTextCharacters
        return Finding(
            finding.severity, code: String(finding.code.prefix(64)),
            field: finding.field.map { String($0.prefix(Self.maximumFieldBytes / 4)) },
            value: finding.value.map { String($0.prefix(limit)) },
            message: LocalizedText(
                zh: String(finding.message.zh.prefix(limit)), en: String(finding.message.en.prefix(limit))))
    }

    // MARK: index entry

    /// Whether it is a declared type that has nothing to say of a place.
    func hasNoLines(for place: Place) -> Bool {
        declared?.rules.lines.isEmpty == true && place.attributes.isEmpty
    }

    /// The facets of a place; of a declared type, nothing else is made.
    func facets(of place: Place) -> [String: AttributeValue] {
        guard let declared else { return indexEntry(for: place).facets }
        return declared.rules.facets.isEmpty ? [:] : declared.rules.facets(of: place)
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var entry = guarded.call(.indexEntry) { $0.indexEntry(for: place) }
        var faults = Faults()
        for (key, value) in entry.facets where !fits(value, facetKinds[key]) {
            entry.facets[key] = nil
            faults.note("the facet \(key.shortened()), which the manifest does not describe so")
        }
        let isBad = { (word: String) in
            word.isEmpty || word.utf8.count > Self.maximumWordCharacters * 4
        }
        if entry.searchWords.count > Self.maximumWords || entry.searchWords.contains(where: isBad) {
            entry.searchWords = Array(entry.searchWords.filter { !isBad($0) }.prefix(Self.maximumWords))
            faults.note("too many search words, or one that is empty or too long")
        }
        if let reason = faults.first { guarded.fail(.indexEntry, reason) }
        return entry
    }

    // MARK: highlights

    @inline(__always)
    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        let highlights = guarded.call(.highlights) { $0.highlights(for: place, in: context) }
        if isDeclared { return highlights }
        if highlights.count <= Self.maximumHighlights, highlights.allSatisfy(\.isFit) { return highlights }
        return mended(highlights)
    }

    @inline(never)
    private func mended(_ highlights: [Highlight]) -> [Highlight] {
        let count = highlights.count
        guarded.fail(
            .highlights,
            count > Self.maximumHighlights ? "\(count) lines" : "a line that is empty, too long or not plain")
        return highlights.prefix(Self.maximumHighlights).compactMap { highlight in
            // Cut first: a line may have any length.
            let text = LocalizedText(
                zh: String(highlight.text.zh.prefix(1000)).oneLine,
                en: String(highlight.text.en.prefix(1000)).oneLine)
            return text.zh.isEmpty || text.en.isEmpty ? nil : Highlight(fitting: text, tone: highlight.tone)
        }
    }

    // MARK: values

    /// Whether a value has the shape that the schema asks for; its range is the module's own care.
    private func fits(_ value: AttributeValue, _ kind: AttributeKind?) -> Bool {
        switch (kind, value) {
        case (.bool, .bool), (.whole, .whole): true
        case (.decimal, .decimal(let number)): number.isFinite
        case (.money, .money(let money)): money.fen >= 0
        case (.text, .text(let text)), (.schedule, .text(let text)):
            text.utf8.count <= Self.maximumTextCharacters * 4
        case (.date, .text(let day)): LocalDay(day) != nil
        case (.rows(let schema), .rows(let rows)): fits(rows, schema)
        case (.text, .texts(let texts)):
            texts.count <= Self.maximumWords
                && texts.allSatisfy { $0.utf8.count <= Self.maximumTextCharacters * 4 }
        case (.oneOf(let options), .text(let key)): options.contains { $0.key == key }
        case (.manyOf(let options), .texts(let keys)):
            keys.count <= options.count && keys.allSatisfy { key in options.contains { $0.key == key } }
        default: false
        }
    }
}

extension HostedType {
    /// Whether a table has the shape that its schema asks for, within its limits.
    private func fits(_ rows: [AttributeRow], _ schema: RowSchema) -> Bool {
        guard rows.count <= schema.maximumRows else { return false }
        let columns = Dictionary(schema.columns.map { ($0.key, $0.kind) }) { first, _ in first }
        var bytes = 0
        for row in rows {
            bytes += row.textBytes
            // A value without a column has no kind, and fits nothing.
            guard bytes <= RowSchema.maximumBytes,
                row.values.allSatisfy({ fits($0.value, columns[$0.key]) })
            else { return false }
        }
        return true
    }
}

/// What was wrong with one result: the first fault is told.
private struct Faults {
    private(set) var first: String?

    mutating func note(_ fault: @autoclosure () -> String) {
        if first == nil { first = fault() }
    }
}

extension Highlight {
    /// Whether both texts are there, within their lengths and on one line.
    @inline(__always)
    fileprivate var isFit: Bool {
        text.zh.isLine(of: 20) && text.en.isLine(of: 40)
    }
}

extension String {
    /// Whether the text has 1 to `limit` Unicode scalars, none of them below U+0020.
    ///
    /// Eight bytes at a time: it runs on every line of every answer. Scalars instead of characters make it at
    /// most too strict; what it refuses is counted and cut exactly.
    @inline(__always)
    fileprivate func isLine(of limit: Int) -> Bool {
        // A scalar has at most four bytes.
        if utf8.count > limit * 4 { return false }
        return utf8.withContiguousStorageIfAvailable { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            let count = raw.count
            var scalars = 0
            var controls: UInt64 = 0
            var at = 0
            while at + 8 <= count {
                let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                // A byte is below 0x20 if its three upper bits are clear.
                let upper = (word | word << 1 | word << 2) & 0x8080_8080_8080_8080
                controls |= upper ^ 0x8080_8080_8080_8080
                // A byte of 10…… continues a scalar.
                let continues = word & ~(word << 1) & 0x8080_8080_8080_8080
                scalars += 8 - continues.nonzeroBitCount
                at += 8
            }
            while at < count {
                if raw[at] < 0x20 { controls = 1 }
                if raw[at] & 0xC0 != 0x80 { scalars += 1 }
                at += 1
            }
            return controls == 0 && scalars > 0 && scalars <= limit
        } ?? false
    }
}
