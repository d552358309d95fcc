package import DirectoryModel
internal import TOMLDocument

/// `/etc/quarter/bridges/pull/NAME.toml`: a list elsewhere that becomes a register.
package struct PullConfiguration: Sendable {
    /// How the next page is named.
    package enum Paging: Hashable, Sendable {
        /// One page has all.
        case none
        /// A member of the answer is a parameter of the next request.
        case cursor(member: MemberPath, parameter: String)
        /// Pages are counted from `first`; the list ends with an empty one, or with as many items as `total` says.
        case number(parameter: String, first: Int)
        /// The header `Link` has the URL, as `rel=next`.
        case link
    }

    /// How only what changed is asked for.
    package struct Since: Hashable, Sendable {
        /// The parameter that says since when.
        package var parameter: String
        /// Its value the first time; nil to leave it out then.
        package var start: String?
        /// A member of the first page: the next time's value.
        package var answer: MemberPath?
        /// Or a member of each item, whose greatest value is.
        package var item: MemberPath?
    }

    /// The bridge's name.
    package let name: String
    /// The server.
    package let server: RemoteServer
    /// Where the list is in an answer.
    package let list: MemberPath
    /// A member of an answer that says how many items the whole list has; nil where there is none.
    package let total: MemberPath?
    /// A member that tells items apart; nil where there is none.
    package let key: MemberPath?
    /// How the next page is named.
    package let paging: Paging
    /// Only what changed; nil for the whole list each time.
    package let since: Since?
    /// Pages at most.
    package let pageLimit: Int
    /// Bytes of the register file at most.
    package let largestRegister: Int
    /// Between two pages.
    package let delay: Seconds
    /// Members and the headers of their columns, in order.
    package let columns: [(member: MemberPath, header: String)]
    /// The register's source.
    package let source: SourceID
    /// The service type of all rows; nil where a column says it.
    package let type: ServiceTypeID?
    /// The datum of points; nil where a column says it.
    package let datum: Datum?
    /// Whether the list has all places of its source.
    package let isComplete: Bool
    /// The share of the last time's items below which a complete list is not believed.
    package let leastShare: Double

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - credentials: the folder of secrets that systemd hands over; nil where there is none.
    ///   - agent: what the bridge calls itself.
    /// - Throws: `configuration_invalid` with file and line; `unreadable_file`.
    package init(
        contentsOf path: String, name: String, credentials: String?, agent: String
    ) throws(DirectoryError) {
        let reader = TOMLReader(try TOMLDocument(contentsOf: path))
        // Chosen, not measured.
        let retries = RetryPolicy(attempts: 6, backoff: 1, longestWait: 300)
        let server = try RemoteServer(reader, retries: retries, agent: agent, credentials: credentials)
        list = MemberPath(reader.text("list", longest: 200, mayBeEmpty: true) ?? "")
        total = reader.text("total", longest: 200).map(MemberPath.init)
        key = reader.text("key", longest: 200).map(MemberPath.init)
        pageLimit = reader.whole("page_limit", in: 1...1_000_000) ?? 10_000
        largestRegister = reader.byteSize("largest_register", in: 1024...(1 << 32)) ?? 1 << 30
        delay = reader.duration("delay", in: 0...600) ?? 0
        isComplete = reader.bool("complete") ?? false
        leastShare = reader.decimal("least_share", in: 0...1) ?? 0.5
        paging = Self.paging(reader.table("pages"))
        since = Self.since(reader.table("since"))
        if since != nil, isComplete {
            reader.report(
                "a list of changes is not complete", about: "complete",
                advice: "leave out complete, or [since]")
        }
        let source = reader.required(reader.id("source", as: SourceID.self), "source")
        type = reader.id("type", as: ServiceTypeID.self)
        datum = reader.choice("datum", as: Datum.self)
        var columns: [(member: MemberPath, header: String)] = []
        if let table = reader.required(reader.table("columns"), "columns") {
            columns = table.remainingTexts().map { (MemberPath($0.key), $0.text) }
            if columns.isEmpty, !table.hasProblems { table.report("no column is named") }
            let headers = columns.map(\.header)
            if let twice = headers.first(where: { header in headers.count { $0 == header } > 1 }) {
                table.report("two members become the column \(twice.shortened())")
            }
        }
        self.columns = columns
        try reader.finish()
        guard let server, let source else {
            throw DirectoryError(.configurationInvalid, "the configuration is not whole", location: path)
        }
        self.name = name
        self.server = server
        self.source = source
    }

    private static func paging(_ table: TOMLReader?) -> Paging {
        guard let table else { return .none }
        enum Way: String, CaseIterable { case cursor, number, link }
        guard let way = table.required(table.choice("by", as: Way.self), "by") else { return .none }
        switch way {
        case .link: return .link
        case .cursor:
            let member = table.required(table.text("cursor", longest: 200), "cursor") ?? ""
            let parameter = table.required(table.text("parameter", longest: 100), "parameter") ?? ""
            return .cursor(member: MemberPath(member), parameter: parameter)
        case .number:
            let parameter = table.required(table.text("parameter", longest: 100), "parameter") ?? ""
            return .number(parameter: parameter, first: table.whole("first", in: 0...1) ?? 1)
        }
    }

    private static func since(_ table: TOMLReader?) -> Since? {
        guard let table else { return nil }
        let parameter = table.required(table.text("parameter", longest: 100), "parameter")
        let answer = table.text("answer", longest: 200).map(MemberPath.init)
        let item = table.text("item", longest: 200).map(MemberPath.init)
        let start = table.text("start", longest: 200)
        if (answer == nil) == (item == nil) {
            table.report(
                "the next time's value comes from one place",
                advice: "give answer, a member of the first page, or item, a member of each item")
        }
        return parameter.map { Since(parameter: $0, start: start, answer: answer, item: item) }
    }
}
