package import DirectoryModel

/// A place as lists carry it: the record, and the members of its JSON that depend on the record alone.
///
/// A class, so that a list of fifty takes references instead of copying a dozen strings each; the members are
/// written once, when the record is indexed, and copied whole into every list.
package final class PlaceRecord: Sendable {
    /// The record.
    package let place: Place
    private let chinese: Members
    private let english: Members

    /// Members without braces: those before the walk, and those after the opening state.
    struct Members: Sendable {
        let first: [UInt8]
        let last: [UInt8]
    }

    /// Writes the members of a record.
    package init(_ place: Place) {
        self.place = place
        chinese = Members(of: place, in: .zh)
        english = place.nameEnglish == nil ? chinese : Members(of: place, in: .en)
    }

    /// The members in one language.
    @inline(__always)
    func members(in language: Language) -> Members { language == .zh ? chinese : english }
}

extension PlaceRecord.Members {
    init(of place: Place, in language: Language) {
        var json = JSONWriter(capacity: 256)
        json.key("id")
        json.string(place.id.rawValue)
        json.key("name")
        json.string(place.name(in: language))
        json.key("type")
        json.string(place.type.rawValue)
        first = json.bytes()
        json = JSONWriter(capacity: 256)
        json.key("location")
        if let location = place.location { json.point(location) } else { json.null() }
        json.key("address")
        json.string(place.address)
        if let within = place.within {
            json.key("within")
            json.string(within.rawValue)
        }
        if let room = place.room {
            json.key("room")
            json.string(room)
        }
        last = json.bytes()
    }
}
