import DirectoryAPI
import DirectoryModel
import Foundation
import Testing
import WalkNetwork

@testable import DirectoryEngine

/// The whole ground at once, and networks without labels.
@Suite struct EngineSurveyTests {
    private static let types = ["pharmacy", "bakery", "clinic", "gym"].map { ServiceTypeID(unchecked: $0) }

    /// Places and origins along both streets; no gym anywhere.
    private func town() throws -> SmallTown {
        let town = try SmallTown()
        for (number, east) in stride(from: -950.0, through: 950, by: 190).enumerated() {
            try town.put("p\(number)", Self.types[number % 3].rawValue, east: east, north: 12)
        }
        try town.put("south", "clinic", east: 8, north: -480)
        for (number, east) in stride(from: -1000.0, through: 1000, by: 125).enumerated() {
            try put(town, "o\(number)", east: east, north: -15)
        }
        try put(town, "far", east: 0, north: 5_000)
        return town
    }

    private func put(_ town: SmallTown, _ id: String, east: Double, north: Double) throws {
        let at = SmallTown.point(east: east, north: north)
        let json =
            #"{"kind":"gate","name":"门","location":{"lat":\#(at.latitude.value),"lon":\#(at.longitude.value)}}"#
        _ = try town.engine.putOrigin(
            OriginID(validating: id), OriginBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
    }

    @Test(arguments: ["standard", "wheelchair"])
    func everyOriginHasWhatAListSays(profile: String) throws {
        let town = try town()
        let profile = ProfileID(unchecked: profile)
        let survey = try town.engine.survey(GroundQuery(types: Self.types, profile: profile))
        #expect(survey.types == Self.types && survey.minutes == [5, 10, 15])
        #expect(survey.origins.count == 17, "the one off the network has no row")
        for row in survey.origins {
            for (column, type) in Self.types.enumerated() {
                var query = ReachQuery(origin: .id(row.id), limit: 1)
                query.types = [type]
                query.minutes = 1_332 / survey.profile.pace.value / 60
                query.profile = profile
                #expect(try town.engine.reach(query).places.first?.walk.metres == row.nearest[column])
            }
            for (column, minutes) in survey.minutes.enumerated() {
                var query = ReachQuery(origin: .id(row.id), limit: 500)
                query.minutes = minutes
                query.profile = profile
                #expect(try town.engine.reach(query).places.count == row.counts[column])
            }
        }
    }

    @Test func everyNodeHasWhatStandsAroundIt() throws {
        let town = try town()
        let survey = try town.engine.survey(GroundQuery(types: Self.types, minutes: [5, 10]))
        let nodes = survey.nodes
        #expect(nodes.nearest.count == 4 * Self.types.count && nodes.counts.count == 4 * 2)
        // The crossing is one of the four nodes: what is nearest there is nearest to who starts there.
        let expected = try Self.types.map { type in
            try town.reach { query in
                query.types = [type]
                query.limit = 1
                query.minutes = 20
            }.places.first.map { UInt32($0.walk.metres.value * 100) } ?? GroundSurvey.NetworkGround.none
        }
        let rows = (0..<4).map { Array(nodes.nearest[$0 * 4..<($0 + 1) * 4]) }
        #expect(rows.contains(expected))
        #expect(rows.allSatisfy { $0[3] == GroundSurvey.NetworkGround.none }, "no gym")
        #expect(stride(from: 0, to: 8, by: 2).allSatisfy { nodes.counts[$0] <= nodes.counts[$0 + 1] })
    }

    @Test func aSurveyIsOfOneRevisionAndRefusesWhatItCannotTell() throws {
        let town = try town()
        let before = try town.engine.survey(GroundQuery())
        try town.put("new", "gym", east: 0, north: 10)
        let after = try town.engine.survey(GroundQuery())
        #expect(after.revision > before.revision)
        let gym = try #require(after.types.firstIndex(of: Self.types[3]))
        #expect(before.origins.allSatisfy { $0.nearest[gym] == nil })
        #expect(after.origins.allSatisfy { $0.nearest[gym] != nil })
        // What was surveyed did not take the places from the index: they can still be removed.
        _ = try town.engine.deletePlace(PlaceID(validating: "new"), WriteContext(actor: town.actor))
        #expect(try town.engine.survey(GroundQuery()).origins.allSatisfy { $0.nearest[gym] == nil })
        for query in [
            GroundQuery(minutes: [60]), GroundQuery(minutes: [-1]),
            GroundQuery(profile: ProfileID(unchecked: "x")),
            GroundQuery(types: [ServiceTypeID(unchecked: "no-such-type")]),
        ] {
            #expect(throws: DirectoryError.self) { try town.engine.survey(query) }
        }
        let empty = try SmallTown(withNetwork: false)
        let error = #expect(throws: DirectoryError.self) { try empty.engine.survey(GroundQuery()) }
        #expect(error?.code == .noNetwork)
    }

    @Test func aNetworkWithoutLabelsGetsThemWhileItAnswers() throws {
        let town = try SmallTown(network: SmallTown.unlabelled())
        for number in 0..<20 {
            try town.put("p\(number)", "pharmacy", east: Double(number) * 40 - 400, north: 5)
        }
        let path = town.folder + "/" + DirectoryEngine.networkFileName
        #expect(try WalkNetwork.open(path).labelledLimit == nil)
        let error = #expect(throws: DirectoryError.self) { try town.engine.survey(GroundQuery()) }
        #expect(error?.code == .unavailable)
        func answers() throws -> [[Metres]] {
            try stride(from: -500.0, through: 500, by: 50).map { east in
                try town.reach(east: east, north: 3) { $0.limit = 50 }.places.map(\.walk.metres)
            }
        }
        let before = try answers()
        try town.engine.prepareLabels()
        #expect(try answers() == before)
        #expect(try WalkNetwork.open(path).labelledLimit != nil)
        #expect(try town.engine.survey(GroundQuery()).nodes.nearest.isEmpty == false)
        try town.put("last", "pharmacy", east: 0, north: 5)
        #expect(try town.reach { $0.limit = 50 }.ids.contains("last"))
        // A second time there is nothing to do.
        let written = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        try town.engine.prepareLabels()
        #expect(
            try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date == written)
    }
}
