internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit

/// A node, way or relation by its kind and number: `n123`, `w123`, `r123`.
struct OSMThingID: Hashable, Comparable, Sendable {
    /// What it is.
    enum Kind: UInt8, Comparable, Sendable {
        case node
        case way
        case relation
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    var kind: Kind
    var number: Int64

    /// The source's own key for it, such as `n123`.
    var key: String { ["n", "w", "r"][Int(kind.rawValue)] + String(number) }
    /// The text of the id of what it becomes, such as `osm-n123`.
    var recordID: String { "osm-" + key }

    static func < (left: Self, right: Self) -> Bool {
        (left.kind, left.number) < (right.kind, right.number)
    }
}

/// Names, address and own words out of the tags of a thing.
enum OSMTagRules {
    /// The keys that make a thing one that a person would look for: each such thing is accounted for.
    static let interestKeys = ["shop", "amenity", "leisure", "healthcare", "office", "craft", "tourism"]

    /// What stands before a key when the thing is gone, or not there yet.
    /// Source: https://wiki.openstreetmap.org/wiki/Lifecycle_prefix
    static let lifecyclePrefixes = [
        "disused", "abandoned", "demolished", "removed", "razed", "was", "closed", "construction", "proposed",
        "planned",
    ]

    /// Every lifecycle prefix with every key of interest, such as `disused:shop`.
    static let lifecycleKeys = lifecyclePrefixes.flatMap { prefix in interestKeys.map { prefix + ":" + $0 } }

    /// The name on the door: name, name:zh, name:en, brand, in that order.
    static func name(_ tags: [String: String]) -> String? {
        for key in ["name", "name:zh", "name:en", "brand"] {
            if let name = cleaned(tags[key], limit: 200) { return name }
        }
        return nil
    }

    /// The English name, where there is one and it is not the name already.
    static func nameEnglish(_ tags: [String: String]) -> String? { cleaned(tags["name:en"], limit: 200) }

    /// Everything that it is called, for the words of selectors.
    static func allNames(_ tags: [String: String]) -> String? {
        let names = ["name", "name:zh", "official_name", "alt_name", "brand"].compactMap { tags[$0] }
        return names.isEmpty ? nil : names.joined(separator: "\n")
    }

    /// Its address: addr:full, or the parts in the order of the street's script.
    static func address(_ tags: [String: String]) -> String? {
        if let full = cleaned(tags["addr:full"], limit: 500) { return full }
        let street = tags["addr:street"] ?? tags["addr:place"]
        guard let street else { return nil }
        let number = tags["addr:housenumber"]
        if isHan(street) {
            let wide = ["addr:city", "addr:district", "addr:subdistrict"].compactMap { tags[$0] }.filter(
                isHan)
            let door = number.map { $0.allSatisfy(\.isASCII) && $0.last?.isNumber == true ? $0 + "号" : $0 }
            return cleaned(wide.joined() + street + (door ?? ""), limit: 500)
        }
        let line = [number, street].compactMap { $0 }.joined(separator: " ")
        return cleaned([line, tags["addr:city"]].compactMap { $0 }.joined(separator: ", "), limit: 500)
    }

    /// The tags without what belongs to a person: telephone numbers and the like are not read from a map.
    static func withoutContacts(_ tags: [String: String]) -> [String: String] {
        var kept: [String: String] = [:]
        for (key, value) in tags where !isContact(key) {
            kept[key] = PersonalData.masked(value) ?? value
        }
        return kept
    }

    private static func isContact(_ key: String) -> Bool {
        let parts = key.lowercased().split(separator: ":")
        return parts.contains { part in
            contactWords.contains(String(part)) || part.hasSuffix("phone") || part.hasSuffix("email")
        }
    }

    private static let contactWords: Set<String> = [
        "contact", "phone", "mobile", "email", "fax", "wechat", "qq", "whatsapp", "facebook", "instagram",
        "telegram",
        "line", "viber", "twitter", "weibo",
    ]

    /// Why a thing that is tagged as if it were there is not to be listed, or nil.
    static func reasonGone(_ tags: [String: String]) -> String? {
        for key in ["disused", "abandoned", "demolished", "razed", "removed"] where tags[key] == "yes" {
            return key + "=yes"
        }
        if let hours = tags["opening_hours"]?.lowercased(), hours == "off" || hours == "closed" {
            return "opening_hours=" + hours
        }
        for key in interestKeys {
            if let value = tags[key], goneValues.contains(value) { return key + "=" + value }
        }
        return nil
    }

    private static let goneValues: Set<String> = [
        "vacant", "disused", "abandoned", "closed", "construction", "no",
    ]

    /// The tag that says that a thing is gone or not there yet, such as "disused:shop", or nil.
    static func lifecycleKey(_ tags: [String: String]) -> String? {
        lifecycleKeys.first { tags[$0] != nil && tags[$0] != "no" }
    }

    /// The tags that make it a thing of interest, as words: "amenity=bench", or nil.
    static func interest(_ tags: [String: String]) -> String? {
        let found = interestKeys.compactMap { key in tags[key].map { "\(key)=\($0)" } }
        return found.isEmpty ? nil : found.joined(separator: " + ")
    }

    /// Whether a text has a Han character.
    static func isHan(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x3400...0x9FFF).contains($0.value) || $0.value >= 0x20000 }
    }

    /// A text of one line, not empty, at most `limit` characters, without a person's number.
    static func cleaned(_ text: String?, limit: Int) -> String? {
        guard let text else { return nil }
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: plain.append(" ")
            // Marks of direction and the like: nothing to see, and able to turn a line round.
            case .format: break
            default: plain.append(scalar)
            }
        }
        let words = String(plain).split(separator: " ", omittingEmptySubsequences: true).joined(
            separator: " ")
        guard !words.isEmpty else { return nil }
        return String((PersonalData.masked(words) ?? words).prefix(limit))
    }
}
