import Foundation
import Testing

/// The checks that need no build, here as well as in `make check`: so a test run finds a broken layer.
@Suite("Checks")
struct CheckScriptTests {
    private static let checks = [
        "machine-paths", "layers", "module-imports", "module-readmes", "package-docs", "shell",
    ]

    @Test("The tree passes", arguments: checks)
    func passes(check: String) throws {
        let (output, status) = try Repository.run("Scripts/checks/\(check).sh", ["."])
        #expect(status == 0, "\(output)")
    }

    @Test("The bad fixture is refused, for the right reason", arguments: checks)
    func refuses(check: String) throws {
        let fixture = "Scripts/checks/fixtures/\(check)"
        let expected = try Repository.text("\(fixture)/expected.txt").trimmingCharacters(in: .newlines)
        let (output, status) = try Repository.run("Scripts/checks/\(check).sh", [fixture])
        #expect(status != 0)
        #expect(output.contains(expected), "\(output)")
    }

    @Test("Every check has a bad fixture, and is run by make check and told of in docs/testing.md")
    func complete() throws {
        let names = try Repository.names(in: "Scripts/checks").filter { $0.hasSuffix(".sh") }
            .map { String($0.dropLast(3)) }
        #expect(try names == Repository.names(in: "Scripts/checks/fixtures"))
        let runner = try Repository.text("Scripts/check.sh")
        let page = try Repository.text("docs/testing.md")
        let list = try #require(runner.firstMatch(of: /checks=\(([a-z \-]+)\)/)).1
        #expect(list.split(separator: " ").map(String.init).sorted() == names)
        for name in names { #expect(page.contains("| `\(name)` |")) }
    }
}
