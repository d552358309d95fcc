import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@Suite("__NAME__ conforms")
struct __NAME__ConformanceTests {
    @Test("the built module passes every check of the conformance suite")
    func conforms() throws {
        let failures = Conformance.check(try BuiltModule.load("__NAME__"))
        #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))")
    }

    @Test("the README has the fixed headings, each with a text, and names every attribute")
    func readme() throws {
        let readme = try Conformance.readme(besideTestsOf: #filePath)
        let failures = Conformance.checkReadme(readme, of: try BuiltModule.load("__NAME__"))
        #expect(failures.isEmpty, "\(failures.map(\.description).joined(separator: "\n"))")
    }
}
