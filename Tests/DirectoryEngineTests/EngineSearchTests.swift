import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@testable import DirectoryEngine

/// Search over the live index: what is found, in what order, and that a change shows in the next answer.
@Suite struct EngineSearchTests {
    private func town() throws -> SmallTown {
        let town = try SmallTown()
        try town.put("far", "pharmacy", east: 900, north: 0, name: "重庆大药房")
        try town.put("near", "pharmacy", east: 100, north: 0, name: "银行药店")
        try town.put("bread", "bakery", east: 300, north: 0, name: "重庆面包房")
        try town.put("off", "bakery", east: 0, north: 3000, name: "药香面包房")
        return town
    }

    private func find(_ town: SmallTown, _ text: String, _ change: (inout SearchQuery) -> Void = { _ in })
        throws
        -> [String]
    {
        var query = SearchQuery(text: text)
        change(&query)
        return try town.engine.search(query).found.map { found in
            switch found.thing {
            case .place(let record): record.place.id.rawValue
            case .origin(let origin): origin.id.rawValue
            case .activity(let activity, _, _): activity.id.rawValue
            case .organisation(let organisation): organisation.id.rawValue
            }
        }
    }

    @Test func findsByCharactersPinyinAndInitialsWithTheRightReadings() throws {
        let town = try town()
        for text in ["重庆", "chongqing", "cq", "CQ", "重qing"] {
            #expect(Set(try find(town, text)) == ["far", "bread"], "\(text)")
        }
        #expect(try find(town, "yinhang") == ["near"])
        #expect(try find(town, "药店").first == "near", "the substring before the type's word")
        #expect(try find(town, "zzz") == [])
        #expect(try find(town, "  ") == [])
    }

    @Test func theNearerComesFirstWithinAChannel() throws {
        let town = try town()
        #expect(
            try find(town, "重庆") { $0.origin = .point(SmallTown.point(east: 0, north: 0)) } == [
                "bread", "far",
            ])
        #expect(
            try find(town, "重庆") { $0.origin = .point(SmallTown.point(east: 1000, north: 0)) } == [
                "far", "bread",
            ])
        let reply = try town.engine.search(
            SearchQuery(text: "重庆", origin: .point(SmallTown.point(east: 0, north: 0))))
        let first = try #require(reply.found.first)
        #expect(abs((first.distance?.value ?? 0) - 300) < 1)
        #expect(first.match.channel == "name_prefix")
        #expect(first.match.field == "name")
        #expect(first.match.range == 0..<2)
    }

    @Test func typesAndCommunitiesNarrowIt() throws {
        let town = try town()
        #expect(try find(town, "重庆") { $0.types = [ServiceTypeID(unchecked: "bakery")] } == ["bread"])
        try town.putCommunity("west", east: 0...400)
        #expect(try find(town, "重庆") { $0.community = CommunityID(unchecked: "west") } == ["bread"])
        for wrong in ["type", "community", "origin"] {
            #expect(throws: DirectoryError.self) {
                try find(town, "x") {
                    switch wrong {
                    case "type": $0.types = [ServiceTypeID(unchecked: "casino")]
                    case "community": $0.community = CommunityID(unchecked: "nowhere")
                    default: $0.origin = .id(OriginID(unchecked: "nobody"))
                    }
                }
            }
        }
    }

    @Test func aChangeShowsInTheNextAnswer() throws {
        let town = try town()
        #expect(try find(town, "cq").count == 2)
        try town.put("far", "pharmacy", east: 900, north: 0, name: "厦门药房")
        #expect(try find(town, "cq") == ["bread"])
        #expect(try find(town, "xiamen") == ["far"])
        _ = try town.engine.deletePlace(PlaceID(unchecked: "far"), WriteContext(actor: town.actor))
        #expect(try find(town, "xiamen") == [])
        try town.put("far2", "pharmacy", east: 900, north: 0, name: "六安药房")
        #expect(try find(town, "luan") == ["far2"])
    }

    @Test func veryManyChangesAtOnceAreFoundAsWell() throws {
        let town = try town()
        #expect(try find(town, "cq").count == 2)
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t"))
        batch.places = (0..<2500).map { number in
            let id = PlaceID(unchecked: "b\(number)")
            return SourcedPlace(
                key: "n\(number)",
                place: Place(
                    id: id, type: ServiceTypeID(unchecked: "toilet"), name: number == 1234 ? "长宁公厕" : "公厕",
                    location: SmallTown.point(east: Double(number % 900), north: 0)), raw: [:])
        }
        _ = try town.engine.apply(batch, by: town.actor)
        #expect(try find(town, "changning") == ["b1234"])
        #expect(try find(town, "公厕") { $0.limit = 500 }.count == 500)
    }

    @Test func saysWhatCanBeTypedNext() throws {
        let town = try town()
        let empty = try town.engine.suggest(SearchQuery(text: ""))
        #expect(empty.nextKeys?.contains("c") == true)
        #expect(empty.nextKeys?.contains("v") == false)
        #expect(empty.found.isEmpty)
        let after = try town.engine.suggest(SearchQuery(text: "yinh"))
        // yinhang, yinheng (another reading), yin-h-y: 银行药店 in all of them.
        #expect(after.nextKeys == ["a", "e", "y"])
        #expect(after.found.count == 1)
    }

    @Test func withinReachTheBestMatchComesFirstThenTheWalk() throws {
        let town = try town()
        func reach(_ text: String, _ change: (inout ReachQuery) -> Void = { _ in }) throws -> ReachReply {
            try town.reach {
                $0.text = text
                change(&$0)
            }
        }
        #expect(try reach("重庆").ids == ["bread", "far"])
        #expect(try reach("重庆").places.map { $0.match?.channel } == ["name_prefix", "name_prefix"])
        #expect(try reach("药").ids == ["far", "near"] || reach("药").ids == ["near", "far"])
        #expect(try reach("面包").ids == ["bread"], "the other is out of reach")
        #expect(try reach("重庆") { $0.minutes = 5 }.ids == ["bread"])
        #expect(try reach("重庆") { $0.limit = 1 }.ids == ["bread"])
        #expect(try reach("重庆") { $0.types = [ServiceTypeID(unchecked: "pharmacy")] }.ids == ["far"])
        #expect(try reach("重庆") { $0.limit = 1 }.next == nil)
        #expect(try town.reach().places.allSatisfy { $0.match == nil })
    }

    @Test func originsAreFoundToo() throws {
        let town = try town()
        let at = SmallTown.point(east: 50, north: 10)
        let json =
            #"{"kind":"gate","name":"重庆花园南门","location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}}"#
        _ = try town.engine.putOrigin(
            OriginID(validating: "gate"), OriginBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
        #expect(try find(town, "cqhy") == ["gate"])
        #expect(Set(try find(town, "重庆")) == ["far", "bread", "gate"])
    }
}
