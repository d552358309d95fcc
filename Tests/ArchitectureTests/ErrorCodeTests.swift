import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@Suite("Error codes")
struct ErrorCodeTests {
    /// The codes that DirectoryModel declares, of the change feed, the map and bridges: their Swift names and their texts.
    private func declared() throws -> [(name: String, code: String)] {
        let source = try [
            "Plugins/ServiceTypeKit/Sources/DirectoryModel/DirectoryError.swift",
            "Sources/DirectoryAPI/Changes.swift", "Sources/DirectoryAPI/Maps.swift",
            "Sources/DirectoryAPI/RemoteErrors.swift",
        ].map(Repository.text).joined()
        return source.matches(of: /(?:public|package) static let ([A-Za-z]+) = Self\(rawValue: "([a-z_]+)"\)/)
            .map { (String($0.1), String($0.2)) }
    }

    @Test("Every declared code is one row of the error table, and the other way round")
    func table() throws {
        let codes = try declared().map(\.code)
        #expect(codes.count > 20)
        #expect(Set(codes).count == codes.count)
        #expect(codes.sorted() == ErrorTable.rows.map(\.code.rawValue).sorted())
    }

    @Test("Statuses and exit codes are in range, and nothing that failed ends with 0")
    func ranges() {
        for row in ErrorTable.rows {
            #expect((400...599).contains(row.status), "\(row.code.rawValue)")
            // 64…78 are those of sysexits.h.
            #expect((64...78).contains(row.exitCode), "\(row.code.rawValue)")
            #expect(ErrorTable.status(of: row.code) == row.status)
            #expect(ErrorTable.exitCode(of: row.code) == row.exitCode)
        }
        let unknown = DirectoryError.Code(rawValue: "of_another_version")
        #expect(ErrorTable.status(of: unknown) == 500)
        #expect(ErrorTable.exitCode(of: unknown) == 70)
    }

    @Test("Every code is named in a test beside this one")
    func tested() throws {
        let tests = try Repository.swiftFiles(under: ["Tests", "Plugins"])
            .filter { $0.contains("Tests/") && !$0.hasPrefix("Tests/ArchitectureTests/") }
            .map(Repository.text).joined(separator: "\n")
        for (name, code) in try declared() {
            let isNamed = tests.mentions("." + name) || tests.contains("\"\(code)")
            #expect(isNamed, "no test names \(name) (\(code))")
        }
    }
}

extension String {
    /// Whether a name stands in the text that does not go on as a longer one.
    fileprivate func mentions(_ name: String) -> Bool {
        var rest = self[...]
        while let found = rest.range(of: name) {
            rest = rest[found.upperBound...]
            guard let next = rest.first else { return true }
            if !next.isLetter && !next.isNumber && next != "_" { return true }
        }
        return false
    }
}
