import DirectoryAPI
import DirectoryModel
import Exports
import Foundation
import Registers
import TableFiles
import Testing

/// GeoJSON of places: what goes out comes back, and what offices send is read as a table is.
@Suite struct GeoJSONTests {
    private func write(_ text: String, _ town: TestTown, _ name: String = "网点.geojson") throws -> String {
        let path = town.folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func collection(_ features: String, _ members: String = "") -> String {
        #"{"type":"FeatureCollection",\#(members)"features":[\#(features)]}"#
    }

    private func feature(_ properties: String, _ geometry: String = "null", id: String = "") -> String {
        #"{"type":"Feature",\#(id)"properties":{\#(properties)},"geometry":\#(geometry)}"#
    }

    private func point(_ longitude: Double, _ latitude: Double) -> String {
        #"{"type":"Point","coordinates":[\#(longitude),\#(latitude)]}"#
    }

    private func places(_ town: TestTown) throws -> [Place] {
        try DirectoryExtract(of: town.engine, ExtractScope()).places
    }

    @Test(.enabled(if: TestTown.areModulesBuilt, "the five modules are not built"))
    func theDemoTownComesBackUnchanged() throws {
        let town = try TestTown(withModules: true)
        try town.bringInDemo()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope())
        let path = town.folder + "/places.geojson"
        try Data(extract.geoJSON()).write(to: URL(fileURLWithPath: path))
        #expect(try RegisterKind.ofJSON(at: path, fileName: "places.geojson") == .geojson)
        let report = try town.take(path, as: "geojson", source: "back")
        #expect(report.outcomes == [0, 0, extract.places.count, 0, 0])
        #expect(try places(town) == extract.places)
        // And once more under its own source.
        #expect(try town.take(path, as: "geojson", source: "back").outcomes == report.outcomes)
    }

    @Test(.enabled(if: TestTown.areModulesBuilt, "the five modules are not built"))
    func typedAttributesAndPhonesComeBackAsTheyWentOut() throws {
        let town = try TestTown(withModules: true)
        try town.put(
            "p1",
            #"{"type":"canteen","name":"翠竹园  食堂","phone":"025 8441 2345","location":{"lat":32.04,"lon":118.78}}"#
        )
        let extract = try DirectoryExtract(of: town.engine, ExtractScope())
        let path = town.folder + "/places.geojson"
        try Data(extract.geoJSON()).write(to: URL(fileURLWithPath: path))
        #expect(try town.take(path, as: "geojson", source: "back").outcomes == [0, 0, 1, 0, 0])
        // One value is corrected, another cannot be used.
        var text = String(decoding: extract.geoJSON(), as: UTF8.self)
        text = text.replacing(#""attributes":{"#, with: #""attributes":{"seats":60,"nonsense":1,"#)
            .replacing(",}", with: "}")
        let report = try town.take(write(text, town), as: "geojson", source: "back")
        #expect(report.outcomes == [0, 1, 0, 0, 0])
        #expect(try places(town)[0].attributes["seats"] == .whole(60))
        #expect(report.findingCounts.contains { $0.code == "attribute_unreadable" })
    }

    @Test func anOfficesFileIsReadUnderItsOwnWords() throws {
        let town = try TestTown()
        let file = collection(
            [
                feature(#""名称":"一号柜","业态":"快递柜","编号":"K1","户数":3"#, point(118.78, 32.04)),
                feature(
                    #""名称":"二号柜","业态":"快递柜","编号":"K2","层":{"a":1}"#,
                    #"{"type":"Polygon","coordinates":[[[118.7,32.0],[118.72,32.0],[118.72,32.02],[118.7,32.02],[118.7,32.0]]]}"#
                ),
                feature(
                    #""名称":"三号柜","业态":"快递柜","编号":"K3""#,
                    #"{"type":"LineString","coordinates":[[118.7,32.0],[118.71,32.0],[118.74,32.0]]}"#),
                feature(#""名称":"四号柜","业态":"快递柜","编号":null"#, "null", id: #""id":77,"#),
            ].joined(separator: ","), #""title":"快递柜","attribution":"翠溪街道办事处","#)
        let path = try write(file, town)
        #expect(try RegisterKind.ofJSON(at: path, fileName: "x.geojson") == .geojson)
        let report = try town.take(path, as: "geojson", source: "lockers") { $0.wantsAnswer = true }
        #expect(report.outcomes == [4, 0, 0, 0, 0])
        let all = try places(town)
        let byName = Dictionary(all.map { ($0.name, $0) }) { one, _ in one }
        #expect(byName["一号柜"]?.location?.longitude.value == 118.78)
        #expect(byName["二号柜"].map { abs(($0.location?.longitude.value ?? 0) - 118.71) < 1e-6 } == true)
        #expect(byName["三号柜"].map { abs(($0.location?.longitude.value ?? 0) - 118.72) < 1e-9 } == true)
        #expect(byName["四号柜"]?.location == nil)
        #expect(byName["一号柜"]?.given?.datum == .wgs84)
        #expect(report.figures.contains { $0.name == "datum" && $0.value == "wgs84 (RFC 7946)" })
        #expect(report.figures.contains { $0.name == "nested properties left out" && $0.value == "1" })
        // The answer is a workbook, and it can be sent again.
        let answer = try #require(report.answerPath)
        #expect(answer.hasSuffix(".xlsx"))
        #expect(try town.take(answer, as: "table", source: "lockers").outcomes == [0, 0, 4, 0, 0])
    }

    @Test func aPropertyThatStatesTheTypeIsOptionalWhereItIsStatedOnce() throws {
        let town = try TestTown()
        let path = try write(collection(feature(#""name":"柜""#, point(118.78, 32.04))), town)
        #expect(throws: DirectoryError.self) { try town.take(path, as: "geojson", source: "s") }
        let mapping = "type = \"parcel_locker\"\n"
        let report = try town.take(path, as: "geojson", source: "s") { $0.mapping = mapping }
        #expect(report.outcomes == [1, 0, 0, 0, 0])
        // The mapping is kept.
        #expect(try town.take(path, as: "geojson", source: "s").outcomes == [0, 0, 1, 0, 0])
    }

    @Test func theDatumIsTakenFromTheFileOrStatedAndNeverBoth() throws {
        func outcome(_ members: String, _ stated: Datum?) throws -> String {
            let town = try TestTown()
            let path = try write(
                collection(feature(#""name":"柜","type":"parcel_locker""#, point(118.78, 32.04)), members),
                town)
            do {
                let report = try town.take(path, as: "geojson", source: "s") { $0.datum = stated }
                return report.figures.first { $0.name == "datum" }?.value ?? "?"
            } catch let error as DirectoryError {
                return error.code.rawValue
            }
        }
        func crs(_ name: String) -> String { #""crs":{"type":"name","properties":{"name":"\#(name)"}},"# }
        #expect(try outcome("", nil) == "wgs84 (RFC 7946)")
        #expect(try outcome("", .gcj02) == "gcj02 (stated with the import)")
        #expect(try outcome(crs("urn:ogc:def:crs:OGC:1.3:CRS84"), nil) == "wgs84 (the file says so)")
        #expect(try outcome(crs("EPSG:4490"), .wgs84) == "cgcs2000 (the file says so)")
        #expect(try outcome(crs("GCJ-02"), nil) == "gcj02 (the file says so)")
        #expect(try outcome(#""datum":"gcj02","#, nil) == "gcj02 (the file says so)")
        #expect(try outcome(crs("EPSG:3857"), nil) == "invalid_file")
        #expect(try outcome(crs("EPSG:4326"), .gcj02) == "invalid_file")
        #expect(try outcome(crs("EPSG:4326") + #""datum":"bd09","#, nil) == "invalid_file")
        #expect(try outcome(#""datum":7,"#, nil) == "invalid_file")
        #expect(try outcome(#""crs":null,"#, .bd09) == "bd09 (stated with the import)")
    }

    @Test func whatIsWrongWithAFeatureIsSaidAndStopsNoOther() throws {
        let town = try TestTown()
        let good = feature(#""name":"柜","type":"parcel_locker","key":"a""#, point(118.78, 32.04))
        let features = [
            good,
            #"{"type":"Feature","properties":{"name":"b","type":"parcel_locker"},"geometry":{"type":"Point","coordinates":[NaN,1]}}"#,
            #"{"type":"Nothing"}"#, "7",
            feature(#""type":"parcel_locker""#, point(118.78, 32.04)),
            feature(#""name":"c","type":"no such type""#),
            feature(
                #""name":"d","name":"e","type":"parcel_locker","key":"e""#,
                #"{"type":"GeometryCollection","geometries":[],"coordinates":[1]}"#),
            feature(#""name":"f","type":"parcel_locker","key":"f""#, point(500, 95.5)),
            feature(#""name":"g","type":"parcel_locker","x":1e999"#),
            String(repeating: "[", count: 100_000)
                + String(repeating: "]", count: 100_000),
            feature(#""name":"h","type":"parcel_locker","key":"a""#, point(118.78, 32.04)),
        ]
        let report = try town.take(
            write(collection(features.joined(separator: ",")), town), as: "geojson", source: "s")
        #expect(report.outcomes == [3, 0, 0, 8, 0])
        let found = Dictionary(grouping: report.batch.findings) { $0.cell?.row ?? 0 }
            .mapValues { Set($0.map(\.code)) }
        for row in [2, 3, 4, 9, 10] { #expect(found[row] == ["feature_unreadable"], "\(row)") }
        #expect(found[5] == ["name_missing"] && found[6] == ["type_unknown"])
        #expect(found[7] == ["property_repeated", "geometry_unreadable", "unplaced"])
        #expect(found[8]?.isSuperset(of: ["coordinate_range", "unplaced"]) == true)
        #expect(found[11]?.contains("row_repeated") == true)
        let unknown = try #require(report.batch.findings.first { $0.code == "type_unknown" })
        #expect(
            unknown.value == "no such type" && unknown.cell?.header == "type" && unknown.cell?.column == nil)
    }

    @Test func whatIsNoCollectionChangesNothing() throws {
        let town = try TestTown()
        let good = feature(#""name":"柜","type":"parcel_locker""#, point(118.78, 32.04))
        let whole = collection(good + "," + good)
        for text in [
            "", "  ", "null", "[]", "{}", #"{"type":"Feature"}"#, #"{"type":"FeatureCollection"}"#,
            #"{"type":"FeatureCollection","features":{}}"#, whole + "x", #"{"features":[],"features":[]}"#,
            collection(good + ","), collection(good + ",," + good), collection(good + " " + good),
            #"{"type" "FeatureCollection"}"#, #"{7:1}"#,
        ]
            + stride(from: 1, to: whole.utf8.count - 1, by: 7).map({
                String(decoding: whole.utf8.prefix($0), as: UTF8.self)
            })
        {
            #expect(throws: DirectoryError.self, "\(text.prefix(60))") {
                try town.take(write(text, town), as: "geojson", source: "s")
            }
        }
        let gbk: [UInt8] =
            Array(#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":""#.utf8)
            + [0xCA, 0xB3, 0xCC, 0xC3] + Array(#""}}]}"#.utf8)
        let utf16: [UInt8] =
            [0xFF, 0xFE] + whole.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] as [UInt8] }
        for bytes in [gbk, utf16] {
            let path = town.folder + "/bytes.geojson"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DirectoryError.self) {
                try town.take(path, as: "geojson", source: "s")
            }
            #expect(error?.code == .invalidFile && error?.message.contains("UTF-") == true)
        }
        #expect(try places(town).isEmpty && town.engine.imports(limit: 9).isEmpty)
    }

    @Test func whichKindAFileIsIsToldByWhatIsInIt() throws {
        let town = try TestTown()
        func kind(_ text: String) throws -> RegisterKind {
            try RegisterKind.ofJSON(at: write(text, town), fileName: "f")
        }
        let area = #"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#
        #expect(try kind(collection(feature(#""社区代码":"1","社区名称":"a""#, area))) == .communities)
        #expect(try kind(collection(feature(#""kind":"kiosk","name":"a""#, point(1, 1)))) == .communities)
        #expect(try kind(collection(feature(#""name":"a""#, point(1, 1)))) == .geojson)
        #expect(try kind(collection(feature(#""name":"a","业态":"食堂""#, area))) == .geojson)
        #expect(try kind(collection("")) == .communities)
        #expect(try kind(#"{"places":[]}"#) == .records)
    }
}
