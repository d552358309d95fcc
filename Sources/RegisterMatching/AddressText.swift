internal import TextSearch

/// The number of a house on a street: 12号, 12-3号, 12号之一, 12号附3号, 甲12号, 12号甲.
package struct HouseNumber: Hashable, Sendable {
    /// The number itself, 1…99,999.
    package let number: Int
    /// What is behind it, one way of writing it: "3" (12-3号, 12号-3, 12号之三), "附3", "甲"; nil without.
    package let sub: String?

    /// A house number; see the fields.
    package init(number: Int, sub: String? = nil) {
        self.number = number
        self.sub = sub
    }

    /// As `12`, `12-3`, `12-附3`, `12-甲`.
    package var text: String { sub.map { "\(number)-\($0)" } ?? "\(number)" }
}

/// The parts of an address, from the widest to the narrowest; nil for what is not in it.
///
/// Names are as they are compared: half-width, simplified and small, without blanks, Han numbers of streets and estates
/// as digits (五道口路 is 5道口路).
package struct AddressParts: Hashable, Sendable {
    /// 省: 江苏 (without 省, 市, 自治区).
    package var province: String?
    /// 市: 南京市.
    package var city: String?
    /// 区县: 玄武区.
    package var district: String?
    /// 街道, 镇, 乡: 钱桥街道.
    package var township: String?
    /// 社区, 村: 翠竹园社区.
    package var community: String?
    /// 路, 街, 巷, 弄, 大道, with lanes: 竹园路, 漕溪路250弄.
    package var street: String?
    /// 门牌号.
    package var house: HouseNumber?
    /// 小区, 苑, 花园, 广场 and the like: 翠竹园.
    package var estate: String?
    /// 东门, 2号门 of an estate.
    package var gate: String?
    /// 幢, 栋, 号楼, 座: 3, a.
    package var building: String?
    /// 单元: 2.
    package var unit: String?
    /// 层: 3, b1.
    package var floor: String?
    /// 室: 501.
    package var room: String?

    /// An address of these parts; see the fields.
    package init(
        province: String? = nil, city: String? = nil, district: String? = nil, township: String? = nil,
        community: String? = nil, street: String? = nil, house: HouseNumber? = nil, estate: String? = nil,
        gate: String? = nil, building: String? = nil, unit: String? = nil, floor: String? = nil,
        room: String? = nil
    ) {
        self.province = province
        self.city = city
        self.district = district
        self.township = township
        self.community = community
        self.street = street
        self.house = house
        self.estate = estate
        self.gate = gate
        self.building = building
        self.unit = unit
        self.floor = floor
        self.room = room
    }

    /// Whether nothing is known that is narrower than a community.
    package var isVague: Bool { street == nil && estate == nil }
}

/// An address as written, and its parts.
///
/// Nothing is refused: what is not understood stays in `unread`. The raw text is kept beside.
package struct AddressText: Hashable, Sendable {
    /// As written.
    package let raw: String
    /// What was understood.
    package let parts: AddressParts
    /// What tells a place by another one: 对面, 路口东600米; nil where the address is the place's own.
    package let relative: String?
    /// Metres that the relative part names; nil without.
    package let relativeMetres: Int?
    /// What was not understood, such as a name at the end; nil where all was.
    package let unread: String?

    /// The longest address that is looked at, in scalars.
    ///
    /// Chosen, not measured.
    package static let lengthLimit = 160

    /// Reads an address; never fails.
    ///
    /// - Complexity: O(n) in the scalars, of which `lengthLimit` are read.
    package init(_ raw: String) {
        self.raw = raw
        var parser = AddressParser(raw)
        parser.parse()
        parts = parser.parts
        relative = parser.relative
        relativeMetres = parser.relativeMetres
        unread = parser.unread
    }
}
