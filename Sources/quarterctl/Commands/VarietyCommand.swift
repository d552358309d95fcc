import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl variety`: how many different things there are within some walks.
struct VarietyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "variety",
        abstract: "Count the different things within some walks: dishes, goods, services.",
        discussion: """
            Things are counted by an attribute (goods), a column of a table (menu.dish) or by type. Conditions are \
            those of `quarterctl reach`; on a table they choose the rows that count.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var start: OriginOptions
    @OptionGroup var language: LanguageOption

    @Option(help: ArgumentHelp("What is counted: type, an attribute, or table.column.", valueName: "key"))
    var by: String

    @Option(
        help: ArgumentHelp("Up to six ascending walking times; 8,15 unless said otherwise.", valueName: "n,n")
    )
    var minutes: String?

    @Option(help: ArgumentHelp("Only places of this service type; may be repeated.", valueName: "id"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Only places of this community.", valueName: "id"))
    var community: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp(
            "Only places whose attribute meets a condition; may be repeated.", valueName: "a:op:v"))
    var conditions: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only places that are open: now, on arrival, or at a moment such as 2026-11-24T12:30+08:00.",
            valueName: "now|arrival|time"))
    var open: String?

    func run() throws {
        var words = start.query + language.query + [("by", by)]
        for (name, value) in [("minutes", minutes), ("community", community), ("open", open)] {
            if let value { words.append((name, value)) }
        }
        words += type.map { ("type", $0) } + conditions.map { ("where", $0) }
        let reply = try global.ask(ClientRequest("GET", "/v1/variety", query: words))
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        let name = ReachCommand.originName(answer["origin"])
        print("From \(name), \(answer.text("profile")), by \(answer.text("by"))")
        for limit in answer.list("limits") {
            let minutes = limit.number("minutes") ?? 0
            let places = limit.whole("places") ?? 0
            print(
                "\(minutes.decimals(minutes == minutes.rounded() ? 0 : 1)) min: \(limit.whole("different") ?? 0) "
                    + "different in \(places) \(places == 1 ? "place" : "places")")
            var table = Table([
                .name("what"), .number("places"), .number("nearest, min"), .name("at"), .word("id"),
            ])
            for value in limit.list("values") {
                let seconds = value["walk"]?.number("seconds") ?? 0
                table.add([
                    value.text("name"), value.text("places"), (seconds / 60).decimals(1),
                    value["nearest"]?.text("name") ?? "", value["nearest"]?.text("id") ?? "",
                ])
            }
            if !table.isEmpty { Terminal.print(table) }
        }
        Terminal.printAttribution(answer.texts("attribution"))
    }
}
