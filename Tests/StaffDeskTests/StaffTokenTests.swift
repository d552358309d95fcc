import Testing

@testable import StaffDesk

@Suite struct StaffTokenTests {
    @Test func isLongUnlikeAnyOtherAndFitToStandInAnAddress() {
        let tokens = (0..<1_000).map { _ in StaffToken().text }
        #expect(Set(tokens).count == tokens.count)
        for token in tokens {
            #expect(token.count == 43)
            #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        }
        // Each of the 64 letters comes up: no bit is always the same.
        #expect(Set(tokens.joined()).count == 64)
    }

    @Test func equalsItselfAndNothingElse() {
        let token = StaffToken()
        #expect(token.equals(token.text))
        #expect(!token.equals(StaffToken().text))
        #expect(!token.equals(""))
        #expect(!token.equals(token.text.dropLast()))
        #expect(!token.equals(token.text + "A"))
    }
}
