internal import DirectoryAPI
package import DirectoryModel
internal import TOMLDocument

/// `/etc/quarter/bridges/push/NAME.toml`: a receiver elsewhere that is told of changes.
package struct OutboxConfiguration: Sendable {
    /// What becomes of the later changes of a record of which one could not be delivered.
    package enum OnDead: String, Hashable, Sendable, CaseIterable {
        /// They wait until somebody decides.
        case hold
        /// They are delivered: each has the whole record, so the next one makes up for what is missing.
        case skip
    }

    /// What a receiver is told that was never told anything.
    package enum Beginning: String, Hashable, Sendable, CaseIterable {
        /// All records, then what changes.
        case set
        /// What changes from now on.
        case now
    }

    /// A kind of record of which the directory has a whole list.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Communities.
        case community
        /// Origins.
        case origin
        /// Organisations.
        case organisation
        /// Places.
        case place
    }

    /// The bridge's name.
    package let name: String
    /// The receiver.
    package let server: RemoteServer
    /// Only records of this community; nil for all.
    package let community: CommunityID?
    /// Only places of these types; empty for all records.
    package let types: [ServiceTypeID]
    /// Kinds of records, in the order in which a set is sent.
    package let kinds: [Kind]
    /// Deliveries at the same time, each of another record.
    package let parallel: Int
    /// After a letter that could not be delivered.
    package let onDead: OnDead
    /// What comes first.
    package let beginning: Beginning
    /// A member of the receiver's answer that is kept as its receipt; nil for none.
    package let receipt: MemberPath?
    /// Receipts that are kept.
    package let receiptLimit: Int
    /// What deliveries are signed with; nil for no signature.
    package let signature: MessageSignature?

    /// Reads the file; see `PullConfiguration`.
    package init(
        contentsOf path: String, name: String, credentials: String?, agent: String
    ) throws(DirectoryError) {
        let reader = TOMLReader(try TOMLDocument(contentsOf: path))
        // Chosen, not measured: about ten hours until a letter that is refused again and again is dead.
        let retries = RetryPolicy(attempts: 20, backoff: 1, longestWait: 3600)
        let server = try RemoteServer(reader, retries: retries, agent: agent, credentials: credentials)
        community = reader.id("community", as: CommunityID.self)
        types = reader.ids("types", as: ServiceTypeID.self)
        var kinds: [Kind] = []
        for word in reader.texts("kinds") ?? [Kind.place.rawValue] {
            if let kind = Kind(rawValue: word) {
                kinds.append(kind)
            } else {
                let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                reader.report("kinds has \(word.shortened()), not one of \(known)", about: "kinds")
            }
        }
        self.kinds = Kind.allCases.filter(kinds.contains)
        if !types.isEmpty, kinds != [.place] {
            reader.report("only places have a type", about: "types", advice: "leave out kinds, or types")
        }
        if community != nil, kinds.contains(.organisation) {
            reader.report("organisations belong to no community", about: "kinds")
        }
        parallel = reader.whole("parallel", in: 1...64) ?? 4
        onDead = reader.choice("on_dead", as: OnDead.self) ?? .skip
        beginning = reader.choice("beginning", as: Beginning.self) ?? .set
        receipt = reader.text("receipt", longest: 200).map(MemberPath.init)
        receiptLimit = reader.whole("receipts", in: 0...10_000_000) ?? 10_000
        if let table = reader.table("signature") {
            let file = table.text("file", longest: 4096) ?? "signing"
            signature = try MessageSignature(
                RemoteSecret(file: file, folder: credentials, location: table.location(of: "file")),
                location: table.location(of: "file"))
        } else {
            signature = nil
        }
        try reader.finish()
        guard let server else {
            throw DirectoryError(.configurationInvalid, "the configuration is not whole", location: path)
        }
        self.name = name
        self.server = server
    }

    /// What is asked of the feed and of lists: when it becomes another, the receiver needs a new set.
    var scope: String {
        ([community?.rawValue ?? ""] + types.map(\.rawValue) + kinds.map(\.rawValue)).joined(separator: " ")
    }
}
