import ArgumentParser
import DirectoryAPI

/// Where a walk starts and how one walks.
struct OriginOptions: ParsableArguments {
    // Unconditional: the south and the west begin with a minus sign.
    @Option(
        parsing: .unconditional, help: ArgumentHelp("Latitude of the start, WGS-84.", valueName: "degrees"))
    var lat: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Longitude of the start, WGS-84.", valueName: "degrees"))
    var lon: String?

    @Option(help: ArgumentHelp("A known origin to start from (see `quarterctl origins`).", valueName: "id"))
    var origin: String?

    @Option(help: ArgumentHelp("How one walks (see `quarterctl profiles`).", valueName: "id"))
    var profile: String?

    /// The words of the query; the daemon judges them.
    var query: [(name: String, value: String)] {
        [("lat", lat), ("lon", lon), ("origin", origin), ("profile", profile)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }
}

/// The language of names, highlights and steps.
struct LanguageOption: ParsableArguments {
    @Option(help: ArgumentHelp("Language of names, highlights and steps: zh or en.", valueName: "zh|en"))
    var lang: String?

    /// The word of the query.
    var query: [(name: String, value: String)] { lang.map { [("lang", $0)] } ?? [] }
}

/// How much of a list to fetch.
struct PageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Rows to fetch, 1 to \(WalkLimit.maximumPage); \(WalkLimit.defaultPage) unless said otherwise.",
            valueName: "count"))
    var limit: String?

    @Flag(help: "Fetch all pages. With --json, one line of JSON for each page.")
    var all = false

    /// The words of the query for the page after `cursor`.
    func query(after cursor: String?) -> [(name: String, value: String)] {
        var words: [(name: String, value: String)] = []
        if let limit {
            words.append(("limit", limit))
        } else if all {
            words.append(("limit", String(WalkLimit.maximumPage)))
        }
        if let cursor { words.append(("cursor", cursor)) }
        return words
    }
}
