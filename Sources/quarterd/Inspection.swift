import ArgumentParser
import Assembly
import DirectoryAPI
import DirectoryModel
import Foundation
import ModuleHost

/// `quarterd --check`: everything that a start would read, without serving anything.
struct Inspection {
    let layout: Layout

    /// Prints what is there and what is wrong.
    ///
    /// - Throws: `ExitCode` of the first fault; 78 for a faulty configuration.
    func run() throws {
        var faults: [DirectoryError] = []
        let configuration = try Assembly.readConfiguration(layout)
        print("configuration: \(layout.configurationFile ?? "none, the defaults count")")
        let years = try Assembly.calendarYears(configuration)
        print("calendars: \(years.isEmpty ? "none, no day is confirmed" : years.joined(separator: ", "))")
        // Without the state folder: a look may not change what is recorded about modules.
        var settings = configuration.hostSettings(stateFolder: layout.stateFolder)
        settings.stateFolder = nil
        let host = try ModuleHost.open(settings)
        print("types: \(host.types.count)")
        for note in host.notes { print("note: \(note)") }
        faults += host.problems
        faults += lookAtState()
        for fault in faults { print("fault: \(fault.description)") }
        guard let first = faults.first else { return print("all is well") }
        throw ExitCode(ErrorTable.exitCode(of: first.code))
    }

    private func lookAtState() -> [DirectoryError] {
        guard FileManager.default.fileExists(atPath: layout.stateFolder) else {
            print("state: \(layout.stateFolder) is not there yet")
            return []
        }
        do throws(DirectoryError) {
            let assembly = try Assembly(layout)
            let health = assembly.engine.health()
            print("state: \(layout.stateFolder): \(health.summary)")
            try assembly.close()
            return []
        } catch  where error.code == .stateLocked {
            print("state: \(error.description)")
            return []
        } catch {
            return [error]
        }
    }
}
