package import DirectoryModel

/// One row of a register: a point with the datum that was stated for it, and where it ought to lie.
package struct DatumSample {
    /// What the row is called in the report, such as its number.
    package let key: String
    /// The point as given, in the datum that was stated.
    package let given: GivenPoint
    /// Whether a point on WGS-84 lies inside the boundary of the row's community; nil where that is not known.
    package let isInside: (Coordinate) -> Bool?

    /// A row; see the fields.
    package init(key: String, given: GivenPoint, isInside: @escaping (Coordinate) -> Bool?) {
        self.key = key
        self.given = given
        self.isInside = isInside
    }
}

/// What would be so if the rows that state one datum had been given in another.
package struct DatumAlternative: Hashable, Sendable {
    /// The other datum.
    package let datum: Datum
    /// Rows that lie outside as stated and inside under this datum, in the order given.
    package let gained: [String]
    /// Rows that lie inside as stated and outside under this datum, in the order given.
    package let lost: [String]
}

/// What the rows that state one datum say about that statement.
package struct DatumStatement: Hashable, Sendable {
    /// The datum that was stated; CGCS2000 counts as WGS-84.
    package let stated: Datum
    /// Rows inside their boundary as stated.
    package let inside: Int
    /// Rows outside their boundary as stated, in the order given.
    package let outside: [String]
    /// Rows whose boundary is not known, or whose numbers are no point.
    package let undecided: Int
    /// The other datums, the one that gains most rows first, ties as in `Datum`.
    package let alternatives: [DatumAlternative]
    /// Rows outside under every datum, in the order given: their coordinates or their community are wrong otherwise.
    package let unexplained: [String]
    /// What follows.
    package let verdict: DatumVerdict
}

/// What follows about a stated datum.
package enum DatumVerdict: Hashable, Sendable {
    /// No row lies outside.
    case sound
    /// Fewer than `DatumEvidence.leastRows` rows lie outside: that says nothing.
    case tooFew
    /// The statement is wrong for the register: another datum brings in nearly all that lie outside, and more than it
    /// puts out.
    case otherDatum(Datum)
    /// Some rows look as if given in this datum, while the rest agree with what was stated.
    case someRows(Datum)
    /// Rows lie outside that more than one other datum brings in, some by the one and some by the other, or all by
    /// several.
    case mixed
    /// Rows lie outside, and no datum brings them in.
    case unexplained
}

/// Finds out by the boundaries of communities whether the stated datum of a register can be right.
///
/// An offset of half a kilometre puts points of a community a kilometre across outside of it, all to the same side.
package enum DatumEvidence {
    /// Fewer rows outside than this say nothing.
    ///
    /// Chosen, not measured.
    package static let leastRows = 3
    /// The part of the rows outside that one datum must bring in.
    ///
    /// Chosen, not measured: one in five may be wrong otherwise.
    package static let leastShare = 0.8

    /// Weighs the rows of a register, those of each stated datum by themselves.
    ///
    /// - Returns: a statement for each datum that was stated, in the order of `Datum`.
    /// - Complexity: O(n) boundary tests, at most three a row.
    package static func weigh(_ samples: some Sequence<DatumSample>) -> [DatumStatement] {
        var groups: [Datum: [DatumSample]] = [:]
        for sample in samples { groups[Self.family(sample.given.datum), default: []].append(sample) }
        return Self.datums.compactMap { datum in groups[datum].map { statement(datum, $0) } }
    }

    private static let datums: [Datum] = [.wgs84, .gcj02, .bd09]

    private static func family(_ datum: Datum) -> Datum { datum == .cgcs2000 ? .wgs84 : datum }

    private static func isInside(_ sample: DatumSample, _ datum: Datum) -> Bool? {
        let given = GivenPoint(
            datum: datum, latitude: sample.given.latitude, longitude: sample.given.longitude)
        guard let coordinate = DatumTransformation.coordinate(of: given) else { return nil }
        return sample.isInside(coordinate)
    }

    private static func statement(_ stated: Datum, _ samples: [DatumSample]) -> DatumStatement {
        let others = datums.filter { $0 != stated }
        var inside = 0
        var outside: [String] = []
        var unexplained: [String] = []
        var undecided = 0
        var gained = [[String]](repeating: [], count: others.count)
        var lost = gained
        for sample in samples {
            guard let isIn = isInside(sample, stated) else {
                undecided += 1
                continue
            }
            if isIn { inside += 1 } else { outside.append(sample.key) }
            var isExplained = false
            for (index, other) in others.enumerated() {
                let isInOther = isInside(sample, other) ?? false
                if isInOther && !isIn { gained[index].append(sample.key) }
                if !isInOther && isIn { lost[index].append(sample.key) }
                isExplained = isExplained || isInOther
            }
            if !isIn && !isExplained { unexplained.append(sample.key) }
        }
        let alternatives = others.indices
            .sorted { (gained[$1].count, $0) < (gained[$0].count, $1) }
            .map { DatumAlternative(datum: others[$0], gained: gained[$0], lost: lost[$0]) }
        return DatumStatement(
            stated: stated, inside: inside, outside: outside, undecided: undecided,
            alternatives: alternatives,
            unexplained: unexplained,
            verdict: verdict(outside: outside.count, unexplained: unexplained.count, alternatives))
    }

    private static func verdict(
        outside: Int, unexplained: Int, _ alternatives: [DatumAlternative]
    ) -> DatumVerdict {
        guard outside > 0 else { return .sound }
        guard outside >= leastRows else { return .tooFew }
        let needed = leastShare * Double(outside)
        let best = alternatives[0]
        let second = alternatives[1]
        let isClear = best.gained.count > second.gained.count
        if best.gained.count >= leastRows, Double(best.gained.count) >= needed, isClear {
            return best.gained.count > best.lost.count ? .otherDatum(best.datum) : .someRows(best.datum)
        }
        let explained = outside - unexplained
        return explained >= leastRows && Double(explained) >= needed ? .mixed : .unexplained
    }
}
