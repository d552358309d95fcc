import DirectoryAPI
import DirectoryModel
import Exports
import Foundation
import Testing

@testable import DirectoryEngine
@testable import Registers

/// HSDS 3.0 as a register: what was written comes back, and what others publish comes in.
@Suite struct HSDSRegisterTests {
    private func export(_ town: TestTown) throws -> String {
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withOrganisations: true))
        let path = town.folder + "/out-\(UUID().uuidString).json"
        try Data(extract.hsds(at: #require(Timestamp(rfc3339: "2026-09-01T08:00:00Z"))))
            .write(to: URL(fileURLWithPath: path))
        return path
    }

    private func file(_ json: String, in town: TestTown) throws -> String {
        let path = town.folder + "/in-\(UUID().uuidString).json"
        try Data(json.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func kind(of path: String) throws -> RegisterKind {
        try RegisterKind.ofJSON(at: path, fileName: "in.json")
    }

    private func places(of town: TestTown) throws -> [Place] {
        try DirectoryExtract(of: town.engine, ExtractScope(withOrganisations: true)).places
    }

    private func organisations(of town: TestTown) throws -> [Organisation] {
        try DirectoryExtract(of: town.engine, ExtractScope(withOrganisations: true)).organisations
    }

    // MARK: there and back

    @Test(.enabled(if: TestTown.areModulesBuilt)) func theDemoTownComesBackAsItWas() throws {
        let town = try TestTown(withModules: true)
        try town.bringInDemo()
        try town.putOrganisation(
            "org-x",
            #"{"name":"翠竹园互助会","kind":"social_organisation","address":"竹园路1号","phone":"025-84412345","credit_code":"91350100M000100Y43"}"#
        )
        let (before, runners) = (try places(of: town), try organisations(of: town))
        #expect(before.count > 500)
        let revision = town.engine.version.revision
        let path = try export(town)
        let report = try town.take(path, as: "json")
        #expect(report.format == "hsds")
        #expect(report.source.rawValue == "hsds")
        #expect(
            report.outcomes == [0, 0, before.count, 0, 0],
            "\(report.batch.findings.prefix(8).map { "\($0.record) \($0.code) \($0.field ?? "") \($0.message.en)" })"
        )
        #expect(report.batch.counts[.organisation]?.unchanged == runners.count)
        #expect(report.batch.counts[.organisation]?.given == runners.count)
        #expect(try places(of: town) == before)
        #expect(try organisations(of: town) == runners)
        #expect(town.engine.version.revision.number <= revision.number + 1)

        // Into an empty directory: all that HSDS carries.
        let other = try TestTown(withModules: true)
        let communities = URL(fileURLWithPath: town.folder + "/demo/demo-communities.geojson").path
        try other.take(communities, as: "communities")
        #expect(throws: DirectoryError.self) { try other.take(path, as: "hsds") }
        let there = try other.take(path, as: "hsds", source: "town-1")
        #expect(there.outcomes == [before.count, 0, 0, 0, 0], "\(there.batch.findings.prefix(8))")
        var byName: [String: [Place]] = [:]
        for place in try places(of: other) { byName[Self.carried(place), default: []].append(place) }
        let missing = before.filter { place in
            byName[Self.carried(place)]?.contains { Self.isNear(place.location, $0.location) } != true
        }
        #expect(missing.isEmpty, "\(missing.map { Self.carried($0) })")
        #expect(try organisations(of: other).count == runners.count)
        // And again: nothing.
        let again = try other.take(path, as: "hsds", source: "town-1")
        #expect(again.outcomes == [0, 0, before.count, 0, 0])
        #expect(again.batch.counts[.organisation]?.unchanged == runners.count)
    }

    /// Whether two points are one but for what an export rounds.
    private static func isNear(_ one: Coordinate?, _ other: Coordinate?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return abs(one.latitude.value - other.latitude.value) < 1e-7
            && abs(one.longitude.value - other.longitude.value) < 1e-7
    }

    /// What HSDS carries of a place, but its point, its id and whoever runs it, whose ids are others in another directory.
    private static func carried(_ place: Place) -> String {
        let facts = place.attributes.filter { _, value in
            if case .rows = value { return false }
            return true
        }.map { "\($0)=\($1)" }.sorted()
        return [
            place.type.rawValue, place.name, place.nameEnglish, place.address, place.hours, place.phone,
            // The demo's communities have no code, so the point alone says it.
            place.location == nil ? nil : place.community?.rawValue,
            place.serviceArea.communities.map(\.rawValue).joined(separator: ","),
            facts.joined(separator: ";"),
        ].map { $0 ?? "-" }.joined(separator: "|")
    }

    @Test func whatIsChangedInTheFileIsChangedInThatPlaceAlone() throws {
        let town = try TestTown()
        try town.putOrganisation(
            "org-1", #"{"name":"互助会","kind":"social_organisation","address":"竹园路9号","about":"帮助老人"}"#)
        try town.put(
            "p-1",
            #"{"type":"photo_print","name":"小明图文","organisation":"org-1","address":"竹园路1号","hours":"Mo-Fr 09:00-18:00","location":{"lat":32.04,"lon":118.78}}"#
        )
        try town.put("p-2", #"{"type":"photo_print","name":"快印","location":{"lat":32.05,"lon":118.79}}"#)
        let path = try export(town)
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "竹园路1号", with: "竹园路11号").replacingOccurrences(
                of: "\"互助会\"", with: "\"互助社\"")
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        let report = try town.take(path, as: "hsds")
        #expect(report.outcomes == [0, 1, 1, 0, 0], "\(report.batch.findings)")
        let place = try #require(town.engine.storedPlace(PlaceID(unchecked: "p-1")))
        #expect(place.address == "竹园路11号")
        #expect(place.hours == "Mo-Fr 09:00-18:00")
        let runner = try #require(town.engine.storedOrganisation(OrganisationID(unchecked: "org-1")))
        #expect(runner.name == "互助社")
        #expect(runner.address == "竹园路9号")
        #expect(runner.about == "帮助老人")
        #expect(runner.kind == .socialOrganisation)
        _ = try town.engine.undoImport(try #require(report.batch.number), by: town.actor)
        #expect(town.engine.storedPlace(PlaceID(unchecked: "p-1"))?.address == "竹园路1号")
    }

    // MARK: others

    private static let foreign = """
        {"name": "Open place directory", "contents": [
         {"id": "s1", "name": "Copy Corner", "status": "active",
          "organization": {"id": "o1", "name": "Copy Ltd", "description": "Prints"},
          "phones": [{"id": "t1", "number": "13812345678"}, {"id": "t2", "number": "025-84412345"}],
          "attributes": [{"id": "a1", "taxonomy_term": {"id": "x1", "code": "PR", "name": "printing", "parent_id": "x1"}}],
          "service_at_locations": [
           {"id": "l1", "location": {"id": "g1", "latitude": 32.04, "longitude": 118.78, "location_type": "physical",
             "addresses": [{"id": "d1", "address_1": "竹园路1号", "address_2": "2楼"}]},
            "schedules": [{"id": "h1", "freq": "WEEKLY", "byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "12:00"},
              {"id": "h2", "freq": "WEEKLY", "interval": 1, "byday": "MO,TU,WE,TH,FR", "opens_at": "13:00:00", "closes_at": "18:00+08:00"},
              {"id": "h3", "freq": "WEEKLY", "byday": "SA,SU", "opens_at": "10:00", "closes_at": "02:00"}]},
           {"id": "l2", "location": {"id": "g2", "latitude": 32.05, "longitude": 118.79}}]},
         {"id": "s2", "name": "Gone", "status": "defunct"}]}
        """

    @Test func aPageOfAnotherPublisherComesIn() throws {
        let town = try TestTown()
        let path = try file(Self.foreign, in: town)
        #expect(try kind(of: path) == .hsds)
        let without = try town.take(path, as: "json", source: "other")
        #expect(without.batch.counts[.place]?.rejected == 2)
        #expect(without.batch.findings.contains { $0.code == "type_unknown" && $0.record == "s1" })
        let report = try town.take(path, as: "json", source: "other") {
            $0.mapping = "[types]\n\"printing\" = \"photo_print\"\n"
        }
        #expect(report.outcomes == [2, 0, 0, 0, 0], "\(report.batch.findings)")
        #expect(report.leftOut.first?.keys == ["s2"])
        let place = try #require(try places(of: town).first { $0.hours != nil })
        #expect(place.hours == "Mo-Fr 09:00-12:00,13:00-18:00; Sa,Su 10:00-02:00")
        #expect(place.phone == "025-84412345")
        #expect(place.address == "竹园路1号, 2楼")
        #expect(place.organisation.flatMap(town.engine.storedOrganisation)?.name == "Copy Ltd")
        #expect(place.organisation?.rawValue == "other-o1")
        // The mapping is kept, so the next file goes in by itself, and changes nothing.
        #expect(try town.take(path, as: "hsds", source: "other").outcomes == [0, 0, 2, 0, 0])
        #expect(throws: DirectoryError.self) { try town.take(path, as: "hsds") }
        #expect(throws: DirectoryError.self) {
            try town.take(path, as: "hsds", source: "other") { $0.isRehearsal = true }
        }
        #expect(throws: DirectoryError.self) {
            try town.take(path, as: "hsds", source: "other") { $0.type = ServiceTypeID(unchecked: "no_such") }
        }
    }

    @Test func flatListsAreJoinedWhateverTheirOrder() throws {
        let town = try TestTown()
        let path = try file(
            """
            {"schedules": [{"id": "h", "service_at_location_id": "l", "freq": "DAILY", "opens_at": "8:30", "closes_at": "20:00"}],
             "addresses": [{"id": "a", "location_id": "g", "address_1": "竹园路1号"}],
             "phones": [{"id": "t", "service_id": "s", "number": "13812345678"}],
             "service_at_locations": [{"id": "l", "service_id": "s", "location_id": "g"}],
             "locations": [{"id": "g", "latitude": "32.04", "longitude": "118.78"}],
             "organizations": [{"id": "o", "name": "一家", "description": "x"}],
             "services": [{"id": "s", "organization_id": "o", "name": "图文", "status": "active"}]}
            """, in: town)
        #expect(try kind(of: path) == .hsds)
        let report = try town.take(path, as: "hsds", source: "other") {
            $0.type = ServiceTypeID(unchecked: "photo_print")
        }
        #expect(report.outcomes == [1, 0, 0, 0, 0], "\(report.batch.findings)")
        let place = try #require(town.engine.storedPlace(PlaceID(unchecked: "other-s")))
        #expect(place.hours == "Mo-Su 08:30-20:00")
        #expect(place.address == "竹园路1号")
        #expect(place.phone == nil)
        #expect(place.location?.latitude.value == 32.04)
        #expect(place.organisation?.rawValue == "other-o")
        let finding = try #require(report.batch.findings.first { $0.code == "phone_personal" })
        #expect(finding.value == "138****5678")
    }

    @Test func oneObjectAndABareListAreRead() throws {
        let town = try TestTown()
        for json in [
            #"{"id":"s","name":"图文","status":"active","phones":[{"id":"t","number":"12345"}],"service_at_locations":[{"id":"l","location":{"id":"g","latitude":32.04,"longitude":118.78}}]}"#,
            #"[{"id":"s","name":"图文","status":"active","phones":[{"id":"t","number":"12345"}],"service_at_locations":[{"id":"l","location":{"id":"g","latitude":32.04,"longitude":118.78}}]}]"#,
            #"{"id":"l","service":{"id":"s","name":"图文","status":"active","phones":[{"id":"t","number":"12345"}]},"location":{"id":"g","latitude":32.04,"longitude":118.78},"schedules":[]}"#,
        ] {
            let path = try file(json, in: town)
            #expect(try kind(of: path) == .hsds, "\(json)")
            let report = try town.take(path, as: "hsds", source: "other") {
                $0.type = ServiceTypeID(unchecked: "photo_print")
            }
            #expect(report.batch.counts[.place]?.rejected == 0, "\(report.batch.findings)")
            let place = try #require(town.engine.storedPlace(PlaceID(unchecked: "other-s")))
            #expect(place.phone == "12345")
            #expect(place.location?.longitude.value == 118.78)
        }
    }

    /// Rules of one service, and the opening times that they make; nil for those that are left out.
    private static let rules: [(String, String?)] = [
        (
            #"{"freq":"WEEKLY","byday":"MO","valid_from":"2020-01-01","opens_at":"09:00","closes_at":"10:00"}"#,
            "Mo 09:00-10:00"
        ),
        (
            #"{"freq":"DAILY","valid_from":"2040-03-01","opens_at":"09:00","closes_at":"24:00"}"#,
            "2040 Mar 01+ Mo-Su 09:00-24:00"
        ),
        (
            #"{"freq":"WEEKLY","byday":"FR,SA","valid_from":"2040-03-01","valid_to":"2040-05-31","opens_at":"20:00","closes_at":"02:00"},{"freq":"WEEKLY","byday":"MO","valid_from":"2040-06-01","opens_at":"08:00","closes_at":"09:00"}"#,
            "2040 Mar 01-2040 May 31 Fr,Sa 20:00-02:00; 2040 Jun 01+ Mo 08:00-09:00"
        ),
        (#"{"freq":"DAILY","valid_to":"2020-01-01","opens_at":"09:00","closes_at":"10:00"}"#, nil),
        (#"{"freq":"WEEKLY","byday":"1MO","opens_at":"09:00","closes_at":"10:00"}"#, nil),
        (#"{"freq":"WEEKLY","interval":2,"byday":"MO","opens_at":"09:00","closes_at":"10:00"}"#, nil),
        (#"{"freq":"DAILY","opens_at":"09:00Z","closes_at":"10:00Z"}"#, nil),
        (#"{"freq":"DAILY","opens_at":"25:00","closes_at":"26:00"}"#, nil),
        (#"{"freq":"DAILY","opens_at":"09:00"}"#, nil),
        (
            #"{"freq":"DAILY","opens_at":"09:00","closes_at":"10:00"},{"freq":"DAILY","valid_from":"2040-01-01","opens_at":"11:00","closes_at":"12:00"}"#,
            nil
        ),
    ]

    @Test(arguments: rules.indices) func rulesBecomeOpeningTimes(index: Int) throws {
        let town = try TestTown()
        let (rules, wanted) = Self.rules[index]
        let path = try file(
            #"{"services":[{"id":"s","name":"图文","status":"active","schedules":[\#(rules)]}]}"#, in: town)
        let report = try town.take(path, as: "hsds", source: "other") {
            $0.type = ServiceTypeID(unchecked: "photo_print")
        }
        #expect(town.engine.storedPlace(PlaceID(unchecked: "other-s"))?.hours == wanted)
        let codes = Set(report.batch.findings.map(\.code)).subtracting(["unplaced"])
        let isOver = rules.contains("2020-01-01") && wanted == nil
        #expect(
            codes == (wanted == nil && !isOver ? ["schedule_unreadable"] : []), "\(report.batch.findings)")
    }

    // MARK: faults

    @Test func whatIsWrongIsNamedAndStopsNothingElse() throws {
        let town = try TestTown()
        let path = try file(
            """
            {"services": [17, {"name": "no id"}, {"id": "a", "status": "active"},
              {"id": "b", "name": "双", "status": "active", "organization_id": "nobody"}, {"id": "b", "name": "双", "status": "active"},
              {"id": "c", "name": "好", "status": "temporarily closed"}, {"id": "n", "name": NaN}],
             "service_at_locations": [{"id": "l1", "service_id": "b", "location_id": "nowhere"}, {"id": "l2", "service_id": "zz"},
              {"id": "l3", "service_id": "c", "location_id": "g"}],
             "locations": [{"id": "g", "latitude": 900, "longitude": 118.7}],
             "schedules": [{"id": "h", "service_id": "c", "freq": "MONTHLY", "bymonthday": "1", "opens_at": "09:00", "closes_at": "10:00"}],
             "taxonomy_terms": [{"id": "t1", "parent_id": "t2", "name": "环"}, {"id": "t2", "parent_id": "t1", "name": "圈"}],
             "attributes": [{"id": "x", "link_id": "c", "taxonomy_term_id": "t1"}, {"id": "y", "link_id": "b", "taxonomy_term_id": "none"}],
             "service_areas": [{"id": "q", "service_id": "c", "name": "没有社区"}],
             "phones": [{"id": "p", "service_id": "c", "number": "1"}],
             "organization_identifiers": [{"id": "i", "organization_id": "o", "identifier_type": "统一社会信用代码", "identifier": "9"}],
             "organizations": [{"id": "o", "name": "一家"}, {"id": "u"}]}
            """, in: town)
        let report = try town.take(path, as: "hsds", source: "other") {
            $0.type = ServiceTypeID(unchecked: "photo_print")
        }
        let found = Set(report.batch.findings.map { $0.code + " " + $0.record })
        for wanted in [
            "object_unreadable services #1", "id_missing services #2 no id", "name_missing a",
            "reference_unknown b",
            "id_repeated b", "service_suspended c", "object_unreadable services #7", "reference_unknown l2",
            "schedule_unreadable c", "service_area_unknown c", "phone_invalid c", "credit_code_invalid o",
            "name_missing u",
        ] {
            #expect(found.contains(wanted), "\(wanted) of \(found.sorted())")
        }
        #expect(report.batch.findings.contains { $0.record == "c" && $0.code.hasPrefix("coordinate_") })
        #expect(report.batch.counts[.place]?.created == 2)
        #expect(report.batch.counts[.place]?.rejected == 6)
        let rows = try town.engine.imports(limit: 1)[0]
        #expect(rows.number == report.batch.number)
    }

    @Test(arguments: [
        #"{"services": [{"id":"s","name":"x"}"#, #"{"services": {}}"#, #"{"services": [{}],"services": []}"#,
        "[", "[1,]",
    ])
    func whatIsNoFileChangesNothing(json: String) throws {
        let town = try TestTown()
        let path = try file(json, in: town)
        let error = #expect(throws: DirectoryError.self) { try town.take(path, as: "hsds", source: "other") }
        #expect(error?.code == .invalidFile)
        #expect(town.engine.version.revision.number == 0)
    }

    @Test func depthIsBounded() throws {
        let town = try TestTown()
        let deep =
            String(repeating: #"{"id":"x","service":"#, count: 5_000) + "1"
            + String(repeating: "}", count: 5_000)
        let path = try file(#"{"services": [\#(deep), {"id":"s","name":"图文","status":"active"}]}"#, in: town)
        let report = try town.take(path, as: "hsds", source: "other") {
            $0.type = ServiceTypeID(unchecked: "photo_print")
        }
        #expect(report.batch.findings.contains { $0.code == "object_unreadable" })
        #expect(report.outcomes[0] == 1)
    }

    @Test func otherFilesAreNotTakenForIt() throws {
        let town = try TestTown()
        for (json, wanted) in [
            (#"{"organisations":[],"places":[]}"#, RegisterKind.records),
            (#"{"attributes":[1],"places":[]}"#, .records),
            (#"{"type":"FeatureCollection","features":[]}"#, .communities), (#"{"contents":[]}"#, .hsds),
            (#"{"version":"3.0","organizations":[]}"#, .hsds), ("[{}]", .hsds), ("[]", .hsds),
        ] {
            #expect(try kind(of: try file(json, in: town)) == wanted, "\(json)")
        }
    }

    @Test func everyFindingIsInTheDocs() throws {
        let text = try String(contentsOfFile: TestTown.root + "/docs/registers.md", encoding: .utf8)
        let part = try #require(text.components(separatedBy: "\n## hsds\n").last)
        for code in HSDSFindingCode.allCases {
            #expect(part.contains("`\(code.rawValue)`"), "\(code.rawValue)")
        }
    }
}
