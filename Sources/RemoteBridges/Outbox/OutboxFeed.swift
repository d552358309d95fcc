internal import Bridges
internal import DirectoryAPI
internal import DirectoryClient
internal import DirectoryModel
internal import Foundation

/// Follows the directory's feed and puts what it tells into the outbox.
///
/// A position is kept only together with what came before it, so no end of the process loses a change; what comes
/// twice is put in once.
struct OutboxFeed {
    private let configuration: OutboxConfiguration
    private let client: DirectoryClient
    private let store: OutboxStore
    private let journal: BridgeJournal
    /// Called when there is something to deliver.
    private let ring: () -> Void

    /// Records of a list that are asked for at once.
    private static let page = WalkLimit.maximumPage
    /// Waits for a daemon that is away; chosen, not measured.
    private static let patience = RetryPolicy(attempts: .max, backoff: 0.2, longestWait: 10)

    /// A feed into `store`.
    init(
        _ configuration: OutboxConfiguration, client: DirectoryClient, store: OutboxStore,
        journal: BridgeJournal,
        ring: @escaping () -> Void
    ) {
        self.configuration = configuration
        self.client = client
        self.store = store
        self.journal = journal
        self.ring = ring
    }

    /// Follows until `goesOn` says no.
    ///
    /// What the daemon refuses, such as a community that it does not know, is asked again too: it may come to know it, and
    /// what is in the outbox is delivered meanwhile.
    /// - Throws: where the outbox cannot be used.
    func run(while goesOn: () -> Bool) throws(DirectoryError) {
        var failures = 0
        var told: DirectoryError.Code?
        var random = SystemRandomNumberGenerator()
        while goesOn() {
            do throws(DirectoryError) {
                try takeWhatIsThere(while: goesOn)
                if failures > 0 {
                    journal.note(.info, "\(configuration.name): quarterd tells of changes again")
                }
                (failures, told) = (0, nil)
                if goesOn() { try waitForBell() }
            } catch {
                if error.location == store.path { throw error }
                if error.code == .historyGone || error.code == .revisionAhead {
                    journal.note(
                        .warning,
                        "\(configuration.name): \(error.message); the receiver gets all records anew")
                    try forgetPosition()
                    continue
                }
                failures += 1
                if told != error.code { journal.complain(error) }
                told = error.code
                Thread.sleep(forTimeInterval: Self.patience.wait(after: failures, using: &random).value)
            }
        }
    }

    // MARK: changes

    private var filters: [(name: String, value: String)] {
        var words = configuration.kinds.map { (name: "kind", value: $0.rawValue) }
        words += configuration.types.map { ("type", $0.rawValue) }
        if let community = configuration.community { words.append(("community", community.rawValue)) }
        return words
    }

    /// Puts everything in up to the present.
    private func takeWhatIsThere(while goesOn: () -> Bool) throws(DirectoryError) {
        while goesOn() {
            var intake = try store.intake()
            if intake.setKind != nil, intake.scope == configuration.scope {
                try takeSetPage(intake)
                continue
            }
            guard let position = intake.position, intake.scope == configuration.scope else {
                try begin(intake)
                continue
            }
            let words = [
                ("since", position), ("follow", "no"), ("limit", "\(Self.page)"), ("with", "record"),
            ]
            let reply = try client.send(ClientRequest("GET", "/v1/changes", query: words + filters))
            let page = try reply.json()
            guard case .string(let next)? = page["next"], case .whole(let revision)? = page["revision"] else {
                throw DirectoryError(.badReply, "a page of the feed has no next")
            }
            var letters: [NewLetter] = []
            for change in reply.listedObjects {
                letters.append(try OutboxMessage.change(change, in: intake.era))
            }
            intake.position = next
            if !letters.isEmpty || next != position { try store.put(letters, then: intake) }
            if !letters.isEmpty { ring() }
            if next == "\(revision)" { return }
        }
    }

    /// Waits until something that was asked for has been changed, or the daemon ends the feed.
    private func waitForBell() throws(DirectoryError) {
        guard let position = try store.intake().position else { return }
        let words = [("since", position), ("follow", "yes")] + filters
        try client.follow(ClientRequest("GET", "/v1/changes", query: words)) { _ in false }
    }

    // MARK: sets

    private func begin(_ known: OutboxIntake) throws(DirectoryError) {
        // A receiver that was told of other records, or none, needs all of these.
        if known.scope == nil, configuration.beginning == .now {
            var intake = known
            intake.scope = configuration.scope
            intake.setKind = nil
            intake.position = try present()
            return try store.put([], then: intake)
        }
        try beginSet()
    }

    /// Notes that a position is of no use, so that a set is begun.
    private func forgetPosition() throws(DirectoryError) {
        var intake = try store.intake()
        intake.position = nil
        intake.setKind = nil
        try store.put([], then: intake)
    }

    /// The directory's revision.
    private func present() throws(DirectoryError) -> String {
        let words = [("follow", "no"), ("limit", "1")]
        let page = try client.send(ClientRequest("GET", "/v1/changes", query: words)).json()
        guard case .whole(let revision)? = page["revision"] else {
            throw DirectoryError(.badReply, "a page of the feed has no revision")
        }
        return "\(revision)"
    }

    /// Notes that all records are to be sent; what is changed meanwhile comes after them once more.
    private func beginSet() throws(DirectoryError) {
        var intake = try store.intake()
        intake.era = Self.newEra()
        intake.scope = configuration.scope
        intake.position = try present()
        intake.setKind = configuration.kinds[0].rawValue
        intake.setAfter = nil
        intake.setCount = 0
        let letter = OutboxMessage.setBegins(intake)
        intake.setCount = 1
        try store.put([letter], then: intake)
        journal.note(.info, "\(configuration.name): sending all records, as of \(intake.position ?? "")")
        ring()
    }

    private static func newEra() -> String {
        var random = SystemRandomNumberGenerator()
        let digits = String(random.next() & 0xFF_FFFF_FFFF, radix: 16)
        return String(repeating: "0", count: 10 - digits.count) + digits
    }

    /// Puts the next page of a list in.
    private func takeSetPage(_ known: OutboxIntake) throws(DirectoryError) {
        var intake = known
        guard let kind = intake.setKind.flatMap(OutboxConfiguration.Kind.init(rawValue:)) else {
            throw DirectoryError(
                .storeDamaged, "the outbox reads a list that there is not", location: store.path)
        }
        let (records, next) = try page(of: kind, after: intake.setAfter)
        var letters: [NewLetter] = []
        for (id, json) in records {
            letters.append(
                OutboxMessage.record(
                    json, kind: kind.rawValue, id: id, number: intake.setCount, in: intake.era))
            intake.setCount += 1
        }
        intake.setAfter = next
        if next == nil {
            let later = configuration.kinds.drop { $0 != kind }.dropFirst().first
            intake.setKind = later?.rawValue
            if later == nil {
                letters.append(OutboxMessage.setEnds(intake))
                journal.note(.info, "\(configuration.name): \(intake.setCount - 1) records are in the outbox")
                intake.setCount += 1
            }
        }
        try store.put(letters, then: intake)
        ring()
    }

    private func page(of kind: OutboxConfiguration.Kind, after cursor: String?) throws(DirectoryError)
        -> (records: [(id: String, json: [UInt8])], next: String?)
    {
        if kind == .community { return (try communities(), nil) }
        var words = [(name: "limit", value: "\(Self.page)")]
        if let cursor { words.append(("cursor", cursor)) }
        if kind != .organisation, let community = configuration.community {
            words.append(("community", community.rawValue))
        }
        if kind == .place { words += [("status", "all")] + configuration.types.map { ("type", $0.rawValue) } }
        let list = kind.rawValue + "s"
        let reply = try client.send(ClientRequest("GET", "/v1/" + list, query: words))
        let page = try reply.json()
        guard case .array(let items)? = page[list], case let objects = reply.listedObjects,
            objects.count == items.count
        else { throw DirectoryError(.badReply, "the list of \(list) is not as it should be") }
        var records: [(id: String, json: [UInt8])] = []
        for (item, json) in zip(items, objects) { records.append((try id(of: item), json)) }
        return (records, page["next"]?.wordText)
    }

    /// Each community with its boundary, which the list does not have.
    private func communities() throws(DirectoryError) -> [(id: String, json: [UInt8])] {
        var ids: [String] = []
        if let community = configuration.community {
            ids = [community.rawValue]
        } else {
            let list = try client.send(ClientRequest("GET", "/v1/communities")).json()
            guard case .array(let items)? = list["communities"] else {
                throw DirectoryError(.badReply, "the list of communities is not as it should be")
            }
            for item in items { ids.append(try id(of: item)) }
        }
        var records: [(id: String, json: [UInt8])] = []
        for id in ids {
            do throws(DirectoryError) {
                records.append(
                    (id, try client.send(ClientRequest("GET", "/v1/communities/" + id.queryEncoded)).body))
            } catch {
                // It is gone since; the feed tells.
                guard error.code == .notFound else { throw error }
            }
        }
        return records
    }

    private func id(of record: JSONValue) throws(DirectoryError) -> String {
        guard case .string(let id)? = record["id"] else {
            throw DirectoryError(.badReply, "a record of a list has no id")
        }
        return id
    }
}
