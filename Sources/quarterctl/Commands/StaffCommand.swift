import ArgumentParser
import Assembly
import DirectoryClient
import DirectoryModel
import Foundation
import PageFiles
import StaffDesk

/// `quarterctl staff`: the staff view in a browser.
struct StaffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff",
        abstract: "Open the staff view in a browser: imports, duplicates, freshness, map, coverage.",
        discussion: """
            It prints an address that opens once. Whoever opens it writes with your rights until you end the command \
            with Ctrl-C, or nothing was asked for half an hour: give the address to nobody. The page is for \
            this machine's browsers only.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: ArgumentHelp("The port of 127.0.0.1 to listen on; a free one without it.", valueName: "port"))
    var port: UInt16 = 0

    @Option(
        help: ArgumentHelp("After how many minutes without a request to end, 1 to 480.", valueName: "minutes")
    )
    var idle = 30

    @Option(
        help: ArgumentHelp(
            "The folder of Quarter's pages; that of this installation without it.", valueName: "dir"),
        completion: .directory)
    var pages: String?

    @Option(
        help: ArgumentHelp("The folder of Leaflet, which draws the map.", valueName: "dir"),
        completion: .directory)
    var leaflet = "/usr/share/javascript/leaflet"

    func validate() throws {
        guard (1...480).contains(idle) else { throw ValidationError("--idle takes 1 to 480 minutes.") }
    }

    func run() throws {
        guard case .unixSocket(let path) = try global.endpoint(.admin) else {
            throw DirectoryError(
                .invalidRequest, "the staff view needs the admin socket, and a port is none",
                advice: "name it with --socket PATH, or the state folder with --state", location: "--socket")
        }
        // A page that could ask nothing would be no help: said here, where the reason is.
        _ = try DirectoryClient(endpoint: .unixSocket(path: path)).send(
            ClientRequest("GET", "/v1/imports", query: [("limit", "1")]))
        var settings = DeskSettings(adminSocket: path, pages: try shelf())
        settings.port = port
        settings.idleTime = Seconds(Double(idle * 60))
        let desk = try StaffDesk(settings)
        print("The staff view is open, with your rights, for whoever opens this address first:\n")
        print("  \(desk.address)\n")
        print("Ctrl-C ends it; so do \(idle) minutes without a request.")
        // At once, also into a pipe: whoever waits for the address must have it.
        fflush(nil)
        desk.wait()
        print("Nothing was asked for \(idle) minutes: the staff view is closed.")
    }

    private func shelf() throws(DirectoryError) -> PageShelf {
        let folder = pages ?? Layout.pagesOfSourceTree ?? "/usr/share/quarter/pages"
        let shelf = PageShelf([
            "staff": folder + "/staff", "common": folder + "/common", "leaflet": leaflet,
            // The map's buttons have their signs from there.
            "kiosk/icons": folder + "/kiosk/icons",
        ])
        guard shelf.file(at: "/staff/") != nil else {
            throw DirectoryError(
                .unreadableFile, "there is no staff page in \(folder)",
                advice: "install Quarter whole, or name the folder with --pages", location: "--pages")
        }
        for problem in shelf.problems { Terminal.note(problem) }
        return shelf
    }
}
