package import DirectoryModel
internal import Glibc

/// What is known of a row or a place, made ready to be compared.
package struct PlaceTraits: Sendable {
    /// Its id or row number.
    package let id: String
    /// Its name taken apart.
    package let name: NameForm
    /// Where it is; nil where not known.
    package let location: Coordinate?
    /// How far off `location` may be, at least 0.
    package let uncertainty: Metres
    /// Its address; nil where not known.
    package let address: AddressParts?
    /// The sound of its street; empty without.
    let streetSound: String
    /// Its numbers.
    package let phones: [PersonalPhone]
    /// Its unified social credit code, checked; nil where it has none, or a wrong one.
    package let creditCode: CreditCode?
    /// Its service type; nil where not known.
    package let type: String?

    /// Makes a record ready; texts as written.
    package init(
        id: String, name: String, location: Coordinate? = nil, uncertainty: Metres = 10,
        address: String? = nil,
        phone: String? = nil, creditCode: String? = nil, type: String? = nil
    ) {
        self.id = id
        self.name = NameForm(name)
        self.location = location
        self.uncertainty = uncertainty
        self.address = address.map { AddressText($0).parts }.flatMap { $0.isVague ? nil : $0 }
        streetSound = self.address?.street.map(NameForm.sound(of:)) ?? ""
        phones = (phone.map { PersonalPhone.read($0) } ?? []).filter { $0.kind != .malformed }
        self.creditCode = creditCode.flatMap { try? CreditCode($0) }
        self.type = type
    }
}

/// One thing that speaks for or against two records telling of one place.
package struct MatchEvidence: Hashable, Sendable {
    /// What was compared.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The names without branch.
        case name
        /// The branches.
        case branch
        /// Cities and districts before the names.
        case region
        /// The distance.
        case location
        /// Streets, house numbers, estates, buildings.
        case address
        /// Telephone numbers.
        case phone
        /// Unified social credit codes.
        case creditCode = "credit_code"
        /// Service types.
        case type
    }

    /// What was compared.
    package let kind: Kind
    /// What it weighs: the natural logarithm of a likelihood ratio; over 0 speaks for, below against.
    package let weight: Double
    /// What was found, for a person.
    package let words: LocalizedText
}

/// Whether two records tell of one place: for a person to judge, who alone may join them.
package struct SamePlace: Hashable, Sendable {
    /// What is proposed; never to be acted on without a person.
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        /// Show as the same.
        case same
        /// Ask.
        case maybe
        /// Do not ask.
        case different
    }

    /// From this confidence on two records are shown as the same.
    ///
    /// Calibrated: see docs/matching.md.
    package static let sameFrom = 0.9
    /// From this confidence on a person is asked.
    package static let maybeFrom = 0.3
    /// What is known before anything is compared, as a logarithm of odds.
    ///
    /// Chosen: one in eight of the pairs that are compared at all.
    package static let prior = -2.0

    /// How sure it is that they are one, 0…1.
    package let confidence: Double
    /// What speaks for it and against it, the weightiest first, ties by kind.
    package let evidence: [MatchEvidence]
    /// What is proposed.
    package let verdict: Verdict

    /// Compares two records; the same whichever comes first.
    package init(_ one: PlaceTraits, _ other: PlaceTraits) {
        var evidence: [MatchEvidence] = []
        Self.compare(one, other) { kind, weight, words in
            evidence.append(MatchEvidence(kind: kind, weight: weight, words: words()))
        }
        let order = MatchEvidence.Kind.allCases
        evidence.sort {
            if abs($0.weight) != abs($1.weight) { return abs($0.weight) > abs($1.weight) }
            return (order.firstIndex(of: $0.kind) ?? 0) < (order.firstIndex(of: $1.kind) ?? 0)
        }
        self.evidence = evidence
        confidence = Self.confidence(one, other)
        verdict = Self.verdict(confidence)
    }

    static func verdict(_ confidence: Double) -> Verdict {
        confidence >= sameFrom ? .same : confidence >= maybeFrom ? .maybe : .different
    }

    /// The confidence alone, without words.
    static func confidence(_ one: PlaceTraits, _ other: PlaceTraits) -> Double {
        var sum = prior
        var likeness = 0.0
        // Without a second kind that speaks for it, a name is a name.
        var isBacked = false
        compare(one, other) { kind, weight, _ in
            sum += weight
            if kind == .name { likeness = weight }
            if weight >= 0.5, kind != .name, kind != .type, kind != .branch { isBacked = true }
        }
        let confidence = 1 / (1 + exp(-sum))
        guard isBacked else {
            // An equal name is worth a question where nothing speaks against it, a like one is not.
            return min(confidence, likeness >= Self.weight(ofName: 0.95) ? 0.6 : 0.25)
        }
        // A code or number that is shared never makes records of other names the same.
        return likeness <= 0 ? min(confidence, 0.85) : confidence
    }

    // MARK: Evidence

    private typealias Report = (MatchEvidence.Kind, Double, () -> LocalizedText) -> Void

    private static func compare(_ one: PlaceTraits, _ other: PlaceTraits, _ report: Report) {
        let likeness = NameForm.likeness(one.name, other.name)
        report(.name, weight(ofName: likeness)) {
            let words = "“\(one.name.core)”/“\(other.name.core)”"
            if likeness >= 1 {
                return LocalizedText(zh: "名称相同：\(words)", en: "the names are equal: \(words)")
            }
            if likeness >= 0.95 {
                return LocalizedText(zh: "名称同音：\(words)", en: "the names sound alike: \(words)")
            }
            let percent = Int((likeness * 100).rounded())
            return LocalizedText(
                zh: "名称相似度\(percent)%：\(words)", en: "the names are alike by \(percent) %: \(words)")
        }
        let branches = compareBranches(one.name, other.name, report)
        compareLocations(one, other, report)
        if let first = one.address, let second = other.address {
            compareAddresses(first, second, one.streetSound == other.streetSound, report)
        }
        comparePhones(one.phones, other.phones, report)
        if let first = one.creditCode, let second = other.creditCode {
            let isEqual = first == second
            // Two branches of one chain share a code; that says little then.
            report(.creditCode, isEqual ? branches == .other ? 1 : 4 : -5) {
                isEqual
                    ? LocalizedText(
                        zh: "统一社会信用代码相同（连锁门店也会共用）", en: "the credit codes are equal (branches share one too)")
                    : LocalizedText(zh: "统一社会信用代码不同", en: "the credit codes differ")
            }
        }
        if let first = one.type, let second = other.type {
            report(.type, first == second ? 0.5 : -1.5) {
                first == second
                    ? LocalizedText(zh: "业态相同", en: "the service types are equal")
                    : LocalizedText(zh: "业态不同", en: "the service types differ")
            }
        }
    }

    /// Names below 0.5 alike speak against, those above 0.75 for it; straight lines between.
    static func weight(ofName likeness: Double) -> Double {
        let line: [(at: Double, weight: Double)] = [
            (0, -6), (0.4, -5), (0.6, -2), (0.75, 0), (0.9, 2), (0.95, 3), (1, 3.5),
        ]
        for (low, high) in zip(line, line.dropFirst()) where likeness <= high.at {
            return low.weight + (high.weight - low.weight) * (likeness - low.at) / (high.at - low.at)
        }
        return 3.5
    }

    private enum Branches { case same, other, unknown }

    private static func compareBranches(_ one: NameForm, _ other: NameForm, _ report: Report) -> Branches {
        if let first = one.region, let second = other.region, !first.hasSuffix(second),
            !second.hasSuffix(first),
            !first.hasPrefix(second), !second.hasPrefix(first)
        {
            report(.region, -3) {
                LocalizedText(
                    zh: "名称里的地区不同：\(first)/\(second)", en: "other regions in the names: \(first), \(second)")
            }
        }
        switch (one.branch, other.branch) {
        case (let first?, let second?):
            let isEqual = one.branchSound == other.branchSound
            let isPart = first.hasPrefix(second) || second.hasPrefix(first)
            report(.branch, isEqual ? 1 : isPart ? 0 : -4) {
                isEqual
                    ? LocalizedText(zh: "同一分店：\(first)", en: "the same branch: \(first)")
                    : LocalizedText(zh: "分店不同：\(first)/\(second)", en: "other branches: \(first), \(second)")
            }
            return isEqual ? .same : isPart ? .unknown : .other
        case (let branch?, nil), (nil, let branch?):
            report(.branch, -0.5) {
                LocalizedText(zh: "只有一方写了分店：\(branch)", en: "only one names a branch: \(branch)")
            }
        case (nil, nil): break
        }
        return .unknown
    }

    private static func compareLocations(_ one: PlaceTraits, _ other: PlaceTraits, _ report: Report) {
        guard let first = one.location, let second = other.location else { return }
        let doubt = one.uncertainty.value + other.uncertainty.value
        let metres = metres(first, second).value
        report(.location, weight(ofMetres: metres, doubt: doubt)) {
            let (far, off) = (Int(min(metres, 1e8).rounded()), Int(min(doubt, 1e8).rounded()))
            return LocalizedText(zh: "相距\(far)米（误差\(off)米）", en: "\(far) m apart (give or take \(off) m)")
        }
    }

    /// Where two points may be this far off and still speak for one place.
    static let longestDoubt = 120.0

    static func weight(ofMetres metres: Double, doubt: Double) -> Double {
        let apart = max(0, metres - doubt)
        // NaN of a point that is none says nothing.
        guard apart.isFinite else { return 0 }
        switch apart {
        case ...15: return doubt > longestDoubt ? 0 : 2
        case ...40: return doubt > longestDoubt ? 0 : 1.5
        case ...80: return doubt > longestDoubt ? 0 : 0.7
        case ...150: return -0.3
        case ...300: return -1.5
        case ...1000: return -4
        default: return -7
        }
    }

    private static func compareAddresses(
        _ one: AddressParts, _ other: AddressParts, _ isSameSound: Bool, _ report: Report
    ) {
        if let first = one.street, let second = other.street {
            guard isSameSound else {
                report(.address, -0.7) {
                    LocalizedText(zh: "街道不同：\(first)/\(second)", en: "other streets: \(first), \(second)")
                }
                return
            }
            guard let house = one.house, let other = other.house else { return }
            if house.number == other.number {
                let isExact = house.sub == other.sub
                report(.address, isExact ? 2 : house.sub == nil || other.sub == nil ? 1 : 0) {
                    isExact
                        ? LocalizedText(
                            zh: "门牌相同：\(first)\(house.text)号", en: "the same house: \(first) \(house.text)")
                        : LocalizedText(
                            zh: "门牌号相同、附号不同：\(house.text)/\(other.text)",
                            en: "the same number with something else behind it: \(house.text), \(other.text)")
                }
            } else {
                report(.address, -1.5) {
                    LocalizedText(
                        zh: "门牌不同：\(first)\(house.text)号/\(other.text)号",
                        en: "other houses: \(first) \(house.text), \(other.text)")
                }
            }
        } else if let first = one.estate, let second = other.estate {
            guard first == second else {
                report(.address, -1) {
                    LocalizedText(zh: "小区不同：\(first)/\(second)", en: "other estates: \(first), \(second)")
                }
                return
            }
            guard let building = one.building, let other = other.building else { return }
            report(.address, building == other ? 1.5 : -1.2) {
                LocalizedText(
                    zh: "同一小区“\(first)”，楼栋\(building)/\(other)",
                    en: "one estate, \(first), buildings \(building), \(other)")
            }
        }
    }

    private static func comparePhones(_ one: [PersonalPhone], _ other: [PersonalPhone], _ report: Report) {
        guard !one.isEmpty, !other.isEmpty else { return }
        for phone in one {
            guard let match = other.first(where: { isSame(phone, $0) }) else { continue }
            let isShared = phone.kind == .hotline || phone.kind == .short
            report(.phone, isShared ? 0.3 : 2.5) {
                isShared
                    ? LocalizedText(
                        zh: "热线相同：\(match.shown)（各门店共用）",
                        en: "the same hotline: \(match.shown) (branches share it)")
                    : LocalizedText(zh: "电话相同：\(match.shown)", en: "the same number: \(match.shown)")
            }
            return
        }
        report(.phone, -0.7) { LocalizedText(zh: "电话不同", en: "the numbers differ") }
    }

    /// A line with its area code and one without it are the same if the rest is.
    private static func isSame(_ one: PersonalPhone, _ other: PersonalPhone) -> Bool {
        guard one.kind == other.kind else { return false }
        return one.lineKey == other.lineKey
            && (one.canonical == other.canonical
                || one.canonical.utf8.contains(0x2D) != other.canonical.utf8.contains(0x2D))
    }

    /// Great circle on a sphere of 6,371,008.8 m.
    static func metres(_ one: Coordinate, _ other: Coordinate) -> Metres {
        let radians = Double.pi / 180
        let (first, second) = (one.latitude.value * radians, other.latitude.value * radians)
        let north = sin((second - first) / 2)
        let east = sin((other.longitude.value - one.longitude.value) * radians / 2)
        let square = north * north + cos(first) * cos(second) * east * east
        return Metres(2 * 6_371_008.8 * asin(min(1, square.squareRoot())))
    }
}

extension PersonalPhone {
    /// The number without area code, under which it is looked up.
    var lineKey: Substring {
        guard kind == .landline, let stroke = canonical.firstIndex(of: "-") else { return canonical[...] }
        return canonical[canonical.index(after: stroke)...]
    }
}
