/// What stands behind street and estate: gate, building, unit, floor, room; and what is left over.
extension AddressParser {
    // MARK: Inside

    mutating func readInside() {
        skipBreaks()
        for _ in 0..<8 {
            if let end = gateEnd(at), parts.gate == nil {
                parts.gate = Self.key(string(at..<end))
                at = end
            } else if readBuildingPart() || readCompact() {
                skipBreaks()
            } else if has(AddressWords.inside, at: at) || unit(at) == AddressWords.ordinal {
                at += 1
            } else {
                break
            }
            skipBreaks()
        }
    }

    /// 东门, 正门, 2号门.
    func gateEnd(_ start: Int) -> Int? {
        for word in AddressWords.gates where has(word, at: start) { return start + word.count }
        if let number = numberEnd(start), has(AddressWords.numberedGate, at: number.end) {
            return number.end + 2
        }
        return nil
    }

    mutating func readBuildingPart() -> Bool {
        let name: String
        var end: Int
        if let number = numberEnd(at) {
            (name, end) = ("\(number.value)", number.end)
        } else if let here = unit(at), here &- 0x61 < 26 {
            end = at + 1
            while let more = unit(end), more &- 0x30 < 10, end - at < 4 { end += 1 }
            name = string(at..<end)
        } else if let here = unit(at), AddressWords.stems.contains(here) || AddressWords.below == here {
            end = at + 1
            var word = string(at..<end)
            if here == AddressWords.below, let number = numberEnd(end) {
                word = "b\(number.value)"
                end = number.end
            }
            name = word
        } else {
            return false
        }
        if let word = has(anyOf: AddressWords.unitEnds, at: end) {
            parts.unit = parts.unit ?? name
            end += word.count
        } else if let word = has(anyOf: AddressWords.floorEnds, at: end), !has(AddressWords.towerEnd, at: end)
        {
            parts.floor = parts.floor ?? name
            end += word.count
        } else if let word = has(anyOf: AddressWords.buildingEnds, at: end) {
            parts.building = parts.building ?? name
            end += word.count
        } else if let word = has(anyOf: AddressWords.roomEnds, at: end) {
            parts.room = parts.room ?? name
            end += word.count
        } else {
            return false
        }
        at = end
        return true
    }

    /// 3-2-501 behind an estate, 2-501 behind a building, 501 alone.
    mutating func readCompact() -> Bool {
        guard parts.estate != nil || parts.building != nil || parts.house != nil else { return false }
        var numbers: [Int] = []
        var index = at
        if unit(index) == Self.hyphen { index += 1 }
        while numbers.count < 3, let number = numberEnd(index) {
            numbers.append(number.value)
            index = number.end
            guard unit(index) == Self.hyphen else { break }
            index += 1
        }
        if let word = has(anyOf: AddressWords.roomEnds, at: index) { index += word.count }
        guard !numbers.isEmpty, index == text.count || unit(index) == Self.break else { return false }
        // The last is the room if it is long enough to be one.
        var rest = numbers[...]
        if let last = rest.last, last >= 100 || rest.count > 1, parts.room == nil {
            parts.room = "\(last)"
            rest = rest.dropLast()
        } else {
            return false
        }
        if parts.building == nil, parts.estate != nil, let first = rest.first {
            parts.building = "\(first)"
            rest = rest.dropFirst()
        }
        if parts.unit == nil, let first = rest.first {
            parts.unit = "\(first)"
            rest = rest.dropFirst()
        }
        at = index
        return true
    }

    // MARK: The rest

    func relativeStart(_ index: Int) -> Bool { has(anyOf: AddressWords.relative, at: index) != nil }

    mutating func finish() {
        skipBreaks()
        guard at < text.count else { return }
        let rest = at..<text.count
        let words = string(rest)
        guard rest.contains(where: { relativeStart($0) }) else {
            unread = words.isEmpty ? nil : words
            return
        }
        relative = words
        for index in rest {
            if let number = numberEnd(index), unit(number.end) == AddressWords.metre {
                relativeMetres = number.value
                break
            }
        }
    }
}
