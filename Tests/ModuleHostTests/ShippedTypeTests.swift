import DirectoryModel
import Foundation
import ServiceTypeKit
import ServiceTypeTestKit
import Testing

@testable import ModuleHost

/// Every type that is declared in `etc/quarter/types.d` passes the suite that modules pass.
@Suite struct ShippedTypeTests {
    static let files: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appendingPathComponent("etc/quarter/types.d").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".toml") }.sorted().map { folder + "/" + $0 }
    }()

    @Test func thereAreTheCataloguesBesidesTheModulesAndTwoOfOurOwn() {
        #expect(Self.files.count == 32)
    }

    @Test(arguments: files)
    func conforms(_ file: String) throws {
        let type = try DeclaredType(contentsOf: file)
        let failures = Conformance.check(DeclaredModule(type))
        #expect(failures.isEmpty, "\(failures)")
    }
}
