// Tutoring: homework help by volunteers (四点半课堂) and parent-child classes: subjects, grades, days, consent.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of volunteer tutoring.
struct TutoringModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "tutoring"), name: LocalizedText(zh: "作业辅导", en: "Tutoring"),
        version: "1.0.0",
        types: [TutoringSchema.tutoring])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var expanded = draft
        Spans.expand(TutoringSchema.grades, in: &expanded, Spans.grades)
        Spans.expand(TutoringSchema.weekdays, in: &expanded, Spans.weekdays)
        var result = TutoringSchema.tutoring.normalise(expanded)
        result.fill("kind") { TutoringNames.kind(of: $0.name).map { .text($0) } }
        result.fill("format") { $0.name.contains(anyOf: ["一对一"]) ? .text("one_to_one") : nil }
        result.findings += capacityFindings(result.place) + ageFindings(result.place)
        if let finding = personalColumns(draft.raw) { result.findings.append(finding) }
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        facets["free"] = place.money("price").map { .bool($0.fen == 0) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: TutoringSchema.tutoring.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        var highlights: [Highlight] = []
        if let days = daysHighlight(place, on: context.weekday) { highlights.append(days) }
        if let subjects = TutoringLines.subjects.highlight(for: place) {
            highlights.append(subjects)
        }
        if place.flag("guardian_consent_required") == true {
            highlights.append(
                Highlight(LocalizedText(zh: "需监护人同意", en: "Guardian's consent required"), tone: .caution))
        }
        if let price = place.money("price") {
            highlights.append(
                price.fen == 0
                    ? Highlight(LocalizedText(zh: "免费", en: "Free of charge"), tone: .good)
                    : Highlight(
                        fitting: LocalizedText(
                            zh: "每场\(price.text(in: .zh))", en: "\(price.text(in: .en)) a session")))
        }
        if place.text("format") == "one_to_one" {
            highlights.append(Highlight(LocalizedText(zh: "一对一", en: "One to one"), tone: .good))
        }
        if let grades = TutoringLines.grades.highlight(for: place) { highlights.append(grades) }
        return Array(highlights.prefix(Highlight.maximumCount))
    }

    /// Today's day of the week where it is one of the days, else the days.
    ///
    /// It says nothing of holidays: the opening state does.
    private func daysHighlight(_ place: Place, on weekday: Int) -> Highlight? {
        guard case .manyOf(let days) = TutoringSchema.weekdays.kind, days.indices.contains(weekday - 1) else {
            return nil
        }
        let today = days[weekday - 1]
        if place.options("weekdays").contains(today.key) {
            return Highlight(
                fitting: LocalizedText(zh: "\(today.name.zh)有课", en: "Sessions on \(today.name.en)s"),
                tone: .good)
        }
        return TutoringLines.weekdays.highlight(for: place)
    }

    private func capacityFindings(_ place: Place) -> [Finding] {
        guard place.text("format") == "one_to_one", let capacity = place.whole("capacity"), capacity != 1
        else { return [] }
        return [
            Finding(
                .warning, code: "capacity_inconsistent", field: "capacity", value: "\(capacity)",
                message: LocalizedText(
                    zh: "一对一辅导每场只有1个孩子，请核对每场人数或形式",
                    en: "One to one means one child a session; check the capacity or the format"))
        ]
    }

    private func ageFindings(_ place: Place) -> [Finding] {
        guard let from = place.whole("age_from"), let until = place.whole("age_until"), from > until else {
            return []
        }
        return [
            Finding(
                .warning, code: "ages_reversed", field: "age_from", value: "\(from)–\(until)",
                message: LocalizedText(
                    zh: "起始年龄大于截止年龄，请核对", en: "The first age is above the last; check both"))
        ]
    }

    /// Columns about a person are never read, and whoever sends the register is told to leave them out.
    private func personalColumns(_ raw: [String: String]) -> Finding? {
        let columns = raw.keys.filter { $0.contains(anyOf: TutoringNames.personal) }
        guard let first = columns.min() else { return nil }
        return Finding(
            .warning, code: "personal_columns", field: nil, value: Finding.excerpt(of: first),
            message: LocalizedText(
                zh: "台账里有学生、家长或志愿者的个人信息列，没有读取；请先删去再交",
                en:
                    "The register has columns about children, parents or volunteers; they were not read, take them out"
            ))
    }
}

/// Highlights of options, made once.
private enum TutoringLines {
    static let subjects = OptionHighlight(TutoringSchema.subjects)
    static let grades = OptionHighlight(TutoringSchema.grades)
    static let weekdays = OptionHighlight(TutoringSchema.weekdays, zh: "上课日：", en: "Sessions: ")
}

/// Spans such as 一至六年级, 1-3年级, 小学 and 周一至周五, which name all that lies between.
enum Spans {
    static let grades = Words(
        groups: ["小学": 1...6, "初中": 7...9], separators: ["至", "到", "-", "—", "–", "~", "～"],
        dropped: ["年级", "小学"],
        names: { position in position == 0 ? "preschool" : position == 10 ? "senior" : "grade_\(position)" },
        positions: [
            ["学前", "幼儿园"], ["一", "1", "小一"], ["二", "2", "小二"], ["三", "3", "小三"], ["四", "4", "小四"],
            ["五", "5", "小五"],
            ["六", "6", "小六"], ["七", "7", "初一"], ["八", "8", "初二"], ["九", "9", "初三"], ["高中"],
        ])
    static let weekdays = Words(
        groups: ["工作日": 0...4, "每天": 0...6, "周末": 5...6, "双休日": 5...6],
        separators: ["至", "到", "-", "—", "–", "~", "～"], dropped: ["周", "星期", "礼拜"],
        names: { ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][$0] },
        positions: [
            ["一", "Mon", "Monday", "Mo"], ["二", "Tue", "Tuesday", "Tu"], ["三", "Wed", "Wednesday", "We"],
            ["四", "Thu", "Thursday", "Th"], ["五", "Fri", "Friday", "Fr"], ["六", "Sat", "Saturday", "Sa"],
            ["日", "天", "末", "Sun", "Sunday", "Su"],
        ])

    /// What spans of one attribute are made of.
    struct Words: Sendable {
        /// Words for several positions at once.
        let groups: [String: ClosedRange<Int>]
        let separators: [Character]
        /// Words that may stand at either end and say nothing.
        let dropped: [String]
        /// The option's key at a position.
        let names: @Sendable (Int) -> String
        /// The words for each position.
        let positions: [[String]]
    }

    /// Replaces spans in the draft's own words by the keys that they name; what is no span is left as it is.
    static func expand(_ attribute: AttributeDescription, in draft: inout PlaceDraft, _ words: Words) {
        for column in [attribute.key, attribute.name.zh] + attribute.columnNames {
            // Longer texts are no list of spans; the schema says what is wrong with them.
            guard let text = draft.raw[column], text.utf8.count <= 300 else { continue }
            let parts = text.split { ";；、，,".contains($0) }.map(String.init)
            let keys = parts.map { part in
                positions(of: part, words).map { $0.map(words.names).joined(separator: ";") } ?? part
            }
            draft.raw[column] = keys.joined(separator: ";")
        }
    }

    /// The positions that a span or a group names, or nil when the text is neither.
    private static func positions(of text: String, _ words: Words) -> ClosedRange<Int>? {
        let part = text.filter { !$0.isWhitespace }
        if let group = words.groups[part] { return group }
        let ends = part.split(whereSeparator: words.separators.contains)
        guard ends.count == 2, let first = position(of: String(ends[0]), words),
            let last = position(of: String(ends[1]), words), first <= last
        else { return nil }
        return first...last
    }

    private static func position(of text: String, _ words: Words) -> Int? {
        var word = text
        for dropped in words.dropped {
            if word.hasPrefix(dropped), word != dropped { word.removeFirst(dropped.count) }
            if word.hasSuffix(dropped), word != dropped { word.removeLast(dropped.count) }
        }
        return words.positions.firstIndex { $0.contains(word) }
    }
}

/// What names and columns say.
private enum TutoringNames {
    static func kind(of name: String) -> String? {
        if name.contains("亲子") { return "parent_child" }
        return name.contains(anyOf: ["四点半", "4点半", "作业", "课后辅导", "课业"]) ? "homework" : nil
    }

    /// Words of columns that are about a person.
    static let personal = [
        "学生姓名", "孩子姓名", "儿童姓名", "家长姓名", "家长电话", "监护人姓名", "监护人电话", "志愿者姓名", "志愿者电话", "老师电话", "身份证",
    ]
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(TutoringModule()) }
