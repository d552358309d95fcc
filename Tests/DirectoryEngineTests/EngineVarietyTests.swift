import DirectoryAPI
import DirectoryModel
import Testing

@testable import DirectoryEngine

/// How many different things there are within some walks.
@Suite struct EngineVarietyTests {
    private func town() throws -> SmallTown {
        let town = try SmallTown()
        try town.put(
            "near", "breakfast", east: 100, north: 0, attributes: #"{"dishes":["buns","soy_milk"]}"#)
        try town.put("mid", "breakfast", east: -400, north: 0, attributes: #"{"dishes":["buns","congee"]}"#)
        try town.put("far", "breakfast", east: 900, north: 0, attributes: #"{"dishes":["noodles"]}"#)
        try town.put("silent", "breakfast", east: 50, north: 0)
        try town.put("baker", "bakery", east: 60, north: 0)
        return town
    }

    private func variety(
        _ town: SmallTown, by: String, _ minutes: [Double], _ change: (inout ReachQuery) -> Void = { _ in }
    ) throws -> [VarietyReply.Limit] {
        var reach = ReachQuery(origin: .point(SmallTown.point(east: 0, north: 0)))
        change(&reach)
        return try town.engine.variety(VarietyQuery(by: by, minutes: minutes, reach: reach)).limits
    }

    private let breakfast = [ServiceTypeID(unchecked: "breakfast")]

    @Test func eachWalkCountsItsOwn() throws {
        // 66.6 m a minute: 400 m are six minutes, 900 m fourteen.
        let limits = try variety(try town(), by: "dishes", [2, 8, 15]) { $0.types = breakfast }
        #expect(limits.map(\.places) == [2, 3, 4])
        #expect(
            limits.map { $0.values.map(\.key) } == [
                ["buns", "soy_milk"], ["buns", "congee", "soy_milk"],
                ["buns", "congee", "noodles", "soy_milk"],
            ])
        let buns = try #require(limits[1].values.first)
        #expect(buns.places == 2 && buns.nearest.id.rawValue == "near" && buns.name.zh == "包子")
        #expect(abs(buns.walk.metres.value - 100) < 0.5)
    }

    @Test func byTypeItCountsTypes() throws {
        let limits = try variety(try town(), by: "type", [2])
        #expect(limits[0].places == 3)
        #expect(limits[0].values.map(\.key) == ["breakfast", "bakery"])
    }

    @Test func conditionsHoldAsInReach() throws {
        let limits = try variety(try town(), by: "dishes", [15]) {
            $0.types = breakfast
            $0.conditions = [WhereClause(attribute: "dishes", op: "has", value: "粥")]
        }
        #expect(limits[0].places == 1 && limits[0].values.map(\.key) == ["buns", "congee"])
        let closed = try variety(try town(), by: "dishes", [15]) {
            $0.types = breakfast
            $0.open = .now
        }
        #expect(closed[0].places == 0 && closed[0].values.isEmpty, "nothing is known to be open")
    }

    @Test func whatNoTypeHasIsSaid() throws {
        for key in ["no_such", "menu.dish", "dishes.x"] {
            let error = try #require(throws: DirectoryError.self) { try variety(try town(), by: key, [8]) }
            #expect(error.code == .invalidRequest && error.location == "by")
        }
    }
}
