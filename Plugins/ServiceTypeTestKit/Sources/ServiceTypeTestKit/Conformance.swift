// ServiceTypeTestKit: one conformance suite that every module and every declared type must pass, for tests only.
// May import: ServiceTypeKit, DirectoryModel.

import DirectoryModel
public import ServiceTypeKit

/// One thing that a module does and must not do, or does not do and must.
///
/// Since: 1.0
public struct ConformanceFailure: Hashable, Sendable, CustomStringConvertible {
    /// The check that failed.
    public let check: ConformanceCheck
    /// What was seen, on which type and attribute, in English.
    public let message: String

    /// A failure; see the fields.
    public init(_ check: ConformanceCheck, _ message: String) {
        self.check = check
        self.message = message
    }

    /// `check: message`.
    public var description: String { "\(check.rawValue): \(message)" }
}

/// What is checked.
///
/// The raw value is the name under which docs/modules.md explains the check.
///
/// Since: 1.0
public enum ConformanceCheck: String, Hashable, Sendable, CaseIterable {
    /// `ModuleManifest.problems()` is empty, and the manifest is the same each time it is asked for.
    case manifestSound = "manifest_sound"
    /// No text of the manifest still says that it has to be filled in.
    case manifestFilledIn = "manifest_filled_in"
    /// Every type has words to search by besides its name.
    case searchWordsPresent = "search_words_present"
    /// No selector takes plain things that the catalogue gives to another type.
    case selectorsNotGreedy = "selectors_not_greedy"
    /// Every attribute reads back what the kit writes of its values, in Chinese and in English.
    case roundTrip = "round_trip"
    /// Normalising a result again changes nothing, with or without the source's words.
    case normaliseIdempotent = "normalise_idempotent"
    /// Id, type, points, community, address, phone and status of a draft are never touched.
    case identityKept = "identity_kept"
    /// What comes out fits the schema, whatever went in; what was given and left out has a finding.
    case resultSound = "result_sound"
    /// Findings have a code in snake case and short texts in both languages.
    case findingsWellFormed = "findings_well_formed"
    /// No mobile number or ID number comes out in attributes, names, findings, search words or highlights.
    case personalDataMasked = "personal_data_masked"
    /// Facets are declared, of the declared kind, and no attributes; search words are short.
    case indexEntrySound = "index_entry_sound"
    /// At most four highlights, in both languages, within their lengths, at any moment.
    case highlightsSound = "highlights_sound"
    /// The same question has the same answer, also from several threads at once.
    case deterministic = "deterministic"
    /// No call takes long, not even with 10 MB of text.
    case quick = "quick"
    /// The README has the fixed headings in their order, each with a text.
    case readmeHeadings = "readme_headings"
    /// The README names every attribute, and under Filters every derived facet, by its key.
    case readmeComplete = "readme_complete"
    /// No part of the README still says that it has to be filled in.
    case readmeFilledIn = "readme_filled_in"
}

/// The conformance suite.
///
/// Since: 1.0
public enum Conformance {
    /// Runs every check on a module; an empty answer means that it conforms.
    ///
    /// A module that traps ends the test process: that, too, is a failure.
    ///
    /// - Parameter rules: what the catalogue gives to which type.
    public static func check(
        _ module: any ServiceTypeModule, rules: CatalogueRules = .standard
    ) -> [ConformanceFailure] {
        var failures = checkManifest(module, rules: rules)
        let run = Run(module)
        for type in module.manifest.types { run.checkAll(type) }
        failures += run.failures
        return failures
    }

    /// The headings that a module's README must have, in this order.
    public static let readmeHeadings = [
        "What it lists", "Attributes and units", "Opening rules", "Filters", "Highlights", "Data and licence",
        "Limits",
    ]

    /// Checks a module's README: a title, the fixed headings of the second level in order, a text under each, and every
    /// attribute and derived facet of the module by its key.
    public static func checkReadme(_ text: String, of module: any ServiceTypeModule) -> [ConformanceFailure] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var failures: [ConformanceFailure] = []
        for type in module.manifest.types {
            let missing = (type.attributes + type.facets).map(\.key).filter { !text.contains("`\($0)`") }
            for key in missing {
                failures.append(
                    ConformanceFailure(.readmeComplete, "`\(key)` of type \(type.id) is not named"))
            }
        }
        if !(lines.first?.hasPrefix("# ") ?? false) {
            failures.append(ConformanceFailure(.readmeHeadings, "the first line is not a title (# Name)"))
        }
        let headings = lines.filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
        if headings != readmeHeadings {
            failures.append(
                ConformanceFailure(
                    .readmeHeadings,
                    "the headings are \(headings), but must be \(readmeHeadings), in this order and no others"
                ))
        }
        for heading in headings {
            let body = lines.drop { $0 != "## " + heading }.dropFirst().prefix { !$0.hasPrefix("## ") }
            if body.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
                failures.append(ConformanceFailure(.readmeHeadings, "there is nothing under “\(heading)”"))
            } else if body.contains(where: isUnfilled) {
                failures.append(
                    ConformanceFailure(.readmeFilledIn, "“\(heading)” still says “\(placeholder)”"))
            }
        }
        return failures
    }

    /// What the template of `make new-module` writes where an author has to write.
    public static let placeholder = "fill me in"
    /// The same in Chinese.
    public static let placeholderChinese = "待填写"

    static func isUnfilled(_ text: some StringProtocol) -> Bool {
        text.contains(placeholderChinese) || text.lowercased().contains(placeholder)
    }

    private static func checkManifest(
        _ module: any ServiceTypeModule, rules: CatalogueRules
    ) -> [ConformanceFailure] {
        let manifest = module.manifest
        var failures = manifest.problems().map { ConformanceFailure(.manifestSound, $0) }
        if module.manifest != manifest {
            failures.append(ConformanceFailure(.manifestSound, "the manifest differs from call to call"))
        }
        for text in manifest.allTexts where isUnfilled(text) {
            failures.append(ConformanceFailure(.manifestFilledIn, "“\(text)” is still to be filled in"))
        }
        for type in manifest.types {
            let words = Set(type.searchWords).subtracting([type.name.zh, type.name.en])
            if words.filter({ !isUnfilled($0) }).isEmpty {
                failures.append(
                    ConformanceFailure(
                        .searchWordsPresent, "type \(type.id) has no search words besides its name"))
            }
            failures += rules.greedySelectors(of: type).map { ConformanceFailure(.selectorsNotGreedy, $0) }
        }
        return failures
    }
}

extension ModuleManifest {
    /// Every text that a person reads, for the check that none is left to be filled in.
    fileprivate var allTexts: [String] {
        types.reduce(into: [name.zh, name.en]) { texts, type in
            texts += [type.name.zh, type.name.en, type.source] + type.searchWords
            texts += type.osmSelectors.flatMap { $0.nameWords + $0.tags.keys + $0.tags.values }
            for attribute in type.attributes + type.facets {
                texts += [attribute.name.zh, attribute.name.en] + attribute.columnNames
                texts += attribute.kind.options.flatMap { [$0.name.zh, $0.name.en] + $0.aliases }
                if case .rows(let schema) = attribute.kind {
                    texts += [schema.rowName.zh, schema.rowName.en]
                    texts += schema.columns.flatMap { [$0.name.zh, $0.name.en] + $0.columnNames }
                }
            }
        }
    }
}

extension AttributeKind {
    /// The options, where the kind has some.
    var options: [AttributeOption] {
        switch self {
        case .oneOf(let options), .manyOf(let options): options
        case .bool, .whole, .decimal, .money, .text, .schedule, .date, .rows: []
        }
    }
}
