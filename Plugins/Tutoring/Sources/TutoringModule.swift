// Tutoring: homework help by volunteers (四点半课堂) and parent-child classes: sessions over a term, grades, consent.
// May import: ServiceTypeKit, DirectoryModel, CQuarterABI.

import CQuarterABI
import DirectoryModel
import ServiceTypeKit

/// The module of volunteer tutoring.
struct TutoringModule: ServiceTypeModule {
    let manifest = ModuleManifest(
        id: ModuleID(unchecked: "tutoring"), name: LocalizedText(zh: "作业辅导", en: "Tutoring"),
        version: "2.0.0",
        types: [TutoringSchema.tutoring])

    func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        var expanded = draft
        Spans.expand(TutoringSchema.grades, in: &expanded, Spans.grades)
        Spans.expand(TutoringSchema.weekdays, in: &expanded, Spans.weekdays)
        let personalHeader = SessionCells.prepare(&expanded)
        var result = TutoringSchema.tutoring.normalise(expanded)
        result.fill("kind") { TutoringNames.kind(of: $0.name).map { .text($0) } }
        result.fill("format") { $0.name.contains(anyOf: ["一对一"]) ? .text("one_to_one") : nil }
        fillAges(&result)
        fillFromSessions(&result)
        result.findings += TutoringFindings.all(result.place)
        if let finding = TutoringFindings.personalColumns(draft.raw, inTable: personalHeader) {
            result.findings.append(finding)
        }
        return result
    }

    func indexEntry(for place: Place) -> IndexEntry {
        var facets: [String: AttributeValue] = [:]
        facets["free"] = isFree(place).map { .bool($0) }
        facets["step_free"] = place.isStepFree.map { .bool($0) }
        return IndexEntry(facets: facets, searchWords: TutoringSchema.tutoring.optionWords(of: place))
    }

    func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        TutoringLines.all(of: place, in: context)
    }

    /// The ages under their two names: registers and records have had both.
    private func fillAges(_ result: inout NormalisedPlace) {
        for (one, other) in [("minimum_age", "age_from"), ("maximum_age", "age_until")] {
            result.fill(one) { $0.whole(other).map { .whole($0) } }
            result.fill(other) { $0.whole(one).map { .whole($0) } }
        }
    }

    /// What the sessions say of the whole: all of a list, and of a single value what every one of them says alike.
    private func fillFromSessions(_ result: inout NormalisedPlace) {
        let rows = result.place.rows("sessions")
        if rows.isEmpty { return }
        result.fill("subjects") { _ in
            union(rows.compactMap { $0.text("subject") }, TutoringSchema.subjectOptions)
        }
        result.fill("grades") { _ in union(rows.flatMap { $0.options("grades") }, TutoringSchema.gradeOptions)
        }
        result.fill("languages") { _ in
            union(rows.compactMap { $0.text("language") }, TutoringSchema.languageOptions)
        }
        for key in ["format", "price"] {
            result.fill(key) { _ in
                let value = rows[0].values[key]
                return rows.allSatisfy { $0.values[key] == value } ? value : nil
            }
        }
    }

    /// The keys in the schema's order, as every list of options is stored; nil when there are none.
    private func union(_ keys: [String], _ options: [AttributeOption]) -> AttributeValue? {
        let held = Set(keys)
        return held.isEmpty ? nil : .texts(options.map(\.key).filter(held.contains))
    }

    /// Whether something is free: a session, or where sessions do not say, the place.
    private func isFree(_ place: Place) -> Bool? {
        let common = place.money("price")
        let rows = place.rows("sessions")
        if rows.isEmpty { return common.map { $0.fen == 0 } }
        let prices = rows.compactMap { $0.money("price") ?? common }
        return prices.isEmpty ? nil : prices.contains { $0.fen == 0 }
    }
}

/// The stamp of the kit and toolchain that this module was built with.
@_cdecl("quarter_module_abi")
public func quarterModuleABI() -> UnsafePointer<CChar> { quarter_abi_stamp() }

/// Makes the module for the daemon.
@_cdecl("quarter_module_make")
public func quarterModuleMake() -> UnsafeMutableRawPointer { ModuleBox.retained(TutoringModule()) }
