internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation
internal import WebRequests

/// Reads a list elsewhere, page by page.
struct ListReader {
    /// What was read.
    struct Outcome {
        /// Items in all.
        var items = 0
        /// Pages in all.
        var pages = 0
        /// What the next time is asked since; nil where the answers say nothing.
        var since: String?
    }

    private let configuration: PullConfiguration
    private let client: WebClient
    private let pause: (Seconds) -> Void
    private let note: (String) -> Void

    /// Redirects that are followed for one page; chosen, not measured.
    private static let redirects = 5

    /// A reader.
    ///
    /// - Parameters:
    ///   - pause: waits.
    ///   - note: takes a line about something that is tried again.
    init(
        _ configuration: PullConfiguration, pause: @escaping (Seconds) -> Void,
        note: @escaping (String) -> Void
    ) throws(DirectoryError) {
        self.configuration = configuration
        self.pause = pause
        self.note = note
        client = try configuration.server.client()
    }

    /// Reads all pages, and hands over the items of each.
    ///
    /// - Throws: `remote_unreachable`, `remote_refused`, `remote_invalid`; `remote_changing` where it became another
    ///   list meanwhile; what `take` throws.
    func read(
        since: String?, _ take: ([JSONValue], _ page: Int) throws(DirectoryError) -> Void
    ) throws(DirectoryError) -> Outcome {
        var outcome = Outcome()
        outcome.since = since
        var watch = ListWatch(configuration)
        var address: WebAddress? = try firstAddress(since: since)
        while let current = address {
            outcome.pages += 1
            guard outcome.pages <= configuration.pageLimit else {
                throw invalid(
                    "has more than \(configuration.pageLimit) pages",
                    "raise page_limit, or ask for larger pages")
            }
            if outcome.pages > 1, configuration.delay > 0 { pause(configuration.delay) }
            let reply = try fetch(current, page: outcome.pages)
            let answer = try json(reply, outcome.pages)
            let items = try items(of: answer, outcome.pages)
            try watch.take(items, of: answer, page: outcome.pages)
            if configuration.since?.answer != nil, outcome.pages == 1 {
                outcome.since = try sinceOfAnswer(answer) ?? outcome.since
            }
            outcome.since = try greatest(outcome.since, items)
            outcome.items += items.count
            try take(items, outcome.pages)
            address = try next(after: current, reply, answer, items, &watch)
        }
        try watch.finish(items: outcome.items)
        return outcome
    }

    // MARK: pages

    private func firstAddress(since: String?) throws(DirectoryError) -> WebAddress {
        var address = configuration.server.address
        if let rule = configuration.since, let value = since ?? rule.start {
            address = try address.with(rule.parameter, value)
        }
        if case .number(let parameter, let first) = configuration.paging {
            address = try address.with(parameter, "\(first)")
        }
        return address
    }

    private func next(
        after current: WebAddress, _ reply: WebReply, _ answer: JSONValue, _ items: [JSONValue],
        _ watch: inout ListWatch
    ) throws(DirectoryError) -> WebAddress? {
        switch configuration.paging {
        case .none: return nil
        case .cursor(let member, let parameter):
            guard let value = member.value(in: answer), value != .null, value != .bool(false) else {
                return nil
            }
            if case .string("") = value { return nil }
            guard let cursor = value.wordText else {
                throw invalid(
                    "has a cursor “\(member)” that is no text", "see what its documentation says of it")
            }
            try watch.goOn(to: cursor, "gives the cursor \(cursor.shortened()) again")
            return try current.with(parameter, cursor)
        case .number(let parameter, let first):
            // A page with fewer items than the one before may be the last, or not: only an empty one, or as many items
            // as there are in all, ends the list.
            if items.isEmpty || watch.isWhole { return nil }
            return try current.with(parameter, "\(first + watch.pages)")
        case .link:
            guard let target = reply.nextLink else { return nil }
            let address = try here(target, from: current, "its next page")
            try watch.goOn(to: address.text, "gives the same next page again")
            return address
        }
    }

    /// Another URL of the same server: a secret is for nobody else.
    private func here(_ target: String, from base: WebAddress, _ what: String) throws(DirectoryError)
        -> WebAddress
    {
        let address: WebAddress
        do throws(DirectoryError) {
            address = try WebAddress(target, from: base)
        } catch {
            throw invalid("names no URL as \(what)", "see what its documentation says of it")
        }
        guard address.server == configuration.server.address.server else {
            throw DirectoryError(
                .remoteRefused,
                "\(configuration.server.address) sends on to another server for \(what): \(address)",
                advice: "if that is right, write that server into url")
        }
        return address
    }

    /// One page, however often it has to be asked for.
    private func fetch(_ first: WebAddress, page: Int) throws(DirectoryError) -> WebReply {
        let retries = configuration.server.retries
        var random = SystemRandomNumberGenerator()
        var address = first
        var redirects = 0
        var failures = 0
        while true {
            let failure: DirectoryError
            var asked: Seconds?
            switch try attempt(address, page) {
            case .reply(let reply): return reply
            case .redirect(let target):
                redirects += 1
                guard let target, redirects <= Self.redirects else {
                    throw invalid("redirects in a circle, or nowhere", "see where url leads")
                }
                address = try here(target, from: address, "a redirect")
                continue
            case .failed(let error, let wish): (failure, asked) = (error, wish)
            }
            failures += 1
            guard failures < retries.attempts else {
                throw DirectoryError(
                    failure.code, failure.message + ", after \(failures) \(failures == 1 ? "try" : "tries")",
                    advice: failure.advice, cause: failure.cause)
            }
            if let asked, asked > retries.longestWait {
                throw DirectoryError(
                    failure.code, failure.message + ", and asks to be left alone for \(Int(asked.value)) s",
                    advice: "the next run of the timer asks again; nothing was taken in")
            }
            let wait = retries.wait(after: failures, asked: asked, using: &random)
            note("\(failure.description); trying again in \(Int(wait.value.rounded(.up))) s")
            pause(wait)
        }
    }

    private enum Attempt {
        case reply(WebReply)
        case redirect(String?)
        /// What may go well later, and when the server wishes that.
        case failed(DirectoryError, Seconds?)
    }

    /// - Throws: what another try cannot change.
    private func attempt(_ address: WebAddress, _ page: Int) throws(DirectoryError) -> Attempt {
        let request = try configuration.server.request(address, headers: [("Accept", "application/json")])
        let reply: WebReply
        do throws(WebFault) {
            reply = try client.send(request)
        } catch {
            guard error.isPassing else { throw error.error(at: address) }
            return .failed(error.error(at: address), nil)
        }
        switch reply.status {
        case 200...299: return .reply(reply)
        case 301, 302, 303, 307, 308: return .redirect(reply.redirect)
        case 408, 425, 429, 500...599:
            let failure = DirectoryError(
                .remoteUnreachable, "\(address), page \(page), answers with status \(reply.status)",
                advice: "see the journal of that server")
            return .failed(failure, reply.retryAfter(now: Date().timeIntervalSince1970))
        default:
            let advice =
                switch reply.status {
                case 401, 403, 407: "see that the credential is right and has not run out"
                case 404, 410: "see that url is right"
                default: "see url, headers and parameters"
                }
            throw DirectoryError(
                .remoteRefused, "\(address), page \(page), answers with status \(reply.status)",
                advice: advice)
        }
    }

    // MARK: answers

    private func json(_ reply: WebReply, _ page: Int) throws(DirectoryError) -> JSONValue {
        do throws(DirectoryError) {
            return try JSONValue(json: reply.body)
        } catch {
            let type = reply.headers["content-type"].map { " but \($0.shortened())" } ?? ""
            throw invalid(
                "answers with no JSON\(type) on page \(page)", "ask for it with curl, and see what comes",
                error.cause)
        }
    }

    private func items(of answer: JSONValue, _ page: Int) throws(DirectoryError) -> [JSONValue] {
        let place = configuration.list.description
        guard case .array(let items)? = configuration.list.value(in: answer) else {
            throw invalid(
                "has no list at \(place.isEmpty ? "the top" : "“\(place)”") on page \(page)",
                "write into list where it is")
        }
        return items
    }

    private func sinceOfAnswer(_ answer: JSONValue) throws(DirectoryError) -> String? {
        guard let member = configuration.since?.answer else { return nil }
        guard let text = member.value(in: answer)?.wordText else {
            throw invalid(
                "has no “\(member)”, from which the next time goes on", "write into since.answer where it is")
        }
        return text
    }

    /// The greatest value of an item's member, and of what was known: numbers as numbers, texts by their bytes.
    private func greatest(_ known: String?, _ items: [JSONValue]) throws(DirectoryError) -> String? {
        guard let member = configuration.since?.item else { return known }
        var greatest = known
        for item in items {
            guard let text = member.value(in: item)?.wordText else {
                throw invalid(
                    "has an item without “\(member)”, from which the next time goes on",
                    "write into since.item a member that each has")
            }
            guard let other = greatest else {
                greatest = text
                continue
            }
            let isGreater: Bool
            if let left = Double(text), let right = Double(other) {
                isGreater = left > right
            } else {
                isGreater = Array(other.utf8).lexicographicallyPrecedes(Array(text.utf8))
            }
            if isGreater { greatest = text }
        }
        return greatest
    }

    private func invalid(_ words: String, _ advice: String, _ cause: String? = nil) -> DirectoryError {
        DirectoryError(
            .remoteInvalid, "\(configuration.server.address) \(words)", advice: advice, cause: cause)
    }
}
