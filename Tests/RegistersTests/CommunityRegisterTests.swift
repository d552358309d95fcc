import AreaGeometry
import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

@Suite struct CommunityRegisterTests {
    private static let square =
        "[[[118.70,32.00],[118.71,32.00],[118.71,32.01],[118.70,32.01],[118.70,32.00]]]"
    private static let beside =
        "[[[118.71,32.00],[118.72,32.00],[118.72,32.01],[118.71,32.01],[118.71,32.00]]]"
    private static let across =
        "[[[118.705,32.00],[118.715,32.00],[118.715,32.01],[118.705,32.01],[118.705,32.00]]]"
    private static let bowTie =
        "[[[118.70,32.00],[118.71,32.01],[118.71,32.00],[118.70,32.01],[118.70,32.00]]]"

    private func feature(_ properties: String, _ coordinates: String, type: String = "Polygon") -> String {
        """
        {"type":"Feature","properties":{\(properties)},"geometry":{"type":"\(type)","coordinates":\(coordinates)}}
        """
    }

    private func collection(_ features: [String], more: String = "") -> [UInt8] {
        Array(
            "{\"type\":\"FeatureCollection\"\(more),\"features\":[\(features.joined(separator: ","))]}".utf8)
    }

    private func take(_ bytes: [UInt8]) throws -> (ManualDirectory, RegisterReport) {
        let directory = try ManualDirectory()
        return (directory, try directory.take(bytes, name: "社区.geojson", format: "communities"))
    }

    @Test func aStreetOfficesOwnWordsAreUnderstood() throws {
        let (directory, report) = try take(
            collection([
                feature(
                    "\"社区代码\":320114001001,\"社区名称\":\" 翠竹园社区 \",\"街道\":\"雨花街道\",\"户数\":\"2,146户\",\"人口数\":\"6010人\",\"老年人口比例\":\"12.02%\"",
                    Self.square),
                feature(
                    "\"id\":\"qs\",\"name\":\"晴山\",\"name_en\":\"Qingshan\",\"households\":7930,\"population\":22487,\"elder_share\":0.1202",
                    "[\(Self.beside)]", type: "MultiPolygon"),
            ]))
        #expect(report.batch.findings.isEmpty)
        let first = try #require(directory.contents.communities[CommunityID(unchecked: "320114001001")])
        #expect(first.name == "翠竹园社区")
        #expect(first.streetOffice == "雨花街道")
        #expect(first.households == 2_146)
        #expect(first.population == 6_010)
        #expect(first.elderShare == 0.1202)
        #expect(first.boundary?.parts.first?.first?.count == 5)
        let second = try #require(directory.contents.communities[CommunityID(unchecked: "qs")])
        #expect(second.nameEnglish == "Qingshan")
        #expect(second.elderShare == 0.1202)
        let again = try directory.take(
            collection([feature("\"id\":\"qs\",\"name\":\"晴山\"", Self.beside)]), name: "b",
            format: "communities")
        #expect(again.batch.counts[.community]?.changed == 1)
        #expect(again.batch.counts[.community]?.vanished == 0)
        #expect(directory.contents.communities.count == 2)
    }

    @Test func gridsAndOriginsComeAlong() throws {
        let (directory, report) = try take(
            collection([
                feature("\"id\":\"c1\",\"name\":\"一社区\"", Self.square),
                feature(
                    "\"kind\":\"grid\",\"id\":\"g1\",\"name\":\"一网格\",\"community\":\"c1\",\"keeper\":\"网格员岗1\"",
                    Self.square),
                feature("\"kind\":\"网格\",\"id\":\"g2\",\"name\":\"二网格\"", Self.square),
                feature(
                    "\"kind\":\"kiosk\",\"id\":\"k1\",\"name\":\"大堂\",\"parent\":\"osm-w1\",\"grid\":\"g1\"",
                    "[118.705,32.005]",
                    type: "Point"),
                feature("\"kind\":\"gate\",\"id\":\"k2\",\"name\":\"南门\"", "[218.705,32.005]", type: "Point"),
                feature(
                    "\"kind\":\"castle\",\"id\":\"k3\",\"name\":\"堡\"", "[118.705,32.005]", type: "Point"),
            ]))
        #expect(directory.contents.grids[GridID(unchecked: "g1")]?.keeper == "网格员岗1")
        let kiosk = try #require(directory.contents.origins[OriginID(unchecked: "k1")])
        #expect(kiosk.kind == .kiosk)
        #expect(kiosk.parent?.rawValue == "osm-w1")
        #expect(kiosk.grid?.rawValue == "g1")
        #expect(
            report.batch.findings.map(\.code) == ["community_missing", "geometry_invalid", "kind_unknown"])
        #expect(report.batch.counts[.grid] == BatchCounts(created: 1, rejected: 1))
        #expect(report.batch.counts[.origin] == BatchCounts(created: 1, rejected: 2))
    }

    @Test func faultsNameTheFeatureByNumberAndName() throws {
        let (directory, report) = try take(
            collection([
                feature("\"id\":\"a\",\"name\":\"好社区\"", Self.square),
                feature("\"id\":\"b\",\"name\":\"蝴蝶社区\"", Self.bowTie),
                feature("\"name\":\"无号社区\"", Self.beside), feature("\"id\":\"d\"", Self.beside),
                feature("\"id\":\"a\",\"name\":\"重号社区\"", Self.beside),
                feature("\"id\":\"e\",\"name\":\"线社区\"", "[[118.7,32.0],[118.8,32.0]]", type: "LineString"),
                feature("\"id\":\"f\",\"name\":\"多人社区\",\"人口\":\"很多\"", Self.beside),
                feature("\"id\":\"g\",\"name\":\"老社区\",\"老年人口比例\":12.02", Self.beside),
                feature("\"id\":\"h h\",\"name\":\"空格社区\"", Self.beside),
                "{\"type\":\"Feature\",\"properties\":null}",
            ]))
        #expect(directory.contents.communities.keys.map(\.rawValue) == ["a"])
        #expect(
            report.batch.findings.map(\.code) == [
                "geometry_invalid", "id_missing", "name_missing", "id_repeated", "geometry_invalid",
                "value_unreadable",
                "value_unreadable", "id_invalid", "id_missing",
            ])
        let butterfly = try #require(report.batch.findings.first)
        #expect(butterfly.record == "b")
        #expect(butterfly.message.zh.hasPrefix("第 2 个要素“蝴蝶社区”"))
        #expect(butterfly.message.en.hasPrefix("feature 2 “蝴蝶社区”"))
        #expect(butterfly.value?.isEmpty == false)
        let counts = try #require(report.batch.counts[.community])
        #expect(counts == BatchCounts(created: 1, rejected: 9))
        #expect(counts.given == 10)
    }

    @Test func overlapsAreTold() throws {
        let (_, apart) = try take(
            collection([
                feature("\"id\":\"a\",\"name\":\"甲\"", Self.square),
                feature("\"id\":\"b\",\"name\":\"乙\"", Self.beside),
            ]))
        #expect(apart.batch.findings.isEmpty)
        let (directory, over) = try take(
            collection([
                feature("\"id\":\"a\",\"name\":\"甲\"", Self.square),
                feature("\"id\":\"b\",\"name\":\"乙\"", Self.across),
            ]))
        let finding = try #require(over.batch.findings.first)
        #expect(over.batch.findings.count == 1)
        #expect(finding.code == "boundaries_overlap")
        #expect(finding.severity == "warning")
        #expect(finding.message.en.contains("50.0%"))
        #expect(directory.contents.communities.count == 2)
        // Against what the directory has already.
        let later = try directory.take(
            collection([feature("\"id\":\"c\",\"name\":\"丙\"", Self.beside)]), name: "c",
            format: "communities")
        #expect(later.batch.findings.map(\.value) == ["b"])
    }

    @Test(arguments: [
        ("EPSG:3857", false), ("urn:ogc:def:crs:EPSG::4326", true), ("urn:ogc:def:crs:OGC:1.3:CRS84", true),
        ("EPSG:4490", true), ("GCJ-02", false), ("BD09", false),
    ])
    func onlyWGS84IsTaken(_ name: String, isTaken: Bool) throws {
        let (directory, report) = try take(
            collection(
                [feature("\"id\":\"a\",\"name\":\"甲\"", Self.square)],
                more: ",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"\(name)\"}}"))
        #expect(directory.contents.communities.count == (isTaken ? 1 : 0))
        #expect(report.batch.findings.map(\.code) == (isTaken ? [] : ["crs_not_wgs84"]))
        #expect(
            report.batch.counts[.community] == (isTaken ? BatchCounts(created: 1) : BatchCounts(rejected: 1)))
    }

    @Test(arguments: [
        ("", "is empty"), ("{\"type\":\"FeatureCollection\",\"features\":[", "is not JSON"),
        ("abc", "is not JSON"),
        ("{\"type\":\"Feature\"}", "is a “Feature”, not a FeatureCollection"),
        ("[]", "is JSON, but no object"),
        ("{\"type\":\"FeatureCollection\"}", "has no list “features”"), ("{}", "has no “type”"),
        (String(repeating: "[", count: 5_000), "is not JSON"),
    ])
    func whatIsNoFeatureCollectionIsRefused(_ text: String, words: String) throws {
        let error = #expect(throws: DirectoryError.self) { try take(Array(text.utf8)) }
        #expect(error?.code == .invalidFile)
        #expect(error?.location == "社区.geojson")
        #expect(error?.message.contains(words) == true)
    }

    @Test func theFileInTheDocumentationIsTaken() throws {
        let page = try String(
            contentsOf: TestTypes.repository.appendingPathComponent("docs/registers.md"), encoding: .utf8)
        let start = try #require(page.range(of: "```json\n"))
        let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
        let (directory, report) = try take(Array(page[start.upperBound..<end.lowerBound].utf8))
        #expect(report.batch.findings.isEmpty)
        #expect(directory.contents.communities.count == 1)
        #expect(directory.contents.origins.count == 1)
        #expect(directory.contents.sources.last?.title == "翠溪街道社区")
    }

    @Test func aByteOrderMarkIsNoFault() throws {
        let (directory, _) = try take(
            [0xEF, 0xBB, 0xBF] + collection([feature("\"id\":\"a\",\"name\":\"甲\"", Self.square)]))
        #expect(directory.contents.communities.count == 1)
    }
}

extension BatchCounts {
    fileprivate init(created: Int = 0, rejected: Int = 0) {
        self.init()
        self.created = created
        self.rejected = rejected
    }
}
