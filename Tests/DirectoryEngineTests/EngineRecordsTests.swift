import DirectoryAPI
import DirectoryModel
import Foundation
import Registers
import Testing

@testable import DirectoryEngine

/// Files of records: organisations, places and activities together, beside what other sources know.
@Suite struct EngineRecordsTests {
    private func take(_ town: SmallTown, _ json: String) throws -> RegisterReport {
        let path = town.folder + "/records.json"
        try Data(json.utf8).write(to: URL(fileURLWithPath: path))
        let request = RegisterRequest(
            path: path, fileName: "records.json", format: "records", source: nil, actor: town.actor)
        return try RegisterReader(sink: town.engine).take(request) { _, _ in }
    }

    private let file = """
        {"title":"街道办资料","note":"made up",
         "organisations":[{"id":"club","name":"互助会","kind":"residents"}],
         "places":[
          {"id":"centre","type":"community_centre","name":"邻里中心","hours":"08:00-20:00","organisation":"club"},
          {"id":"hall","type":"bookshop","name":"书吧","within":"centre","room":"301"}],
         "activities":[{"id":"reading","name":"读书会","place":"hall","organisation":"club","times":"每周六下午2点-4点"}]}
        """

    @Test func theyComeInTogetherAndAgainChangeNothing() throws {
        let town = try SmallTown()
        let report = try take(town, file)
        #expect(report.batch.findings.isEmpty, "\(report.batch.findings)")
        for (kind, count) in [(RecordKind.organisation, 1), (.place, 2), (.activity, 1)] {
            #expect(report.batch.counts[kind]?.created == count)
        }
        #expect(try town.engine.place(PlaceID(unchecked: "centre")).parts.map(\.name) == ["书吧"])
        #expect(try town.engine.activity(ActivityID(unchecked: "reading")).organisation?.name == "互助会")
        let again = try take(town, file)
        #expect(again.batch.revision == report.batch.revision)
        #expect(again.batch.counts[.place]?.unchanged == 2)
    }

    @Test func aWrongRecordStopsNoOther() throws {
        let town = try SmallTown()
        let report = try take(
            town,
            """
            {"organisations":[{"id":"bad","name":"x","credit_code":"123"},{"name":"no id"},{"id":"ok","name":"好"}],
             "places":[{"id":"a","type":"no_type","name":"a"},{"id":"b","type":"bookshop","name":"b","within":"gone"},
                       {"id":"c","type":"bookshop","name":"c","within":"b"},{"id":"d","type":"bookshop","name":"d"},
                       {"id":"d","type":"bookshop","name":"twice"},{"id":"e f","type":"bookshop","name":"e"}],
             "activities":[{"id":"x","name":"x","times":"whenever"},{"id":"y","name":"y","times":"10:00-11:00","place":"b"},
                           {"id":"z","name":"z","times":"10:00-11:00","place":"d"}]}
            """)
        #expect(report.batch.counts[.organisation]?.rejected == 2)
        #expect(report.batch.counts[.organisation]?.created == 1)
        #expect(report.batch.counts[.place]?.rejected == 5 && report.batch.counts[.place]?.created == 1)
        #expect(report.batch.counts[.activity]?.rejected == 2 && report.batch.counts[.activity]?.created == 1)
        #expect(report.batch.findings.count == 9)
        #expect(
            report.batch.findings.filter { $0.code == "reference_unknown" }.map(\.record).sorted() == [
                "b", "c", "y",
            ])
    }

    @Test(arguments: ["", "[]", "{", #"{"place":[]}"#, #"{"places":{}}"#, #"{"places":null,"x":1}"#])
    func aFileThatIsNoneIsRefusedWhole(_ text: String) throws {
        let town = try SmallTown()
        let error = try #require(throws: DirectoryError.self) { try take(town, text) }
        #expect(error.code == .invalidFile && error.location == "records.json")
    }

    /// What one source says of a place stays when another one, which cannot say it, delivers anew.
    @Test func twoSourcesOfOnePlaceDoNotTakeFromEachOther() throws {
        let town = try SmallTown()
        var batch = RecordBatch(source: Source(id: SourceID(unchecked: "osm"), kind: "osm", title: "t"))
        batch.complete = [.place]
        let place = Place(
            id: PlaceID(unchecked: "osm-n1"), type: ServiceTypeID(unchecked: "breakfast"), name: "早点铺",
            location: SmallTown.point(east: 100, north: 0))
        batch.places = [SourcedPlace(key: "n1", place: place, raw: ["takeaway": "yes"])]
        _ = try town.engine.apply(batch, by: town.actor)
        let report = try take(
            town, #"{"places":[{"id":"osm-n1","hours":"06:00-10:00","attributes":{"dishes":["buns"]}}]}"#)
        #expect(report.batch.counts[.place]?.changed == 1)
        let id = PlaceID(unchecked: "osm-n1")
        let merged = try town.engine.place(id).place
        #expect(merged.name == "早点铺" && merged.hours == "06:00-10:00")
        #expect(
            merged.attributes["takeaway"] == .bool(true) && merged.attributes["dishes"] == .texts(["buns"]))
        batch.places = [SourcedPlace(key: "n1", place: place, raw: ["takeaway": "no"])]
        _ = try town.engine.apply(batch, by: town.actor)
        let again = try town.engine.place(id).place
        #expect(again.attributes["takeaway"] == .bool(false), "its own word is renewed")
        #expect(again.attributes["dishes"] == .texts(["buns"]), "the other's word stays")
    }

    @Test func aPatchLeavesWhatItDoesNotName() throws {
        let town = try SmallTown()
        _ = try take(town, file)
        _ = try town.engine.patchPlace(
            PlaceID(unchecked: "hall"), JSONValue(json: Array(#"{"name":"书房"}"#.utf8)),
            WriteContext(actor: town.actor))
        let hall = try town.engine.place(PlaceID(unchecked: "hall")).place
        #expect(hall.name == "书房" && hall.within?.rawValue == "centre" && hall.room == "301")
    }
}
