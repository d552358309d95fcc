import DirectoryAPI
import DirectoryModel
import Exports
import Foundation
import TableFiles
import Testing

@testable import DirectoryEngine
@testable import Registers

/// What is taken out and brought back changes nothing.
@Suite struct RoundTripTests {
    /// Writes a book and has it read as a table in a rehearsal.
    private func back(
        _ book: ExportBook, in town: TestTown, _ format: TableFormat, type: ServiceTypeID? = nil
    ) throws -> RegisterReport {
        let path = town.folder + "/out-\(UUID().uuidString)." + format.rawValue
        try book.write(to: path, format: format)
        return try town.take(path, as: "table", source: "office") {
            $0.isRehearsal = true
            $0.type = type
        }
    }

    /// That a table of some places was read back whole, and none of its rows changes anything.
    private func expectNothingChanges(_ report: RegisterReport, rows: Int, _ label: String) {
        #expect(
            report.outcomes == [0, 0, rows, 0, 0],
            "\(label): \(report.batch.findings.prefix(5).map { "\($0.record) \($0.code) \($0.message.en)" })")
    }

    private func town() throws -> TestTown {
        let town = try TestTown()
        try town.putCommunity("320114001001", "翠竹园社区")
        try town.putCommunity("320114001002", "青山居委会")
        // Points come with a table, which keeps them as given.
        let register = """
            编号,名称,英文名称,业态,地址,经度(WGS84),纬度(WGS84),营业时间,电话,社区,服务项目,打印价格,现金,轮椅
            1,小明图文,"Ming, Copies",photo_print,竹园路1号,118.7000001,32.0401,Mo-Fr 09:00-18:00,025-84412345,翠竹园社区,,0.5元,是,
            2,=快印,,photo_print,"竹园路2号，2楼",118.71,32.05,周一至周五9点到18点,400-812-3123,青山,,1,否,
            3,同名,,photo_print,竹园路3号,118.72,32.06,24/7,12345,翠竹园社区,,,,
            4,一家书店,,书店,竹园路4号,118.73,32.07,,,,,,,

            """
        let path = town.folder + "/register.csv"
        try Data(register.utf8).write(to: URL(fileURLWithPath: path))
        let report = try town.take(path, as: "table", source: "zhuyuan")
        #expect(report.outcomes == [4, 0, 0, 0, 0], "\(report.batch.findings)")
        return town
    }

    @Test(arguments: [TableFormat.csv, .tsv, .xlsx])
    func aSmallTownComesBackAsItWas(format: TableFormat) throws {
        let town = try town()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope())
        #expect(extract.places.count == 4)
        let book = extract.placeBook(oneTable: format != .xlsx)
        #expect(book.viewOnly.isEmpty)
        #expect(book.tables.count == (format == .xlsx ? 2 : 1))
        expectNothingChanges(try back(book, in: town, format), rows: 4, "\(format)")
        // And what an office changes in it is changed, in that place alone.
        let path = town.folder + "/edited.csv"
        try extract.placeBook(oneTable: true).write(to: path, format: .csv)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "竹园路4号", with: "竹园路44号").utf8)
            .write(to: URL(fileURLWithPath: path))
        #expect(try town.take(path, as: "table", source: "office").outcomes == [0, 1, 3, 0, 0])
        #expect(town.engine.storedPlace(PlaceID(unchecked: "zhuyuan-4"))?.address == "竹园路44号")
    }

    @Test func theDaemonsAnswersMakeTheSameExtract() throws {
        let town = try town()
        try town.putOrganisation("org-1", #"{"name":"翠竹园互助会","kind":"social_organisation"}"#)
        let scope = ExtractScope(withOrganisations: true, withHistory: true)
        let direct = try DirectoryExtract(of: town.engine, scope)
        let asked = try DirectoryExtract(
            asking: { path, query throws(DirectoryError) in try town.reply(path, query) }, scope)
        #expect(asked.places == direct.places)
        #expect(asked.organisations == direct.organisations)
        #expect(asked.history == direct.history)
        #expect(asked.confirmed == direct.confirmed && direct.confirmed.count == 4)
        #expect(asked.revision == direct.revision)
        #expect(asked.attributions == direct.attributions)
        #expect(asked.types.map(\.id) == direct.types.map(\.id))
        for (left, right) in zip(asked.types, direct.types) {
            #expect(left.attributes.map(\.key) == right.attributes.map(\.key))
            #expect(left.attributes.map(\.columnNames) == right.attributes.map(\.columnNames))
        }
        let (one, two) = (asked.placeBook(oneTable: true), direct.placeBook(oneTable: true))
        #expect(one.tables.map(\.rows) == two.tables.map(\.rows))
        #expect(one.tables.map(\.columns) == two.tables.map(\.columns))
        #expect(asked.geoJSON() == direct.geoJSON())
        #expect(asked.dictionaryBook().tables[0].rows == direct.dictionaryBook().tables[0].rows)
    }

    @Test(.enabled(if: TestTown.areModulesBuilt, "the five modules are not built"))
    func theDemoTownComesBackAsItWas() throws {
        let town = try TestTown(withModules: true)
        try town.bringInDemo()
        let whole = try DirectoryExtract(of: town.engine, ExtractScope())
        #expect(whole.places.count > 500)
        for format in [TableFormat.csv, .xlsx] {
            for type in whole.types {
                let extract = try DirectoryExtract(of: town.engine, ExtractScope(types: [type.id]))
                guard !extract.places.isEmpty else { continue }
                let book = extract.placeBook(oneTable: format == .csv)
                // Also where somebody says the type that the table says itself: its own words go first then.
                for stated in [nil, type.id] {
                    expectNothingChanges(
                        try back(book, in: town, format, type: stated), rows: extract.places.count,
                        "\(type.id) \(format) \(stated == nil ? "" : "with its type stated")")
                }
            }
            let book = whole.placeBook(oneTable: format == .csv)
            expectNothingChanges(
                try back(book, in: town, format), rows: whole.places.count, "all types \(format)")
        }
    }

    /// A column that is read back is read for its own attribute, so that what an office changes counts.
    @Test(.enabled(if: TestTown.areModulesBuilt, "the five modules are not built"))
    func whatAnOfficeChangesCounts() throws {
        let town = try TestTown(withModules: true)
        for (number, type) in town.engine.typeDescriptions.enumerated() {
            try town.put("p\(number)", #"{"type":"\#(type.id)","name":"店\#(number)"}"#)
        }
        var changed = 0
        for (number, type) in town.engine.typeDescriptions.enumerated() {
            let extract = try DirectoryExtract(of: town.engine, ExtractScope(types: [type.id]))
            let book = extract.placeBook(oneTable: true)
            #expect(book.viewOnly.isEmpty, "\(type.id): \(book.viewOnly)")
            // Fill in every yes-or-no column, which stands empty.
            let table = book.tables[0]
            var filled = table
            var keys: Set<String> = []
            for (index, column) in table.columns.enumerated() {
                guard let attribute = type.attribute(forColumn: column.title), attribute.kind == .bool,
                    PlaceField.named(column.title) == nil, type.attributes.contains(attribute)
                else { continue }
                filled.rows[0][index] = .text("是")
                keys.insert(attribute.key)
            }
            let path = town.folder + "/filled\(number).csv"
            try ExportBook(tables: [filled], revision: book.revision, attributions: [])
                .write(to: path, format: .csv)
            try town.take(path, as: "table", source: "office")
            let place = try #require(town.engine.storedPlace(PlaceID(unchecked: "p\(number)")))
            for key in keys { #expect(place.attributes[key] == .bool(true), "\(type.id).\(key)") }
            // And changed from one answer to the other.
            var again = try DirectoryExtract(of: town.engine, ExtractScope(types: [type.id])).placeBook(
                oneTable: true)
            again.tables[0].rows[0] = again.tables[0].rows[0].map { $0 == .text("是") ? .text("否") : $0 }
            let next = town.folder + "/again\(number).csv"
            try again.write(to: next, format: .csv)
            try town.take(next, as: "table", source: "office")
            let after = try #require(town.engine.storedPlace(PlaceID(unchecked: "p\(number)")))
            for key in keys { #expect(after.attributes[key] == .bool(false), "\(type.id).\(key)") }
            changed += keys.count
        }
        #expect(changed > 100)
    }
}
