internal import DirectoryAPI
internal import DirectoryModel
internal import OpeningTimes
internal import ServiceTypeKit

/// Openings as JSON, as they were made for the last answers.
///
/// Hundreds of places have the same opening times, and what is said of them is the same for hours: so it is not the
/// places that keep it, but whoever makes answers, one after another, without a lock.
struct OpeningShelf: ~Copyable {
    /// An opening that was made.
    struct Prepared {
        fileprivate var key: Key
        fileprivate var moments: Range<Timestamp>
        fileprivate var readings: Range<Timestamp>
        /// Where its JSON lies, where a remark goes in, and where it ends.
        fileprivate var start: Int32
        fileprivate var split: Int32
        fileprivate var end: Int32
        let state: Opening.State
        fileprivate var countdown: ArrivalCountdown?
    }

    fileprivate struct Key: Equatable {
        var number: UInt64
        var context: Int32
        var language: Language
    }

    /// Openings that are kept; when there are more, all are made again.
    ///
    /// Chosen, not measured: a city of 200,000 places has some thousands of different opening times, and this is 3 MB.
    private static let most = 8_192
    private var prepared: [Prepared] = []
    /// By hash, indexes of `prepared`, or -1; twice as many as there is room for.
    private var table: [Int32]
    private var bytes: [UInt8] = []
    /// Of the judge that made them.
    private var judge: UInt64?

    init() { table = [] }

    /// Forgets what another judge made.
    mutating func begin(_ judge: borrowing OpeningJudge) {
        guard self.judge != judge.number else { return }
        self.judge = judge.number
        forget()
    }

    private mutating func forget() {
        prepared.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        for index in table.indices { table[index] = -1 }
    }

    /// The number of the opening of a place.
    ///
    /// - Parameters:
    ///   - judge: the one that `begin` was told of.
    ///   - moment: the moment that was asked about.
    ///   - reading: the moment at which the words are read.
    mutating func find(
        _ entry: PlaceEntry, _ judge: borrowing OpeningJudge, at moment: Timestamp, readAt reading: Timestamp,
        in language: Language
    ) -> Int {
        let key = Key(
            number: entry.openingNumber,
            context: Int32(truncatingIfNeeded: judge.contextNumber(of: entry.community)),
            language: language)
        if !table.isEmpty {
            var place = key.hash & (table.count - 1)
            while table[place] >= 0 {
                let index = Int(table[place])
                if prepared[index].key == key, prepared[index].moments.contains(moment),
                    prepared[index].readings.contains(reading)
                {
                    return index
                }
                place = (place + 1) & (table.count - 1)
            }
        }
        return keep(judge.steadyOpening(of: entry, at: moment, readAt: reading), key)
    }

    @inline(never)
    private mutating func keep(_ steady: SteadyOpening, _ key: Key) -> Int {
        if prepared.count == Self.most { forget() }
        if prepared.count * 2 >= table.count { grow() }
        let json = PreparedOpening(
            steady.opening, text: steady.phrase.map { ($0.head, $0.tail) }, in: key.language)
        let start = bytes.count
        bytes.append(contentsOf: json.bytes)
        let index = prepared.count
        prepared.append(
            Prepared(
                key: key, moments: steady.moments, readings: steady.readings, start: Int32(start),
                split: Int32(start + json.split), end: Int32(bytes.count), state: steady.opening.state,
                countdown: steady.phrase?.countdown))
        put(index)
        return index
    }

    private mutating func grow() {
        table = [Int32](repeating: -1, count: max(256, table.count * 2))
        for index in prepared.indices { put(index) }
    }

    private mutating func put(_ index: Int) {
        var place = prepared[index].key.hash & (table.count - 1)
        while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
        table[place] = Int32(index)
    }

    /// The state of an opening that was found.
    func state(of index: Int) -> Opening.State { prepared[index].state }

    /// Writes an opening that was found.
    ///
    /// - Parameter arrival: when somebody who starts at the moment of reading gets there, if that is asked about.
    func write(_ index: Int, arrival: Timestamp?, to json: inout JSONWriter, in language: Language) {
        let opening = prepared[index]
        bytes.withUnsafeBytes { bytes in
            json.written(UnsafeRawBufferPointer(rebasing: bytes[Int(opening.start)..<Int(opening.split)]))
            if let arrival, let remark = opening.countdown?.remark(atArrival: arrival) {
                json.plainPart(remark.text(in: language))
            }
            json.writtenPart(UnsafeRawBufferPointer(rebasing: bytes[Int(opening.split)..<Int(opening.end)]))
        }
    }
}

extension OpeningShelf.Key {
    fileprivate var hash: Int {
        // Fibonacci hashing: D. E. Knuth, The Art of Computer Programming 3, 6.4.
        let mixed = number &* 2 &+ (language == .zh ? 0 : 1) &+ UInt64(truncatingIfNeeded: context) << 40
        return Int(truncatingIfNeeded: (mixed &* 0x9E37_79B9_7F4A_7C15) >> 33)
    }
}
