import Datums
import DirectoryAPI
import DirectoryModel
import Foundation
import Registers
import TableFiles
import Testing

@testable import DirectoryEngine

/// Tables of places as street offices keep them, from the bytes of the file to the directory and the answer file.
@Suite struct TableRegisterTests {
    static let source = SourceID(unchecked: "zhuyuan")

    static func take(
        _ town: SmallTown, _ text: String, file: String = "台账.csv",
        _ change: (inout TableInstructions) -> Void = { _ in }
    ) throws -> RegisterReport {
        let path = town.folder + "/" + file
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var table = TableInstructions()
        change(&table)
        return try RegisterReader(sink: town.engine).take(
            RegisterRequest(
                path: path, fileName: file, format: "table", source: source, actor: town.actor, table: table)
        ) { _, _ in }
    }

    /// Degrees of a point of the small town, as a clerk writes them.
    static func degrees(east: Double) -> String {
        let point = SmallTown.point(east: east, north: 0)
        return "\(point.longitude.value),\(point.latitude.value)"
    }

    private func counts(_ report: RegisterReport) -> [Int] {
        let counts = report.batch.counts[.place] ?? BatchCounts()
        return [counts.created, counts.changed, counts.unchanged, counts.rejected, counts.held]
    }

    @Test func aTableComesInAndAgainChangesNothing() throws {
        let town = try SmallTown()
        let text = """
            竹园街道书店台账,,,,,
            填报单位：竹园街道,,,,,
            序号,店铺名称,业态,经度(WGS84),纬度,营业时间
            1,新华书店,书店,\(Self.degrees(east: 3.3)),9:00-21:00
            2,猫的天空,书店,\(Self.degrees(east: 50)),10:00-22:00
            合计,2家,,,,
            填表人：王,,,,,

            """
        let report = try Self.take(town, text)
        #expect(counts(report) == [2, 0, 0, 0, 0], "\(report.batch.findings)")
        #expect(report.findingCounts.isEmpty)
        #expect(report.leftOut.map(\.code) == ["remark_row", "total_row"])
        #expect(report.columns.map(\.field) == [nil, "name", "type", "lon", "lat", "hours"])
        #expect(report.columns[1].samples == ["新华书店", "猫的天空"])
        let reached = try town.reach().places
        #expect(reached.map(\.record.place.name) == ["新华书店", "猫的天空"])
        #expect(reached[0].record.place.given?.datum == .wgs84)
        #expect(counts(try Self.take(town, text)) == [0, 0, 2, 0, 0])
        #expect(
            counts(try Self.take(town, text.replacingOccurrences(of: "21:00", with: "20:00"))) == [
                0, 1, 1, 0, 0,
            ])
    }

    @Test func everyFaultIsNamedInItsCell() throws {
        let town = try SmallTown()
        let point = Self.degrees(east: 3.3)
        let report = try Self.take(
            town,
            """
            编号,名称,业态,坐标,地址,联系电话,统一社会信用代码,营业时间
            1,甲书店,书店,"\(point)",,13812345678,91320104MA1MABCD12,9:00-21:00
            2,,书店,"\(point)",,,,
            3,丙书店,火星店,"\(point)",,,,
            1,丁书店,书店,"\(point)",,,,
            9.13201E+17,戊书店,书店,"\(point)",,,9.13201E+17,
            6,己书店,书店,"0,0",,025-84412345,,随时
            7,庚书店,书店,,没有这条路1号,4008123123,无,

            """
        ) { $0.datum = .wgs84 }
        #expect(counts(report) == [3, 0, 0, 4, 0])
        let named = report.batch.findings.map { finding in
            "\(finding.cell?.row ?? 0)\(finding.cell?.column ?? "") \(finding.severity) \(finding.code)"
        }
        #expect(
            named == [
                "2G warning credit_code_invalid", "2F warning phone_personal", "3B error name_missing",
                "4C error type_unknown", "5A error row_repeated", "6G warning digits_lost",
                "6A error digits_lost",
                "7D warning coordinate_zero", "7 warning unplaced", "7H warning hours_unreadable",
                "8E warning unplaced",
            ])
        for finding in report.batch.findings {
            #expect(finding.cell?.sheet == "台账")
            #expect(!finding.message.zh.isEmpty && !finding.message.en.isEmpty)
            #expect(!finding.message.zh.contains("\n"))
        }
        // Nobody's number is in the directory, and not in the report either.
        #expect(!report.batch.findings.contains { "\($0)".contains("13812345678") })
        let places = try town.engine.places(PlaceListQuery()).places
        #expect(Set(places.map(\.phone)) == [nil, "025-84412345", "400-812-3123"])
        #expect(report.figures.first { $0.name == "rows" }?.value == "7")
    }

    @Test func exchangedColumnsAreSetRightAndSaid() throws {
        let town = try SmallTown()
        let point = SmallTown.point(east: 3.3, north: 1)
        let report = try Self.take(
            town,
            "名称,业态,经度,纬度\n甲书店,书店,\(point.latitude.value),\(point.longitude.value)\n"
        ) { $0.datum = .wgs84 }
        #expect(report.batch.findings.map(\.code) == ["coordinate_swapped"])
        #expect(report.batch.findings.map(\.cell?.column) == ["C"])
        #expect(try town.reach().places.count == 1)
    }

    @Test func aFileThatIsDamagedInTheMiddleChangesNothing() throws {
        let town = try SmallTown()
        var text = "编号,名称,业态\n"
        for row in 1...3_000 { text += "\(row),书店\(row),书店\n" }
        let before = town.engine.version
        let error = #expect(throws: DirectoryError.self) { try Self.take(town, text + "3001,\"没有写完") }
        #expect(error?.code == .invalidFile)
        #expect(error?.description.contains("3002") == true || error?.description.contains("3,002") == true)
        #expect(town.engine.version == before)
        #expect(counts(try Self.take(town, text)) == [3_000, 0, 0, 0, 0])
    }

    @Test(arguments: [
        ("118.7781", "coordinate_count"), ("35.8989，14.5146", "coordinate_order"),
        ("东经118.7781，东经32.0415", "coordinate_same_axis"), ("118778100，32041500", "coordinate_scaled"),
        ("2.3522E，48.8566N", "coordinate_outside_china"),
    ])
    func aPointThatCannotBeUsedIsNamedInItsCell(_ cell: String, _ code: String) throws {
        let report = try Self.take(try SmallTown(), "名称,业态,坐标\n甲店,书店,\(cell)\n") { $0.datum = .wgs84 }
        let finding = try #require(report.batch.findings.first { $0.code == code })
        #expect(finding.cell?.column == "C" && finding.cell?.row == 2 && finding.severity == "warning")
        #expect(!finding.message.zh.isEmpty && !finding.message.en.isEmpty)
    }

    /// At the edge of the offset the inverse may have no end near enough: then the point is kept, and no walk leads there.
    @Test func aPointThatCannotBeTurnedIsNamed() throws {
        var found: GivenPoint?
        for step in 0..<4_000 where found == nil {
            let point = GivenPoint(
                datum: .gcj02, latitude: 30, longitude: Degrees(72.004 + Double(step - 2_000) * 1e-5))
            if !DatumTransformation.transformed(point, to: .wgs84).converged { found = point }
        }
        let point = try #require(found)
        var settings = SmallTown.settings
        settings.turnsOffsetDatums = true
        let town = try SmallTown(settings: settings)
        let report = try Self.take(
            town, "名称,业态,经度,纬度\n甲店,书店,\(point.longitude.value),\(point.latitude.value)\n"
        ) {
            $0.datum = .gcj02
        }
        #expect(report.batch.findings.contains { $0.code == "datum_unturned" }, "\(report.batch.findings)")
        #expect(try town.engine.places(PlaceListQuery()).places.map(\.location) == [nil])
    }

    @Test func everyCodeIsExplained() throws {
        let page = try String(contentsOfFile: SmallTown.repository + "/docs/registers.md", encoding: .utf8)
        let coordinates = CoordinateFault.Code.allCases.filter { $0 != .empty }.map {
            "coordinate_" + $0.rawValue
        }
        let codes =
            RowFindingCode.allCases.map(\.rawValue) + TableFindingCode.allCases.map(\.rawValue) + coordinates
        for code in codes { #expect(page.contains("`\(code)`"), "\(code)") }
    }

    @Test func theSittingsOfACanteenAndItsOpeningTimesBearOneName() throws {
        // Declared types have no such attribute: the cell is opening times.
        let town = try SmallTown()
        let report = try Self.take(town, "名称,业态,供餐时间\n甲书店,书店,9:00-21:00\n")
        #expect(report.columns.map(\.field) == ["name", "type", "hours"])
        #expect(try town.engine.places(PlaceListQuery()).places.map(\.hours) == ["9:00-21:00"])
    }

    @Test func noDatumIsAssumed() throws {
        let town = try SmallTown()
        let table = "名称,业态,经度,纬度\n甲书店,书店,\(Self.degrees(east: 3.3))\n"
        let error = #expect(throws: DirectoryError.self) { try Self.take(town, table) }
        #expect(error?.location == "datum" && error?.code == .invalidRequest)
        // Kept as given, and no walk leads there, until somebody decides otherwise.
        let kept = try Self.take(town, table) { $0.datum = .gcj02 }
        #expect(kept.findingCounts.map(\.code) == ["datum_not_turned"])
        #expect(try town.reach().places.isEmpty)
        let listed = try #require(try town.engine.places(PlaceListQuery()).places.first)
        #expect(listed.location == nil)
        #expect(try Self.take(town, table) { $0.datum = .wgs84 }.batch.counts[.place]?.changed == 1)
        #expect(try town.reach().places.count == 1)
    }

    @Test func eachRowMayStateItsOwnDatum() throws {
        let town = try SmallTown()
        let point = Self.degrees(east: 3.3)
        let report = try Self.take(
            town,
            """
            名称,业态,坐标,坐标系
            甲书店,书店,"\(point)",WGS-84
            乙书店,书店,"\(point)",2000国家大地坐标系
            丙书店,书店,"\(point)",高德
            丁书店,书店,"\(point)",
            戊书店,书店,"\(point)",地方坐标

            """)
        #expect(counts(report) == [5, 0, 0, 0, 0])
        #expect(
            report.batch.findings.map { "\($0.cell?.row ?? 0) \($0.code)" } == [
                "4 datum_not_turned", "5 datum_missing", "5 unplaced", "6 datum_unknown", "6 datum_missing",
                "6 unplaced",
            ])
        #expect(try town.reach().places.map(\.record.place.name).sorted() == ["乙书店", "甲书店"])
    }

    @Test func aKeyThatHasLostItsDigitsIsRefusedEvenBesideAnId() throws {
        let town = try SmallTown()
        _ = try Self.take(town, "编号,名称,业态\n1,甲书店,书店\n")
        let report = try Self.take(
            town, "编号,名称,业态,一刻圈编号\n1.2345E+17,甲书店,书店,zhuyuan-1\n")
        #expect(counts(report) == [0, 0, 0, 1, 0])
        #expect(report.batch.findings.first?.code == "digits_lost")
    }

    @Test func anIdThatIsStatedWinsOverNameAndAddress() throws {
        let town = try SmallTown()
        _ = try Self.take(town, "编号,名称,业态,地址\na,甲店,书店,一路1号\nb,甲店,书店,一路1号\n")
        let report = try Self.take(
            town,
            """
            一刻圈编号,名称,业态,地址,营业时间
            zhuyuan-b,甲店,书店,一路1号,10:00-11:00
            zhuyuan-a,甲店,书店,一路1号,

            """)
        #expect(counts(report) == [0, 1, 1, 0, 0], "\(report.batch.findings)")
        #expect(town.engine.storedPlace(PlaceID(unchecked: "zhuyuan-b"))?.hours == "10:00-11:00")
        #expect(town.engine.storedPlace(PlaceID(unchecked: "zhuyuan-a"))?.hours == nil)
        // The same rows under one id: the second is refused.
        let twice = try Self.take(town, "一刻圈编号,名称,业态\nzhuyuan-a,甲店,书店\nzhuyuan-a,甲店,书店\n")
        #expect(counts(twice) == [0, 0, 1, 1, 0])
    }

    @Test func aPointThatComesBackIsNoChange() throws {
        let town = try SmallTown()
        try town.put("p1", "bookshop", east: 3.3, north: 0, name: "甲店")
        let stored = try #require(town.engine.storedPlace(PlaceID(unchecked: "p1")))
        let point = try #require(stored.location)
        let text = "一刻圈编号,名称,业态,经度,纬度\np1,甲店,书店,\(point.longitude.value + 4e-8),\(point.latitude.value)\n"
        #expect(counts(try Self.take(town, text) { $0.datum = .wgs84 }) == [0, 0, 1, 0, 0])
        #expect(town.engine.storedPlace(stored.id) == stored)
        let moved = text.replacingOccurrences(
            of: "\(point.longitude.value + 4e-8)", with: "\(point.longitude.value + 0.001)")
        #expect(counts(try Self.take(town, moved) { $0.datum = .wgs84 }) == [0, 1, 0, 0, 0])
    }

    @Test func aHeaderMeansWhatEachTypeMeansByIt() throws {
        let folder = NSTemporaryDirectory() + "quarter-types-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (id, name, key, order) in [("one", "甲类", "delivery", 1), ("two", "乙类", "home_visits", 2)] {
            try """
            id = "\(id)"
            name_zh = "\(name)"
            name_en = "\(id)"
            class = "basic"
            order = \(order)
            target_minutes = 15
            source = "a test"

            [[attributes]]
            key = "\(key)"
            name_zh = "\(key == "delivery" ? "送货" : "上门服务")"
            name_en = "\(key)"
            kind = "bool"
            columns = ["上门"]
            """.write(toFile: folder + "/\(id).toml", atomically: true, encoding: .utf8)
        }
        let town = try SmallTown(types: folder)
        let table = "编号,名称,业态,上门\n1,甲店,甲类,是\n2,乙店,乙类,是\n"
        #expect(counts(try Self.take(town, table)) == [2, 0, 0, 0, 0])
        let changed = try Self.take(town, table.replacingOccurrences(of: "类,是", with: "类,否"))
        #expect(counts(changed) == [0, 2, 0, 0, 0])
        let second = try #require(town.engine.storedPlace(PlaceID(unchecked: "zhuyuan-2")))
        #expect(second.attributes == ["home_visits": .bool(false)])
        let wrong = try Self.take(town, table.replacingOccurrences(of: "类,是", with: "类,大概"))
        #expect(
            wrong.batch.findings.filter { $0.code != "unplaced" }.map {
                "\($0.cell?.column ?? "")\($0.cell?.row ?? 0)"
            } == ["D2", "D3"])
    }

    @Test func aWrongDatumIsFoundByTheBoundaries() throws {
        let town = try SmallTown()
        try town.putCommunity("c1", east: -300...300)
        // Some 600 m off, as points in GCJ-02 are where one says WGS-84.
        var lines = "名称,业态,经度,纬度,社区\n"
        for number in 0..<6 {
            let given = Self.offset(east: Double(number) * 20 - 50)
            lines += "书店\(number),书店,\(given.longitude.value),\(given.latitude.value),c1\n"
        }
        let report = try Self.take(town, lines) { $0.datum = .wgs84 }
        let finding = try #require(report.batch.findings.first { $0.code == "datum_suspect" })
        #expect(finding.message.zh.contains("gcj02") && finding.message.zh.contains("6"))
    }

    /// A point of the town as GCJ-02 has it.
    private static func offset(east: Double) -> GivenPoint {
        let point = SmallTown.point(east: east, north: 0)
        let given = GivenPoint(datum: .wgs84, latitude: point.latitude, longitude: point.longitude)
        return DatumTransformation.transformed(given, to: .gcj02).point
    }

    @Test func aRehearsalSaysAllAndWritesNothing() throws {
        let town = try SmallTown()
        let table = "名称,业态,坐标\n甲书店,书店,\"\(Self.degrees(east: 3.3))\"\n乙,什么,\n"
        let before = town.engine.version
        let rehearsed = try Self.take(town, table) {
            $0.datum = .wgs84
            $0.isRehearsal = true
        }
        #expect(rehearsed.isRehearsal && rehearsed.batch.number == nil)
        #expect(town.engine.version == before)
        let real = try Self.take(town, table) { $0.datum = .wgs84 }
        #expect(counts(real) == counts(rehearsed) && real.findingCounts == rehearsed.findingCounts)
    }

    @Test func aMappingSaysTheRestAndIsKeptForTheNextMonth() throws {
        let town = try SmallTown()
        let table = "第几家,招牌,做什么的,点\nA-1,甲,卖书,\"\(Self.degrees(east: 3.3))\"\n"
        #expect(throws: DirectoryError.self) { try Self.take(town, table) }
        let mapping = """
            datum = "wgs84"
            [columns]
            "第几家" = "key"
            "招牌" = "name"
            "做什么的" = "type"
            "点" = "point"
            [types]
            "卖书" = "bookshop"
            """
        #expect(counts(try Self.take(town, table) { $0.mapping = mapping }) == [1, 0, 0, 0, 0])
        #expect(try town.engine.places(PlaceListQuery()).places.map(\.id.rawValue) == ["zhuyuan-A-1"])
        #expect(counts(try Self.take(town, table)) == [0, 0, 1, 0, 0])
        for (wrong, line) in [
            ("type = 3", 1), ("[columns]\n\"x\" = \"nonsense\"", 2), ("datum = \"mars\"", 1),
        ] {
            let error = #expect(throws: DirectoryError.self) {
                try Self.take(town, table) { $0.mapping = wrong }
            }
            #expect(error?.code == .invalidFile)
            #expect(error?.location?.contains(":\(line)") == true, "\(error?.description ?? "")")
        }
        // A wrong mapping has not taken the place of the right one.
        #expect(counts(try Self.take(town, table)) == [0, 0, 1, 0, 0])
    }

    @Test func whatATableHasNoColumnForStays() throws {
        let town = try SmallTown()
        _ = try Self.take(
            town,
            "编号,名称,业态,坐标,地址,营业时间\n1,甲书店,书店,\"\(Self.degrees(east: 3.3))\",竹园路1号,9:00-21:00\n"
        ) { $0.datum = .wgs84 }
        #expect(counts(try Self.take(town, "编号,名称,业态,营业时间\n1,甲书店,书店,\n")) == [0, 1, 0, 0, 0])
        let place = try #require(town.engine.storedPlace(PlaceID(unchecked: "zhuyuan-1")))
        #expect(place.hours == nil, "a cell that is empty says that there are none")
        #expect(place.address == "竹园路1号" && place.location != nil && place.given?.datum == .wgs84)
    }

    @Test func aTableOfOneTypeSaysItByItsNameOrNotAtAll() throws {
        let town = try SmallTown()
        let table = "名称,地址\n甲,竹园路1号\n"
        let error = #expect(throws: DirectoryError.self) { try Self.take(town, table, file: "六月.csv") }
        #expect(error?.location == "type")
        #expect(counts(try Self.take(town, table, file: "书店名单.csv")) == [1, 0, 0, 0, 0])
        #expect(
            counts(
                try Self.take(town, table, file: "六月.csv") { $0.type = ServiceTypeID(unchecked: "pharmacy") })
                == [0, 1, 0, 0, 0])
    }

    @Test func anAddressIsPlacedWhereItIsKnown() throws {
        let town = try SmallTown()
        let at = SmallTown.point(east: 100, north: 0)
        let estate = """
            {"kind":"estate","name":"翠竹园","location":{"lat":\(at.latitude.value),"lon":\(at.longitude.value)}}
            """
        _ = try town.engine.putOrigin(
            OriginID(validating: "e1"), OriginBody(JSONValue(json: Array(estate.utf8))),
            WriteContext(actor: town.actor))
        let report = try Self.take(town, "名称,业态,地址\n甲书店,书店,翠竹园小区\n乙书店,书店,某某新村9幢\n")
        #expect(report.batch.findings.map(\.code) == ["placed_by_address", "unplaced"])
        #expect(try town.reach().places.map(\.record.place.name) == ["甲书店"])
        let unplaced = try town.engine.places(PlaceListQuery()).places.filter { $0.location == nil }
        #expect(unplaced.map(\.name) == ["乙书店"])
    }

    @Test(arguments: ["台账.csv", "台账.tsv"]) func theAnswerIsTheOfficesOwnTableAndGoesInAgain(file: String)
        throws
    {
        let town = try SmallTown()
        let mark = file.hasSuffix("tsv") ? "\t" : ","
        let point = Self.degrees(east: 3.3).replacingOccurrences(of: ",", with: " ")
        let rows = [
            ["名称", "业态", "坐标", "备注"], ["甲书店", "书店", point, "=1+1"], ["乙书店", "", point, ""],
            ["合计", "", "", ""],
        ]
        let text = rows.map { $0.joined(separator: mark) }.joined(separator: "\n") + "\n"
        let answer = town.folder + "/answer"
        let report = try Self.take(town, text, file: file) {
            $0.datum = .wgs84
            $0.answerPath = answer
        }
        let path = try #require(report.answerPath)
        #expect(path == answer + "." + file.suffix(3))
        let table = try TableFile.open(path: path, fileName: "answer")
        let cells = try table.head(of: 0, rows: 10).map { row in row.cells.map(\.text) }
        #expect(cells[0] == ["名称", "业态", "坐标", "备注", "一刻圈结果", "一刻圈编号", "一刻圈问题"])
        #expect(cells[1].prefix(5) == ["甲书店", "书店", point[...].description, "=1+1", "新增"])
        #expect(cells[1][5].hasPrefix("zhuyuan-"))
        #expect(cells[2][4] == "未导入" && cells[2][6].hasPrefix("业态："))
        #expect(cells[3][0] == "合计" && cells[3].count == 1)
        // Mended and sent again: the first row is the place that it was, by its id.
        let mended = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(
            of: "乙书店\(mark)", with: "乙书店\(mark)书店")
        let again = try Self.take(town, mended, file: file) { $0.datum = .wgs84 }
        #expect(counts(again) == [1, 0, 1, 0, 0], "\(again.batch.findings)")
    }
}
