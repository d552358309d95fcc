import DirectoryModel
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("Libraries")
struct LibrariesTests {
    private let module: any ServiceTypeModule
    private let type: ServiceTypeDescription

    init() throws {
        module = try BuiltModule.load("Libraries")
        type = try #require(module.manifest.types.first)
    }

    private func normalised(_ name: String, _ raw: [String: String] = [:]) -> NormalisedPlace {
        module.normalise(
            PlaceDraft(place: Place(id: PlaceID(unchecked: "l1"), type: type.id, name: name), raw: raw))
    }

    private func highlights(_ place: Place, hour: Int64) -> [String] {
        let moment = Timestamp(secondsSince1970: 1_772_380_800 + hour * 3_600)
        return module.highlights(for: place, in: HighlightContext(now: moment, utcOffset: 28_800)).map(
            \.text.zh)
    }

    @Test(
        "libraries as OpenStreetMap names them",
        arguments: [
            ("南京图书馆", "public_library"), ("翠竹园农家书屋", "farm_bookroom"), ("雨花台城市书房", "city_study"),
            ("社区阅览室", "reading_room"),
            ("圖書館", "public_library"), ("Tsinghua University Library", "school"), ("琅琊路小学图书馆", "school"),
            ("Gozo Lending Library", nil), ("", nil),
        ] as [(String, String?)])
    func kinds(name: String, kind: String?) {
        let result = normalised(name, ["amenity": "library"])
        #expect(result.place.text("kind") == kind)
        #expect(result.findings.map(\.code) == (kind == "school" ? ["library_of_a_school"] : []))
    }

    @Test("tags of OpenStreetMap: wireless, access, fee, a bookcase in the street")
    func tags() {
        let nanjing = normalised("南京图书馆", ["amenity": "library", "internet_access": "wlan", "fee": "no"])
        #expect(nanjing.place.flag("internet") == true && nanjing.place.flag("free_entry") == true)
        let school = normalised("琅琊路小学图书馆", ["amenity": "library", "access": "private"])
        #expect(school.place.flag("public_entry") == false && school.findings == [])
        #expect(normalised("漂流书", ["amenity": "public_bookcase"]).place.text("kind") == "bookcase")
    }

    @Test("a row of a street office's register")
    func register() {
        let result = normalised(
            "翠竹园农家书屋",
            [
                "类型": "农家书屋", "阅览座位": "三十六", "藏书量（册）": "1.2万", "外借": "可", "需办证": "否", "24小时": "无", "少儿区": "有",
                "常设活动": "绘本、公益讲座", "对外开放": "是",
            ])
        #expect(result.findings == [])
        #expect(
            result.place.attributes == [
                "kind": .text("farm_bookroom"), "seats": .whole(36), "books": .whole(12_000),
                "lends": .bool(true),
                "card_needed": .bool(false), "self_service_24h": .bool(false), "children_area": .bool(true),
                "childrens_area": .bool(true),
                "activities": .texts(["storytelling", "lecture"]), "public_entry": .bool(true),
            ])
    }

    @Test("facets and words to find it by")
    func index() {
        let entry = module.indexEntry(for: normalised("社区阅览室", ["seats": "0", "activities": "绘本"]).place)
        #expect(entry.facets == ["has_seats": .bool(false)])
        #expect(Set(["图书室", "绘本", "故事会"]).isSubset(of: entry.searchWords))
    }

    @Test("by night the self-service comes first, by day the seats")
    func highlighted() {
        let place = normalised(
            "城市书房", ["seats": "36", "24小时自助": "是", "外借": "是", "需办证": "否", "少儿区": "有", "活动": "展览"]
        ).place
        #expect(highlights(place, hour: 22) == ["24小时自助借还", "36个座位", "可借书，免办证", "有少儿阅览区"])
        #expect(highlights(place, hour: 10) == ["36个座位", "可借书，免办证", "有少儿阅览区", "24小时自助借还"])
        #expect(highlights(normalised("小学图书馆", ["对外开放": "否"]).place, hour: 10) == ["不对居民开放"])
    }
}
