import DirectoryModel
import Foundation
import ModuleHost
import ServiceTypeKit
import Testing

@Suite("Declared types")
struct DeclaredTypeTests {
    private static let head = """
        id = "dance_hall"
        name_zh = "舞厅"
        name_en = "Dance hall"
        class = "quality"
        target_minutes = 15
        source = "a test"

        """

    @Test(
        "The shipped files are the catalogue's types but those of the five modules, and two of the case book")
    func shipped() throws {
        let host = try ModuleHost.open(
            ModuleHostSettings(typeDirectories: [Built.configuration + "/types.d"]))
        #expect(host.problems.map(\.description) == [])
        #expect(host.types.count == 32)
        #expect(host.notes.isEmpty)
        let orders = host.types.map(\.order)
        #expect(orders == orders.sorted())
        #expect(Set(orders) == Set(1...35).subtracting([3, 17, 29, 30, 31]).union([1001, 1002]))
        for report in host.reports {
            #expect(report.file.hasSuffix("/\(report.id?.rawValue ?? "").toml"))
            #expect(report.isDeclared)
        }
        for type in host.types {
            #expect(
                !type.searchWords.isEmpty && !type.osmSelectors.isEmpty && !type.industryCodes.isEmpty,
                "\(type.id)")
            #expect(type.attributes.contains { $0.isFacet }, "\(type.id)")
            let shared = type.attributes.filter { other in
                type.attributes.contains { $0.name == other.name && $0.key != other.key }
            }
            #expect(shared.isEmpty, "\(type.id) has two attributes of one name")
        }
    }

    @Test(
        "The shipped files say what the catalogue says",
        .enabled(if: Catalogue.isThere, "no shared catalogue"))
    func catalogue() throws {
        let host = try ModuleHost.open(
            ModuleHostSettings(typeDirectories: [Built.configuration + "/types.d"]))
        let modules: Set = ["wet_market", "canteen", "library", "elder_care", "volunteer_tutoring"]
        let items = try Catalogue.items()
        #expect(items.count == 35)
        for (index, item) in items.enumerated() where !modules.contains(item.id) {
            let type = try #require(host.type(ServiceTypeID(unchecked: item.id)), "\(item.id) is missing")
            #expect(type.order == index + 1)
            #expect(type.name == LocalizedText(zh: item.name_zh, en: item.name_en))
            #expect(type.serviceClass.rawValue == item.class)
            #expect(type.targetMinutes == item.minutes_target)
            #expect(Set(type.industryCodes) == Set(item.gbt4754.map(\.code)))
            #expect(Set(item.aliases_zh).isSubset(of: type.searchWords + [item.name_zh]))
        }
    }

    @Test(
        "What in OpenStreetMap becomes what",
        arguments: [
            (["amenity": "fast_food"], "沙县", "specialty_dining"),
            (["amenity": "fast_food"], "老王包子铺", "breakfast"),
            (["amenity": "restaurant"], "永和豆浆", "breakfast"),
            (["amenity": "restaurant", "breakfast": "yes"], "饭店", "breakfast"),
            (["amenity": "restaurant"], "饭店", "specialty_dining"),
            (["shop": "outpost"], "菜鸟驿站", "post_parcel"),
            (["shop": "outpost"], "叮咚买菜前置仓", "front_warehouse"),
            (["shop": "supermarket"], "苏果超市", "supermarket"),
            (["shop": "supermarket"], "盒马鲜生", "fresh_grocery"),
            (["amenity": "recycling", "recycling_type": "centre"], nil, "recycling"),
            (["amenity": "vending_machine", "vending": "parcel_pickup"], nil, "parcel_locker"),
            (["amenity": "hospital"], "香铺营社区卫生服务中心", "clinic"),
            (["amenity": "hospital"], "鼓楼医院", nil),
            (["office": "employment_agency"], "阿姨家政", "housekeeping"),
            (["office": "employment_agency"], "人力资源", nil),
        ] as [([String: String], String?, String?)])
    func selectors(tags: [String: String], name: String?, expected: String?) throws {
        let host = try ModuleHost.open(
            ModuleHostSettings(typeDirectories: [Built.configuration + "/types.d"]))
        var best: (type: ServiceTypeID, matches: Int)?
        for type in host.types {
            for selector in type.osmSelectors {
                guard let matches = selector.matches(tag: { tags[$0] }, name: name) else { continue }
                if matches > best?.matches ?? 0 { best = (type.id, matches) }
            }
        }
        #expect(best?.type.rawValue == expected)
    }

    @Test("A declared type normalises by its schema, is found by its options, and shows its facets")
    func behaviour() throws {
        let host = try ModuleHost.open(
            ModuleHostSettings(typeDirectories: [Built.configuration + "/types.d"]))
        let place = Place(id: PlaceID(unchecked: "p"), type: ServiceTypeID(unchecked: "repair"), name: "老李修鞋")
        let draft = PlaceDraft(place: place, raw: ["维修项目": "修鞋、配钥匙", "wheelchair": "limited", "上门": "是"])
        let result = host.normalise(draft)
        #expect(result.findings.isEmpty)
        #expect(result.place.attributes["repairs"] == .texts(["shoes", "keys"]))
        #expect(result.place.attributes["wheelchair"] == .text("limited"))
        #expect(result.place.attributes["home_visit"] == .bool(true))
        #expect(host.normalise(PlaceDraft(place: result.place)).place == result.place)
        #expect(host.indexEntry(for: result.place).searchWords.contains("修鞋"))
        let context = HighlightContext(now: Timestamp(secondsSince1970: 0), utcOffset: 28800)
        let lines = host.highlights(for: result.place, in: context)
        #expect(lines == host.type(place.type)?.plainHighlights(for: result.place))
        #expect(lines.map(\.text.zh) == ["修什么：鞋、配钥匙", "上门服务", "轮椅通行：部分可进"])
    }

    @Test(
        "What is wrong in a file is named with line and key",
        arguments: [
            ("colour = \"red\"\n", "types.toml:7: unknown key “colour”"),
            ("[[osm]]\nname_words = [\"舞\"]\n", "types.toml:7: an OSM selector needs at least one tag"),
            ("[[osm]]\ntags = { leisure = 3 }\n", "types.toml:8: 'osm.tags.leisure' must be a text"),
            ("order = 0\n", "types.toml:7: 'order' is 0, outside 1 to 1000000"),
            ("industry_codes = [\"89\"]\n", "types.toml:7: industry code “89” is not the 4 digits"),
            ("calendar_policy = \"never\"\n", "not one of \"statutory\", \"commercial\", \"announced\""),
            (
                "[[attributes]]\nkey = \"Big\"\nname_zh = \"大\"\nname_en = \"Big\"\nkind = \"bool\"\n",
                "types.toml:8: 'key' is “Big”"
            ),
            (
                "[[attributes]]\nkey = \"big\"\nname_zh = \"大\"\nname_en = \"Big\"\n",
                "types.toml:7: 'attributes.kind' is missing"
            ),
            (
                "[[attributes]]\nkey = \"big\"\nname_zh = \"大\"\nname_en = \"Big\"\nkind = \"bool\"\noptions = []\n",
                "types.toml:12: unknown key “options” in [attributes]"
            ),
            (
                "[[attributes]]\nkey = \"big\"\nname_zh = \"大\"\nname_en = \"Big\"\nkind = \"one_of\"\n",
                "'attributes.options' is missing"
            ),
            (
                "[[attributes]]\nkey = \"big\"\nname_zh = \"大\"\nname_en = \"Big\"\nkind = \"whole\"\nminimum = 3\nmaximum = 1\n",
                "types.toml:12: 'minimum' is more than 'maximum'"
            ),
            (
                "[[attributes]]\nkey = \"big\"\nname_zh = \"大\"\nname_en = \"Big\"\nkind = \"decimal\"\nminimum = nan\nmaximum = 1\n",
                "types.toml:12: 'attributes.minimum' is nan, outside"
            ),
            ("search_words = [\"舞\", \"舞\"]\n", "types.toml:7: 'search_words' has “舞” twice"),
            ("id = \"again\"\n", "this is not TOML"),
        ])
    func faults(addition: String, expected: String) throws {
        let error = #expect(throws: DirectoryError.self) {
            try DeclaredType(parsing: Self.head + addition, file: "types.toml")
        }
        #expect(error?.code == .configurationInvalid)
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        #expect(error?.location?.hasPrefix("types.toml:") == true)
    }

    @Test("A missing key is named")
    func missing() throws {
        let error = #expect(throws: DirectoryError.self) { try DeclaredType(parsing: "", file: "types.toml") }
        let text = error?.description ?? ""
        for key in ["'id'", "'name_zh'", "'class'"] { #expect(text.contains("\(key) is missing"), "\(text)") }
    }

    @Test("A bad file is left out at the start and refuses a reload; two files of one type are named both")
    func reload() throws {
        let scratch = try Scratch()
        try scratch.write(Array(Self.head.utf8), to: "a.toml")
        let settings = ModuleHostSettings(typeDirectories: [scratch.path])
        let host = try ModuleHost.open(settings)
        #expect(host.types.map(\.id.rawValue) == ["dance_hall"])
        #expect(host.types.map(\.order) == [1000])

        try scratch.write(Array((Self.head + "x = 1\n").utf8), to: "b.toml")
        try scratch.write(Array(Self.head.utf8), to: "c.toml")
        let error = #expect(throws: DirectoryError.self) { try host.reloaded(settings) }
        #expect(error?.location == scratch.path + "/b.toml:7")
        #expect(
            error?.description.contains(
                "/c.toml:1: the type dance_hall is described by \(scratch.path)/a.toml, too") == true)
        let started = try ModuleHost.open(settings)
        #expect(started.types.count == 1)
        #expect(started.reports.map(\.state.word) == ["loaded", "broken", "broken"])
        #expect(started.problems.count == 2)

        try scratch.write(
            Array(Self.head.replacing("舞厅", with: "歌舞厅").replacing("dance_hall", with: "song_hall").utf8),
            to: "b.toml")
        try FileManager.default.removeItem(atPath: scratch.path + "/c.toml")
        let reloaded = try host.reloaded(settings)
        #expect(reloaded.types.map(\.id.rawValue) == ["dance_hall", "song_hall"])
        var elsewhere = settings
        elsewhere.typeDirectories = [scratch.path + "/not-mounted"]
        let missing = #expect(throws: DirectoryError.self) { try reloaded.reloaded(elsewhere) }
        #expect(missing?.code == .configurationInvalid)
        #expect(missing?.location?.hasSuffix("/not-mounted") == true)
        #expect(host.types.count == 1)
    }

    @Test("A type of a module cannot be declared again")
    func moduleFirst() throws {
        let scratch = try Scratch()
        try scratch.install("Trapping", as: "Trap", in: scratch.path)
        try scratch.write(Array(Self.head.replacing("dance_hall", with: "trap_shop").utf8), to: "a.toml")
        let host = try ModuleHost.open(
            ModuleHostSettings(directories: [scratch.path], typeDirectories: [scratch.path]))
        #expect(host.report("libTrapModule.so")?.state == .loaded)
        #expect(
            host.report("a.toml")?.reason?.contains("is described by \(scratch.path)/libTrapModule.so, too")
                == true)
    }
}

/// The catalogue that lies beside the repository where it is developed.
enum Catalogue {
    struct Item: Decodable {
        var id: String
        var name_zh: String
        var name_en: String
        var aliases_zh: [String]
        var `class`: String
        var minutes_target: Int
        var gbt4754: [Code]
    }

    struct Code: Decodable { var code: String }
    private struct File: Decodable { var items: [Item] }

    private static let url = URL(fileURLWithPath: Built.configuration)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/domain/catalogue.json")

    static let isThere = FileManager.default.fileExists(atPath: url.path)

    static func items() throws -> [Item] {
        try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).items
    }
}
