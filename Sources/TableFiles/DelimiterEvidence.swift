/// What the beginning of a text file shows: the byte between fields, and the ends of lines.
struct DelimiterEvidence {
    /// The bytes that are looked for; of two that fit alike the earlier one is taken.
    ///
    /// A full-width comma is not among them: it is punctuation in Chinese texts, and no program writes it.
    static let candidates: [UInt8] = [
        UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|"),
    ]
    /// How many records are looked at.
    ///
    /// Chosen, not measured.
    private static let recordLimit = 100

    /// The byte between fields; a comma when nothing shows one.
    private(set) var delimiter = UInt8(ascii: ",")
    private(set) var lineEnd: LineEnd?

    /// - Parameters:
    ///   - sample: the file's beginning, in UTF-8.
    ///   - isWhole: whether that is all of it; else its last record may be cut off and is not counted.
    init(_ sample: [UInt8], isWhole: Bool) {
        let results = Self.candidates.map { Self.counts(of: $0, in: sample, isWhole: isWhole) }
        var best = (merit: 0.0, index: 0)
        for (index, result) in results.enumerated() {
            let merit = Self.merit(result.counts)
            if merit > best.merit + 1e-9 { best = (merit, index) }
        }
        delimiter = Self.candidates[best.index]
        lineEnd = results[best.index].lineEnd
    }

    /// From 0 to 1: how many of the records have as many delimiters as most of those that have any; where all
    /// have the same, a little more for more of them.
    private static func merit(_ counts: [Int]) -> Double {
        var amounts: [Int: Int] = [:]
        for count in counts where count > 0 { amounts[count, default: 0] += 1 }
        guard let common = amounts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return 0 }
        return Double(common.value) / Double(counts.count) * (1 - 0.2 / Double(common.key + 1))
    }

    private static func counts(
        of delimiter: UInt8, in sample: [UInt8], isWhole: Bool
    ) -> (counts: [Int], lineEnd: LineEnd?) {
        var counts: [Int] = []
        var count = 0
        var isBlank = true
        var isFieldStart = true
        var isQuoted = false
        var ends: Set<LineEnd> = []
        var index = 0
        while index < sample.count, counts.count < recordLimit {
            let byte = sample[index]
            index += 1
            if isQuoted {
                if byte == UInt8(ascii: "\"") {
                    if index < sample.count, sample[index] == byte { index += 1 } else { isQuoted = false }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if byte == UInt8(ascii: "\n") {
                    ends.insert(.lf)
                } else if index < sample.count, sample[index] == UInt8(ascii: "\n") {
                    index += 1
                    ends.insert(.crlf)
                } else {
                    ends.insert(.cr)
                }
                if !isBlank { counts.append(count) }
                (count, isBlank, isFieldStart) = (0, true, true)
            case delimiter:
                (count, isBlank, isFieldStart) = (count + 1, false, true)
            case UInt8(ascii: "\"") where isFieldStart:
                (isQuoted, isBlank, isFieldStart) = (true, false, false)
            default:
                (isBlank, isFieldStart) = (false, false)
            }
        }
        if isWhole || counts.isEmpty, !isBlank, !isQuoted, counts.count < recordLimit { counts.append(count) }
        return (counts, ends.count > 1 ? .mixed : ends.first)
    }
}
