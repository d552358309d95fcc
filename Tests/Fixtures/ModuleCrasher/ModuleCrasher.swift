// ModuleCrasher: a process for the tests of quarantine that dies in a module's call, or beside one.
// May import: ModuleHost, ServiceTypeKit, DirectoryModel.

import DirectoryModel
import Foundation
import ModuleHost
import ServiceTypeKit

/// The program `ModuleCrasher MODULES STATE NAME [beside]`.
///
/// Normalises a place called NAME with the module of type `trap_shop`, on a thread of its own; with `beside` the
/// main thread traps meanwhile. Prints "ready" before the call and "done" after it.
@main
struct ModuleCrasher {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4 else { exit(64) }
        // A parent's worker thread may have left signals blocked; systemd starts the daemon with none blocked.
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        let host = try ModuleHost.open(
            ModuleHostSettings(directories: [arguments[1]], stateFolder: arguments[2]))
        guard host.type(ServiceTypeID(unchecked: "trap_shop")) != nil else { exit(65) }
        let place = Place(
            id: PlaceID(unchecked: "p"), type: ServiceTypeID(unchecked: "trap_shop"), name: arguments[3])
        say("ready")
        let thread = Thread {
            _ = host.normalise(PlaceDraft(place: place))
            say("done")
            exit(0)
        }
        thread.start()
        if arguments.last == "beside" {
            Thread.sleep(forTimeInterval: 0.2)
            fatalError("a fault of the main thread")
        }
        while true { Thread.sleep(forTimeInterval: 1) }
    }

    private static func say(_ word: String) {
        FileHandle.standardOutput.write(Data((word + "\n").utf8))
    }
}
