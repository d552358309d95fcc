import DirectoryModel
import Testing

@testable import DirectoryAPI

/// The one table that decides HTTP status and exit code.
@Suite struct ErrorTableTests {
    @Test func codesAreUniqueAndDocumented() {
        let codes = ErrorTable.rows.map(\.code.rawValue)
        #expect(Set(codes).count == codes.count)
        let page = ErrorTable.markdown()
        for row in ErrorTable.rows {
            #expect((400...599).contains(row.status))
            #expect((64...78).contains(row.exitCode))
            #expect(page.contains("| `\(row.code.rawValue)` | \(row.status) | \(row.exitCode) |"))
            #expect(row.meaning.hasSuffix("."))
        }
    }

    @Test func anUnknownCodeIsAFaultOfOurs() {
        let code = DirectoryError.Code(rawValue: "not_in_the_table")
        #expect(ErrorTable.status(of: code) == 500)
        #expect(ErrorTable.exitCode(of: code) == 70)
    }

    @Test func problemsCarryCodeAndAdvice() throws {
        var json = JSONWriter()
        DirectoryError(.tooLarge, "the body is over 1 MiB", advice: "send less", location: "body").write(
            to: &json)
        let value = try JSONValue(json: json.bytes())
        #expect(value["status"] == .whole(413))
        #expect(value["code"] == .string("too_large"))
        #expect(value["advice"] == .string("send less"))
        #expect(value["location"] == .string("body"))
    }
}
