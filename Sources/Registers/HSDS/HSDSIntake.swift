internal import Datums
internal import DirectoryAPI
internal import DirectoryModel
internal import RegisterMatching
internal import ServiceTypeKit

/// Makes records of the objects of an HSDS file: what each says, and nothing about what it does not say.
struct HSDSIntake {
    let file: HSDSFile
    let sink: any RegisterSink
    let known: KnownThings
    let source: SourceID
    /// Whether the file is of this directory: then its ids are.
    let isOwn: Bool
    let mapping: RegisterMapping
    /// The type of a service that does not say its own.
    let type: ServiceTypeID?
    /// The present day, `2026-09-01`.
    let today: String

    private(set) var places: [SourcedPlace] = []
    private(set) var organisations: [Organisation] = []
    private(set) var findings: [RecordFinding] = []
    private(set) var rejected: [RecordKind: Int] = [:]
    private(set) var leftOut: [String] = []
    private(set) var taken: [ServiceTypeID: Int] = [:]
    private var organisationIDs: [String: OrganisationID] = [:]
    private var ids: Set<String> = []

    /// The taxonomy whose terms are the directory's service types, and the one of their attributes.
    private static let typeTaxonomy = "一刻钟便民生活圈业态"
    private static let attributeTaxonomy = "业态属性"

    init(
        _ file: HSDSFile, sink: any RegisterSink, known: KnownThings, source: SourceID, isOwn: Bool,
        mapping: RegisterMapping, type: ServiceTypeID?, today: String
    ) {
        (self.file, self.sink, self.known, self.source) = (file, sink, known, source)
        (self.isOwn, self.mapping, self.type, self.today) = (isOwn, mapping, type, today)
        for organisation in file.all("organizations") { take(organisation: organisation) }
        for service in file.all("services") { take(service: service) }
        // A service at a location whose service the file does not have.
        for both in file.all("service_at_locations")
        where file.object("services", both.text("service_id")) == nil {
            refuse(
                .place, .referenceUnknown, both.id, "service_id", both.text("service_id"),
                zh: "文件中没有它的服务（service）", en: "the file does not have its service")
        }
    }

    // MARK: findings

    private mutating func note(
        _ severity: String, _ code: String, _ record: String, _ field: String?, _ value: String?, zh: String,
        en: String
    ) {
        findings.append(
            RecordFinding(
                severity: severity, code: code, record: String(record.prefix(200)), field: field,
                value: value.map { String($0.prefix(200)) }, message: LocalizedText(zh: zh, en: en)))
    }

    private mutating func warn(
        _ code: HSDSFindingCode, _ record: String, _ field: String?, _ value: String?, zh: String, en: String
    ) {
        note("warning", code.rawValue, record, field, value, zh: zh, en: en)
    }

    private mutating func refuse(
        _ kind: RecordKind, _ code: HSDSFindingCode, _ record: String, _ field: String?, _ value: String?,
        zh: String, en: String
    ) {
        rejected[kind, default: 0] += 1
        note("error", code.rawValue, record, field, value, zh: zh, en: en)
    }

    private mutating func refuse(_ kind: RecordKind, _ record: String, _ error: DirectoryError) {
        rejected[kind, default: 0] += 1
        note(
            "error", error.code.rawValue, record, error.location, nil,
            zh: "记录无法导入：" + (error.cause ?? error.message),
            en: error.message + (error.advice.map { "; " + $0 } ?? ""))
    }

    // MARK: organisations

    private mutating func take(organisation object: HSDSFile.Object) {
        let own = isOwn ? object.text("quarter_id").flatMap(OrganisationID.init(rawValue:)) : nil
        let id = own ?? OrganisationID(unchecked: KeyText.id(source: source, key: object.id).rawValue)
        var organisation = sink.storedOrganisation(id) ?? Organisation(id: id, name: "")
        guard let name = object.text("name") else {
            return refuse(
                .organisation, .nameMissing, object.id, "name", nil, zh: "没有名称", en: "it has no name")
        }
        guard ids.insert("organisation/" + id.rawValue).inserted else {
            return refuse(
                .organisation, .idRepeated, object.id, "quarter_id", id.rawValue, zh: "前面已有此编号的机构",
                en: "an earlier organization has this id")
        }
        organisation.name = name
        organisation.nameEnglish = object.text("alternate_name") ?? organisation.nameEnglish
        if let word = object.text("legal_status"), let kind = Self.kinds[word] { organisation.kind = kind }
        // Without words of its own an organisation is described by what it is.
        if let about = object.text("description"), Self.kinds[about] == nil || organisation.about != nil,
            Self.kinds[about] != organisation.kind
        {
            organisation.about = about
        }
        for identifier in file.all("organization_identifiers", "organization_id", object.id) {
            let words = [identifier.text("identifier_scheme"), identifier.text("identifier_type")]
            guard words.contains("CN-USCC") || words.contains("统一社会信用代码"),
                let text = identifier.text("identifier")
            else { continue }
            do throws(CreditCode.Fault) {
                organisation.creditCode = try CreditCode(text).text
            } catch {
                warn(
                    .creditCodeInvalid, object.id, "identifier", text,
                    zh: "统一社会信用代码不对：\(error.words.zh)", en: "the credit code is wrong: \(error.words.en)")
            }
        }
        let phones = file.all("phones", "organization_id", object.id)
            .filter {
                $0.text("service_id") == nil && $0.text("location_id") == nil
                    && $0.text("service_at_location_id") == nil
            }
        if let phone = phone(phones, object.id, stored: organisation.phone) { organisation.phone = phone }
        do throws(DirectoryError) {
            var members: [String: JSONValue] = [
                "name": .string(organisation.name), "kind": .string(organisation.kind.rawValue),
            ]
            members["name_en"] = organisation.nameEnglish.map(JSONValue.string)
            members["credit_code"] = organisation.creditCode.map(JSONValue.string)
            members["phone"] = organisation.phone.map(JSONValue.string)
            members["address"] = organisation.address.map(JSONValue.string)
            members["about"] = organisation.about.map(JSONValue.string)
            organisations.append(try OrganisationBody(.object(members)).organisation(id))
            organisationIDs[object.id] = id
        } catch {
            refuse(.organisation, object.id, error)
        }
    }

    /// Kinds of organisations by the words that an export has for them.
    private static let kinds: [String: Organisation.Kind] = [
        "企业": .company, "个体工商户": .soleTrader, "党政机关": .government, "事业单位": .publicInstitution,
        "社会组织": .socialOrganisation, "居民自治组织": .residents, "其他机构": .other,
    ]

    // MARK: places

    private mutating func take(service: HSDSFile.Object) {
        let status = service.text("status")
        if status == "defunct" || status == "inactive" {
            leftOut.append(service.id)
            return warn(
                .serviceClosed, service.id, "status", status, zh: "服务已停止，未导入",
                en: "it is not offered any more, and was left out")
        }
        let both = file.all("service_at_locations", "service_id", service.id)
        if both.count < 2 { return take(service, at: both.first, key: service.id, isFirst: true) }
        for (number, one) in both.enumerated() {
            take(
                service, at: one, key: service.id + " " + (one.text("location_id") ?? one.id),
                isFirst: number == 0)
        }
    }

    private mutating func take(
        _ service: HSDSFile.Object, at both: HSDSFile.Object?, key: String, isFirst: Bool
    ) {
        guard let name = service.text("name") else {
            return refuse(.place, .nameMissing, service.id, "name", nil, zh: "没有名称", en: "it has no name")
        }
        guard let type = type(of: service, name) else { return }
        let own = isOwn && isFirst ? service.text("quarter_id").flatMap(PlaceID.init(rawValue:)) : nil
        let id = own ?? KeyText.id(source: source, key: key)
        guard ids.insert("place/" + id.rawValue).inserted else {
            return refuse(
                .place, .idRepeated, service.id, "quarter_id", id.rawValue, zh: "前面已有此编号的网点",
                en: "an earlier service is the same place")
        }
        let stored = known.place(id)
        var place = stored ?? Place(id: id, type: type.id, name: name)
        if place.type != type.id { (place.type, place.attributes) = (type.id, [:]) }
        var stated: Set<String> = ["type", "name"]
        place.status = .active
        place.name = name
        func say(_ field: String, _ text: String?, _ path: WritableKeyPath<Place, String?>) {
            guard let text else { return }
            stated.insert(field)
            // A text that comes back is left as it is stored, however its white space is.
            if place[keyPath: path]?.split(whereSeparator: \.isWhitespace).joined(separator: " ") != text {
                place[keyPath: path] = text
            }
        }
        say("name_en", service.text("alternate_name"), \.nameEnglish)
        let location = file.object("locations", both?.text("location_id"))
        if location == nil, let missing = both?.text("location_id") {
            warn(
                .referenceUnknown, service.id, "location_id", missing, zh: "文件中没有这个地点，其坐标和地址未知",
                en: "the file does not have this location, so neither its point nor its address is known")
        }
        if let location {
            if let address = file.all("addresses", "location_id", location.id).first {
                let lines = [address.text("address_1"), address.text("address_2")].compactMap { $0 }
                say("address", lines.isEmpty ? nil : lines.joined(separator: ", "), \.address)
            }
            locate(&place, location, service.id, &stated)
            if location.text("external_identifier_type") == "统计用区划代码",
                let code = location.text("external_identifier"),
                let community = sink.allCommunities.first(where: { $0.administrativeCode == code })
            {
                stated.insert("community")
                place.community = community.id
            }
        }
        // A room is one of the place that it lies in, of which HSDS says nothing.
        if file.isOurProfile, place.within != nil { say("room", both?.text("description"), \.room) }
        times(&place, service, both, &stated)
        let phones =
            (both.map { file.all("phones", "service_at_location_id", $0.id) } ?? [])
            + file.all("phones", "service_id", service.id)
            + (location.map { file.all("phones", "location_id", $0.id) } ?? [])
        say("phone", phone(phones, service.id, stored: place.phone), \.phone)
        if let organisation = service.text("organization_id") {
            if let id = organisationIDs[organisation] {
                stated.insert("organisation")
                place.organisation = id
            } else {
                warn(
                    .referenceUnknown, service.id, "organization_id", organisation, zh: "文件中没有可用的这个机构，未关联",
                    en: "the file has no such organization that can be used, so none is named")
            }
        }
        areas(&place, service, &stated)
        attributes(&place, type, service, &stated)
        if status(service) == "temporarily closed", stored?.exceptions.isEmpty ?? true {
            warn(
                .serviceSuspended, service.id, "status", nil,
                zh: "暂停服务，但没有写明到何时；请用 quarterctl places suspend 登记",
                en:
                    "it is closed for a while, and nobody says until when: `quarterctl places suspend` writes it down"
            )
        }
        if place.location == nil, stored == nil {
            note(
                "warning", RowFindingCode.unplaced.rawValue, service.id, "location", nil,
                zh: "没有可用的坐标，暂不能按步行计算", en: "there is no point that can be used, so no walk leads there")
        }
        do throws(DirectoryError) {
            // The same checks as a write has; attributes were checked one by one.
            var bare = place
            bare.attributes = [:]
            _ = try PlaceBody(PlaceBody.json(of: bare)).place(id, of: type)
        } catch {
            return refuse(.place, service.id, error)
        }
        taken[type.id, default: 0] += 1
        places.append(
            SourcedPlace(key: key, place: place, raw: [:], isIdentified: own != nil, stated: stated))
    }

    private func status(_ service: HSDSFile.Object) -> String? { service.text("status") }

    private mutating func locate(
        _ place: inout Place, _ location: HSDSFile.Object, _ record: String, _ stated: inout Set<String>
    ) {
        guard let latitude = location.text("latitude"), let longitude = location.text("longitude") else {
            return
        }
        do throws(CoordinateFault) {
            let read = try CoordinateReader.read(latitude: latitude, longitude: longitude)
            for fault in read.findings { note(fault, record) }
            guard let point = DatumTransformation.transformed(read.given(in: .wgs84), to: .wgs84).coordinate
            else { return }
            stated.insert("location")
            // An export has seven decimals: a point that comes back is no change.
            if let before = place.location, before.isNear(point) { return }
            (place.location, place.given) = (point, nil)
        } catch {
            note(error, record)
        }
    }

    private mutating func note(_ fault: CoordinateFault, _ record: String) {
        note(
            "warning", "coordinate_" + fault.code.rawValue, record, "location", nil,
            zh: fault.message.zh + "；" + fault.advice.zh, en: fault.message.en + "; " + fault.advice.en)
    }

    private mutating func times(
        _ place: inout Place, _ service: HSDSFile.Object, _ both: HSDSFile.Object?,
        _ stated: inout Set<String>
    ) {
        let schedules =
            (both.map { file.all("schedules", "service_at_location_id", $0.id) } ?? [])
            + file.all("schedules", "service_id", service.id)
        guard !schedules.isEmpty else { return }
        if file.isOurProfile, let words = schedules.lazy.compactMap({ $0.text("description") }).first {
            stated.insert("hours")
            if place.hours?.split(whereSeparator: \.isWhitespace).joined(separator: " ") != words {
                place.hours = words
            }
            return
        }
        do throws(HSDSHours.Fault) {
            guard let hours = try HSDSHours.text(of: schedules, today: today, profile: file.isOurProfile)
            else { return }
            stated.insert("hours")
            place.hours = hours
        } catch {
            warn(
                .scheduleUnreadable, service.id, "schedules", schedules[0].id,
                zh: "时间不是每周重复的规则，未采用：\(error.words.zh)",
                en: "its times are no week that comes again and again, and were left out: \(error.words.en)")
        }
    }

    /// The first number that may be stored.
    private mutating func phone(_ phones: [HSDSFile.Object], _ record: String, stored: String?) -> String? {
        var refused: PersonalPhone?
        for object in phones {
            guard let text = object.text("number") else { continue }
            // A number that is no service number was never stored, so what is stored may come back.
            if text == stored { return text }
            let numbers = PersonalPhone.read(text + (object.text("extension").map { "转" + $0 } ?? ""))
            if let number = numbers.first(where: \.isService) { return number.shown }
            refused = refused ?? numbers.first
        }
        guard let refused else { return nil }
        if refused.kind == .mobile {
            warn(
                .phonePersonal, record, "phone", refused.shown, zh: "个人手机号未登记（没有同意记录），只显示 \(refused.shown)",
                en: "a person's number is not stored without a consent (\(refused.shown))")
        } else {
            warn(
                .phoneInvalid, record, "phone", refused.shown, zh: "电话号码不对，未采用",
                en: "that is no telephone number here, and was left out")
        }
        return nil
    }

    private mutating func areas(
        _ place: inout Place, _ service: HSDSFile.Object, _ stated: inout Set<String>
    ) {
        var communities: [CommunityID] = []
        let (sink, known) = (sink, known)
        for area in file.all("service_areas", "service_id", service.id) {
            let words = [area.text("extent"), area.text("name")].compactMap { $0 }
            let found = words.lazy.compactMap { word in
                sink.allCommunities.first { $0.administrativeCode == word }?.id
                    ?? known.community(named: word)
            }.first
            if let found {
                communities.append(found)
            } else {
                warn(
                    .serviceAreaUnknown, service.id, "service_areas", words.last, zh: "没有这个社区，服务范围中未列入",
                    en: "there is no such community, and it was left out of the service area")
            }
        }
        guard !communities.isEmpty else { return }
        stated.insert("service_area")
        place.serviceArea.communities = communities
    }

    // MARK: types and attributes

    /// The terms of a service, each with the attribute that names it.
    private func terms(of service: HSDSFile.Object) -> [(attribute: HSDSFile.Object, term: HSDSFile.Object?)]
    {
        file.all("attributes", "link_id", service.id).map {
            ($0, file.object("taxonomy_terms", $0.text("taxonomy_term_id")))
        }
    }

    private mutating func type(of service: HSDSFile.Object, _ name: String) -> ServiceTypeDescription? {
        var words: [String] = []
        for (attribute, term) in terms(of: service) {
            if let term, term.text("taxonomy") == Self.typeTaxonomy, let code = term.text("code"),
                let type = known.types[ServiceTypeID(unchecked: code)]
            {
                return type
            }
            if term?.text("taxonomy") == Self.attributeTaxonomy { continue }
            words += [attribute.text("value"), attribute.text("label")].compactMap { $0 }
            // Terms above may be in a circle: no taxonomy is deeper.
            var next = term
            for _ in 0..<16 {
                guard let term = next else { break }
                words += [term.text("code"), term.text("name")].compactMap { $0 }
                next = file.object("taxonomy_terms", term.text("parent_id"))
            }
        }
        let (mapping, known) = (mapping, known)
        let found =
            words.lazy.compactMap { mapping.types[$0] }.first { known.types[$0] != nil }
            ?? words.lazy.compactMap { known.type(named: $0) }.first ?? type
        if let found, let description = known.types[found] { return description }
        if words.isEmpty {
            refuse(
                .place, .typeMissing, service.id, nil, String(name.prefix(60)),
                zh: "没有说明业态，请用 --type 说明，或为它加上分类",
                en: "it says no service type; give --type, or a taxonomy term")
        } else {
            refuse(
                .place, .typeUnknown, service.id, nil, words.prefix(3).joined(separator: ", "),
                zh: "“\(name.prefix(40))”的分类不是已有的业态，请在对应表的 [types] 中说明",
                en: "the terms of \(name.shortened()) name no service type; name it in [types] of the mapping"
            )
        }
        return nil
    }

    private mutating func attributes(
        _ place: inout Place, _ type: ServiceTypeDescription, _ service: HSDSFile.Object,
        _ stated: inout Set<String>
    ) {
        let prefix = type.id.rawValue + "."
        for (object, term) in terms(of: service) {
            guard let term, term.text("taxonomy") == Self.attributeTaxonomy, let code = term.text("code"),
                code.hasPrefix(prefix), let value = object.text("value")
            else { continue }
            let key = String(code.dropFirst(prefix.count))
            guard let attribute = type.attributes.first(where: { $0.key == key }) else {
                warn(
                    .attributeUnreadable, service.id, "attributes." + key.prefix(60), value,
                    zh: "业态没有这个属性，未采用",
                    en: "the type has no such attribute, and it was left out")
                continue
            }
            stated.insert("attributes." + key)
            // What comes back as it went out is no change, whatever its words have lost.
            if let present = place.attributes[key] {
                let words = attribute.text(of: present, in: .zh)
                if words.split(whereSeparator: \.isWhitespace).joined(separator: " ") == value { continue }
            }
            let reading = attribute.read(value)
            if let read = reading.value { place.attributes[key] = read }
            for finding in reading.findings {
                warn(
                    .attributeUnreadable, service.id, "attributes." + key, value, zh: finding.message.zh,
                    en: finding.message.en)
            }
        }
    }
}
