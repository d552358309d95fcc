import Digests
import DirectoryAPI
import DirectoryModel
import Foundation
import Testing

import Exports
@testable import HSDS

/// What HSDS 3.0 wants of every object, and that every reference leads to one.
@Suite struct HSDSTests {
    /// Required fields by list: schema/*.json of openreferral/specification 3.0.
    private static let required: [String: [String]] = [
        "organizations": ["id", "name", "description"],
        "organization_identifiers": ["id", "identifier_type", "identifier"],
        "services": ["id", "name", "status"], "locations": ["id", "location_type"],
        "service_at_locations": ["id"], "schedules": ["id"], "phones": ["id", "number"],
        "addresses": [
            "id", "address_1", "city", "state_province", "postal_code", "country", "address_type",
        ], "taxonomies": ["id", "name", "description"], "taxonomy_terms": ["id", "name", "description"],
        "attributes": ["id"], "cost_options": ["id"], "languages": ["id"], "accessibility": ["id"],
        "service_areas": ["id"],
    ]

    /// The list that a member's id is of.
    private static let targets = [
        "organization_id": "organizations", "service_id": "services", "location_id": "locations",
        "service_at_location_id": "service_at_locations", "taxonomy_id": "taxonomies",
        "taxonomy_term_id": "taxonomy_terms", "parent_id": "taxonomy_terms", "link_id": "services",
    ]

    private typealias Lists = [String: [[String: Any]]]

    private func lists(_ bytes: [UInt8]) throws -> Lists {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        return object.compactMapValues { $0 as? [[String: Any]] }
    }

    private func check(_ lists: Lists) throws {
        #expect(Set(lists.keys) == Set(Self.required.keys))
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        var ids: [String: Set<String>] = [:]
        for (list, objects) in lists {
            for object in objects {
                let id = try #require(object["id"] as? String)
                #expect(id.wholeMatch(of: pattern) != nil, "\(list) \(id)")
                #expect(ids[list, default: []].insert(id).inserted, "\(list) has \(id) twice")
            }
        }
        #expect(ids.values.reduce(0) { $0 + $1.count } == Set(ids.values.joined()).count)
        for (list, objects) in lists {
            for object in objects {
                for field in Self.required[list] ?? [] {
                    #expect(object[field] is String, "\(list) without \(field): \(object)")
                }
                for (key, value) in object where key.hasSuffix("_id") && key != "quarter_id" {
                    let target = try #require(Self.targets[key], "\(list) has \(key)")
                    #expect(ids[target]?.contains(value as? String ?? "") == true, "\(list) \(key)")
                }
            }
        }
        let words = Set(lists["services"]?.compactMap { $0["status"] as? String } ?? [])
        #expect(words.isSubset(of: ["active", "inactive", "defunct", "temporarily closed"]))
        for kind in ["locations": "location_type", "addresses": "address_type"] {
            for object in lists[kind.key] ?? [] {
                #expect(["physical", "postal", "virtual"].contains(object[kind.value] as? String ?? ""))
            }
        }
    }

    @Test(.enabled(if: TestTown.areModulesBuilt, "the five modules are not built"))
    func theDemoTownIsWholeAndEveryReferenceResolves() throws {
        let town = try TestTown(withModules: true)
        try town.bringInDemo()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withOrganisations: true))
        let now = Timestamp(secondsSince1970: 1_795_000_000)
        let bytes = extract.hsds(at: now)
        let lists = try lists(bytes)
        try check(lists)
        #expect(lists["services"]?.count == extract.places.count)
        #expect(lists["locations"]?.count == extract.places.count)
        #expect(lists["organizations"]?.count == extract.organisations.count)
        for list in Self.required.keys where !["languages", "organization_identifiers"].contains(list) {
            #expect(lists[list]?.isEmpty == false, "nothing was checked of \(list)")
        }
        // The same again, and by the daemon's answers too.
        #expect(extract.hsds(at: now) == bytes)
        let asked = try DirectoryExtract(
            asking: { path, query throws(DirectoryError) in try town.reply(path, query) }, extract.scope)
        #expect(asked.hsds(at: now) == bytes)
        // A part of it is whole as well, and its ids are the same.
        let scope = ExtractScope(types: [ServiceTypeID(unchecked: "canteen")], withOrganisations: true)
        let part = try self.lists(DirectoryExtract(of: town.engine, scope).hsds(at: now))
        try check(part)
        let ids = Set(lists["services"]?.compactMap { $0["id"] as? String } ?? [])
        #expect(part["services"]?.allSatisfy { ids.contains($0["id"] as? String ?? "") } == true)
    }

    @Test func onePlaceSaysAllThatItHas() throws {
        let town = try TestTown()
        try town.putCommunity("320114001001", "翠竹园社区")
        try town.putOrganisation(
            "org-1",
            #"{"name":"互助会","kind":"social_organisation","credit_code":"91110000600037341L","phone":"025-84412345"}"#
        )
        try town.put(
            "a",
            """
            {"type":"photo_print","name":"小明图文","name_en":"Ming","community":"320114001001","address":"竹园路1号",
             "location":{"lat":32.5,"lon":118.25},"hours":"Mo-Fr 09:00-12:00,13:00-18:00; Sa 20:00-02:00",
             "phone":"400-812-3123","organisation":"org-1","attributes":{"wheelchair":"yes","cash":true},
             "exceptions":[{"from":"2026-01-01","state":"suspended","reason":"装修"}]}
            """)
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withOrganisations: true))
        let lists = try lists(extract.hsds(at: Timestamp(secondsSince1970: 1_795_000_000)))
        try check(lists)
        let service = try #require(lists["services"]?.first)
        #expect(service["status"] as? String == "temporarily closed")
        #expect(service["organization_id"] as? String == lists["organizations"]?.first?["id"] as? String)
        #expect(lists["organizations"]?.first?["description"] as? String == "社会组织")
        #expect(lists["organization_identifiers"]?.first?["identifier"] as? String == "91110000600037341L")
        let address = try #require(lists["addresses"]?.first)
        #expect(address["address_1"] as? String == "竹园路1号" && address["country"] as? String == "CN")
        #expect(address["state_province"] as? String == "320000" && address["city"] as? String == "320100")
        #expect(address["postal_code"] as? String == "")
        let location = try #require(lists["locations"]?.first)
        #expect(location["latitude"] as? Double == 32.5 && location["longitude"] as? Double == 118.25)
        #expect(location["external_identifier"] as? String == "320114001001")
        let rules = try #require(lists["schedules"]).map { rule in
            ["byday", "opens_at", "closes_at"].map { rule[$0] as? String ?? "" }
        }
        #expect(
            rules == [
                ["MO,TU,WE,TH,FR", "09:00", "12:00"], ["MO,TU,WE,TH,FR", "13:00", "18:00"],
                ["SA", "20:00", "23:59"], ["SU", "00:00", "02:00"],
            ])
        #expect(lists["schedules"]?.allSatisfy { $0["freq"] as? String == "WEEKLY" } == true)
        #expect(
            Set(lists["phones"]?.compactMap { $0["number"] as? String } ?? []) == [
                "025-84412345", "400-812-3123",
            ])
        #expect(lists["accessibility"]?.first?["details"] as? String == "可进")
        // Before the work began it is active.
        let before = try self.lists(extract.hsds(at: Timestamp(secondsSince1970: 1_700_000_000)))
        #expect(before["services"]?.first?["status"] as? String == "active")
    }

    @Test func aWeekIsARuleAndASeasonIsNone() {
        let now = Timestamp(secondsSince1970: 1_795_000_000)
        func rules(_ text: String) -> [String]? {
            WeeklyTimes(text, at: now)?.blocks.map { "\($0.byDay) \($0.opensAt)-\($0.closesAt)" }
        }
        #expect(rules("24/7") == ["MO,TU,WE,TH,FR,SA,SU 00:00-23:59"])
        #expect(rules("周一至周五9点到17点30分") == ["MO,TU,WE,TH,FR 09:00-17:30"])
        #expect(rules("Mo-Fr 09:00-17:00; PH off") == ["MO,TU,WE,TH,FR 09:00-17:00"])
        #expect(
            rules("Mo 08:00-10:00; Th 08:00-10:00; Tu 09:00-10:00") == [
                "MO,TH 08:00-10:00", "TU 09:00-10:00",
            ])
        for none in ["Apr-Sep 09:00-18:00", "Mo[1] 09:00-12:00", "sunrise-sunset", "off", "随时"] {
            #expect(rules(none) == nil, "\(none)")
        }
    }

    /// The example of Python's documentation, and one made with its uuid.uuid5.
    @Test func idsAreVersionFive() {
        let dns: [UInt8] = [
            0x6B, 0xA7, 0xB8, 0x10, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
        ]
        #expect(NameUUID.text(of: "python.org", in: dns) == "886313e1-3b8a-5372-9b90-0c9aee199e5d")
        #expect(NameUUID.text(of: "翠竹园", in: dns) == "5f78ed78-9745-5566-8ac1-eabace115c43")
    }

    // MARK: over HTTP

    private func answer(
        _ view: HSDSDirectory, _ list: HSDSDirectory.List, _ words: String = ""
    ) throws -> [String: Any] {
        var json = JSONWriter()
        var read = try QueryWords(query: words[...])
        try view.write(list, HSDSListQuery(words: &read, list.words), to: &json)
        return try object(json.bytes())
    }

    private func answer(_ view: HSDSDirectory, _ list: HSDSDirectory.List, id: String) throws -> [String: Any]
    {
        var json = JSONWriter()
        try view.write(list, id: id, to: &json)
        return try object(json.bytes())
    }

    private func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// The list of the file that a nested member holds objects of.
    private static let nested = [
        "organization": "organizations", "service": "services", "location": "locations",
        "taxonomy_term": "taxonomy_terms",
    ]

    /// Checks the required fields of an object and all that is nested in it.
    private func check(_ object: [String: Any], of list: String) {
        for field in Self.required[list] ?? [] {
            #expect(object[field] is String, "\(list) without \(field): \(object)")
        }
        for (key, value) in object {
            if let one = value as? [String: Any] { check(one, of: Self.nested[key] ?? key) }
            if let many = value as? [[String: Any]] { for one in many { check(one, of: key) } }
        }
    }

    @Test(.enabled(if: TestTown.areModulesBuilt, "the five modules are not built"))
    func theAnswersHaveTheObjectsOfTheFile() throws {
        let town = try TestTown(withModules: true)
        try town.bringInDemo()
        let extract = try DirectoryExtract(of: town.engine, ExtractScope(withOrganisations: true))
        let file = try lists(extract.hsds(at: Timestamp(secondsSince1970: 1_795_000_000)))
        let view = HSDSDirectory(town.engine)
        for list in HSDSDirectory.List.allCases {
            let wanted = file[list.rawValue]?.compactMap { $0["id"] as? String } ?? []
            for full in list.words.contains(.full) ? ["", "&full=true"] : [""] {
                var ids: [String] = []
                var page = 1
                while true {
                    let reply = try answer(view, list, "per_page=500&page=\(page)" + full)
                    let contents = try #require(reply["contents"] as? [[String: Any]])
                    #expect(
                        reply["total_items"] as? Int == wanted.count
                            && reply["size"] as? Int == contents.count)
                    #expect(reply["total_pages"] as? Int == (wanted.count + 499) / 500)
                    #expect(reply["first_page"] as? Bool == (page == 1) && reply["empty"] as? Bool == false)
                    for object in contents { check(object, of: list.rawValue) }
                    ids += contents.compactMap { $0["id"] as? String }
                    page += 1
                    if reply["last_page"] as? Bool == true { break }
                }
                #expect(ids.count == wanted.count && Set(ids) == Set(wanted), "\(list.rawValue)")
            }
            let first = try #require(wanted.first)
            let one = try answer(view, list, id: first)
            #expect(one["id"] as? String == first)
            check(one, of: list.rawValue)
        }
        // Beyond the last page there is nothing, and that is no error.
        let beyond = try answer(view, .services, "page=1000")
        #expect(beyond["empty"] as? Bool == true && beyond["last_page"] as? Bool == true)
        // One type, one organisation, one attribute: as many as there are places of it.
        let names = HSDSNames(directory: try town.engine.identity())
        let type = ServiceTypeID(unchecked: "canteen")
        let ofType = try answer(view, .services, "taxonomy_term_id=" + names.id(HSDSDocument.term(type)))
        #expect(ofType["total_items"] as? Int == extract.places.filter { $0.type == type }.count)
        let seats = try answer(
            view, .services, "taxonomy_term_id=" + names.id(HSDSDocument.term(type, "seats")))
        #expect(
            seats["total_items"] as? Int
                == extract.places.filter { $0.type == type && $0.attributes["seats"] != nil }.count)
        let owner = try #require(extract.places.compactMap(\.organisation).first)
        let run = try answer(
            view, .serviceAtLocations, "organization_id=" + names.id("organisation/\(owner.rawValue)"))
        #expect(run["total_items"] as? Int == extract.places.filter { $0.organisation == owner }.count)
        #expect(try answer(view, .services, "organization_id=none")["total_items"] as? Int == 0)
    }

    @Test func changesShowAtOnceAndIdsAreTheDirectorysOwn() throws {
        let (town, other) = (try TestTown(), try TestTown())
        let body = #"{"type":"photo_print","name":"甲","location":{"lat":32.5,"lon":118.25}}"#
        for town in [town, other] { try town.put("a", body) }
        let views = [HSDSDirectory(town.engine), HSDSDirectory(other.engine)]
        let ids = try views.map { view in
            let contents = try answer(view, .services)["contents"] as? [[String: Any]]
            return try #require(contents?.first?["id"] as? String)
        }
        // Two offices that call a place "a" do not have one UUID for both.
        #expect(ids[0] != ids[1])
        #expect(try town.engine.identity() == town.engine.identity())
        // A service is no service at a location, and what is not there is not found.
        for (list, id) in [
            (HSDSDirectory.List.serviceAtLocations, ids[0]), (.services, ids[1]), (.services, "x"),
        ] {
            let error = #expect(throws: DirectoryError.self) { try answer(views[0], list, id: id) }
            #expect(error?.code == .notFound)
        }
        let later = "modified_after=2100-01-01"
        #expect(try answer(views[0], .services, "modified_after=2020-01-01")["total_items"] as? Int == 1)
        #expect(try answer(views[0], .services, later)["total_items"] as? Int == 0)
        try town.put("b", body)
        #expect(try answer(views[0], .services)["total_items"] as? Int == 2)
        _ = try town.engine.deletePlace(PlaceID(validating: "a"), WriteContext(actor: town.actor))
        #expect(try answer(views[0], .services)["total_items"] as? Int == 1)
        #expect(throws: DirectoryError.self) { try answer(views[0], .services, id: ids[0]) }
        for words in ["page=0", "per_page=501", "full=yes", "modified_after=soon", "search=x"] {
            #expect(throws: DirectoryError.self, "\(words)") { try answer(views[0], .services, words) }
        }
    }
}
