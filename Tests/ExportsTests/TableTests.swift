import DirectoryAPI
import DirectoryModel
import Exports
import Foundation
import TableFiles
import Testing

@testable import DirectoryEngine
@testable import Registers

/// What stands in the tables, counted by hand.
@Suite struct TableTests {
    private func town() throws -> TestTown {
        let town = try TestTown()
        try town.putCommunity("c1", "甲社区")
        try town.putCommunity("c2", "乙社区")
        for (id, type, community, more) in [
            (
                "a", "bookshop", "c1",
                #","attributes":{"wheelchair":"yes"},"location":{"lat":32.5,"lon":118.25}"#
            ),
            ("b", "bookshop", "c2", ""), ("c", "pharmacy", "c1", ""), ("d", "bookshop", "c1", ""),
        ] {
            try town.put(
                id,
                #"{"type":"\#(type)","name":"店\#(id)","community":"\#(community)","address":"路\#(id)号"\#(more)}"#
            )
        }
        try town.put("e", #"{"type":"pharmacy","name":"外店"}"#)
        return town
    }

    private func texts(_ book: ExportBook) -> [[String]] {
        [book.tables[0].columns.map(\.title)] + book.tables[0].rows.map { $0.map(\.text) }
    }

    @Test func placesAreCountedByTypeAndCommunity() throws {
        let town = try town()
        let scope = ExtractScope(types: ["bookshop", "pharmacy"].map { ServiceTypeID(unchecked: $0) })
        let rows = texts(try DirectoryExtract(of: town.engine, scope).countBook())
        #expect(rows[0] == ["业态代号", "业态", "甲社区", "乙社区", "不在社区内", "合计"])
        #expect(
            Set(rows.dropFirst().dropLast()) == [
                ["pharmacy", "药店", "1", "0", "1", "2"], ["bookshop", "新式书店", "2", "1", "0", "3"],
            ])
        #expect(rows.last == ["", "合计", "3", "1", "1", "5"])
        // A type without a place is a gap, and stands there with noughts.
        let all = texts(try DirectoryExtract(of: town.engine, ExtractScope()).countBook())
        #expect(all.contains { $0[0] == "laundry" && $0.last == "0" })
        let one = ExtractScope(communities: [CommunityID(unchecked: "c2")])
        #expect(texts(try DirectoryExtract(of: town.engine, one).countBook()).last == ["", "合计", "1", "1"])
    }

    @Test func freshnessTellsTheFirstAndTheLastChange() throws {
        let town = try town()
        let before = town.engine.version.revision
        try town.put("b", #"{"type":"bookshop","name":"新店","community":"c2"}"#)
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withHistory: true))
        let changed = try #require(extract.history[PlaceID(unchecked: "b")])
        #expect(changed.last.revision == extract.revision && changed.first.revision < before)
        let other = try #require(extract.history[PlaceID(unchecked: "a")])
        #expect(other.first == other.last)
        // 190 days later: six whole months, in every season.
        let later = Timestamp(secondsSince1970: changed.last.time.secondsSince1970 + 190 * 86_400)
        let rows = texts(extract.freshnessBook(at: later))
        #expect(rows[0].first == "一刻圈编号" && rows[0][8] == "距今（月）" && rows[0].last == "楼栋长")
        #expect(rows.dropFirst().map { $0[1] } == ["店a", "新店", "店c", "店d", "外店"])
        #expect(rows.dropFirst().allSatisfy { $0[8] == "6" })
        // Written by hand, and nobody has confirmed it: that says nothing about today.
        #expect(rows.dropFirst().allSatisfy { $0[9].isEmpty && $0[10].isEmpty && $0[11].isEmpty })
        #expect(rows[2][7] == "\(extract.revision.number)")
        // A place that was taken away and came back is as old as its return.
        _ = try town.engine.deletePlace(PlaceID(validating: "a"), WriteContext(actor: town.actor))
        try town.put("a", #"{"type":"bookshop","name":"店a"}"#)
        let again = try DirectoryExtract(of: town.engine, ExtractScope(withHistory: true))
        #expect(again.history[PlaceID(unchecked: "a")]?.first.revision == again.revision)
    }

    @Test func changesBetweenTwoRevisionsAreRows() throws {
        let town = try town()
        let before = town.engine.version.revision
        try town.put("b", #"{"type":"bookshop","name":"新店","community":"c2","hours":"24/7"}"#)
        _ = try town.engine.deletePlace(PlaceID(validating: "a"), WriteContext(actor: town.actor))
        let page = try town.reply(
            "/v1/changes", [("since", "\(before.number)"), ("follow", "no"), ("with", "record")])
        guard case .array(let changes)? = page["changes"] else { throw CocoaError(.fileReadCorruptFile) }
        let lines = try changes.map { change throws(DirectoryError) in try ChangeLine(change) }
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withPlaces: false))
        let rows = texts(extract.changeBook(lines))
        #expect(rows[0].first == "修订号" && rows[0].last == "变更字段")
        #expect(rows[1][2...5] == ["变更", "网点", "b", "新店"])
        #expect(rows[1].last == "address, hours, name")
        #expect(rows[2][0] == "\(before.number + 2)" && rows[2][2...5] == ["删除", "网点", "a", ""])
        #expect(texts(extract.changeBook([])).count == 1)
        #expect(throws: DirectoryError.self) { try ChangeLine(.object([:])) }
    }

    @Test func theDictionaryHasEveryFieldAndEveryAttribute() throws {
        let town = try town()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withPlaces: false))
        let rows = texts(extract.dictionaryBook())
        let words = Set(rows.map { $0[0] + " " + $0[1] })
        for field in ExportField.allCases { #expect(words.contains("全部 " + field.rawValue)) }
        for type in extract.types {
            for attribute in type.attributes {
                #expect(words.contains("\(type.name.zh)（\(type.id.rawValue)） attributes.\(attribute.key)"))
            }
        }
        #expect(rows.allSatisfy { $0.count == 12 })
        let sharing = Set(rows.dropFirst().map { $0[10] })
        #expect(sharing == ["公开", "内部", "个人信息不登记"])
        #expect(rows.dropFirst().allSatisfy { !$0[2].isEmpty && !$0[4].isEmpty && !$0[9].isEmpty })
    }

    /// The words of the columns are those of the reader: neither module sees the other's list.
    @Test func everyTitleIsReadAsItsField() throws {
        for field in ExportField.allCases {
            let read = PlaceField.named(field.title)?.field
            switch field {
            case .id: #expect(read == .id)
            case .name: #expect(read == .name)
            case .nameEnglish: #expect(read == .nameEnglish)
            case .typeName: #expect(read == .type)
            case .address: #expect(read == .address)
            case .longitude: #expect(read == .longitude)
            case .latitude: #expect(read == .latitude)
            case .datum: #expect(read == .datum)
            case .hours: #expect(read == .hours)
            case .phone: #expect(read == .phone)
            case .communityName: #expect(read == .community)
            case .key: #expect(read == .key)
            default:
                #expect(read == nil, "\(field.title) is read as \(String(describing: read))")
                #expect(!field.isReadBack)
            }
        }
        for datum in Datum.allCases { #expect(DatumWords.named(in: datum.officeWord) == datum) }
        #expect(PlaceField.named("电话·仅供查看") == nil)
        #expect(ReaderWords.all == Set(PlaceField.allCases.flatMap(\.headers)).union(AnswerColumn.headers))
        // No attribute stands under a word that the reader takes for a field of the place.
        let town = try TestTown(withModules: TestTown.areModulesBuilt)
        for (number, type) in town.engine.typeDescriptions.enumerated() {
            try town.put("p\(number)", #"{"type":"\#(type.id)","name":"店\#(number)"}"#)
        }
        for table in try DirectoryExtract(of: town.engine, ExtractScope()).placeBook(oneTable: false).tables {
            let titles = table.columns.map(\.title)
            #expect(Set(titles).count == titles.count)
            for title in titles.dropFirst(10).dropLast() {
                #expect(PlaceField.named(title) == nil, "\(table.name): \(title)")
            }
        }
    }

    @Test func anOfficeChoosesItsColumns() throws {
        let town = try town()
        let extract = try DirectoryExtract(
            of: town.engine, ExtractScope(types: [ServiceTypeID(unchecked: "bookshop")]))
        let listed = try ColumnRequest.list("name, community.name,attributes.wheelchair", in: extract)
        let rows = texts(extract.placeBook(columns: listed, oneTable: true))
        #expect(rows[0].prefix(2) == ["名称", "社区"])
        #expect(rows[1] == ["店a", "甲社区", "可进"])
        #expect(rows[2] == ["店b", "乙社区", ""])
        for wrong in ["name,foo", "attributes.stalls", "", "name,name"] {
            let error = #expect(throws: DirectoryError.self) { try ColumnRequest.list(wrong, in: extract) }
            #expect(error?.code == .invalidRequest && error?.location == "columns")
        }
        let toml = """
            [[columns]]
            title = "场所"
            field = "name"

            [[columns]]
            title = "轮椅"
            field = "attributes.wheelchair"
            """
        let template = try ColumnRequest.template(Array(toml.utf8), file: "t.toml", in: extract)
        #expect(
            texts(extract.placeBook(columns: template, oneTable: true)).prefix(2) == [
                ["场所", "轮椅"], ["店a", "可进"],
            ])
        for (wrong, line) in [
            (toml.replacingOccurrences(of: "\"name\"", with: "\"nom\""), 3),
            (toml.replacingOccurrences(of: "wheelchair", with: "seatss"), 7),
            (toml.replacingOccurrences(of: "轮椅", with: "场所"), 6), (toml + "\nwidth = 3", 8), ("", 1),
        ] {
            let error = #expect(throws: DirectoryError.self) {
                try ColumnRequest.template(Array(wrong.utf8), file: "t.toml", in: extract)
            }
            #expect(error?.code == .invalidFile)
            #expect(error?.location == "t.toml:\(line)", "\(error?.description ?? "")")
        }
    }

    @Test func pointsStandInTheDatumThatIsWanted() throws {
        let town = try town()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope())
        let columns = try ColumnRequest.list("id,lon,lat,datum", in: extract)
        let plain = texts(extract.placeBook(columns: columns, datum: .wgs84, oneTable: true))
        #expect(plain[1] == ["a", "118.25", "32.5", "WGS84"] && plain[2] == ["b", "", "", ""])
        let offset = texts(extract.placeBook(columns: columns, datum: .gcj02, oneTable: true))
        #expect(offset[0][1].hasPrefix("经度(GCJ02)") && offset[1][3] == "GCJ02")
        // Some hundreds of metres, as everywhere in China.
        let shift = abs((Double(offset[1][1]) ?? 0) - 118.25)
        #expect((0.003...0.009).contains(shift))
    }

    @Test func geoJSONHasEveryPlaceAndWhomToCredit() throws {
        let town = try TestTown()
        try town.bringInDemo()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope())
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(extract.geoJSON())) as? [String: Any])
        #expect(object["type"] as? String == "FeatureCollection")
        #expect((object["attribution"] as? [String])?.isEmpty == false)
        let features = try #require(object["features"] as? [[String: Any]])
        #expect(features.count == extract.places.count)
        for (feature, place) in zip(features, extract.places) {
            #expect(feature["type"] as? String == "Feature" && feature["id"] as? String == place.id.rawValue)
            #expect(feature["properties"] is [String: Any])
            guard let location = place.location else {
                #expect(feature["geometry"] is NSNull)
                continue
            }
            let geometry = try #require(feature["geometry"] as? [String: Any])
            let point = try #require(geometry["coordinates"] as? [Double])
            #expect(geometry["type"] as? String == "Point" && point.count == 2)
            #expect(abs(point[0] - location.longitude.value) < 1e-7)
            #expect(abs(point[1] - location.latitude.value) < 1e-7)
        }
    }

    @Test func whatCannotBeReadBackIsSeenOnly() throws {
        let town = try TestTown()
        // A place by hand keeps its number as it was typed; a register's reader would write it otherwise.
        try town.put("a", #"{"type":"bookshop","name":"甲","phone":"025 8441 2345"}"#)
        let book = try DirectoryExtract(of: town.engine, ExtractScope()).placeBook(oneTable: true)
        #expect(book.viewOnly.contains("电话·仅供查看"))
        let path = town.folder + "/a.csv"
        try book.write(to: path, format: .csv)
        #expect(try town.take(path, as: "table", source: "office").outcomes == [0, 0, 1, 0, 0])
        let file = try TableFile.open(path: path, fileName: "a.csv")
        let rows = try file.head(of: 0, rows: 3).map { $0.cells.map(\.text) }
        #expect(rows[1].contains("025 8441 2345"), "\(rows)")
    }

    /// Lockers have no name of their own and often no address; a hall has two uses under one name.
    @Test func placesOfOneNameAreToldApart() throws {
        let town = try TestTown()
        try town.put("a", #"{"type":"parcel_locker","name":"快递柜"}"#)
        try town.put("b", #"{"type":"parcel_locker","name":"快递柜"}"#)
        try town.put("c", #"{"type":"bookshop","name":"大厅","address":"竹园路1号"}"#)
        try town.put("d", #"{"type":"pharmacy","name":"大厅","address":"竹园路1号"}"#)
        for format in [TableFormat.csv, .xlsx] {
            let path = town.folder + "/same." + format.rawValue
            let book = try DirectoryExtract(of: town.engine, ExtractScope()).placeBook(
                oneTable: format == .csv)
            try book.write(to: path, format: format)
            let report = try town.take(path, as: "table", source: "office") { $0.isRehearsal = true }
            #expect(report.outcomes == [0, 0, 4, 0, 0], "\(report.batch.findings)")
        }
    }

    @Test func nothingIsHalfWritten() throws {
        let town = try town()
        let book = try DirectoryExtract(of: town.engine, ExtractScope()).placeBook(oneTable: false)
        let path = town.folder + "/full.csv"
        try Data("old".utf8).write(to: URL(fileURLWithPath: path))
        // Two sheets are one too many for a text file, which is found in the middle of the writing.
        #expect(throws: DirectoryError.self) { try book.write(to: path, format: .csv) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: town.folder).allSatisfy {
                !$0.hasSuffix("partial")
            })
    }
}
