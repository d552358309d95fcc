package import DaemonConfiguration
internal import DirectoryAPI
package import DirectoryEngine
package import DirectoryModel
internal import Foundation
package import ModuleHost
internal import OpeningTimes
package import Registers
internal import Synchronization

/// A directory with everything behind it, opened on a state folder that this process holds locked.
package final class Assembly: Sendable {
    /// The configuration that it was opened with.
    package let configuration: QuarterConfiguration
    /// Service-type modules and declared types at the opening.
    package let host: ModuleHost
    /// The directory.
    package let engine: DirectoryEngine
    /// What reads registers into it.
    package let intake: RegisterReader
    /// Why `configuration` is the last valid one and not the present one; nil where it is the present one.
    package let configurationProblem: DirectoryError?
    /// What is worth a line in the journal and no error.
    package let notes: [String]
    private let folder: String
    private let lock: StateLock

    /// The version of Quarter.
    package static let version = ProductVersion.current

    /// Locks the state folder and opens everything on it; the directory answers when this returns.
    ///
    /// - Parameters:
    ///   - keepsLastValid: whether a copy of each valid configuration is kept in the state folder, and serves
    ///     where the present one is wrong: for the daemon, which must not fail by a typing mistake.
    ///   - observer: told what happens to the engine.
    ///   - reloaded: told of each new configuration, once it was found right and before it counts.
    /// - Throws: `configuration_invalid`, `unreadable_file`, `state_locked`, `store_damaged`,
    ///   `store_unwritable`.
    package init(
        _ layout: Layout, keepsLastValid: Bool = false,
        observer: @escaping @Sendable (EngineEvent) -> Void = { _ in },
        reloaded: @escaping @Sendable (QuarterConfiguration) -> Void = { _ in }
    ) throws(DirectoryError) {
        folder = layout.stateFolder
        let copy = keepsLastValid ? LastValidConfiguration(stateFolder: folder) : nil
        var problem: DirectoryError?
        var kept: LastValidConfiguration.Kept?
        var configuration: QuarterConfiguration
        var calendar: CalendarShelf
        do throws(DirectoryError) {
            configuration = try Self.readConfiguration(layout)
            calendar = try Self.readCalendars(configuration.calendar.directories)
        } catch {
            guard let found = copy?.load(layout) else { throw error }
            (configuration, calendar, kept, problem) = (found.configuration, found.calendar, found, error)
        }
        lock = try StateLock(folder: folder)
        let present = Present()
        var notes: [String] = []
        engine = try DirectoryEngine(
            folder: folder, version: Self.version,
            opening: { () throws(DirectoryError) -> EngineUpdate in
                let settings =
                    kept?.hostSettings(stateFolder: layout.stateFolder)
                    ?? configuration.hostSettings(stateFolder: layout.stateFolder)
                var host = try ModuleHost.open(settings)
                if problem == nil, let fault = host.typeProblem {
                    // All of the copy or nothing of it: settings and types belong together.
                    if let found = copy?.load(layout),
                        let known = try? host.reloaded(found.hostSettings(stateFolder: layout.stateFolder))
                    {
                        (configuration, calendar) = (found.configuration, found.calendar)
                        (host, problem) = (known, fault)
                    }
                } else if problem == nil, let note = copy?.keep(layout, configuration) {
                    notes.append(note)
                }
                present.start(configuration, host, calendar)
                return EngineUpdate(
                    settings: configuration.engineSettings(calendar), host: host, problem: problem)
            },
            reloading: { () throws(DirectoryError) -> EngineUpdate in
                var update = try Self.update(layout, present)
                if let note = copy?.keep(layout, update.configuration) { update.engine.changes.append(note) }
                reloaded(update.configuration)
                return update.engine
            }, observer: observer)
        self.configuration = configuration
        configurationProblem = problem
        host = present.values.host
        self.notes = host.notes + notes
        intake = RegisterReader(sink: engine)
        StateOwner.settle(folder)
    }

    /// The configuration of a layout, with the folders that are really used.
    ///
    /// - Throws: `configuration_invalid`, `unreadable_file`.
    package static func readConfiguration(_ layout: Layout) throws(DirectoryError) -> QuarterConfiguration {
        var configuration = QuarterConfiguration()
        if let file = layout.configurationFile {
            configuration = try QuarterConfiguration(contentsOf: file)
        }
        return fitted(configuration, to: layout)
    }

    /// The calendars of some folders, later ones before earlier ones; a folder that is not there has none.
    ///
    /// - Throws: `configuration_invalid` with the file, `unreadable_file`.
    static func readCalendars(_ folders: [String]) throws(DirectoryError) -> CalendarShelf {
        var shelf = CalendarShelf.empty
        for folder in folders where access(folder, F_OK) == 0 {
            shelf.append(try CalendarShelf(folder: folder))
        }
        return shelf
    }

    /// The years whose days off and make-up workdays a configuration's calendars know.
    ///
    /// - Throws: what is wrong with a calendar.
    package static func calendarYears(_ configuration: QuarterConfiguration) throws(DirectoryError)
        -> [String]
    {
        let calendar = try readCalendars(configuration.calendar.directories).calendar()
        return (1900...2999).filter(calendar.hasDecree).map(String.init)
    }

    /// A configuration with the folders that the command line, a source tree or a run by hand give it.
    package static func fitted(_ configuration: QuarterConfiguration, to layout: Layout)
        -> QuarterConfiguration
    {
        var configuration = configuration
        if layout.configuration == nil, let tree = SourceTree.own {
            configuration.modules.directories = [tree.buildFolder]
            configuration.modules.typeDirectories = [tree.types]
            configuration.calendar.directories = [tree.calendars]
            configuration.pages.folder = tree.pages
        }
        if !layout.moduleFolders.isEmpty { configuration.modules.directories = layout.moduleFolders }
        if !layout.typeFolders.isEmpty { configuration.modules.typeDirectories = layout.typeFolders }
        // A daemon that is run by hand has no package's spool: its own folder holds one.
        if configuration.spool.folder == QuarterConfiguration().spool.folder,
            access(configuration.spool.folder, W_OK) != 0
        {
            configuration.spool.folder = layout.stateFolder + "/spool"
        }
        return configuration
    }

    /// What counts now, which the next reload is compared with, and what the process was started with, which
    /// tells what needs a restart.
    private final class Present: Sendable {
        private struct State {
            var configuration = QuarterConfiguration()
            var host: ModuleHost?
            var calendar = CalendarShelf.empty
            var started = QuarterConfiguration()
        }

        private let state = Mutex(State())

        func start(_ configuration: QuarterConfiguration, _ host: ModuleHost, _ calendar: CalendarShelf) {
            state.withLock {
                $0 = State(
                    configuration: configuration, host: host, calendar: calendar, started: configuration)
            }
        }

        var started: QuarterConfiguration { state.withLock { $0.started } }

        var values: (configuration: QuarterConfiguration, host: ModuleHost, calendar: CalendarShelf) {
            get {
                let state = state.withLock { $0 }
                guard let host = state.host else { preconditionFailure("asked before the start") }
                return (state.configuration, host, state.calendar)
            }
            set {
                state.withLock {
                    ($0.configuration, $0.host) = (newValue.configuration, newValue.host)
                    $0.calendar = newValue.calendar
                }
            }
        }
    }

    private static func update(_ layout: Layout, _ present: Present)
        throws(DirectoryError) -> (configuration: QuarterConfiguration, engine: EngineUpdate)
    {
        let before = present.values
        let configuration = try readConfiguration(layout)
        let calendar = try readCalendars(configuration.calendar.directories)
        let host = try before.host.reloaded(configuration.hostSettings(stateFolder: layout.stateFolder))
        var changes: [String] = []
        for key in ConfigurationKey.all where key.value(before.configuration) != key.value(configuration) {
            changes.append("\(key.table).\(key.name) is \(key.value(configuration) ?? "unset")")
        }
        if before.configuration.profiles != configuration.profiles { changes.append("profiles have changed") }
        if before.calendar != calendar { changes.append("calendars have changed") }
        changes += changesOfTypes(from: before.host, to: host)
        let replaced = host.reports.filter(\.needsRestart).map { "module \($0.id?.rawValue ?? $0.file)" }
        present.values = (configuration, host, calendar)
        let update = EngineUpdate(
            settings: configuration.engineSettings(calendar), host: host, changes: changes,
            needsRestart: configuration.keysAwaitingRestart(since: present.started) + replaced)
        return (configuration, update)
    }

    private static func changesOfTypes(from before: ModuleHost, to after: ModuleHost) -> [String] {
        let old = Dictionary(before.types.map { ($0.id, $0) }) { first, _ in first }
        let new = Dictionary(after.types.map { ($0.id, $0) }) { first, _ in first }
        var changes: [String] = []
        for type in after.types {
            if let known = old[type.id] {
                if known != type { changes.append("type \(type.id) has changed") }
            } else {
                changes.append("type \(type.id) is new")
            }
        }
        for type in before.types where new[type.id] == nil { changes.append("type \(type.id) is gone") }
        return changes
    }

    /// Closes the store; nothing may be asked afterwards.
    package func close() throws(DirectoryError) {
        try engine.close()
        StateOwner.settle(folder)
    }
}

extension QuarterConfiguration {
    /// What the engine takes from it, without a calendar: for work that asks for no opening times.
    package var engineSettings: EngineSettings { engineSettings(.empty) }

    /// What the engine takes from it.
    func engineSettings(_ days: CalendarShelf) -> EngineSettings {
        EngineSettings(
            profiles: profiles, defaultProfile: walking.defaultProfile,
            defaultMinutes: Double(walking.defaultMinutes), timeZone: calendar.timeZone, calendars: days,
            turnsOffsetDatums: registers.offsetDatums == .turn, precedence: precedence,
            holdsDuplicates: registers.duplicates == .hold, parties: parties)
    }

    /// What the module host takes from it.
    package func hostSettings(stateFolder: String) -> ModuleHostSettings {
        ModuleHostSettings(
            directories: modules.directories, typeDirectories: modules.typeDirectories,
            disabled: modules.disabled, stateFolder: stateFolder)
    }
}
