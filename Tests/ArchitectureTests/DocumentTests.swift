import Foundation
import Testing

@Suite("Documents")
struct DocumentTests {
    @Test("Every Swift type of the glossary exists")
    func glossaryTypes() throws {
        let rows = try MarkedTable("glossary", in: Repository.text("docs/glossary.md")).rows
        #expect(rows.count > 15)
        let types = try Set(Declaration.all().filter(\.isType).map(\.name))
        for row in rows {
            try #require(row.count == 6, "\(row)")
            let name = row[3].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            let last = name.split(separator: ".").last.map(String.init) ?? name
            #expect(types.contains(last), "\(row[0]): there is no type \(name)")
        }
    }

    @Test("No declaration uses a word that the glossary rules out")
    func glossaryWords() throws {
        let rows = try MarkedTable("glossary", in: Repository.text("docs/glossary.md")).rows
        // Words of one part; those of other crafts that code needs (distance, mode, tag, cell) are for prose.
        let craft: Set = ["distance", "mode", "tag", "cell", "issue", "property", "gap", "directions"]
        let words = rows.flatMap { $0[5].split(separator: ",") }.map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        .filter { !$0.contains(" ") && !craft.contains($0) }
        #expect(words.count > 5)
        for declaration in try Declaration.all() {
            // Whole words of a camel-case name: "poi" is no part of "point".
            let used = declaration.name.camelParts.filter(words.contains)
            #expect(used.isEmpty, "\(declaration.path): \(declaration.name)")
        }
    }

    @Test("Every make target and quarterctl command of README and docs exists")
    func commands() throws {
        // Besides our own Makefile there is that of a module in a package of its own.
        let makefile = try Repository.text("Makefile") + Repository.text("Scripts/module-package/Makefile")
        let reference = try Repository.text("docs/cli.md")
        let pages =
            try ["README.md"]
            + Repository.names(in: "docs").filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        var seen = 0
        for page in pages {
            let text = try Repository.text(page)
            for match in text.matches(of: /(?:^|`|\n|&& )make ([a-z][a-z-]*)/) {
                seen += 1
                #expect(makefile.contains("\n\(match.1):"), "\(page): make \(match.1)")
            }
            // Inside code only: a line of a block, or between backticks; options of the root may stand before.
            for match in text.matches(of: /(?:`|\n|\/)quarterctl (?:--[a-z]+ [^ ]+ )*([a-z][a-z-]*)/) {
                seen += 1
                #expect(
                    reference.contains("\n## quarterctl \(match.1)\n") || match.1 == "generate-docs"
                        || !text.isCode(at: match.range.lowerBound), "\(page): quarterctl \(match.1)")
            }
        }
        #expect(seen > 20)
    }

    @Test("Every link between the pages leads somewhere")
    func links() throws {
        let pages =
            try ["README.md"]
            + Repository.names(in: "docs").filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        for page in pages {
            let folder = Repository.root.appendingPathComponent(page).deletingLastPathComponent()
            for match in try Repository.text(page).matches(of: /\]\(([^)#]+)(?:#[^)]*)?\)/) {
                let target = String(match.1)
                guard !target.contains("://") else { continue }
                let path = folder.appendingPathComponent(target).path
                #expect(FileManager.default.fileExists(atPath: path), "\(page) links to \(target)")
            }
        }
    }

    @Test("CHANGELOG's first entry is the version that quarterctl tells")
    func version() throws {
        let changelog = try Repository.text("CHANGELOG.md")
        let first = try #require(changelog.firstMatch(of: /\n## ([0-9]+\.[0-9]+\.[0-9]+)/)).1
        let source = try Repository.text("Sources/DirectoryAPI/ProductVersion.swift")
        #expect(source.contains("static let current = \"\(first)\""))
    }
}

extension String {
    /// Whether a position is in a fenced block or between backticks, by the number of marks before it.
    fileprivate func isCode(at position: Index) -> Bool {
        let before = self[..<position]
        let fences = before.matches(of: /(?:^|\n)```/).count
        return fences % 2 == 1 || self[position] == "`"
    }
}
