internal import DirectoryModel
internal import RegisterMatching
internal import ServiceTypeKit
internal import TableFiles

/// One column of a table of places.
struct PlaceColumn {
    /// What stands in it.
    enum Content {
        case field(ExportField)
        /// An attribute of each type that has it.
        case attribute([ServiceTypeID: AttributeDescription])
    }

    var title: String
    let content: Content
    var width: Double
    var isText: Bool
    /// Whether an import reads each of its cells back as what is stored.
    var isReadBack: Bool
    /// The attribute that an import clears in each row because of the column; nil for a field.
    var cleared: String?

    /// Whether the title was stated by whoever wants the table, so that nothing is put behind it.
    var isStated = false

    /// What follows the title of a column that an import must not read: no reader knows such a title.
    static let viewOnlyMark = "·仅供查看"
}

/// The words by which a table names types, communities and organisations, such that an import finds them again.
struct TableWords {
    let points: PointWords
    private let types: [ServiceTypeID: String]
    private let communities: [CommunityID: String]
    private let organisations: [OrganisationID: String]

    init(_ extract: DirectoryExtract, points: PointWords) {
        self.points = points
        var owners: [String: Int] = [:]
        for type in extract.types {
            for word in Set(
                ([type.id.rawValue, type.name.zh, type.name.en] + type.searchWords).map(ReaderWords.fold))
            {
                owners[word, default: 0] += 1
            }
        }
        types = Dictionary(
            extract.types.map { type in
                (type.id, owners[ReaderWords.fold(type.name.zh)] == 1 ? type.name.zh : type.id.rawValue)
            }
        ) { first, _ in first }
        var holders: [String: Int] = [:]
        for community in extract.communities {
            for word in Set([community.id.rawValue, community.name, Self.stem(community.name)]) {
                holders[word, default: 0] += 1
            }
        }
        communities = Dictionary(
            extract.communities.map { community in
                (community.id, holders[community.name] == 1 ? community.name : community.id.rawValue)
            }
        ) { first, _ in first }
        organisations = Dictionary(extract.organisations.map { ($0.id, $0.name) }) { first, _ in first }
    }

    /// The type's name, or its id where another type is called so too.
    func word(for type: ServiceTypeID) -> String { types[type] ?? type.rawValue }

    /// The community's name, or its id where another one is called so too.
    func word(for community: CommunityID) -> String { communities[community] ?? community.rawValue }

    /// The organisation's name, or its id where that is not known.
    func word(for organisation: OrganisationID) -> String {
        organisations[organisation] ?? organisation.rawValue
    }

    private static func stem(_ name: String) -> String {
        for suffix in ["社区居民委员会", "社区居委会", "社区", "居委会"] where name.hasSuffix(suffix) && name != suffix {
            return String(name.dropLast(suffix.count))
        }
        return name
    }

    // MARK: cells

    /// The cell of a field, and whether an import reads it back as what is stored.
    func cell(of field: ExportField, _ place: Place) -> (cell: TableCell, readsBack: Bool) {
        switch field {
        case .id, .key: return (.text(place.id.rawValue), true)
        case .name: return Self.plain(place.name)
        case .nameEnglish: return Self.plain(place.nameEnglish)
        case .typeName: return (.text(word(for: place.type)), true)
        case .typeID: return (.text(place.type.rawValue), false)
        case .address: return Self.plain(place.address)
        case .longitude: return point(place) { $0.longitude }
        case .latitude: return point(place) { $0.latitude }
        case .datum:
            return (.text(orEmpty: points.point(of: place)?.datum.officeWord), points.readsBack(place))
        case .hours: return Self.plain(place.hours)
        case .phone:
            guard let phone = place.phone else { return (.empty, true) }
            let isSame = PersonalPhone.read(phone).first(where: \.isService)?.shown == phone
            return (.text(phone), isSame && Self.plain(phone).readsBack)
        case .communityName: return (.text(orEmpty: place.community.map { word(for: $0) }), true)
        case .communityID: return (.text(orEmpty: place.community?.rawValue), false)
        case .status: return (.text(place.status.officeWord), false)
        case .within: return (.text(orEmpty: place.within?.rawValue), false)
        case .room: return (.text(orEmpty: place.room), false)
        case .organisationName: return (.text(orEmpty: place.organisation.map { word(for: $0) }), false)
        case .organisationID: return (.text(orEmpty: place.organisation?.rawValue), false)
        case .calendarPolicy: return (.text(orEmpty: place.calendarPolicy?.officeWord), false)
        case .walkIn: return (.text(place.isWalkIn ? "是" : "否"), false)
        }
    }

    private func point(_ place: Place, _ degrees: (GivenPoint) -> Degrees) -> (TableCell, Bool) {
        (points.point(of: place).map { PointWords.cell(degrees($0)) } ?? .empty, points.readsBack(place))
    }

    /// A text that a register's reader takes as one line.
    private static func plain(_ text: String?) -> (cell: TableCell, readsBack: Bool) {
        guard let text, !text.isEmpty else { return (.empty, true) }
        let isOneLine =
            !text.utf8.contains { $0 <= 0x20 }
            || text.split(whereSeparator: \.isWhitespace).joined(separator: " ") == text
        return (.text(text), isOneLine && AttributeColumn.survives(text))
    }
}
