// DirectoryEngine: the live index and the only write path; implements DirectoryService.
// May import: DirectoryModel, ServiceTypeKit, DirectoryAPI, DirectoryStore, WalkNetwork, AreaGeometry,
// ModuleHost.

package import DirectoryModel
package import ModuleHost

/// What the engine takes from the configuration.
package struct EngineSettings: Hashable, Sendable {
    /// Walking profiles, at least one, in the order in which they are shown.
    package var profiles: [Profile]
    /// The profile of a query that names none; one of `profiles`.
    package var defaultProfile: ProfileID
    /// The minutes of a query that names none, 1…60.
    package var defaultMinutes: Double
    /// The IANA name of the zone of local time.
    package var timeZone: String

    /// Settings; see the fields.
    package init(
        profiles: [Profile], defaultProfile: ProfileID, defaultMinutes: Double, timeZone: String
    ) {
        self.profiles = profiles
        self.defaultProfile = defaultProfile
        self.defaultMinutes = defaultMinutes
        self.timeZone = timeZone
    }
}

/// What a reload brings, read and checked whole before anything is changed.
package struct EngineUpdate: Sendable {
    /// The new settings.
    package var settings: EngineSettings
    /// The new modules and declared types.
    package var host: ModuleHost
    /// What changed, one line each.
    package var changes: [String]
    /// Keys that changed but need a restart.
    package var needsRestart: [String]

    /// An update; see the fields.
    package init(settings: EngineSettings, host: ModuleHost, changes: [String], needsRestart: [String]) {
        self.settings = settings
        self.host = host
        self.changes = changes
        self.needsRestart = needsRestart
    }
}
