import DirectoryModel
import Testing

@testable import DirectoryAPI

/// Dated exceptions as clients send them, and as answers carry them.
@Suite struct ExceptionBodyTests {
    private func exceptions(_ json: String) throws -> [DatedException] {
        let place = #"{"type":"canteen","name":"x","exceptions":"# + json + "}"
        return try PlaceBody(JSONValue(json: Array(place.utf8))).exceptions
    }

    @Test func areReadAndWrittenBack() throws {
        let read = try exceptions(
            """
            [{"from":"2026-02-16","until":"2026-02-20","state":"closed","reason":"春节放假"},
             {"from":"2026-03-01T08:00:00+08:00","state":"suspended"},
             {"from":"2026-04-04","until":"2026-04-04","hours":"10:00-16:00"},
             {"from":"2026-05-01","until":"2026-05-01T12:00:00Z","state":"open","hours":null}]
            """)
        let day = try #require(LocalDay(year: 2026, month: 2, day: 16))
        #expect(read.first?.from == .day(day))
        #expect(read.map(\.effect) == [.closed, .suspended, .hours("10:00-16:00"), .open])
        #expect(read.map(\.until?.text) == ["2026-02-20", nil, "2026-04-04", "2026-05-01T12:00:00Z"])
        #expect(read[1].from.text == "2026-03-01T00:00:00Z")
        var json = JSONWriter(capacity: 256)
        json.exceptions(read)
        let written = String(decoding: json.bytes(), as: UTF8.self)
        #expect(try exceptions(written) == read)
        #expect(try exceptions("null") == [] && exceptions("[]") == [])
    }

    @Test(arguments: [
        (#"{}"#, "exceptions"), (#"[{}]"#, "exceptions.from"), (#"["2026-01-01"]"#, nil),
        (#"[{"from":"2026-02-30","state":"closed"}]"#, "exceptions.from"),
        (#"[{"from":"tomorrow","state":"closed"}]"#, "exceptions.from"),
        (#"[{"from":"2026-01-02","state":"gone"}]"#, "exceptions.state"),
        (#"[{"from":"2026-01-02"}]"#, "exceptions.state"),
        (#"[{"from":"2026-01-02","state":"hours"}]"#, "exceptions.state"),
        (#"[{"from":"2026-01-02","state":"closed","hours":"10:00-12:00"}]"#, "exceptions.state"),
        (#"[{"from":"2026-01-02","until":"2026-01-01","state":"closed"}]"#, "exceptions.until"),
        (#"[{"from":"2026-01-02","state":"closed","untill":"2026-01-03"}]"#, "untill"),
    ])
    func aWrongOneIsNamed(_ json: String, _ field: String?) throws {
        let error = try #require(throws: DirectoryError.self) { try exceptions(json) }
        #expect(error.code == .invalidRecord)
        if let field { #expect(error.location == field, "\(error)") }
    }

    @Test func moreThanAPlaceNeedsAreRefused() throws {
        let one = #"{"from":"2026-01-02","state":"closed"}"#
        let most = [String](repeating: one, count: DatedException.maximumCount).joined(separator: ",")
        #expect(try exceptions("[\(most)]").count == DatedException.maximumCount)
        #expect(throws: DirectoryError.self) { try exceptions("[\(most),\(one)]") }
    }

    @Test(arguments: [
        ("2026-02-28", true), ("2024-02-29", true), ("2026-02-29", false), ("2026-13-01", false),
        ("2026-1-1", false), ("1899-12-31", false), ("２０２６-01-01", false), ("2026-01-01 ", false),
        ("", false),
    ])
    func aDayIsADay(_ text: String, _ isOne: Bool) {
        #expect((LocalDay(text) != nil) == isOne)
        #expect(LocalDay(text)?.text ?? text == text)
    }

    @Test func communitiesHaveAZoneAndARegion() throws {
        let body = try community(#"{"name":"x","time_zone":"Asia/Urumqi","region":"650102"}"#)
        #expect(body.timeZone == "Asia/Urumqi" && body.region == "650102")
        #expect(throws: DirectoryError.self) { try community(#"{"name":"x","region":"6501 02"}"#) }
        #expect(throws: DirectoryError.self) { try community(#"{"name":"x","region":"6501020010011"}"#) }
    }

    private func community(_ json: String) throws -> CommunityBody {
        try CommunityBody(JSONValue(json: Array(json.utf8)))
    }
}
