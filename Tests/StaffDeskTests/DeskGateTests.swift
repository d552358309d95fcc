import NIOCore
import NIOHTTP1
import Testing

@testable import StaffDesk

@Suite struct DeskGateTests {
    private let gate = DeskGate(port: 4711)

    private func cookie(_ gate: DeskGate) -> String { "\(gate.cookieName)=\(gate.session.text)" }

    @Test func takesItsTokenOnceAndNoOther() {
        #expect(gate.open(StaffToken().text, by: 1000) == .wrong)
        #expect(gate.open("", by: 1000) == .wrong)
        #expect(gate.open(gate.session.text, by: 1000) == .wrong)
        #expect(gate.open(gate.token.text, by: 1000) == .granted)
        #expect(gate.open(gate.token.text, by: 1000) == .used)
    }

    @Test func onlyOneOfManyAtOnceIsGranted() async {
        let granted = await withTaskGroup(of: DeskGate.Opening.self) { group in
            for _ in 0..<200 { group.addTask { gate.open(gate.token.text, by: 1000) } }
            return await group.reduce(into: 0) { $0 += $1 == .granted ? 1 : 0 }
        }
        #expect(granted == 1)
    }

    @Test func admitsTheHolderOfItsOwnCookieAmongOthers() {
        #expect(!gate.admits(cookies: [cookie(gate)], user: 1000), "before anybody opened")
        _ = gate.open(gate.token.text, by: 1000)
        #expect(gate.admits(cookies: [cookie(gate)], user: 1000))
        #expect(gate.admits(cookies: ["a=b; \(cookie(gate)); c=d"], user: 1000))
        #expect(gate.admits(cookies: ["a=b", cookie(gate)], user: 1000))
        #expect(!gate.admits(cookies: [], user: 1000))
        #expect(!gate.admits(cookies: [cookie(DeskGate(port: 4711))], user: 1000), "another desk's")
        #expect(
            !gate.admits(cookies: ["quarter-staff-4712=\(gate.session.text)"], user: 1000), "another port's")
        #expect(!gate.admits(cookies: ["x\(cookie(gate))"], user: 1000))
        #expect(!gate.admits(cookies: ["\(gate.cookieName)=\(gate.token.text)"], user: 1000), "the token")
    }

    @Test func theCookieIsWorthNothingToAnotherUser() {
        _ = gate.open(gate.token.text, by: 1000)
        #expect(!gate.admits(cookies: [cookie(gate)], user: 1001))
        // Where the machine cannot tell, the cookie decides.
        #expect(gate.admits(cookies: [cookie(gate)], user: nil))
    }

    @Test func isIdleOnlyWhileNothingIsUnderWay() throws {
        gate.begin()
        #expect(gate.idle == .zero)
        gate.end()
        #expect(gate.idle < .seconds(5))
    }

    @Test func theCookieIsStrict() {
        for word in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(gate.cookie.contains("; \(word)")) }
    }
}

@Suite struct RequestCheckTests {
    private func isAllowed(
        _ headers: [(String, String)], _ method: HTTPMethod = .GET, _ uri: String = "/v1/imports"
    ) -> Bool {
        let head = HTTPRequestHead(
            version: .http1_1, method: method, uri: uri, headers: HTTPHeaders(headers))
        return (try? RequestCheck(port: 4711).check(head)) != nil
    }

    @Test func onlyItsOwnNameIsAHost() {
        for host in ["127.0.0.1:4711", "localhost:4711", "LocalHost:4711"] {
            #expect(isAllowed([("Host", host)]))
        }
        for host in [
            "127.0.0.1", "127.0.0.1:4712", "evil.example:4711", "127.0.0.1:4711.evil.example", "[::1]:4711",
            "",
        ] {
            #expect(!isAllowed([("Host", host)]), "\(host)")
        }
        #expect(!isAllowed([]))
        #expect(!isAllowed([("Host", "127.0.0.1:4711"), ("Host", "127.0.0.1:4711")]))
    }

    @Test func aChangeNeedsTheDesksOwnOrigin() {
        let host = ("Host", "127.0.0.1:4711")
        for method in [HTTPMethod.POST, .PUT, .PATCH, .DELETE, .OPTIONS] {
            #expect(!isAllowed([host], method), "\(method) without Origin")
            #expect(isAllowed([host, ("Origin", "http://127.0.0.1:4711")], method))
            for origin in [
                "null", "http://evil.example", "https://127.0.0.1:4711", "http://127.0.0.1:4712",
                "http://localhost:4711",
                "http://127.0.0.1:4711.evil.example",
            ] {
                #expect(!isAllowed([host, ("Origin", origin)], method), "\(method) from \(origin)")
            }
        }
        #expect(!isAllowed([host, ("Origin", "http://evil.example")]), "a GET that says where it is from")
    }

    @Test func anotherPortOfThisMachineCannotAskForData() {
        let host = ("Host", "127.0.0.1:4711")
        for site in ["same-site", "cross-site"] {
            #expect(!isAllowed([host, ("Sec-Fetch-Site", site)]))
            // Whoever follows a link to the page does.
            #expect(isAllowed([host, ("Sec-Fetch-Site", site)], .GET, "/open/x"))
        }
        #expect(isAllowed([host, ("Sec-Fetch-Site", "same-origin")]))
    }
}

@Suite struct PeerUserTests {
    /// Two lines as proc_net_tcp(5) has them.
    private let list = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1267 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0000000000000000 100 0 0 10 0
           1: 0100007F:D431 0100007F:1267 01 00000000:00000000 02:000AFC80 00000000  1000        0 12 2 0000000000000000 20 4 30 10 -1
           2: 0100007F:1267 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 13 1 0000000000000000 20 4 30 10 -1
        """

    @Test func isTheOwnerOfTheOtherEnd() {
        #expect(PeerUser.user(from: "0100007F:D431", to: "0100007F:1267", in: list) == 1000)
        #expect(PeerUser.user(from: "0100007F:1267", to: "0100007F:D431", in: list) == 0)
        #expect(PeerUser.user(from: "0100007F:D432", to: "0100007F:1267", in: list) == nil)
        #expect(PeerUser.user(from: "0100007F:D431", to: "0100007F:1267", in: "") == nil)
    }

    @Test func anAddressIsWrittenAsTheKernelDoes() throws {
        #expect(PeerUser.word(try SocketAddress(ipAddress: "127.0.0.1", port: 4711)) == "0100007F:1267")
        #expect(PeerUser.word(try SocketAddress(ipAddress: "127.0.0.1", port: 80)) == "0100007F:0050")
        #expect(PeerUser.word(try SocketAddress(ipAddress: "::1", port: 80)) == nil)
    }
}
