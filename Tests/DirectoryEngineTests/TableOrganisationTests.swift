import DirectoryAPI
import DirectoryModel
import Foundation
import Registers
import Testing

@testable import DirectoryEngine

/// Tables that name who runs a place: found, made, and taken back.
@Suite struct TableOrganisationTests {
    private static let code = "91350100M000100Y43"

    private func take(
        _ town: SmallTown, _ text: String, party: Party? = nil,
        _ change: (inout TableInstructions) -> Void = { _ in }
    ) throws -> RegisterReport {
        let path = town.folder + "/台账.csv"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var table = TableInstructions()
        change(&table)
        return try RegisterReader(sink: town.engine).take(
            RegisterRequest(
                path: path, fileName: "台账.csv", format: "table", source: TableRegisterTests.source,
                actor: town.actor, party: party, table: table)
        ) { _, _ in }
    }

    private func organisations(_ town: SmallTown) throws -> [Organisation] {
        try town.engine.organisations(OrganisationListQuery()).organisations
    }

    private func runner(_ town: SmallTown, _ name: String) throws -> Organisation? {
        let place = try #require(try town.engine.places(PlaceListQuery()).places.first { $0.name == name })
        return place.organisation.flatMap(town.engine.storedOrganisation)
    }

    private func put(_ town: SmallTown, _ id: String, _ json: String) throws {
        _ = try town.engine.putOrganisation(
            OrganisationID(validating: id), OrganisationBody(JSONValue(json: Array(json.utf8))),
            WriteContext(actor: town.actor))
    }

    @Test func oneIsMadeForAllOfItsRowsAndTakenBack() throws {
        let town = try SmallTown()
        let text = """
            编号,名称,业态,主办单位,统一社会信用代码
            1,甲书店,书店,福州书业有限公司,\(Self.code)
            2,乙书店,书店,福州书业有限公司,\(Self.code)
            3,丙书店,书店,翠竹园互助会,
            4,丁书店,书店,翠竹园互助会,无
            5,戊书店,书店,,
            6,己书店,书店,无,

            """
        let report = try take(town, text)
        #expect(report.batch.counts[.place]?.created == 6, "\(report.batch.findings)")
        #expect(report.columns.map(\.field).contains("organisation"))
        #expect(try organisations(town).map(\.name).sorted() == ["福州书业有限公司", "翠竹园互助会"].sorted())
        let first = try #require(try runner(town, "甲书店"))
        #expect(first.id.rawValue == "uscc-" + Self.code)
        #expect(first.creditCode == Self.code)
        #expect(try runner(town, "乙书店") == first)
        #expect(try runner(town, "丙书店")?.name == "翠竹园互助会")
        #expect(try runner(town, "丁书店") == runner(town, "丙书店"))
        #expect(try runner(town, "戊书店") == nil)
        #expect(try runner(town, "己书店") == nil)

        let again = try take(town, text)
        #expect(again.batch.counts[.place]?.unchanged == 6)
        #expect(again.batch.revision == report.batch.revision)

        let undone = try town.engine.undoImport(try #require(report.batch.number), by: town.actor)
        #expect(undone.deleted == 8)
        #expect(try organisations(town).isEmpty)
        #expect(try town.engine.places(PlaceListQuery()).places.isEmpty)
        // And brought in once more they are there again.
        #expect(try take(town, text).batch.counts[.place]?.created == 6)
        #expect(try organisations(town).count == 2)
    }

    @Test func oneThatIsThereIsFoundByCodeElseByName() throws {
        let town = try SmallTown()
        try put(
            town, "org-1",
            #"{"name":"书业集团","credit_code":"\(Self.code)","address":"竹园路1号"}"#
                .replacingOccurrences(of: "\\(Self.code)", with: Self.code))
        try put(town, "org-2", #"{"name":"互助会"}"#)
        let report = try take(
            town,
            """
            编号,名称,业态,运营单位,统一社会信用代码
            1,甲书店,书店,福州书业有限公司,\(Self.code)
            2,乙书店,书店,互助会,

            """)
        #expect(report.batch.counts[.place]?.created == 2)
        #expect(try organisations(town).count == 2)
        #expect(try runner(town, "甲书店")?.name == "书业集团")
        #expect(try runner(town, "甲书店")?.address == "竹园路1号")
        #expect(try runner(town, "乙书店")?.id.rawValue == "org-2")
        let findings = report.batch.findings.filter { $0.code != "unplaced" }
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.code == "organisation_name_differs")
        #expect(finding.severity == "warning")
        #expect(finding.cell?.header == "运营单位")
        #expect(finding.cell?.row == 2)
        // Those that were there stay when the import goes.
        _ = try town.engine.undoImport(try #require(report.batch.number), by: town.actor)
        #expect(try organisations(town).count == 2)
    }

    @Test func aRehearsalAndARefusedRowMakeNone() throws {
        let town = try SmallTown()
        let rehearsed = try take(town, "编号,名称,业态,主办单位\n1,甲书店,书店,互助会\n") { $0.isRehearsal = true }
        #expect(rehearsed.batch.counts[.place]?.created == 1)
        #expect(try organisations(town).isEmpty)
        let report = try take(
            town,
            "编号,名称,业态,主办单位\n1,甲书店,没有的业态,互助会\n2,乙书店,书店,王某13812345678\n3,丙书店,书店,\(String(repeating: "长", count: 201))\n"
        )
        #expect(report.batch.counts[.place]?.rejected == 1)
        #expect(report.batch.counts[.place]?.created == 2)
        #expect(try organisations(town).isEmpty)
        let unusable = report.batch.findings.filter { $0.code == "organisation_unusable" }
        #expect(unusable.count == 2)
        #expect(unusable.allSatisfy { $0.value?.contains("13812345678") != true })
    }

    @Test func aUnitsNameIsWhoRunsItOnlyWhereAnotherColumnNamesThePlace() throws {
        let town = try SmallTown()
        let both = try take(town, "单位名称,网点名称,业态\n互助会,甲书店,书店\n")
        #expect(both.columns.map(\.field) == ["organisation", "name", "type"])
        #expect(try runner(town, "甲书店")?.name == "互助会")
        let alone = try take(town, "单位名称,业态\n乙书店,书店\n")
        #expect(alone.columns.map(\.field) == ["name", "type"])
        #expect(try runner(town, "乙书店") == nil)
    }

    @Test func anEmptyCellTakesNoneAway() throws {
        let town = try SmallTown()
        _ = try take(town, "编号,名称,业态,主办单位\n1,甲书店,书店,互助会\n")
        let report = try take(town, "编号,名称,业态,主办单位\n1,甲书店,书店,\n")
        #expect(report.batch.counts[.place]?.unchanged == 1)
        #expect(try runner(town, "甲书店")?.name == "互助会")
        let other = try take(town, "编号,名称,业态,主办单位\n1,甲书店,书店,书友会\n")
        #expect(other.batch.counts[.place]?.changed == 1)
        #expect(try runner(town, "甲书店")?.name == "书友会")
        _ = try town.engine.undoImport(try #require(other.batch.number), by: town.actor)
        #expect(try runner(town, "甲书店")?.name == "互助会")
        #expect(try organisations(town).map(\.name) == ["互助会"])
    }

    @Test func oneThatALaterImportNamesIsNotTakenAway() throws {
        let town = try SmallTown()
        let first = try take(town, "编号,名称,业态,主办单位\n1,甲书店,书店,互助会\n")
        _ = try take(town, "编号,名称,业态,主办单位\n2,乙书店,书店,互助会\n")
        #expect(throws: DirectoryError.self) {
            _ = try town.engine.undoImport(try #require(first.batch.number), by: town.actor)
        }
        #expect(try runner(town, "乙书店")?.name == "互助会")
    }

    @Test func aPartyMakesNoneButItsOwn() throws {
        let town = try SmallTown()
        let party = Party(
            id: "shop", name: "书店联盟", kind: .socialOrganisation, users: ["clerk"],
            organisations: [OrganisationID(unchecked: "uscc-" + Self.code)],
            sources: [TableRegisterTests.source])
        let report = try take(
            town,
            """
            编号,名称,业态,主办单位,统一社会信用代码
            1,甲书店,书店,互助会,
            2,乙书店,书店,书业公司,\(Self.code)

            """, party: party)
        #expect(report.batch.counts[.place]?.created == 2, "\(report.batch.findings)")
        #expect(report.batch.findings.map(\.code).filter { $0 != "unplaced" } == ["organisation_not_yours"])
        #expect(try organisations(town).map(\.name) == ["书业公司"])
        #expect(try runner(town, "甲书店") == nil)
        #expect(try runner(town, "乙书店")?.name == "书业公司")
    }
}
