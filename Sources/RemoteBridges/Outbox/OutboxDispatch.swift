internal import Bridges
internal import DirectoryModel
internal import Foundation

/// Decides which letter is tried next, and what becomes of it; several threads deliver.
final class OutboxDispatch: @unchecked Sendable {
    // Unchecked: what changes is used under the condition's lock only.
    private let configuration: OutboxConfiguration
    private let store: OutboxStore
    private let journal: BridgeJournal
    private let condition = NSCondition()
    private var underWay: Set<String> = []
    private var isStopping = false
    private var failure: DirectoryError?
    /// Tries in a row that failed because of the receiver.
    private var receiverFailures = 0
    private var pausedUntil = 0.0
    private var random = SystemRandomNumberGenerator()

    /// How long nothing is looked for where nothing is known to come, in seconds: another process may have had a letter
    /// tried again.
    ///
    /// Chosen, not measured.
    private static let look = 1.0

    /// A dispatch of `store`.
    init(_ configuration: OutboxConfiguration, store: OutboxStore, journal: BridgeJournal) {
        self.configuration = configuration
        self.store = store
        self.journal = journal
    }

    /// Wakes those who wait: there may be something to deliver.
    func ring() {
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }

    /// Has everybody come to an end.
    func stop(because failure: DirectoryError? = nil) {
        condition.lock()
        isStopping = true
        self.failure = self.failure ?? failure
        condition.broadcast()
        condition.unlock()
    }

    /// Whether the bridge goes on.
    var goesOn: Bool {
        condition.lock()
        defer { condition.unlock() }
        return !isStopping
    }

    /// Why it came to an end; nil where somebody stopped it.
    var end: DirectoryError? {
        condition.lock()
        defer { condition.unlock() }
        return failure
    }

    /// Waits until everybody is to come to an end.
    func waitForStop() {
        condition.lock()
        while !isStopping { condition.wait() }
        condition.unlock()
    }

    /// Waits until nothing is being delivered any more, at most so long.
    func waitForDeliveries(atMost time: Seconds) {
        let limit = Date(timeIntervalSinceNow: time.value)
        condition.lock()
        while !underWay.isEmpty, condition.wait(until: limit) {}
        condition.unlock()
    }

    /// The next letter, waiting for one; nil when everybody is to come to an end.
    func take() -> OutboxLetter? {
        condition.lock()
        defer { condition.unlock() }
        while !isStopping {
            do throws(DirectoryError) {
                let now = Date().timeIntervalSince1970
                // While the receiver takes nothing, one letter after the other tries whether it does again.
                let isTrying = receiverFailures > 0 && !underWay.isEmpty
                if now >= pausedUntil, !isTrying,
                    let letter = try store.next(
                        besides: underWay, now: now, holds: configuration.onDead == .hold)
                {
                    underWay.insert(letter.record)
                    return letter
                }
                var wake = now + Self.look
                if now < pausedUntil { wake = min(wake, pausedUntil) }
                if let due = try store.nextDue(after: now) { wake = min(wake, due) }
                _ = condition.wait(until: Date(timeIntervalSince1970: wake))
            } catch {
                failure = failure ?? error
                isStopping = true
                condition.broadcast()
            }
        }
        return nil
    }

    /// Notes what became of a letter.
    func settle(_ letter: OutboxLetter, _ outcome: DeliveryOutcome) {
        condition.lock()
        defer {
            underWay.remove(letter.record)
            condition.broadcast()
            condition.unlock()
        }
        do throws(DirectoryError) {
            switch outcome {
            case .taken(let status, let receipt):
                try store.settle(
                    letter, status: status, receipt: receipt, keeping: configuration.receiptLimit)
                if receiverFailures > 0 {
                    journal.note(
                        .info, "\(configuration.name): \(configuration.server.address) takes letters again")
                }
                receiverFailures = 0
                pausedUntil = 0
            case .receiverFault(let error, let asked): try pause(error, asked)
            case .letterFault(let error, let status, let isFinal, let asked):
                try refuse(letter, error, status, isFinal, asked)
            }
        } catch {
            failure = failure ?? error
            isStopping = true
        }
    }

    private func pause(_ error: DirectoryError, _ asked: Seconds?) throws(DirectoryError) {
        receiverFailures += 1
        let wait = configuration.server.retries.wait(after: receiverFailures, asked: asked, using: &random)
        pausedUntil = Date().timeIntervalSince1970 + wait.value
        try store.pause(until: pausedUntil, fault: error.description)
        // Not at each try: it may take days.
        if receiverFailures == 1 || receiverFailures % 20 == 0 {
            journal.note(
                .warning,
                "\(configuration.name): \(error.description); everything waits, tried \(receiverFailures) times"
            )
        }
    }

    private func refuse(
        _ letter: OutboxLetter, _ error: DirectoryError, _ status: Int?, _ isFinal: Bool, _ asked: Seconds?
    ) throws(DirectoryError) {
        let retries = configuration.server.retries
        let tries = letter.attempts + 1
        guard !isFinal, tries < retries.attempts else {
            try store.refuse(letter, due: nil, fault: error.description, status: status)
            let later =
                configuration.onDead == .hold
                ? "later changes of it wait" : "its next change goes out all the same"
            return journal.note(
                .error,
                "\(configuration.name): letter \(letter.number) (\(letter.words)) is not tried any more after \(tries) "
                    + "\(tries == 1 ? "try" : "tries"): \(error.description); \(later); "
                    + "`quarter-bridge outbox retry|drop \(configuration.name) \(letter.number)`")
        }
        let wait = retries.wait(after: tries, asked: asked, using: &random)
        try store.refuse(
            letter, due: Date().timeIntervalSince1970 + wait.value, fault: error.description, status: status)
    }
}

/// What became of one try to deliver a letter.
enum DeliveryOutcome {
    /// The receiver has it.
    case taken(status: Int, receipt: String?)
    /// The receiver takes nothing, whatever the letter: it counts against no letter.
    case receiverFault(DirectoryError, asked: Seconds?)
    /// The receiver did not take this letter.
    case letterFault(DirectoryError, status: Int?, isFinal: Bool, asked: Seconds?)
}

extension OutboxLetter {
    /// What it is about, in words.
    package var words: String { isBarrier ? "\(message), a mark of a set" : "\(message), \(record)" }
}
