import DirectoryModel
import Dispatch
import ServiceTypeKit

/// One run of the behavioural checks over a module.
final class Run {
    let module: any ServiceTypeModule
    private(set) var failures: [ConformanceFailure] = []
    /// Failures said so far by check: a module that fails everywhere is told so a few times, not ten thousand.
    private var counts: [ConformanceCheck: Int] = [:]

    init(_ module: any ServiceTypeModule) { self.module = module }

    func fail(_ check: ConformanceCheck, _ message: @autoclosure () -> String) {
        counts[check, default: 0] += 1
        if counts[check, default: 0] <= 20 { failures.append(ConformanceFailure(check, message())) }
    }

    func checkAll(_ type: ServiceTypeDescription) {
        checkRoundTrip(type)
        var drafts = fullDrafts(type)
        drafts += hostileDrafts(type)
        for draft in drafts { checkDraft(draft, type) }
        checkNonsenseIsReported(type)
        checkPersonalData(type)
        checkMoments(type)
        checkDeterminism(type)
        checkQuickness(type)
    }

    // MARK: - Drafts

    private func fullDrafts(_ type: ServiceTypeDescription) -> [PlaceDraft] {
        let turns = max(1, type.attributes.map { Samples.values(of: $0).count }.max() ?? 1)
        return [PlaceDraft(place: Samples.bare(type))]
            + (0..<turns).map { PlaceDraft(place: Samples.full(type, turn: $0)) }
    }

    private func hostileDrafts(_ type: ServiceTypeDescription) -> [PlaceDraft] {
        var drafts: [PlaceDraft] = []
        for word in Hostile.words {
            var raw: [String: String] = [:]
            for attribute in type.attributes {
                raw[attribute.key] = word
                for column in attribute.columnNames { raw[column] = word }
                if let osmKey = attribute.osmKey { raw[osmKey] = word }
            }
            drafts.append(PlaceDraft(place: Samples.bare(type), raw: raw))
            var place = Samples.bare(type)
            place.name = word
            place.nameEnglish = word
            place.hours = word
            drafts.append(PlaceDraft(place: place))
        }
        for value in Hostile.values {
            var place = Samples.bare(type)
            for attribute in type.attributes { place.attributes[attribute.key] = value }
            for (key, schema) in type.tables {
                place.attributes[key] = Hostile.rows(of: schema, value, count: 3)
            }
            place.attributes["no_such_attribute"] = value
            place.attributes["No such\u{0}\u{202E} key"] = value
            drafts.append(PlaceDraft(place: place))
        }
        let nothing = Place(id: PlaceID(unchecked: "conformance-2"), type: type.id, name: "")
        return drafts + [PlaceDraft(place: nothing), PlaceDraft(place: nothing, raw: ["": "", " ": " "])]
    }

    // MARK: - Checks of one draft

    private func checkDraft(_ draft: PlaceDraft, _ type: ServiceTypeDescription) {
        let result = module.normalise(draft)
        checkIdentity(of: result.place, against: draft.place)
        checkSoundness(of: result, type)
        let again = module.normalise(PlaceDraft(place: result.place, raw: draft.raw))
        let alone = module.normalise(PlaceDraft(place: result.place))
        for second in [again, alone] where second.place != result.place {
            fail(
                .normaliseIdempotent,
                "type \(type.id): normalising the result of \(shown(draft)) again makes "
                    + "\(shown(second.place)) of \(shown(result.place))")
        }
        checkIndexEntry(module.indexEntry(for: result.place), type)
        checkHighlights(module.highlights(for: result.place, in: Moments.ordinary), type)
    }

    private func checkIdentity(of place: Place, against draft: Place) {
        var same = place
        same.name = draft.name
        same.nameEnglish = draft.nameEnglish
        same.hours = draft.hours
        same.attributes = draft.attributes
        if same != draft {
            fail(
                .identityKept,
                "a field changed that only the source may set: \(shown(draft)) became \(shown(same))")
        }
    }

    private func checkSoundness(of result: NormalisedPlace, _ type: ServiceTypeDescription) {
        for (key, value) in result.place.attributes {
            guard let attribute = type.attributes.first(where: { $0.key == key }) else {
                fail(.resultSound, "type \(type.id): attribute \(key) came out, but is not in the schema")
                continue
            }
            let checked = attribute.check(value)
            if checked.value != value || !checked.findings.isEmpty {
                fail(
                    .resultSound,
                    "type \(type.id), attribute \(key): \(value) came out, which its schema refuses")
            }
        }
        for finding in result.findings { checkFinding(finding, type) }
    }

    private func checkFinding(_ finding: Finding, _ type: ServiceTypeDescription) {
        let code = finding.code
        if code.isEmpty || code.utf8.first == 0x5F
            || !code.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            })
        {
            fail(.findingsWellFormed, "type \(type.id): the code “\(code)” is not in snake case")
        }
        for language in Language.allCases {
            let text = finding.message.text(in: language)
            // A line of a report; chosen, not measured.
            if text.allSatisfy(\.isWhitespace) || text.count > 400 || text.unicodeScalars.contains("\n") {
                fail(
                    .findingsWellFormed,
                    "type \(type.id), finding \(code): the text in \(language.rawValue) is empty, over 400 characters, "
                        + "or not one line")
            }
        }
        for text in [finding.value, finding.field].compactMap(\.self)
        where text.utf8.count > 4_000 || text.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            fail(
                .findingsWellFormed,
                "type \(type.id), finding \(code): value or field is over 4,000 bytes or holds control characters"
            )
        }
    }

    private func checkIndexEntry(_ entry: IndexEntry, _ type: ServiceTypeDescription) {
        for (key, value) in entry.facets {
            guard let facet = type.facets.first(where: { $0.key == key }) else {
                fail(
                    .indexEntrySound,
                    "type \(type.id): facet \(key) is not declared in the description's facets")
                continue
            }
            let checked = facet.check(value)
            if checked.value != value || !checked.findings.isEmpty {
                fail(.indexEntrySound, "type \(type.id), facet \(key): \(value) is not of the declared kind")
            }
        }
        // A place is found by words, not by texts; chosen, not measured.
        if entry.searchWords.count > 200
            || entry.searchWords.contains(where: { $0.isEmpty || $0.utf8.count > 300 })
        {
            fail(
                .indexEntrySound,
                "type \(type.id): over 200 search words, or one that is empty or over 300 bytes")
        }
    }

    private func checkHighlights(_ highlights: [Highlight], _ type: ServiceTypeDescription) {
        if highlights.count > Highlight.maximumCount {
            fail(
                .highlightsSound,
                "type \(type.id): \(highlights.count) highlights, at most \(Highlight.maximumCount)")
        }
        for highlight in highlights {
            for language in Language.allCases {
                let text = highlight.text.text(in: language)
                let limit = Highlight.maximumCharacters(in: language)
                if text.allSatisfy(\.isWhitespace) || text.utf8.count > 2_000 || text.count > limit
                    || text.unicodeScalars.contains(where: { $0.value < 0x20 })
                {
                    fail(
                        .highlightsSound,
                        "type \(type.id): “\(text.prefix(80))” (\(language.rawValue)) is empty, over \(limit) "
                            + "characters, or holds control characters")
                }
            }
        }
    }
}

// MARK: - Checks of a type

extension Run {
    private func checkRoundTrip(_ type: ServiceTypeDescription) {
        for attribute in type.attributes {
            let keys = [attribute.key, attribute.name.zh] + attribute.columnNames
            for value in Samples.values(of: attribute) {
                for words in Samples.words(for: value, of: attribute) {
                    for key in keys { expect(value, from: [key: words], attribute, type) }
                }
                if let osmKey = attribute.osmKey {
                    expect(value, from: [osmKey: attribute.text(of: value, in: .en)], attribute, type)
                }
            }
        }
    }

    private func expect(
        _ value: AttributeValue, from raw: [String: String], _ attribute: AttributeDescription,
        _ type: ServiceTypeDescription
    ) {
        let result = module.normalise(PlaceDraft(place: Samples.bare(type), raw: raw))
        if result.place.attributes[attribute.key] != value {
            let seen = result.place.attributes[attribute.key].map { "\($0)" } ?? "nothing"
            fail(
                .roundTrip,
                "type \(type.id), attribute \(attribute.key): \(raw) should give \(value), but gives \(seen)")
        }
    }

    private func checkNonsenseIsReported(_ type: ServiceTypeDescription) {
        // A text, opening times and a table keep words as they stand.
        for attribute in type.attributes where !attribute.kind.takesAnyWords {
            for word in Hostile.nonsense {
                let draft = PlaceDraft(place: Samples.bare(type), raw: [attribute.key: word])
                let result = module.normalise(draft)
                if !result.findings.contains(where: { $0.field == attribute.key }) {
                    fail(
                        .resultSound,
                        "type \(type.id), attribute \(attribute.key): “\(word)” was given and left out without a finding"
                    )
                }
            }
        }
    }

    private func checkPersonalData(_ type: ServiceTypeDescription) {
        for words in Hostile.personal {
            var raw: [String: String] = [:]
            var place = Samples.bare(type)
            for attribute in type.attributes { raw[attribute.key] = words }
            place.name = "社区服务 " + words
            place.nameEnglish = words
            place.hours = words
            checkTraces(module.normalise(PlaceDraft(place: place, raw: raw)), type)
            for attribute in type.attributes { place.attributes[attribute.key] = .text(words) }
            checkTraces(module.normalise(PlaceDraft(place: place)), type)
            for attribute in type.attributes { place.attributes[attribute.key] = .texts([words]) }
            checkTraces(module.normalise(PlaceDraft(place: place)), type)
            for (key, schema) in type.tables {
                place.attributes[key] = Hostile.rows(of: schema, .text(words), count: 2)
            }
            checkTraces(module.normalise(PlaceDraft(place: place)), type)
        }
    }

    private func checkTraces(_ result: NormalisedPlace, _ type: ServiceTypeDescription) {
        let place = result.place
        let entry = module.indexEntry(for: place)
        var texts = [place.name, place.nameEnglish ?? "", place.hours ?? ""] + entry.searchWords
        texts += (Array(place.attributes.values) + Array(entry.facets.values)).flatMap(\.texts)
        texts += result.findings.flatMap { [$0.value ?? "", $0.field ?? "", $0.message.zh, $0.message.en] }
        texts += module.highlights(for: place, in: Moments.ordinary).flatMap { [$0.text.zh, $0.text.en] }
        for text in texts {
            let digits = String(text.compactMap { $0.wholeNumberValue.map { Character("\($0 % 10)") } })
            if Hostile.traces.contains(where: { digits.contains($0) }) {
                fail(
                    .personalDataMasked, "type \(type.id): a person's number came out in “\(text.prefix(80))”"
                )
            }
        }
    }

    private func checkMoments(_ type: ServiceTypeDescription) {
        let places = fullPlaces(type)
        for context in Moments.odd {
            for place in places {
                let highlights = module.highlights(for: place, in: context)
                checkHighlights(highlights, type)
                if highlights != module.highlights(for: place, in: context) {
                    fail(.deterministic, "type \(type.id): highlights differ from call to call")
                }
            }
        }
    }

    private func fullPlaces(_ type: ServiceTypeDescription) -> [Place] {
        [Samples.bare(type)] + (0..<3).map { Samples.full(type, turn: $0) }
    }

    private func checkDeterminism(_ type: ServiceTypeDescription) {
        let drafts = fullPlaces(type).map { PlaceDraft(place: $0, raw: ["name": "x", "备注": "y"]) }
        let module = module
        let expected = drafts.map { Answer(module, $0) }
        let answers = Gathered<[Answer]>()
        // Eight at once, each several times over: more threads than the daemon's event loops on a small machine.
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<5 { answers.add(drafts.map { Answer(module, $0) }) }
        }
        if !answers.all.allSatisfy({ $0 == expected }) {
            fail(.deterministic, "type \(type.id): answers differ from call to call or from thread to thread")
        }
    }

    private func checkQuickness(_ type: ServiceTypeDescription) {
        let full = PlaceDraft(place: Samples.full(type, turn: 1))
        let ordinary = ProcessorTime.least(within: Quickness.ordinary) { _ = Answer(module, full) }
        if ordinary > Quickness.ordinary {
            fail(.quick, "type \(type.id): an ordinary place takes \(ordinary) ms of processor time")
        }
        for text in Hostile.huge {
            var place = Samples.bare(type)
            place.name = text
            var raw: [String: String] = [:]
            for attribute in type.attributes {
                raw[attribute.key] = text
                place.attributes[attribute.key] = .text(text)
            }
            for (key, schema) in type.tables {
                place.attributes[key] = Hostile.rows(of: schema, .text(text), count: schema.maximumRows + 1)
            }
            let draft = PlaceDraft(place: place, raw: raw)
            var result = NormalisedPlace(place: place)
            let hostile = ProcessorTime.least(within: Quickness.hostile) { result = module.normalise(draft) }
            checkSoundness(of: result, type)
            if hostile > Quickness.hostile {
                fail(.quick, "type \(type.id): 10 MB in every field take \(hostile) ms of processor time")
            }
        }
    }
}

extension ServiceTypeDescription {
    /// The attributes that are tables.
    fileprivate var tables: [(key: String, schema: RowSchema)] {
        attributes.compactMap { attribute in
            if case .rows(let schema) = attribute.kind { (attribute.key, schema) } else { nil }
        }
    }
}

extension AttributeKind {
    fileprivate var takesAnyWords: Bool {
        switch self {
        case .text, .schedule, .rows: true
        case .bool, .whole, .decimal, .money, .oneOf, .manyOf, .date: false
        }
    }
}

/// What a module says about one draft.
private struct Answer: Equatable, Sendable {
    let result: NormalisedPlace
    let entry: IndexEntry
    let highlights: [Highlight]

    init(_ module: any ServiceTypeModule, _ draft: PlaceDraft) {
        result = module.normalise(draft)
        entry = module.indexEntry(for: result.place)
        highlights = module.highlights(for: result.place, in: Moments.ordinary)
    }
}

/// Short forms of records for messages.
private func shown(_ draft: PlaceDraft) -> String {
    shown(draft.place) + " raw "
        + draft.raw.sorted { $0.key < $1.key }.prefix(4)
        .map { "\($0.key.prefix(20))=\($0.value.prefix(40))" }.joined(separator: " ")
}

private func shown(_ place: Place) -> String {
    "“\(place.name.prefix(40))” "
        + place.attributes.sorted { $0.key < $1.key }.prefix(12)
        .map { "\($0.key.prefix(20))=\("\($0.value)".prefix(60))" }.joined(separator: " ")
}

extension AttributeValue {
    fileprivate var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .texts(let texts): texts
        case .whole(let number): ["\(number)"]
        case .decimal(let number): ["\(number)"]
        case .money(let amount): ["\(amount.fen)"]
        case .bool: []
        case .rows(let rows): rows.flatMap { $0.values.values.flatMap(\.texts) }
        }
    }
}
