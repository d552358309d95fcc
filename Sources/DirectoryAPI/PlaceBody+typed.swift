package import DirectoryModel
package import ServiceTypeKit

extension PlaceBody {
    /// The place that the body describes, before its module has looked at it; its community is the stated one.
    ///
    /// - Throws: `invalid_record` for a person's number, and for an attribute that the type lacks or whose value has
    ///   another kind.
    package func place(_ id: PlaceID, of type: ServiceTypeDescription) throws(DirectoryError) -> Place {
        Place(
            id: id, type: self.type, name: name, nameEnglish: nameEnglish, location: location,
            community: community, address: address, hours: hours, phone: try PhoneRule.service(phone),
            attributes: try typedAttributes(of: type), status: status, exceptions: try checkedExceptions(),
            calendarPolicy: calendarPolicy, within: within, room: room, organisation: organisation,
            serviceArea: serviceArea, isWalkIn: isWalkIn)
    }

    /// The attributes as the type's schema types them.
    ///
    /// - Throws: `invalid_record` naming the attribute that the type lacks or whose value has another kind.
    private func typedAttributes(of type: ServiceTypeDescription) throws(DirectoryError) -> [String:
        AttributeValue]
    {
        var typed: [String: AttributeValue] = [:]
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) where value != .null {
            guard let attribute = type.attribute(key) else {
                let known = type.attributes.map(\.key)
                throw DirectoryError(
                    .invalidRecord,
                    "place: the type \(type.id) has no attribute \(key.shortened())",
                    advice: known.isEmpty ? "it has none" : "it has " + known.joined(separator: ", "),
                    location: "attributes." + String(key.prefix(60)))
            }
            if case .rows(let schema) = attribute.kind {
                typed[key] = .rows(try schema.rows(of: value, key: key))
                continue
            }
            guard let converted = attribute.kind.value(of: value) else {
                throw DirectoryError(
                    .invalidRecord,
                    "place: the attribute \(key.shortened()) takes \(attribute.kind.jsonWords)",
                    location: "attributes." + key)
            }
            typed[key] = converted
        }
        return typed
    }

    /// The exceptions, none of which names a person.
    ///
    /// - Throws: `invalid_record` for a reason with a mobile or an ID number.
    private func checkedExceptions() throws(DirectoryError) -> [DatedException] {
        for exception in exceptions {
            guard let masked = exception.reason.flatMap(PersonalData.masked) else { continue }
            throw DirectoryError(
                .invalidRecord, "exception: “reason” \(masked.shortened()) holds a person's own number",
                advice: "leave the number out", location: "exceptions.reason")
        }
        return exceptions
    }

    /// A place as a client would send it: what a patch is merged into.
    package static func json(of place: Place) -> JSONValue {
        var members: [String: JSONValue] = [
            "type": .string(place.type.rawValue), "name": .string(place.name),
            "status": .string(place.status.rawValue),
            "attributes": .object(place.attributes.mapValues(\.json)),
        ]
        members["name_en"] = place.nameEnglish.map(JSONValue.string)
        members["location"] = place.location.map {
            .object(["lat": .decimal($0.latitude.value), "lon": .decimal($0.longitude.value)])
        }
        members["community"] = place.community.map { .string($0.rawValue) }
        members["address"] = place.address.map(JSONValue.string)
        members["hours"] = place.hours.map(JSONValue.string)
        members["exceptions"] = .array(place.exceptions.map(\.json))
        members["calendar_policy"] = place.calendarPolicy.map { .string($0.rawValue) }
        members["phone"] = place.phone.map(JSONValue.string)
        members["within"] = place.within.map { .string($0.rawValue) }
        members["room"] = place.room.map(JSONValue.string)
        members["organisation"] = place.organisation.map { .string($0.rawValue) }
        members["service_area"] = place.serviceArea.isEmpty ? nil : place.serviceArea.json
        members["walk_in"] = .bool(place.isWalkIn)
        return .object(members)
    }
}

extension DatedException {
    /// The exception as a client would send it.
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = ["from": .string(from.text), "state": .string(effect.word)]
        members["until"] = until.map { .string($0.text) }
        if case .hours(let text) = effect { members["hours"] = .string(text) }
        members["reason"] = reason.map(JSONValue.string)
        return .object(members)
    }
}

extension ServiceArea {
    /// The area as a client would send it.
    fileprivate var json: JSONValue {
        func ids(_ ids: [some DirectoryID]) -> JSONValue { .array(ids.map { .string($0.rawValue) }) }
        return .object([
            "communities": ids(communities), "grids": ids(grids), "origins": ids(origins),
        ])
    }
}

extension AttributeValue {
    /// The value as JSON has it on the wire.
    fileprivate var json: JSONValue {
        switch self {
        case .bool(let value): .bool(value)
        case .whole(let value): .whole(value)
        case .decimal(let value): .decimal(value)
        case .money(let value): .whole(value.fen)
        case .text(let value): .string(value)
        case .texts(let values): .array(values.map(JSONValue.string))
        case .rows(let rows): .array(rows.map { .object($0.values.mapValues(\.json)) })
        }
    }
}

extension AttributeKind {
    /// A JSON value as a value of this kind, or nil when it is none; ranges are the module's to check.
    fileprivate func value(of json: JSONValue) -> AttributeValue? {
        switch (self, json) {
        case (.bool, .bool(let value)): .bool(value)
        case (.whole, .whole(let value)): .whole(value)
        case (.decimal, .whole(let value)): .decimal(Double(value))
        case (.decimal, .decimal(let value)) where value.isFinite: .decimal(value)
        case (.money, .whole(let fen)): .money(Money(fen: fen))
        case (.text, .string(let value)), (.oneOf, .string(let value)), (.schedule, .string(let value)),
            (.date, .string(let value)):
            .text(value)
        case (.manyOf, .array(let values)): AttributeKind.texts(values)
        default: nil
        }
    }

    private static func texts(_ values: [JSONValue]) -> AttributeValue? {
        var texts: [String] = []
        for value in values {
            guard case .string(let text) = value else { return nil }
            texts.append(text)
        }
        return .texts(texts)
    }

    fileprivate var jsonWords: String {
        switch self {
        case .bool: "true or false"
        case .whole: "a whole number"
        case .decimal: "a number"
        case .money: "a whole number of fen"
        case .text: "a text"
        case .oneOf(let options): "one of " + options.map(\.key).joined(separator: ", ")
        case .manyOf(let options): "an array of " + options.map(\.key).joined(separator: ", ")
        case .schedule: "opening times as a text"
        case .date: "a date such as 2026-09-01"
        case .rows(let schema):
            "an array of objects with " + schema.columns.map(\.key).joined(separator: ", ")
        }
    }
}

extension RowSchema {
    /// A JSON array of objects as typed rows; nulls are left out.
    ///
    /// - Throws: `invalid_record` naming the row, from 1, and the column.
    fileprivate func rows(of json: JSONValue, key: String) throws(DirectoryError) -> [AttributeRow] {
        guard case .array(let values) = json else {
            throw refusal("the attribute \(key.shortened()) takes an array of objects", key)
        }
        guard values.count <= maximumRows else {
            throw refusal("\(key.shortened()) has \(values.count) rows, more than \(maximumRows)", key)
        }
        var rows: [AttributeRow] = []
        rows.reserveCapacity(values.count)
        for (number, value) in values.enumerated() {
            let place = "\(key)[\(number + 1)]"
            guard case .object(let members) = value else {
                throw refusal("row \(number + 1) of \(key.shortened()) is no object", place)
            }
            var row = AttributeRow()
            for (name, cell) in members where cell != .null {
                guard let column = column(name) else {
                    throw refusal(
                        "row \(number + 1) of \(key.shortened()) has no column \(name.shortened())", place,
                        advice: "the columns are " + columns.map(\.key).joined(separator: ", "))
                }
                guard let typed = column.kind.value(of: cell) else {
                    throw refusal(
                        "row \(number + 1) of \(key.shortened()): \(name) takes \(column.kind.jsonWords)",
                        place + "." + name)
                }
                row[name] = typed
            }
            rows.append(row)
        }
        return rows
    }

    private func refusal(_ message: String, _ place: String, advice: String? = nil) -> DirectoryError {
        DirectoryError(
            .invalidRecord, "place: " + message, advice: advice, location: "attributes." + place)
    }
}

extension JSONValue {
    /// This value with a merge patch applied (RFC 7396).
    package func merged(with patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members: [String: JSONValue] = [:]
        if case .object(let present) = self { members = present }
        for (key, change) in changes {
            members[key] = change == .null ? nil : (members[key] ?? .null).merged(with: change)
        }
        return .object(members)
    }
}
