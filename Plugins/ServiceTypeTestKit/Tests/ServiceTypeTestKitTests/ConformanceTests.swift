import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Synchronization
import Testing

@Suite("Conformance suite")
struct ConformanceTests {
    @Test("a sound module passes every check")
    func sound() {
        #expect(Conformance.check(FaultyModule()) == [])
    }

    @Test("each check fails on a module that breaks just it", arguments: FaultyModule.Fault.allCases)
    func faulty(fault: FaultyModule.Fault) {
        let failures = Conformance.check(FaultyModule(fault))
        #expect(failures.contains { $0.check == fault.check }, "\(failures)")
        // Some faults show in a second place; nothing else may be blamed.
        let others = Set(failures.map(\.check)).subtracting([fault.check]).subtracting(fault.alsoSeenBy)
        #expect(others.isEmpty, "\(failures)")
    }

    @Test("every behavioural check has a module that breaks it")
    func complete() {
        let broken = Set(FaultyModule.Fault.allCases.map(\.check))
        #expect(
            broken
                == Set(ConformanceCheck.allCases).subtracting([
                    .readmeHeadings, .readmeComplete, .readmeFilledIn,
                ]))
    }

    @Test("a README with the headings in order and a text under each passes")
    func readme() {
        #expect(Conformance.checkReadme(Self.readme(Conformance.readmeHeadings), of: FaultyModule()) == [])
    }

    @Test("a README without a heading, with a strange one, in another order, empty or unfilled is refused")
    func badReadme() {
        let headings = Conformance.readmeHeadings
        let bad: [(String, ConformanceCheck)] = [
            (Self.readme(Array(headings.dropLast())), .readmeHeadings),
            (Self.readme(headings + ["Owner"]), .readmeHeadings),
            (Self.readme(headings.reversed()), .readmeHeadings),
            (Self.readme(headings, body: " "), .readmeHeadings),
            (Self.readme(headings).replacing("# Laundry", with: "Laundry"), .readmeHeadings),
            (Self.readme(headings, body: "Fill me in: what it is"), .readmeFilledIn),
            ("# Laundry `kinds` `price` `remark` `machines` `cheap`", .readmeHeadings),
            (Self.readme(headings).replacing("`cheap`", with: "cheap"), .readmeComplete),
        ]
        for (text, check) in bad {
            #expect(
                Set(Conformance.checkReadme(text, of: FaultyModule()).map(\.check)) == [check],
                "\(text.prefix(200))")
        }
    }

    @Test("a library that is not there is named, with what to do")
    func noLibrary() {
        #expect {
            _ = try BuiltModule.load("NoSuch")
        } throws: { error in
            "\(error)".contains("libNoSuchModule.so") && "\(error)".contains("build")
        }
    }

    /// The keys stand before the first heading, so that no text under a heading is needed for them.
    private static func readme(_ headings: [String], body: String = "Some words.") -> String {
        "# Laundry\n\n`kinds` `price` `remark` `machines` `cheap`\n\n"
            + headings.map { "## \($0)\n\n\(body)\n" }.joined(separator: "\n")
    }
}

@Suite("Catalogue rules")
struct CatalogueRulesTests {
    @Test(
        "plain things are not taken by a type that they do not belong to",
        arguments: [
            ("canteen", ["amenity": "restaurant"]), ("breakfast", ["amenity": "fast_food"]),
            ("volunteer_tutoring", ["amenity": "community_centre"]),
            ("elder_care", ["amenity": "social_facility"]),
            ("bike_cafe", ["shop": "bicycle"]),
        ])
    func greedy(type: String, tags: [String: String]) throws {
        let problems = CatalogueRules.standard.greedySelectors(of: Self.type(type, OSMSelector(tags: tags)))
        #expect(problems.count == 1)
        #expect(try #require(problems.first).contains("add a tag or name words"))
    }

    @Test("a further tag, name words or being the owner makes a selector fair")
    func fair() {
        let fair = [
            Self.type("canteen", OSMSelector(tags: ["amenity": "restaurant"], nameWords: ["食堂"])),
            Self.type("breakfast", OSMSelector(tags: ["amenity": "restaurant", "breakfast": "yes"])),
            Self.type("post_parcel", OSMSelector(tags: ["shop": "outpost"])),
            Self.type("front_warehouse", OSMSelector(tags: ["shop": "outpost"])),
            Self.type("wet_market", OSMSelector(tags: ["amenity": "marketplace"])),
        ]
        for type in fair { #expect(CatalogueRules.standard.greedySelectors(of: type) == []) }
    }

    @Test("a name word of one character is too common")
    func shortWord() {
        let type = Self.type("canteen", OSMSelector(tags: ["amenity": "restaurant"], nameWords: ["食"]))
        #expect(CatalogueRules.standard.greedySelectors(of: type).count == 1)
    }

    private static func type(_ id: String, _ selector: OSMSelector) -> ServiceTypeDescription {
        ServiceTypeDescription(
            id: ServiceTypeID(unchecked: id), name: LocalizedText(zh: "某业态", en: "Some type"),
            serviceClass: .basic,
            order: 1_000, targetMinutes: 10, searchWords: ["词"], osmSelectors: [selector], source: "test")
    }
}
