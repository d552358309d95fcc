import Foundation
import Testing

@Suite("Service-type modules")
struct ModuleListTests {
    private static let kits: Set = ["ServiceTypeKit", "ServiceTypeTestKit"]

    @Test("The folders under Plugins/ are those that Package.swift names")
    func folders() throws {
        let manifest = try Repository.text("Package.swift")
        let list = try #require(manifest.firstMatch(of: /let modules = \[([^\]]*)\]/)).1
        let named = list.matches(of: /"([A-Za-z]+)"/).map { String($0.1) }.sorted()
        let folders = try Repository.names(in: "Plugins").filter { !Self.kits.contains($0) }
        #expect(named == folders)
        #expect(!named.isEmpty)
    }

    @Test("Each has a README, sources and tests")
    func parts() throws {
        for name in try Repository.names(in: "Plugins") where !Self.kits.contains(name) {
            let parts = try Repository.names(in: "Plugins/\(name)")
            #expect(Set(parts).isSuperset(of: ["README.md", "Sources", "Tests"]), "\(name)")
        }
    }

    @Test("No module is named in the code of the core")
    func coreNamesNone() throws {
        let modules = try Repository.names(in: "Plugins").filter { !Self.kits.contains($0) }
        for path in Repository.swiftFiles(under: ["Sources"]) {
            let code = try Repository.text(path).split(separator: "\n").filter { !$0.isComment }
                .joined(separator: "\n")
            for module in modules {
                let isNamed = code.contains("\(module)Module") || (code + "\n").contains("import \(module)\n")
                #expect(!isNamed, "\(path) names \(module)")
            }
        }
    }
}
