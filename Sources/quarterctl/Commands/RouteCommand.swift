import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl route`: how one gets there.
struct RouteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route", abstract: "Show the way to a place, step by step.",
        discussion: "With --json the way is a GeoJSON line.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var start: OriginOptions
    @OptionGroup var language: LanguageOption

    @Option(help: ArgumentHelp("The place to walk to.", valueName: "id"))
    var to: String

    func run() throws {
        let query = start.query + language.query + [("to", to)]
        let reply = try global.ask(ClientRequest("GET", "/v1/route", query: query))
        if global.json { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        let route = answer["properties"] ?? .null
        let place = route["to"] ?? .null
        print(
            "\(ReachCommand.originName(route["origin"])) → \(place.text("name")) (\(place.text("id"))): "
                + "\(route.number("metres")?.decimals(1) ?? "?") m, "
                + "\(ReachCommand.minutes(route.number("seconds"))) min, \(route.text("profile"))")
        var table = Table([.number("step"), .number("m"), .text("what to do")])
        for (number, step) in route.list("steps").enumerated() {
            table.add([
                String(number + 1), step.number("metres")?.decimals(1) ?? "", step.text("text"),
            ])
        }
        if !table.isEmpty { Terminal.print(table) }
        Terminal.printAttribution(route.texts("attribution"))
    }
}
