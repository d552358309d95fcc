import ArgumentParser
import DaemonConfiguration
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Foundation

/// `quarterctl doctor`: what is wrong here, and how it is mended.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what is wrong here, and say how to mend it.",
        discussion: "Changes nothing. Ends with 1 when something is to be mended.")

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("The configuration file to look at.", valueName: "file"), completion: .file())
    var config = "/etc/quarter/quarter.toml"

    func run() throws {
        var examination = Examination()
        examination.lookAtConfiguration(config)
        examination.lookAtDaemon(global)
        examination.lookAtTerminal()
        if global.json {
            Terminal.print(json: examination.json)
        } else {
            examination.print()
        }
        if examination.hasFaults { throw ExitCode(1) }
    }
}

/// The findings of `quarterctl doctor`.
struct Examination {
    /// One thing that was looked at.
    struct Check {
        /// What was looked at.
        let name: String
        /// ok, note or fault.
        let state: State
        /// What was seen.
        let detail: String
        /// What to do; empty when nothing is.
        let advice: String
    }

    /// How a check ended.
    enum State: String {
        /// As it should be.
        case ok
        /// Worth knowing, but nothing to mend.
        case note
        /// To be mended.
        case fault
    }

    private(set) var checks: [Check] = []

    /// Whether anything is to be mended.
    var hasFaults: Bool { checks.contains { $0.state == .fault } }

    private mutating func add(_ name: String, _ state: State, _ detail: String, _ advice: String = "") {
        checks.append(Check(name: name, state: state, detail: detail, advice: advice))
    }

    private mutating func add(_ name: String, _ state: State, _ error: DirectoryError) {
        let place = error.location.map { $0 + ": " } ?? ""
        let cause = error.cause.map { " (\($0))" } ?? ""
        add(name, state, place + error.message + cause, error.advice ?? "")
    }

    /// Whether the configuration is right.
    mutating func lookAtConfiguration(_ path: String) {
        guard access(path, F_OK) == 0 else {
            return add("configuration", .ok, "\(path) is not there: the defaults count")
        }
        do throws(DirectoryError) {
            _ = try QuarterConfiguration(contentsOf: path)
            add("configuration", .ok, path)
        } catch {
            add("configuration", .fault, error)
        }
    }

    /// Whether the daemon answers, may be written to, has a network and no broken module.
    mutating func lookAtDaemon(_ global: GlobalOptions) {
        let health: JSONValue
        do throws(DirectoryError) {
            let endpoint = try global.endpoint(.public)
            health = try DirectoryClient(endpoint: endpoint).send(ClientRequest("GET", "/v1/health")).json()
            add("daemon", .ok, "quarterd \(health.text("version")) answers on \(endpoint)")
        } catch {
            return add("daemon", .fault, error)
        }
        for problem in health.texts("problems") { add("health", .fault, problem) }
        lookAtCounts(health)
        lookAtModules(global)
        if global.socket == nil { lookAtAdminSocket(global) }
    }

    private mutating func lookAtCounts(_ health: JSONValue) {
        let counts = health["counts"] ?? .null
        if (counts.whole("edges") ?? 0) == 0 {
            add(
                "walking network", .fault, "there is none: nothing can be reached",
                "quarterctl import osm FILE.osm.pbf")
        } else {
            add("walking network", .ok, "\(counts.text("vertices")) vertices, \(counts.text("edges")) edges")
        }
        if (counts.whole("communities") ?? 0) == 0 {
            add(
                "communities", .note, "there is none: places belong to no community",
                "quarterctl import communities FILE.geojson")
        } else {
            add("communities", .ok, counts.text("communities"))
        }
    }

    private mutating func lookAtModules(_ global: GlobalOptions) {
        do throws(DirectoryError) {
            let modules = try global.ask(ClientRequest("GET", "/v1/modules")).json().list("modules")
            if modules.isEmpty {
                add("modules", .note, "none was found", "set modules.directories in quarter.toml")
            }
            for module in modules {
                let state = module.text("state")
                let id = module.text("id")
                add(
                    "module " + (id.isEmpty ? module.text("file") : id),
                    state == "loaded" ? .ok : state == "skipped" ? .note : .fault,
                    [state, module.text("reason")].filter { !$0.isEmpty }.joined(separator: ": "))
            }
        } catch {
            add("modules", .fault, error)
        }
    }

    private mutating func lookAtAdminSocket(_ global: GlobalOptions) {
        do throws(DirectoryError) {
            let endpoint = try global.endpoint(.admin)
            switch DirectoryClient(endpoint: endpoint).listens() {
            case .yes: add("admin socket", .ok, "you may write through \(endpoint)")
            case .no: add("admin socket", .fault, "nobody listens on \(endpoint)", "restart quarterd")
            case .cannotTell(let error): add("admin socket", .note, error)
            }
        } catch {
            add("admin socket", .note, error)
        }
    }

    /// Whether Chinese can be read here.
    mutating func lookAtTerminal() {
        let environment = ProcessInfo.processInfo.environment
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        let isUTF8 = locale.uppercased().replacing("-", with: "").hasSuffix("UTF8")
        if isUTF8 || locale.isEmpty {
            add("terminal", .ok, locale.isEmpty ? "no locale is set" : locale)
        } else {
            add("terminal", .note, "the locale \(locale) is not UTF-8", "export LANG=C.UTF-8")
        }
    }

    /// Prints a line for each check, and one for what to do.
    func print() {
        for check in checks {
            let mark =
                switch check.state {
                case .ok: Terminal.styled("✔", .green)
                case .note: Terminal.styled("–", .yellow)
                case .fault: Terminal.styled("✘", .red)
                }
            Swift.print(mark + " \(check.name): \(check.detail)".printable)
            if !check.advice.isEmpty { Swift.print("    → \(check.advice.printable)") }
        }
    }

    /// The checks as JSON: `{"checks":[{"name","state","detail","advice"}]}`.
    var json: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("checks")
        json.beginArray()
        for check in checks {
            json.beginObject()
            json.key("name")
            json.string(check.name)
            json.key("state")
            json.string(check.state.rawValue)
            json.key("detail")
            json.string(check.detail)
            json.key("advice")
            json.string(check.advice)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes()
    }
}
