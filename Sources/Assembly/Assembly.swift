package import DaemonConfiguration
internal import DirectoryAPI
package import DirectoryEngine
package import DirectoryModel
internal import Foundation
package import ModuleHost
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
    private let lock: StateLock

    /// The version of Quarter.
    package static let version = "0.1.0"

    /// Locks the state folder and opens everything on it; the directory answers when this returns.
    ///
    /// - Parameter reloaded: told of each new configuration, once it was found right and before it counts.
    /// - Throws: `configuration_invalid`, `unreadable_file`, `state_locked`, `store_damaged`,
    ///   `store_unwritable`.
    package init(
        _ layout: Layout, reloaded: @escaping @Sendable (QuarterConfiguration) -> Void = { _ in }
    ) throws(DirectoryError) {
        configuration = try Self.readConfiguration(layout)
        lock = try StateLock(folder: layout.stateFolder)
        host = try ModuleHost.open(configuration.hostSettings(stateFolder: layout.stateFolder))
        let present = Present(configuration, host)
        engine = try DirectoryEngine(
            folder: layout.stateFolder, version: Self.version, settings: configuration.engineSettings,
            host: host
        ) { () throws(DirectoryError) -> EngineUpdate in
            let update = try Self.update(layout, present)
            reloaded(update.configuration)
            return update.engine
        }
        intake = RegisterReader(sink: engine)
    }

    /// The configuration of a layout, with the folders that are really used.
    ///
    /// - Throws: `configuration_invalid`, `unreadable_file`.
    package static func readConfiguration(_ layout: Layout) throws(DirectoryError) -> QuarterConfiguration {
        var configuration = QuarterConfiguration()
        if let file = layout.configurationFile {
            configuration = try QuarterConfiguration(contentsOf: file)
        }
        if layout.configuration == nil, let tree = SourceTree.own {
            configuration.modules.directories = [tree.buildFolder]
            configuration.modules.typeDirectories = [tree.types]
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

    /// What counts now: the next reload is compared with it.
    private final class Present: Sendable {
        private let state: Mutex<(configuration: QuarterConfiguration, host: ModuleHost)>

        init(_ configuration: QuarterConfiguration, _ host: ModuleHost) {
            state = Mutex((configuration, host))
        }

        var values: (configuration: QuarterConfiguration, host: ModuleHost) {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    private static func update(_ layout: Layout, _ present: Present)
        throws(DirectoryError) -> (configuration: QuarterConfiguration, engine: EngineUpdate)
    {
        let before = present.values
        let configuration = try readConfiguration(layout)
        let host = try before.host.reloaded(configuration.hostSettings(stateFolder: layout.stateFolder))
        var changes: [String] = []
        for key in ConfigurationKey.all where key.value(before.configuration) != key.value(configuration) {
            changes.append("\(key.table).\(key.name) is \(key.value(configuration) ?? "unset")")
        }
        if before.configuration.profiles != configuration.profiles { changes.append("profiles have changed") }
        changes += changesOfTypes(from: before.host, to: host)
        present.values = (configuration, host)
        let update = EngineUpdate(
            settings: configuration.engineSettings, host: host, changes: changes,
            needsRestart: configuration.keysAwaitingRestart(since: before.configuration))
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
    package func close() throws(DirectoryError) { try engine.close() }
}

extension QuarterConfiguration {
    /// What the engine takes from it.
    package var engineSettings: EngineSettings {
        EngineSettings(
            profiles: profiles, defaultProfile: walking.defaultProfile,
            defaultMinutes: Double(walking.defaultMinutes), timeZone: calendar.timeZone)
    }

    /// What the module host takes from it.
    package func hostSettings(stateFolder: String) -> ModuleHostSettings {
        ModuleHostSettings(
            directories: modules.directories, typeDirectories: modules.typeDirectories,
            disabled: modules.disabled, stateFolder: stateFolder)
    }
}
