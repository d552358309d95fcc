import DirectoryModel
import Testing

@testable import DirectoryAPI

/// Records as clients send them.
@Suite struct BodiesTests {
    private func place(_ json: String) throws(DirectoryError) -> PlaceBody {
        try PlaceBody(JSONValue(json: Array(json.utf8)))
    }

    @Test func aPlaceIsRead() throws {
        let body = try place(
            #"{"type":"canteen","name":" 银发餐厅 ","location":{"lat":32,"lon":118.5},"attributes":{"seats":40},"#
                + #""phone":null,"status":"active"}"#)
        #expect(body.name == "银发餐厅")
        #expect(body.location == Coordinate(uncheckedLatitude: 32, longitude: 118.5))
        #expect(body.attributes == ["seats": .whole(40)])
        #expect(body.phone == nil)
    }

    @Test(arguments: [
        (#"{"name":"a"}"#, "type"), (#"{"type":"canteen"}"#, "name"),
        (#"{"type":"canteen","name":""}"#, "name"),
        (#"{"type":"canteen","name":5}"#, "name"), (#"{"type":"a b","name":"x"}"#, nil),
        (#"{"type":"canteen","name":"x","naem":"y"}"#, "naem"),
        (#"{"type":"canteen","name":"x","location":{"lat":91,"lon":0}}"#, "lat"),
        (#"{"type":"canteen","name":"x","location":{"lat":1}}"#, "location"),
        (#"{"type":"canteen","name":"x","location":[1,2]}"#, nil),
        (#"{"type":"canteen","name":"x","status":"gone"}"#, "status"),
        (#"{"type":"canteen","name":"a\u0007b"}"#, "name"), (#"[]"#, nil), (#""x""#, nil),
    ])
    func aWrongFieldIsNamed(_ json: String, _ field: String?) throws {
        do throws(DirectoryError) {
            _ = try place(json)
            Issue.record("\(json) was taken")
        } catch {
            #expect(error.code == .invalidRecord || error.code == .invalidID)
            if let field { #expect(error.location == field, "\(error)") }
        }
    }

    @Test(arguments: ["", "{", "{]", "nul", "\u{FEFF}", "\u{0}", "{\"a\":\"\\ud800\"}x"])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: DirectoryError.self) { try JSONValue(json: Array(text.utf8)) }
    }

    @Test func deepNestingIsRefusedAndNotFollowed() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: DirectoryError.self) { try JSONValue(json: Array(deep.utf8)) }
        let brackets = "\"" + String(repeating: "[", count: 1_000) + "\\\"\""
        #expect(try JSONValue(json: Array(brackets.utf8)) != .null)
    }

    @Test func boundariesAreReadFromGeoJSON() throws {
        let json = try JSONValue(
            json: Array(
                #"{"type":"Polygon","coordinates":[[[118,32],[118.1,32],[118.1,32.1],[118,32.1]]]}"#.utf8))
        let area = try Area(geoJSON: json, what: "boundary")
        #expect(area.parts.count == 1)
        #expect(area.parts[0][0].count == 5, "an open ring is closed")
        for wrong in [
            #"{"type":"Point","coordinates":[1,2]}"#, #"{"type":"Polygon","coordinates":[]}"#,
            #"{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}"#,
            #"{"type":"Polygon","coordinates":[[[181,2],[3,4],[5,6],[7,8]]]}"#,
            #"{"type":"MultiPolygon","coordinates":[[]]}"#, #"{"coordinates":[]}"#,
        ] {
            let value = try JSONValue(json: Array(wrong.utf8))
            #expect(throws: DirectoryError.self) { try Area(geoJSON: value, what: "boundary") }
        }
    }
}
