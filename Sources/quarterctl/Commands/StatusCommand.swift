import ArgumentParser
import DirectoryAPI
import DirectoryClient

/// `quarterctl status`: how the daemon is.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say how the daemon is.",
        discussion: "Ends with 0 when it answers, even if something is wrong that it can live with.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let endpoint = try global.endpoint(.public)
        let reply = try DirectoryClient(endpoint: endpoint).send(ClientRequest("GET", "/v1/health"))
        if global.json { return Terminal.print(json: reply.body) }
        let health = try reply.json()
        let state = health.text("state")
        print(
            "quarterd \(health.text("version")) on \(endpoint): "
                + Terminal.styled(state, state == "ok" ? .green : .yellow))
        print(health.text("summary").printable)
        for problem in health.texts("problems") { print("  " + Terminal.styled(problem.printable, .yellow)) }
        for note in health.texts("notes") { print("  " + note.printable) }
    }
}

/// `quarterctl reload`: read configuration, types and modules again.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Have the daemon read configuration, types and modules again.",
        discussion: "When anything is wrong, nothing changes, and the fault is told with file and line.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let endpoint = try global.endpoint(.admin)
        let client = DirectoryClient(endpoint: endpoint, timeouts: .longWork)
        try Self.show(try client.send(ClientRequest("POST", "/v1/reload")), asJSON: global.json)
    }

    /// Prints what a reload brought.
    static func show(_ reply: ClientReply, asJSON: Bool) throws {
        if asJSON { return Terminal.print(json: reply.body) }
        let answer = try reply.json()
        let changes = answer.texts("changes")
        if changes.isEmpty { print("Nothing has changed.") }
        for change in changes { print(change.printable) }
        for key in answer.texts("needs_restart") {
            print(Terminal.styled("\(key.printable): takes effect after a restart", .yellow))
        }
    }
}
