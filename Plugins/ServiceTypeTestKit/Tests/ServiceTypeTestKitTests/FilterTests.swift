import DirectoryModel
import ServiceTypeKit
import Testing

@Suite("Filters of where=")
struct FilterTests {
    private static let options = [
        AttributeOption(key: "fruit", name: LocalizedText(zh: "水果", en: "Fruit"), aliases: ["瓜果"]),
        AttributeOption(key: "fish", name: LocalizedText(zh: "水产", en: "Fish")),
    ]
    private static let seats = AttributeKind.whole(unit: LocalizedText(zh: "座", en: "seats"), range: nil)

    @Test(
        "each comparison on each kind that takes it",
        arguments: [
            (.bool, "eq", "yes", .bool(true), true), (.bool, "eq", "是", .bool(false), false),
            (.bool, "ne", "yes", .bool(false), true), (seats, "eq", "60", .whole(60), true),
            (seats, "ne", "60", .whole(60), false), (seats, "lt", "60", .whole(60), false),
            (seats, "le", "60座", .whole(60), true), (seats, "gt", "59.5", .whole(60), true),
            (seats, "ge", "61", .whole(60), false), (.money, "le", "15", .money(Money(fen: 1_500)), true),
            (.money, "lt", "15元", .money(Money(fen: 1_500)), false),
            (.money, "le", "1500fen", .money(Money(fen: 1_500)), true),
            (.money, "ge", "12.5", .money(Money(fen: 1_249)), false),
            (.decimal(unit: nil, range: nil), "ge", "0.5", .decimal(0.5), true),
            (.text, "has", "二楼", .text("请上二楼"), true), (.text, "has", "SECOND", .text("Second floor"), true),
            (.text, "eq", "a", .text("A"), true), (.text, "ne", "a", .text("b"), true),
            (.oneOf(options), "eq", "瓜果", .text("fruit"), true),
            (.oneOf(options), "ne", "fish", .text("fruit"), true),
            (.manyOf(options), "has", "水产", .texts(["fruit", "fish"]), true),
            (.manyOf(options), "has", "fruit", .texts(["fish"]), false),
        ] as [(AttributeKind, String, String, AttributeValue, Bool)])
    func matches(kind: AttributeKind, op: String, value: String, stored: AttributeValue, expected: Bool)
        throws
    {
        let filter = try kind.filter(op: op, value: value)
        #expect(filter.matches(stored) == expected)
        // A place that does not say is never meant, and a value of another kind neither.
        #expect(!filter.matches(nil))
        #expect(!filter.matches(.texts([])))
    }

    @Test(
        "a wrong comparison or value is refused with the way out",
        arguments: [
            (.bool, "lt", "yes", "use one of eq, ne"), (seats, "has", "6", "eq, ne, lt, le, gt, ge"),
            (.manyOf(options), "eq", "fruit", "use one of has"),
            (seats, "like", "6", "eq, ne, lt, le, gt, ge, has"),
            (seats, "eq", "many", "use a number"), (seats, "eq", "nan", "use a number"),
            (.money, "le", "cheap", "in yuan"),
            (.bool, "eq", "perhaps", "yes or no"), (.oneOf(options), "eq", "iron", "fruit, fish"),
            (.text, "has", "", "at least one character"),
            (.text, "has", String(repeating: "x", count: 20_000), "at least one character"),
        ] as [(AttributeKind, String, String, String)])
    func refused(kind: AttributeKind, op: String, value: String, advice: String) {
        #expect {
            _ = try kind.filter(op: op, value: value)
        } throws: { error in
            guard let error = error as? DirectoryError else { return false }
            return error.code == .invalidRequest && error.description.contains(advice)
                && error.description.utf8.count < 600
        }
    }
}

@Suite("Problems of a manifest")
struct ManifestProblemTests {
    private func manifest(_ change: (inout ModuleManifest) -> Void) -> ModuleManifest {
        var manifest = ModuleManifest(
            id: ModuleID(unchecked: "tea"), name: LocalizedText(zh: "茶", en: "Tea"), version: "1.2.3",
            types: [
                ServiceTypeDescription(
                    id: ServiceTypeID(unchecked: "tea_house"), name: LocalizedText(zh: "茶馆", en: "Tea house"),
                    serviceClass: .quality, order: 1, targetMinutes: 15,
                    attributes: [
                        AttributeDescription(
                            key: "kinds", name: LocalizedText(zh: "茶类", en: "Teas"),
                            kind: .manyOf([
                                AttributeOption(key: "green", name: LocalizedText(zh: "绿茶", en: "Green tea"))
                            ]))
                    ], facets: [.stepFree], osmSelectors: [OSMSelector(tags: ["amenity": "tea_house"])],
                    industryCodes: ["6231"], source: "test")
            ])
        change(&manifest)
        return manifest
    }

    @Test("a sound manifest has none")
    func sound() {
        #expect(manifest { _ in }.problems() == [])
    }

    @Test("each fault is one line that names the thing")
    func faults() throws {
        let green = AttributeOption(key: "green", name: LocalizedText(zh: "绿茶", en: "Green tea"))
        let faults: [(String, (inout ModuleManifest) -> Void)] = [
            ("module id “Tea”", { $0.id = ModuleID(unchecked: "Tea") }),
            ("version “1.2”", { $0.version = "1.2" }), ("version “1.02.3”", { $0.version = "1.02.3" }),
            ("describes no service type", { $0.types = [] }), ("name in en is empty", { $0.name.en = " " }),
            ("service type “tea_house” is there twice", { $0.types.append($0.types[0]) }),
            ("type id “Tea House”", { $0.types[0].id = ServiceTypeID(unchecked: "Tea House") }),
            ("target minutes 61", { $0.types[0].targetMinutes = 61 }), ("order 0", { $0.types[0].order = 0 }),
            ("the source is empty", { $0.types[0].source = "" }),
            ("search word “茶” is there twice", { $0.types[0].searchWords = ["茶", "茶"] }),
            ("industry code “62”", { $0.types[0].industryCodes = ["62"] }),
            ("a selector has no tag", { $0.types[0].osmSelectors = [OSMSelector(nameWords: ["茶馆"])] }),
            ("empty name word", { $0.types[0].osmSelectors[0].nameWords = [""] }),
            (
                "attribute “kinds” is there twice",
                { $0.types[0].attributes.append($0.types[0].attributes[0]) }
            ),
            ("the key must be lower case", { $0.types[0].attributes[0].key = "Kinds" }),
            ("there are no options", { $0.types[0].attributes[0].kind = .oneOf([]) }),
            ("option “green” is there twice", { $0.types[0].attributes[0].kind = .oneOf([green, green]) }),
            (
                "“绿茶” means both green and other",
                {
                    $0.types[0].attributes[0].kind = .oneOf([
                        green,
                        AttributeOption(
                            key: "other", name: LocalizedText(zh: "其他", en: "Other"), aliases: ["绿茶"]),
                    ])
                }
            ),
            (
                "holds a sign that parts lists",
                {
                    $0.types[0].attributes[0].kind = .manyOf([
                        AttributeOption(key: "green", name: LocalizedText(zh: "绿茶、白茶", en: "Green and white"))
                    ])
                }
            ),
            (
                "unit: the name in zh is empty",
                { $0.types[0].attributes[0].kind = .whole(unit: LocalizedText(zh: "", en: "x"), range: nil) }
            ),
            (
                "the range must be finite",
                { $0.types[0].attributes[0].kind = .decimal(unit: nil, range: 0...Double.infinity) }
            ),
            ("facet kinds is an attribute, too", { $0.types[0].facets = [$0.types[0].attributes[0]] }),
            ("the OSM key is empty", { $0.types[0].attributes[0].osmKey = "" }),
            ("a column name is empty", { $0.types[0].attributes[0].columnNames = [""] }),
        ]
        for (line, fault) in faults {
            let problems = manifest(fault).problems()
            #expect(problems.contains { $0.contains(line) }, "\(line): \(problems)")
            #expect(problems.allSatisfy { !$0.contains("\n") })
        }
    }
}
