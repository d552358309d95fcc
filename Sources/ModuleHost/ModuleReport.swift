package import DirectoryModel

/// One file that the host looked at, and what became of it: a line of `/v1/modules` and `quarterctl modules`.
package struct ModuleReport: Hashable, Sendable {
    /// The file's path: a module's shared library, or a declared type's TOML.
    package let file: String
    /// Whether the file is TOML, and so without code of its own.
    package let isDeclared: Bool
    /// The module's id where it is known; a declared type's id is that of its module, too.
    package let id: ModuleID?
    /// Its name where it is known.
    package let name: LocalizedText?
    /// Its version where it is known; nil for declared types.
    package let version: String?
    /// What became of it.
    package let state: ModuleState
    /// The service types that it describes, empty unless it is loaded.
    package let types: [ServiceTypeID]
    /// What it was asked, and how that went, since the daemon started.
    package let usage: ModuleUsage
    /// Whether the file has changed since it was opened: the new one needs a restart.
    package let needsRestart: Bool
}

/// What became of a file.
package enum ModuleState: Hashable, Sendable {
    /// In use.
    case loaded
    /// Disabled in the configuration.
    case skipped
    /// Cannot be used; the error says why and what to do.
    case broken(DirectoryError)
    /// Has ended the process twice within ten minutes; not opened until it is released.
    case quarantined(reason: String, since: Timestamp)

    /// "loaded", "skipped", "broken" or "quarantined".
    package var word: String {
        switch self {
        case .loaded: "loaded"
        case .skipped: "skipped"
        case .broken: "broken"
        case .quarantined: "quarantined"
        }
    }
}

/// How a module's calls went.
package struct ModuleUsage: Hashable, Sendable {
    /// Calls so far.
    package var calls = 0
    /// Calls that took over 50 ms.
    package var slowCalls = 0
    /// Results of which something had to be left out.
    package var failures = 0
    /// What was wrong with the last of those.
    package var lastFailure: String?
    /// Time in calls, all threads together.
    package var time: Seconds = 0
    /// The longest call, to some milliseconds.
    package var longest: Seconds = 0
}

/// A call of a module that is under way.
package struct RunningModuleCall: Hashable, Sendable {
    /// The module's file, without its folder.
    package let file: String
    /// The module's id; nil while it is being opened.
    package let id: ModuleID?
    /// What it was asked.
    package let call: ModuleCall
    /// How long it has been going on, to some milliseconds.
    package let time: Seconds
}
