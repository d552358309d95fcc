package import DirectoryModel
internal import ServiceTypeKit

/// An organisation as a client sends it.
package struct OrganisationBody: Hashable, Sendable {
    /// Its name, 1…200 characters.
    package var name: String
    /// Its English name.
    package var nameEnglish: String?
    /// What it is.
    package var kind: Organisation.Kind
    /// Its unified social credit code, checked.
    package var creditCode: CreditCode?
    /// A service number.
    package var phone: String?
    /// Its address.
    package var address: String?
    /// What it does.
    package var about: String?

    /// The fields that a client may send.
    package static let fields = ["name", "name_en", "kind", "credit_code", "phone", "address", "about"]

    /// Reads an organisation.
    ///
    /// - Throws: `invalid_record` naming the field.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "organisation")
        name = try reader.requiredText("name", limit: 200)
        nameEnglish = try reader.text("name_en", limit: 200)
        kind = try reader.word("kind") ?? .other
        creditCode = try reader.creditCode("credit_code")
        phone = try reader.text("phone", limit: 40)
        address = try reader.text("address")
        about = try reader.text("about")
        try reader.finish()
    }
}

/// An activity as a client sends it.
package struct ActivityBody: Hashable, Sendable {
    /// Its name, 1…200 characters.
    package var name: String
    /// Its English name.
    package var nameEnglish: String?
    /// Who runs it.
    package var organisation: OrganisationID?
    /// The place where it takes place.
    package var place: PlaceID?
    /// Where it takes place, if not at a place.
    package var location: Coordinate?
    /// The community that it is said to lie in; nil to find it by place or boundary.
    package var community: CommunityID?
    /// Its sessions, written like opening times.
    package var times: String
    /// The first day of its term.
    package var firstDay: LocalDay?
    /// The last day of its term, included.
    package var lastDay: LocalDay?
    /// Spans of time in which something else holds.
    package var exceptions: [DatedException]
    /// How many people can take part.
    package var capacity: Int?
    /// What it costs once.
    package var price: Money?
    /// From which age, in years.
    package var minimumAge: Int?
    /// Up to which age, in years, included.
    package var maximumAge: Int?
    /// How to sign up.
    package var registration: String?
    /// What it is about.
    package var about: String?
    /// Whether it still takes place.
    package var status: PlaceStatus

    /// The fields that a client may send.
    package static let fields = [
        "name", "name_en", "organisation", "place", "location", "community", "times", "first_day", "last_day",
        "exceptions", "capacity", "price", "minimum_age", "maximum_age", "registration", "about", "status",
    ]

    /// Reads an activity.
    ///
    /// - Throws: `invalid_record` naming the field.
    package init(_ value: JSONValue) throws(DirectoryError) {
        var reader = try JSONObjectReader(value, what: "activity")
        name = try reader.requiredText("name", limit: 200)
        nameEnglish = try reader.text("name_en", limit: 200)
        organisation = try reader.id("organisation")
        place = try reader.id("place")
        location = try reader.point("location")
        community = try reader.id("community")
        times = try reader.requiredText("times")
        firstDay = try reader.day("first_day")
        lastDay = try reader.day("last_day")
        exceptions = try reader.exceptions("exceptions")
        capacity = try reader.whole("capacity", in: 0...1_000_000)
        price = try reader.whole("price", in: 0...100_000_000).map { Money(fen: $0) }
        minimumAge = try reader.whole("minimum_age", in: 0...150)
        maximumAge = try reader.whole("maximum_age", in: 0...150)
        registration = try reader.text("registration")
        about = try reader.text("about")
        status = try reader.word("status") ?? .active
        try reader.finish()
        if let firstDay, let lastDay, lastDay < firstDay {
            throw DirectoryError(
                .invalidRecord, "activity: “last_day” comes before “first_day”", location: "last_day")
        }
        if let minimumAge, let maximumAge, maximumAge < minimumAge {
            throw DirectoryError(
                .invalidRecord, "activity: “maximum_age” is less than “minimum_age”", location: "maximum_age")
        }
        if place != nil, location != nil {
            throw DirectoryError(
                .invalidRecord, "activity: both a place and a location are given",
                advice: "leave the location out: the place has one", location: "location")
        }
    }
}

extension OrganisationBody {
    /// The organisation that the body describes.
    ///
    /// - Throws: `invalid_record` for a person's number.
    package func organisation(_ id: OrganisationID) throws(DirectoryError) -> Organisation {
        if let about, let masked = PersonalData.masked(about) {
            throw DirectoryError(
                .invalidRecord, "organisation: \(masked.shortened()) holds a person's own number",
                advice: "give a service number, or none", location: "about")
        }
        return Organisation(
            id: id, name: name, nameEnglish: nameEnglish, kind: kind, creditCode: creditCode?.text,
            phone: try PhoneRule.service(phone, of: "organisation"), address: address, about: about)
    }
}

extension ActivityBody {
    /// The activity that the body describes; its community is the stated one.
    ///
    /// - Throws: `invalid_record` for a person's number.
    package func activity(_ id: ActivityID) throws(DirectoryError) -> Activity {
        let texts = [registration, about, name].compactMap { $0 }
        if let masked = texts.lazy.compactMap({ PersonalData.masked($0) }).first {
            throw DirectoryError(
                .invalidRecord, "activity: \(masked.shortened()) holds a person's own number",
                advice: "give a service number, or none")
        }
        return Activity(
            id: id, name: name, nameEnglish: nameEnglish, organisation: organisation, place: place,
            location: location, community: community, times: times, firstDay: firstDay, lastDay: lastDay,
            exceptions: exceptions, capacity: capacity, price: price, minimumAge: minimumAge,
            maximumAge: maximumAge, registration: registration, about: about, status: status)
    }
}

extension ServiceArea {
    /// Ids of each kind at most.
    ///
    /// Chosen, not measured: a street office has some dozen communities, a community some hundred buildings.
    package static let maximumCount = 5_000
}

extension JSONObjectReader {
    /// The service area under a key; an empty one where it is missing or null.
    mutating func serviceArea(_ key: String) throws(DirectoryError) -> ServiceArea {
        guard let value = any(key) else { return ServiceArea() }
        var reader = try JSONObjectReader(value, what: "service area")
        let area = ServiceArea(
            communities: try reader.ids("communities", limit: ServiceArea.maximumCount),
            grids: try reader.ids("grids", limit: ServiceArea.maximumCount),
            origins: try reader.ids("origins", limit: ServiceArea.maximumCount))
        try reader.finish()
        return area
    }

    /// The credit code under a key, or nil.
    ///
    /// - Throws: `invalid_record` saying what is wrong with it.
    fileprivate mutating func creditCode(_ key: String) throws(DirectoryError) -> CreditCode? {
        guard let text = try text(key, limit: 40) else { return nil }
        do throws(CreditCode.Fault) {
            return try CreditCode(text)
        } catch {
            throw DirectoryError(
                .invalidRecord, "organisation: “\(key)” is \(text.shortened()): \(error.words.en)",
                advice: "copy it from the licence", location: key, cause: error.words.zh)
        }
    }
}

extension CreditCode.Fault {
    /// What is wrong, in words.
    package var words: LocalizedText {
        switch self {
        case .length(let count):
            LocalizedText(zh: "应为 18 位，实为 \(count) 位", en: "it has \(count) characters, and not 18")
        case .character(let position):
            LocalizedText(
                zh: "第 \(position) 位不是数字或大写字母（不用 I、O、S、V、Z）",
                en: "character \(position) is no digit and no capital letter other than I O S V Z")
        case .organisationCheck:
            LocalizedText(
                zh: "第 9–17 位的组织机构代码校验不符",
                en: "the organisation code in it, characters 9 to 17, fails its check")
        case .check: LocalizedText(zh: "校验位不符", en: "its last character does not fit the others")
        }
    }
}
