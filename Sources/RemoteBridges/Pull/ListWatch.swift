internal import DirectoryAPI
internal import DirectoryModel

/// Notices when a list is not the same any more from one page to the next, or goes round in a circle.
struct ListWatch {
    /// Pages that were taken.
    private(set) var pages = 0
    private var items = 0
    private let configuration: PullConfiguration
    private var total: Int?
    private var keys: Set<String> = []
    private var cursors: Set<String> = []
    private var before: [JSONValue]?

    /// A watch over the list of a configuration.
    init(_ configuration: PullConfiguration) { self.configuration = configuration }

    /// Whether there are as many items as the answers said; false where they say nothing.
    var isWhole: Bool { total.map { items >= $0 } ?? false }

    /// Takes a page.
    ///
    /// - Throws: `remote_changing`, `remote_invalid`.
    mutating func take(_ items: [JSONValue], of answer: JSONValue, page: Int) throws(DirectoryError) {
        pages = page
        if let member = configuration.total {
            guard case .text(let text)? = member.value(in: answer)?.cellText, let now = Int(text), now >= 0
            else {
                throw fault(.remoteInvalid, "has no number at “\(member)”", "write into total where it is")
            }
            if let total, total != now { throw changed("said that it has \(total) items, and then \(now)") }
            total = now
        }
        if !items.isEmpty, items == before {
            throw fault(
                .remoteInvalid, "gives page \(page - 1) again as page \(page)",
                "see that pages.parameter is the name that it knows")
        }
        before = items
        self.items += items.count
        guard let member = configuration.key else { return }
        for item in items {
            let value = member.value(in: item)
            guard let key = value?.wordText else {
                if case .unusable(let words)? = value?.cellText {
                    throw fault(
                        .remoteInvalid, "has an item whose “\(member)” is \(words)", "name another key")
                }
                throw fault(
                    .remoteInvalid, "has an item without “\(member)”", "write into key a member that each has"
                )
            }
            guard keys.insert(key).inserted else {
                throw changed("gave \(key.shortened()) twice, the second time on page \(page)")
            }
        }
    }

    /// Notes what names the next page.
    ///
    /// - Throws: `remote_invalid` where it did before.
    mutating func goOn(to cursor: String, _ words: String) throws(DirectoryError) {
        guard cursors.insert(cursor).inserted else {
            throw fault(
                .remoteInvalid, "\(words), and so never ends", "tell those who run it; nothing was taken in")
        }
    }

    /// Ends the list.
    ///
    /// - Throws: `remote_changing` where there are not as many items as the answers said.
    func finish(items: Int) throws(DirectoryError) {
        if let total, total != items { throw changed("said that it has \(total) items, and gave \(items)") }
    }

    private func changed(_ words: String) -> DirectoryError {
        fault(.remoteChanging, "changed while it was read: it \(words)", "read it when nobody works on it")
    }

    private func fault(_ code: DirectoryError.Code, _ words: String, _ advice: String) -> DirectoryError {
        DirectoryError(code, "\(configuration.server.address) \(words)", advice: advice)
    }
}
