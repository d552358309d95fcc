package import DirectoryModel

/// An answer in words, cut where what depends on the walk is said.
package struct OpeningPhrase: Hashable, Sendable {
    /// What is said first: "21:00 关门".
    package var head: LocalizedText
    /// What is said last: "（待确认）", or nothing.
    package var tail = LocalizedText(zh: "", en: "")
    /// What somebody who walks there has to be told of, if anything.
    package var countdown: ArrivalCountdown?

    init(_ head: LocalizedText, countdown: ArrivalCountdown? = nil) {
        self.head = head
        self.countdown = countdown
    }

    /// The whole, with a remark for somebody who walks there.
    func words(remark: LocalizedText?) -> LocalizedText {
        LocalizedText(
            zh: head.zh + (remark?.zh ?? "") + tail.zh, en: head.en + (remark?.en ?? "") + tail.en)
    }
}

/// A change of state that matters to somebody on the way.
package enum ArrivalCountdown: Hashable, Sendable {
    /// What is open now closes then.
    case closing(Timestamp)
    /// What is closed now opens then.
    case opening(Timestamp)

    /// Minutes before a change from which a walker is told how much is left.
    ///
    /// Chosen, not measured: an errand takes less.
    private static let tightMinutes = 60

    /// What is said to somebody who arrives at a moment: "，您走到还有 12 分钟"; nil where the change is far off.
    ///
    /// Taken from a table: nothing is made.
    package func remark(atArrival arrival: Timestamp) -> LocalizedText? {
        switch self {
        case .closing(let end):
            let left = end.secondsSince1970 - arrival.secondsSince1970
            // Whole minutes that are surely left.
            if left > 0, left / 60 > Int64(Self.tightMinutes) { return nil }
            return Self.closingRemarks[left <= 0 ? 0 : Int(left / 60) + 1]
        case .opening(let start):
            let wait = start.secondsSince1970 - arrival.secondsSince1970
            if wait > 0, wait / 60 >= Int64(Self.tightMinutes) { return nil }
            return Self.openingRemarks[wait <= 0 ? 0 : Int((wait + 59) / 60)]
        }
    }

    /// Closed by then; then for 0 minutes that are left, and so on.
    private static let closingRemarks =
        [LocalizedText(zh: "，您走到时已关门", en: ", before you get there")]
        + (0...tightMinutes).map { minutes in
            LocalizedText(
                zh: "，您走到还有 \(minutes) 分钟",
                en: ", \(minutes) minute\(minutes == 1 ? "" : "s") left when you get there")
        }

    /// Open by then; then for 1 minute to wait, and so on.
    private static let openingRemarks =
        [LocalizedText(zh: "，您走到时已开门", en: ", before you get there")]
        + (1...tightMinutes).map { minutes in
            LocalizedText(
                zh: "，您走到还要等 \(minutes) 分钟",
                en: ", \(minutes) minute\(minutes == 1 ? "" : "s") after you get there")
        }
}
