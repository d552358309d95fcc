import Digests
import DirectoryAPI
import DirectoryModel
import Foundation
import RemoteBridges
import Testing
import WebRequests

@Suite("Parts of bridges to servers elsewhere") struct RemoteUnitTests {
    @Test func anAddressShowsNoQueryAndTakesNoPassword() throws {
        let address = try WebAddress("HTTPS://Example.org:443/a/列表?key=secret#part")
        #expect(
            "\(address)" == "https://example.org/a/%e5%88%97%e8%a1%a8".lowercased()
                || "\(address)".hasPrefix("https://example.org"))
        #expect(
            !"\(address)".contains("secret") && address.text.contains("key=secret")
                && !address.text.contains("#"))
        #expect(address.server == "https://example.org:443")
        let page = try address.with("page", "2 & 3").with("key", "other")
        #expect(page.text.hasSuffix("?page=2%20%26%203&key=other"), "\(page.text)")
        let beside = try WebAddress("../b?x=1", from: address)
        #expect(beside.text == "https://Example.org:443/b?x=1", "\(beside.text)")
        #expect(try WebAddress("http://[::1]:80/").isLoopback && WebAddress("http://127.9.9.9/").isLoopback)
        #expect(try !WebAddress("http://127.0.0.1.example.org/").isLoopback)
        for bad in [
            "", "example", "file:///etc/passwd", "https://", "https://a:b@c/", "https://u@c/",
            "https://x:99999/",
        ] {
            #expect(throws: DirectoryError.self, "\(bad)") { try WebAddress(bad) }
        }
    }

    @Test func aNameThatOnlyBeginsLikeThisMachineIsNotThisMachine() throws {
        #expect(try !WebAddress("http://127.example.org/").isLoopback)
        #expect(try !WebAddress("http://localhost.example.org/").isLoopback)
    }

    /// RFC 8288's own example among them.
    @Test(arguments: [
        ("<http://example.com/TheBook/chapter2>; rel=\"previous\"; title=\"previous chapter\"", nil),
        ("</TheBook/chapter2>; rel=\"previous\", </TheBook/chapter4>; rel=\"next\"", "/TheBook/chapter4"),
        ("<https://a/?x=1,2>; rel=next", "https://a/?x=1,2"),
        ("<a>; title=\"rel=next\", <b>; rel=\"up next\"", "b"), ("<a; rel=next", nil), ("", nil),
    ]) func theNextLinkIsFound(_ header: String, _ target: String?) {
        #expect(WebReply(status: 200, headers: ["link": header], body: []).nextLink == target)
    }

    @Test func aServerThatAsksToBeLeftAloneIsUnderstood() {
        func wait(_ text: String) -> Double? {
            WebReply(status: 503, headers: ["retry-after": text], body: []).retryAfter(now: 784_111_777)?
                .value
        }
        #expect(wait("120") == 120 && wait("0") == 0)
        // RFC 9110's own moment: 784111777 s after 1970.
        #expect(wait("Sun, 06 Nov 1994 08:49:37 GMT") == 0)
        #expect(wait("Sun, 06 Nov 1994 08:50:37 GMT") == 60)
        #expect(wait("Sun, 06 Nov 1994 08:40:37 GMT") == 0)
        #expect(wait("soon") == nil && wait("-5") == nil && wait("") == nil)
        #expect((wait("99999999999999999999999") ?? 0) >= 1e9)
    }

    @Test func waitsGrowToTheirLimitAndAreSpread() {
        let policy = RetryPolicy(attempts: 5, backoff: 1, longestWait: 60)
        #expect((1...8).map { policy.limit(after: $0).value } == [1, 2, 4, 8, 16, 32, 60, 60])
        #expect(policy.limit(after: .max).value == 60)
        var random = SystemRandomNumberGenerator()
        let waits = (0..<2000).map { _ in policy.wait(after: 4, using: &random).value }
        #expect(waits.allSatisfy { (0...8).contains($0) })
        // Full jitter: about half lie below half of the limit; 10 standard deviations are allowed.
        #expect((776...1224).contains(waits.count { $0 < 4 }))
        for _ in 0..<100 {
            #expect((30...31).contains(policy.wait(after: 1, asked: 30, using: &random).value))
            #expect(policy.wait(after: 1, asked: 1e9, using: &random).value == 60)
        }
    }

    @Test func membersAreFoundByTheirPath() throws {
        let value = try JSONValue(
            json: Array(#"{"a":{"b":[{"c":7},8]},"a.b":9,"x.y":{"z":1},"n":null}"#.utf8))
        #expect(MemberPath("a.b").value(in: value) == .whole(9))
        #expect(MemberPath("a.b.0.c").value(in: value) == .whole(7))
        #expect(MemberPath("n").value(in: value) == .null)
        #expect(MemberPath("").value(in: value) == value)
        for absent in ["b", "a.c", "a.b.2", "a.b.-1", "a.b.0.c.d", ".", "a..b", "x.y.z"] {
            #expect(MemberPath(absent).value(in: value) == nil, "\(absent)")
        }
    }

    @Test func valuesBecomeCells() throws {
        func cell(_ json: String) throws -> JSONValue.CellText {
            try JSONValue(json: Array("{\"v\":\(json)}".utf8))["v"]?.cellText ?? .unusable("nothing")
        }
        #expect(try cell("\"\"") == .text("") && cell("null") == .text("") && cell("true") == .text("是"))
        #expect(try cell("118.7") == .text("118.7") && cell("5.0") == .text("5") && cell("-3") == .text("-3"))
        #expect(try cell("9007199254740993") == .text("9007199254740993"))
        #expect(try cell("[\"a\",2,null,\"\"]") == .text("a、2"))
        for json in ["{}", "[[1]]", "[{}]", "99999999999999999999", "1e300"] {
            guard case .unusable = try cell(json) else {
                Issue.record("\(json) became a cell")
                continue
            }
        }
    }

    /// RFC 4231, test case 2.
    @Test func messageCodesAreThoseOfTheStandard() throws {
        let code = try MessageCode.hmacSHA256(
            of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(
            code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }
}
