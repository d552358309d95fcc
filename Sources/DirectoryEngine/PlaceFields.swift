internal import DirectoryModel

/// The fields of a place that a source may state, by their names on the wire; an attribute is `attributes.seats`.
enum PlaceFields {
    /// What stands before the name of an attribute.
    static let attributes = "attributes."

    /// One field but the attributes.
    private struct Field: Sendable {
        let name: String
        /// Whether a place says something there.
        let isStated: @Sendable (Place) -> Bool
        let isEqual: @Sendable (Place, Place) -> Bool
        let copy: @Sendable (Place, inout Place) -> Void
    }

    private static let all: [Field] = [
        field("type", \.type) { _ in true },
        field("name", \.name) { !$0.isEmpty },
        field("name_en", \.nameEnglish) { $0 != nil },
        Field(
            name: "location", isStated: { $0.location != nil || $0.given != nil },
            isEqual: { $0.location == $1.location && $0.given == $1.given },
            copy: { ($1.location, $1.given) = ($0.location, $0.given) }),
        field("community", \.community) { $0 != nil },
        field("address", \.address) { $0 != nil },
        field("hours", \.hours) { $0 != nil },
        field("phone", \.phone) { $0 != nil },
        field("exceptions", \.exceptions) { !$0.isEmpty },
        field("calendar_policy", \.calendarPolicy) { $0 != nil },
        field("within", \.within) { $0 != nil },
        field("room", \.room) { $0 != nil },
        field("organisation", \.organisation) { $0 != nil },
        field("service_area", \.serviceArea) { !$0.isEmpty },
        field("walk_in", \.isWalkIn) { !$0 },
    ]

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    private static func field<Value: Equatable & Sendable>(
        _ name: String, _ path: WritableKeyPath<Place, Value> & Sendable,
        isStated: @escaping @Sendable (Value) -> Bool
    ) -> Field {
        Field(
            name: name, isStated: { isStated($0[keyPath: path]) },
            isEqual: { $0[keyPath: path] == $1[keyPath: path] },
            copy: { $1[keyPath: path] = $0[keyPath: path] })
    }

    /// The fields in which a place says something.
    static func stated(by place: Place) -> Set<String> {
        var names = Set(all.lazy.filter { $0.isStated(place) }.map(\.name))
        for key in place.attributes.keys { names.insert(attributes + key) }
        return names
    }

    /// The fields in which two places differ.
    static func differences(_ one: Place, _ other: Place) -> Set<String> {
        var names = Set(all.lazy.filter { !$0.isEqual(one, other) }.map(\.name))
        for key in Set(one.attributes.keys).union(other.attributes.keys)
        where one.attributes[key] != other.attributes[key] {
            names.insert(attributes + key)
        }
        return names
    }

    /// Whether two places say the same in a field.
    static func isEqual(_ name: String, _ one: Place, _ other: Place) -> Bool {
        if let field = byName[name] { return field.isEqual(one, other) }
        let key = String(name.dropFirst(attributes.count))
        return one.attributes[key] == other.attributes[key]
    }

    /// Takes what one place says in a field over into another.
    static func copy(_ name: String, from place: Place, to other: inout Place) {
        if let field = byName[name] { return field.copy(place, &other) }
        let key = String(name.dropFirst(attributes.count))
        other.attributes[key] = place.attributes[key]
    }
}
