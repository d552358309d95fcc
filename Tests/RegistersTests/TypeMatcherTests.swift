import DirectoryModel
import Registers
import ServiceTypeKit
import Testing

@Suite struct TypeMatcherTests {
    @Test func theSelectorWithTheMostConditionsWins() {
        let matcher = TypeMatcher(types: [
            TestTypes.type("dining", "餐饮", order: 1, [OSMSelector(tags: ["amenity": "restaurant"])]),
            TestTypes.type(
                "breakfast", "早餐", order: 9,
                [OSMSelector(tags: ["amenity": "restaurant", "breakfast": "yes"])]),
            TestTypes.type(
                "canteen", "食堂", order: 8, [OSMSelector(tags: ["amenity": "restaurant"], nameWords: ["食堂"])]),
        ])
        let plain = matcher.match(tags: ["amenity": "restaurant"], name: "小炒")
        #expect(plain?.type.rawValue == "dining")
        #expect(plain?.reason == "amenity=restaurant")
        let breakfast = matcher.match(tags: ["amenity": "restaurant", "breakfast": "yes"], name: nil)
        #expect(breakfast?.type.rawValue == "breakfast")
        #expect(breakfast?.reason == "amenity=restaurant + breakfast=yes")
        let canteen = matcher.match(tags: ["amenity": "restaurant"], name: "社区食堂")
        #expect(canteen?.type.rawValue == "canteen")
        #expect(canteen?.reason == "amenity=restaurant + name: 食堂")
        // Two conditions each: the catalogue's order decides.
        let both = matcher.match(tags: ["amenity": "restaurant", "breakfast": "yes"], name: "社区食堂")
        #expect(both?.type.rawValue == "canteen")
        #expect(matcher.match(tags: ["amenity": "bench"], name: "食堂") == nil)
    }

    @Test func equalOrdersAreDecidedByTheID() {
        let selector = [OSMSelector(tags: ["shop": "outpost"])]
        let types = [
            TestTypes.type("b", "乙", order: 5, selector), TestTypes.type("a", "甲", order: 5, selector),
        ]
        for types in [types, types.reversed()] {
            #expect(
                TypeMatcher(types: types).match(tags: ["shop": "outpost"], name: nil)?.type.rawValue == "a")
        }
    }

    @Test func aSelectorOfWordsAloneLooksAtEveryName() {
        let matcher = TypeMatcher(types: [
            TestTypes.type("tutoring", "辅导", order: 1, [OSMSelector(nameWords: ["四点半"])])
        ])
        #expect(matcher.usesNameAlone)
        #expect(matcher.match(tags: ["office": "ngo"], name: "阳光四点半课堂")?.reason == "name: 四点半")
        #expect(matcher.match(tags: ["office": "ngo"], name: "阳光课堂") == nil)
        #expect(matcher.match(tags: ["office": "ngo"], name: nil) == nil)
    }

    @Test func theShippedTypesTellFrontWarehousesFromParcelPoints() {
        let matcher = TypeMatcher(types: TestTypes.all)
        #expect(matcher.match(tags: ["shop": "outpost"], name: "快递驿站")?.type.rawValue == "post_parcel")
        #expect(matcher.match(tags: ["shop": "outpost"], name: "邻里前置仓")?.type.rawValue == "front_warehouse")
        #expect(matcher.match(tags: ["amenity": "restaurant"], name: "银发餐厅")?.type.rawValue == "canteen")
        #expect(
            matcher.match(tags: ["amenity": "restaurant"], name: "小炒")?.type.rawValue == "specialty_dining")
    }
}
