import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

/// Findings that no other test asks for, each from the smallest file that has it; and that every one is asked for.
@Suite struct FindingCodeTests {
    private func findings(_ text: String, _ name: String, as format: String) throws -> [RecordFinding] {
        let town = try TestTown()
        let path = town.folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let report = try town.take(path, as: format, source: "office") {
            $0.datum = format == "table" ? .wgs84 : nil
        }
        #expect(report.batch.findings.allSatisfy { !$0.message.zh.isEmpty && !$0.message.en.isEmpty })
        return report.batch.findings
    }

    @Test func anIDThatNamesNoPlaceRefusesTheRow() throws {
        let found = try findings("一刻圈编号,名称,业态\nno-such,甲店,书店\n", "t.csv", as: "table")
        let finding = try #require(found.first { $0.code == "id_unknown" })
        #expect(finding.severity == "error" && finding.cell?.column == "A" && finding.value == "no-such")
    }

    @Test func aHeadThatStandsAgainIsNoRecord() throws {
        let town = try TestTown()
        let path = town.folder + "/t.csv"
        try Data("名称,业态,地址\n甲店,书店,x\n名称,业态,地址\n乙店,书店,y\n合计,2,\n".utf8)
            .write(to: URL(fileURLWithPath: path))
        let report = try town.take(path, as: "table", source: "office")
        #expect(report.outcomes == [2, 0, 0, 0, 0])
        #expect(Set(report.leftOut.map(\.code)) == ["head_repeated", "total_row"])
        #expect(report.leftOut.allSatisfy { !$0.reason.zh.isEmpty && !$0.reason.en.isEmpty })
    }

    @Test(
        arguments: [
            (#"{"type":"Polygon"}"#, "no_feature"),
            (
                #"{"type":"Feature","geometry":null,"properties":{"kind":"community","id":"c9","name":"甲"}}"#,
                "geometry_missing"
            ),
            (
                #"{"type":"Feature","geometry":null,"properties":{"kind":"grid","id":"g 9","name":"甲","community":"c1"}}"#,
                "id_invalid"
            ),
            (
                #"{"type":"Feature","geometry":{"type":"Point","coordinates":[118.7,32.0]},"properties":{"kind":"gate","id":"g9","#
                    + #""name":"东门","parent":"no id"}}"#, "reference_invalid"
            ),
        ])
    func featuresOfCommunities(_ feature: String, _ code: String) throws {
        let text = #"{"type":"FeatureCollection","features":[\#(feature)]}"#
        let codes = try findings(text, "c.geojson", as: "communities").map(\.code)
        #expect(codes.contains(code), "\(codes)")
    }

    @Test func aServiceThatIsNotOfferedAnyMoreIsLeftOut() throws {
        let text = """
            {"services":[{"id":"s1","name":"银发餐厅","status":"defunct","organization_id":"o1"}],
             "organizations":[{"id":"o1","name":"互助会","description":"x"}]}
            """
        let found = try findings(text, "h.json", as: "hsds")
        #expect(found.contains { $0.code == "service_closed" }, "\(found.map(\.code))")
    }

    /// Every code of the page is expected by some test, by its own name or by that of its case.
    @Test func everyCodeIsAskedForSomewhere() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/registers.md"), encoding: .utf8)
        var codes: Set<String> = []
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            // Rows of findings have the severity in their second column.
            let columns = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard columns.count > 1,
                ["error", "warning", "note", "left out"].contains(where: columns[1].hasPrefix)
            else { continue }
            let cell = line.dropFirst(2).prefix { $0 != "|" }
            for match in cell.matches(of: /`([a-z]+(?:_[a-z0-9]+)+)`/) { codes.insert(String(match.1)) }
        }
        #expect(codes.count > 50)
        var texts = ""
        for folder in ["Tests", "Plugins"] {
            let walk = FileManager.default.enumerator(atPath: root.path + "/" + folder)
            while let name = walk?.nextObject() as? String {
                guard name.hasSuffix(".swift"), name.contains("Tests/") || folder == "Tests" else { continue }
                texts +=
                    (try? String(contentsOfFile: "\(root.path)/\(folder)/\(name)", encoding: .utf8)) ?? ""
            }
        }
        for code in codes.sorted() {
            let words = code.split(separator: "_").map(String.init)
            let name =
                words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            #expect(texts.contains(code) || texts.contains("." + name), "no test expects \(code)")
        }
    }
}
