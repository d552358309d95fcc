import DirectoryModel
import Foundation
import Testing

@testable import DirectoryAPI

@Suite struct OpenConditionTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-11-24T12:30:00+08:00", 1_795_494_600),
        ("2026-11-24T12:30 08:00", 1_795_494_600), ("2026-11-24t04:30z", 1_795_494_600),
        ("2000-02-29T23:59:60Z", 951_868_800), ("2026-11-24T12:30:00.75+0800", 1_795_494_600),
        ("2024-12-31T23:00:00-01:00", 1_735_689_600),
    ])
    func readsMoments(text: String, seconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.secondsSince1970 == seconds)
    }

    @Test func agreesWithFoundationOnEveryDayOfFourCenturies() throws {
        let formatter = ISO8601DateFormatter()
        for day in stride(from: 0, to: 146_097, by: 13) {
            let moment = Date(timeIntervalSince1970: Double(day) * 86_400 + 43_200)
            let read = Timestamp(rfc3339: formatter.string(from: moment))
            #expect(read?.secondsSince1970 == Int64(moment.timeIntervalSince1970))
        }
    }

    @Test(arguments: [
        "", "now", "2026-11-24", "2026-13-01T00:00Z", "2026-02-29T00:00Z", "2026-11-24T24:00Z",
        "2026-11-24T00:60Z", "2026-11-24T00:00", "1969-12-31T23:59:59Z", "2026-11-24T00:00+19:00",
        "20261124T000000Z", "２０26-11-24T00:00Z", String(repeating: "2", count: 100_000),
    ])
    func refusesWhatIsNoMoment(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    private func open(_ query: String) throws -> OpenCondition? {
        var words = try QueryWords(query: query[...])
        return try words.open()
    }

    @Test func readsTheWordsOfAQuery() throws {
        #expect(try open("x=1") == nil)
        #expect(try open("open=now") == .now)
        #expect(try open("open=arrival") == .arrival)
        #expect(try open("open=2026-11-24T04:30Z") == .at(Timestamp(secondsSince1970: 1_795_494_600)))
        #expect(try open("open=2026-11-24T12:30%2B08:00") == .at(Timestamp(secondsSince1970: 1_795_494_600)))
        let span = try open("open_during=2026-11-24T04:30Z/2026-11-24T05:00Z")
        #expect(
            span
                == .during(
                    Timestamp(secondsSince1970: 1_795_494_600), Timestamp(secondsSince1970: 1_795_496_400)))
    }

    @Test(arguments: [
        "open=maybe", "open=", "open=now&open=now", "open_during=2026-11-24T04:30Z",
        "open_during=2026-11-24T05:00Z/2026-11-24T04:30Z", "open_during=2026-11-24T05:00Z/2026-12-24T04:30Z",
        "open_during=a/b/c", "open=now&open_during=2026-11-24T04:30Z/2026-11-24T05:00Z",
    ])
    func refusesOtherWords(query: String) throws {
        #expect(throws: DirectoryError.self) { try open(query) }
    }
}
