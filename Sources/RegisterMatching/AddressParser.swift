internal import TextSearch

/// Takes an address apart, level by level, by the words at the ends of names.
struct AddressParser {
    var parts = AddressParts()
    var relative: String?
    var relativeMetres: Int?
    var unread: String?

    let text: [UInt32]
    var at = 0

    init(_ raw: String) {
        var units: [UInt32] = []
        for scalar in raw.unicodeScalars.prefix(AddressText.lengthLimit) {
            let unit = ComparableText.plain(scalar)
            switch unit {
            case 0x20, 0x09, 0xA0, 0x0A, 0x0D, 0x200B, 0xFEFF: continue
            case 0x2010...0x2015, 0x2212, 0x7E, 0xFF5E: units.append(Self.hyphen)
            // What parts and brackets is one kind of break.
            case 0x2C, 0x3B, 0x3A, 0x28, 0x29, 0x5B, 0x5D, 0x3010, 0x3011, 0x3001, 0x3002, 0x2F, 0x7C, 0x300A,
                0x300B:
                units.append(Self.break)
            default: units.append(unit)
            }
        }
        text = units
    }

    static let hyphen: UInt32 = 0x2D
    static let `break`: UInt32 = 0x2C

    mutating func parse() {
        skipBreaks()
        readProvince()
        readCity()
        readDistrict()
        readTownship()
        readCommunity()
        readStreetAndEstate()
        readInside()
        finish()
    }

    // MARK: Tools

    func string(_ range: Range<Int>) -> String {
        var scalars = String.UnicodeScalarView()
        for unit in text[range] where unit != Self.break {
            if let scalar = Unicode.Scalar(unit) { scalars.append(scalar) }
        }
        return String(scalars)
    }

    func has(_ word: [UInt32], at index: Int) -> Bool {
        index >= 0 && index + word.count <= text.count && text[index..<index + word.count].elementsEqual(word)
    }

    func has(anyOf words: [[UInt32]], at index: Int) -> [UInt32]? {
        words.first { has($0, at: index) }
    }

    func unit(_ index: Int) -> UInt32? { text.indices.contains(index) ? text[index] : nil }

    mutating func skipBreaks() { while unit(at) == Self.break { at += 1 } }

    /// The first end of a name that begins here: where one of the words ends, `least` to `most` units before it.
    func end(of words: [[UInt32]], least: Int, most: Int, stop: (Int) -> Bool) -> (
        name: Int, end: Int
    )? {
        var index = at
        while index < text.count, index - at <= most {
            if index - at >= least, let word = has(anyOf: words, at: index) {
                return (index, index + word.count)
            }
            if text[index] == Self.break || stop(index) { return nil }
            index += 1
        }
        return nil
    }

    func isDigit(_ index: Int) -> Bool { unit(index).map { $0 &- 0x30 < 10 } ?? false }

    // MARK: Wide levels

    mutating func readProvince() {
        for name in AddressWords.provinces where has(name, at: at) {
            let end = at + name.count
            if let suffix = has(anyOf: AddressWords.provinceEnds, at: end) {
                parts.province = string(at..<end)
                // 北京市 is its own city.
                if has(AddressWords.cityEnd, at: end), AddressWords.municipalities.contains(name) {
                    parts.city = string(at..<end + 1)
                }
                at = end + suffix.count
            } else if has(anyOf: AddressWords.streetEnds, at: end) == nil, startsWithCity(end) {
                parts.province = string(at..<end)
                at = end
            }
            break
        }
        skipBreaks()
    }

    /// Whether a city or a district begins at an index: 江苏南京市…, but not 江苏路市场.
    func startsWithCity(_ index: Int) -> Bool {
        for end in index + 2..<index + 5 {
            if has(AddressWords.cityEnd, at: end) || unit(end) == AddressWords.district { return true }
            if has(anyOf: AddressWords.streetEnds, at: end) != nil { return false }
        }
        return false
    }

    mutating func readCity() {
        guard
            let found = end(
                of: AddressWords.cityEnds, least: 2, most: 6,
                stop: { isDigit($0) || has(anyOf: AddressWords.streetEnds, at: $0) != nil }),
            !AddressWords.notCities.contains(text[found.name - 1])
        else { return }
        parts.city = string(at..<found.end)
        at = found.end
        skipBreaks()
    }

    mutating func readDistrict() {
        guard
            let found = end(
                of: AddressWords.districtEnds, least: 1, most: 6,
                stop: { isDigit($0) || has(anyOf: AddressWords.streetEnds, at: $0) != nil }),
            !AddressWords.notDistricts.contains(text[found.name - 1])
        else { return }
        parts.district = string(at..<found.end)
        at = found.end
        skipBreaks()
    }

    mutating func readTownship() {
        guard
            let found = end(
                of: AddressWords.townshipEnds, least: 1, most: 7, stop: { isDigit($0) || stopsTownship($0) })
        else { return }
        // 古镇路 is a road.
        if has(anyOf: AddressWords.streetEnds, at: found.end) != nil { return }
        parts.township = string(at..<found.name) + AddressWords.townshipName(string(found.name..<found.end))
        at = found.end
        skipBreaks()
    }

    /// A road's end that is not the beginning of 街道.
    func stopsTownship(_ index: Int) -> Bool {
        guard has(AddressWords.streetOffice, at: index) else {
            return has(anyOf: AddressWords.streetEnds, at: index) != nil
        }
        return false
    }

    mutating func readCommunity() {
        guard
            let found = end(
                of: AddressWords.communityEnds, least: 1, most: 10,
                stop: { isDigit($0) || has(anyOf: AddressWords.streetEnds, at: $0) != nil })
        else { return }
        if has(AddressWords.village, at: found.name), found.end == found.name + 1 {
            // 新村 is an estate, and a village with a number behind it is built like one.
            let isNew = unit(found.name - 1) == AddressWords.new
            if isNew || numberEnd(found.end) != nil
                || has(anyOf: AddressWords.streetEnds, at: found.end) != nil
            {
                return
            }
        }
        // 竹园社区服务中心, 社区医院: a name, no level.
        if has(anyOf: AddressWords.afterCommunity, at: found.end) != nil { return }
        parts.community = string(at..<found.name) + AddressWords.communityName(string(found.name..<found.end))
        at = found.end
        skipBreaks()
    }

    // MARK: Street, house, estate

    mutating func readStreetAndEstate() {
        // An estate may stand before the street, and a street before the estate.
        for _ in 0..<2 {
            if parts.street == nil, readStreet() { continue }
            if parts.estate == nil { readEstate() }
        }
    }

    mutating func readStreet() -> Bool {
        var index = at
        var found: (name: Int, end: Int)?
        while index < text.count, index - at <= 12 {
            let here = text[index]
            if here == Self.break || here == Self.hyphen || here == AddressWords.number { break }
            if isDigit(index) {
                // 光明6路, 纬7路: a number within the name.
                var end = index
                while isDigit(end) { end += 1 }
                guard end - index <= 2, index > at, has(anyOf: AddressWords.numberedStreets, at: end) != nil
                else {
                    break
                }
                index = end
                continue
            }
            if index > at, let word = has(anyOf: AddressWords.streetEnds, at: index), isStreetEnd(index, word)
            {
                found = (index, index + word.count)
                // 马路街, 大道北路: the name goes on.
                if let more = has(anyOf: AddressWords.streetEnds, at: index + word.count),
                    isStreetEnd(index + word.count, more)
                {
                    found = (index, index + word.count + more.count)
                }
                break
            }
            index += 1
        }
        guard var end = found?.end else { return false }
        // 翠竹园小区竹园路: an estate stands before.
        for start in stride(from: end - 3, to: at + 1, by: -1)
        where has(anyOf: AddressWords.sureEstateEnds, at: start) != nil {
            guard let word = has(anyOf: AddressWords.sureEstateEnds, at: start), start + word.count < end - 2
            else { continue }
            parts.estate = string(at..<start + word.count)
            at = start + word.count
            break
        }
        // 人民路2段, 漕溪路250弄, 光明六路105巷3弄.
        while let number = numberEnd(end), has(anyOf: AddressWords.laneEnds, at: number.end) != nil {
            end = number.end + 1
        }
        parts.street = Self.key(string(at..<end))
        at = end
        readHouse()
        return true
    }

    /// 道 alone ends a street where a number follows; 街 not in 街道.
    func isStreetEnd(_ index: Int, _ word: [UInt32]) -> Bool {
        if has(AddressWords.streetOffice, at: index) { return false }
        if word == AddressWords.plainRoad { return numberEnd(index + 1) != nil }
        // 路口, 一路之隔; 上街, 沿街 are no names of one character.
        return true
    }

    /// The number that begins at an index, in digits or Han, and where it ends.
    func numberEnd(_ start: Int) -> (value: Int, end: Int)? {
        var end = start
        var value = 0
        while isDigit(end), end - start < 5, let unit = unit(end) {
            value = value * 10 + Int(unit - 0x30)
            end += 1
        }
        if end > start { return isDigit(end) ? nil : (value, end) }
        return HanNumber.read(text, start)
    }

    mutating func readHouse() {
        var start = at
        var sub: String?
        // 甲12号, 附12号.
        if let mark = unit(start), AddressWords.stems.contains(mark), numberEnd(start + 1) != nil {
            sub = string(start..<start + 1)
            start += 1
        }
        guard let number = numberEnd(start), number.value > 0 else { return }
        var end = number.end
        if let (text, next) = subNumber(end) {
            sub = text
            end = next
        }
        if unit(end) == AddressWords.number || unit(end) == AddressWords.traditionalNumber {
            // 3号楼 is a building, 3号门 a gate.
            guard has(anyOf: AddressWords.afterNumber, at: end + 1) == nil else { return }
            end += 1
            if sub == nil, let (text, next) = subNumber(end) {
                sub = text
                end = unit(next) == AddressWords.number ? next + 1 : next
            }
            // 12号院.
            if unit(end) == AddressWords.yard { end += 1 }
        } else if let next = unit(end), has(anyOf: AddressWords.countWords, at: end) != nil || next == 0x23 {
            // 600米, 3幢, 3#.
            return
        }
        parts.house = HouseNumber(number: number.value, sub: sub)
        at = end
        skipBreaks()
    }

    /// What is behind a number: -3, 之三, 附3, 甲.
    func subNumber(_ start: Int) -> (String, Int)? {
        guard let mark = unit(start) else { return nil }
        if mark == Self.hyphen || mark == AddressWords.of {
            if let number = numberEnd(start + 1) {
                // 12-附3号 is said too.
                return has(anyOf: AddressWords.buildingEnds, at: number.end) == nil
                    ? ("\(number.value)", number.end) : nil
            }
            return mark == Self.hyphen ? subNumber(start + 1) : nil
        }
        if mark == AddressWords.annex, let number = numberEnd(start + 1) {
            return ("附\(number.value)", number.end)
        }
        if AddressWords.stems.contains(mark) { return (string(start..<start + 1), start + 1) }
        return nil
    }

    /// A name before a building, a gate or the end, if it is one of an estate.
    mutating func readEstate() {
        skipBreaks()
        var index = at
        var best: Int?
        var isNumbered = false
        while index < text.count, index - at <= 16 {
            if text[index] == Self.break { break }
            if index > at, numberEnd(index) != nil || isLetteredBuilding(index) {
                isNumbered = true
                break
            }
            if index > at, gateEnd(index) != nil || relativeStart(index) { break }
            if let word = has(anyOf: AddressWords.estateEnds, at: index), index > at || word.count > 1 {
                best = index + word.count
            }
            index += 1
        }
        guard index > at + 1 else { return }
        if isNumbered, index - at <= 12, let number = numberEnd(index) {
            let isHouse =
                unit(number.end) == AddressWords.number
                && has(anyOf: AddressWords.afterNumber, at: number.end + 1) == nil
            if isHouse, best != index, parts.street == nil {
                // 香铺营24号: a street without its word.
                parts.street = Self.key(string(at..<index))
                at = index
                readHouse()
                return
            }
            if has(anyOf: AddressWords.buildingEnds, at: number.end) != nil { best = index }
            if unit(number.end) == 0x23 { best = index }
        } else if isNumbered, index - at <= 12 {
            best = index
        }
        guard let end = best, end - at >= 2 else { return }
        parts.estate = Self.estateKey(string(at..<end))
        at = end
        if has(AddressWords.inside, at: at) { at += 1 }
        skipBreaks()
        // In an estate a number with 号 is a building's: 翠竹园12号.
        if let number = numberEnd(at), unit(number.end) == AddressWords.number,
            has(anyOf: AddressWords.afterNumber, at: number.end + 1) == nil
        {
            parts.building = "\(number.value)"
            at = number.end + 1
            if has(anyOf: AddressWords.storey, at: at) != nil { at += 1 }
        }
    }

    func isLetteredBuilding(_ index: Int) -> Bool {
        guard let here = unit(index), here &- 0x61 < 26 else { return false }
        return has(anyOf: AddressWords.buildingEnds, at: index + 1) != nil
    }

    // MARK: Keys

    /// A street's or gate's name as it is compared: Han numbers as digits.
    static func key(_ name: String) -> String {
        let units = name.unicodeScalars.map(\.value)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < units.count {
            if let number = HanNumber.read(units, index) {
                result.append(contentsOf: String(number.value).unicodeScalars)
                index = number.end
            } else {
                if let scalar = Unicode.Scalar(units[index]) { result.append(scalar) }
                index += 1
            }
        }
        return String(result)
    }

    /// An estate's name as it is compared: 翠竹园小区 is 翠竹园.
    static func estateKey(_ name: String) -> String {
        var name = key(name)
        for word in ["住宅小区", "小区"] where name.hasSuffix(word) && name.count > word.count + 1 {
            name.removeLast(word.count)
            break
        }
        return name
    }
}
