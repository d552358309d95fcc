internal import AreaGeometry
internal import DirectoryAPI
internal import DirectoryModel
internal import RegisterMatching
internal import ServiceTypeKit

/// What the directory knows already, as rows of a table name it.
final class KnownThings {
    /// Service types by id.
    let types: [ServiceTypeID: ServiceTypeDescription]
    /// Whether points in an offset datum are turned into WGS-84.
    let turnsBack: Bool
    /// Finds the point of an address.
    private(set) lazy var addresses = AddressIndex(
        sink.knownAddresses.map {
            KnownAddress(id: $0.id, parts: AddressText($0.text).parts, coordinate: $0.location)
        })
    private let sink: any RegisterSink
    private var typesByWord: [String: ServiceTypeID?] = [:]
    /// The same by words as rows have them.
    private var typesAsWritten: [String: ServiceTypeID?] = [:]
    private var attributes: [ServiceTypeID: [String: AttributeDescription?]] = [:]
    private var communities: [String: CommunityID?] = [:]
    private let boundaries: [(id: CommunityID, area: PreparedArea)]

    init(_ sink: any RegisterSink) {
        self.sink = sink
        turnsBack = sink.turnsOffsetDatums
        types = Dictionary(sink.typeDescriptions.map { ($0.id, $0) }) { first, _ in first }
        let all = sink.allCommunities
        boundaries = all.compactMap { community in
            community.boundary.flatMap { try? PreparedArea($0) }.map { (community.id, $0) }
        }
        for type in sink.typeDescriptions {
            for word in Set([type.id.rawValue, type.name.zh, type.name.en] + type.searchWords) {
                note(word, type.id)
            }
        }
        for community in all {
            for word in Set([community.id.rawValue, community.name, Self.stem(community.name)]) {
                communities[word] = communities[word] == nil ? .some(community.id) : .some(nil)
            }
        }
    }

    /// A word that two types have names none.
    private func note(_ word: String, _ type: ServiceTypeID) {
        let key = PlaceField.folded(word)
        switch typesByWord[key] {
        case .none: typesByWord[key] = .some(type)
        case .some(type): break
        case .some: typesByWord[key] = .some(nil)
        }
    }

    /// The service type that a word names; nil for none, or several.
    func type(named word: String) -> ServiceTypeID? {
        if word.isEmpty { return nil }
        if let known = typesAsWritten[word] { return known }
        let type = typesByWord[PlaceField.folded(word)] ?? nil
        // A column has few words, or is none.
        if typesAsWritten.count < 1_000 { typesAsWritten[word] = .some(type) }
        return type
    }

    /// The attribute of a type that reads a column, asked for the same few headers again and again.
    func attribute(of type: ServiceTypeDescription, forColumn header: String) -> AttributeDescription? {
        if let known = attributes[type.id]?[header] { return known }
        let attribute = type.attribute(forColumn: header)
        attributes[type.id, default: [:]][header] = .some(attribute)
        return attribute
    }

    /// The one service type whose name, or a word of it, is in a text such as the name of a sheet.
    func type(in text: String) -> ServiceTypeID? {
        let folded = PlaceField.folded(text)
        var found: [(type: ServiceTypeID, length: Int)] = []
        for (word, type) in typesByWord {
            guard let type, word.count >= 2, folded.contains(word) else { continue }
            found.append((type, word.count))
        }
        guard let longest = found.map(\.length).max() else { return nil }
        let best = Set(found.filter { $0.length == longest }.map(\.type))
        return best.count == 1 ? best.first : nil
    }

    /// The community of a code or a name, with or without 社区 or 居委会 behind it.
    func community(named word: String) -> CommunityID? {
        (communities[word] ?? communities[Self.stem(word)]) ?? nil
    }

    private static func stem(_ name: String) -> String {
        for suffix in ["社区居民委员会", "社区居委会", "社区", "居委会"] where name.hasSuffix(suffix) && name != suffix {
            return String(name.dropLast(suffix.count))
        }
        return name
    }

    /// A place as it is stored, or nil.
    func place(_ id: PlaceID) -> Place? { PlaceID.isValid(id.rawValue) ? sink.storedPlace(id) : nil }

    /// Whether a point lies in a community, or in any where none is stated; nil where no boundary tells.
    func holds(_ community: CommunityID?, _ point: Coordinate) -> Bool? {
        if let community {
            return boundaries.first { $0.id == community }?.area.contains(point)
        }
        return boundaries.isEmpty ? nil : boundaries.contains { $0.area.contains(point) }
    }
}

/// Keys of sources as ids.
enum KeyText {
    /// The id of the place that a source calls `key`: both in one where that can be an id, else a digest of the key.
    static func id(source: SourceID, key: String) -> PlaceID {
        let plain = source.rawValue + "-" + key
        if let id = PlaceID(rawValue: plain) { return id }
        return PlaceID(unchecked: String(source.rawValue.prefix(96)) + "-" + String(digest(key), radix: 16))
    }

    /// 64 bits of a text, the same everywhere and always (FNV-1a with a final mix).
    static func digest(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        return hash ^ hash >> 32
    }
}
