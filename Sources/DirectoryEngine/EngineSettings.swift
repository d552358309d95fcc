// DirectoryEngine: the live index and the only write path; implements DirectoryService.
// May import: DirectoryModel, ServiceTypeKit, DirectoryAPI, DirectoryStore, WalkNetwork, AreaGeometry,
// OpeningTimes, TextSearch, RegisterMatching, ModuleHost, StreetMap.

package import DirectoryAPI
package import DirectoryModel
package import ModuleHost
package import OpeningTimes

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
    /// Days off, make-up workdays and school holidays, for everybody and for districts.
    package var calendars: CalendarShelf
    /// Whether points in an offset datum (GCJ-02, BD-09) may be turned into WGS-84.
    package var turnsOffsetDatums: Bool
    /// Which source is believed where several speak of one place.
    package var precedence: Precedence
    /// Whether a row that looks like a place of another source waits for somebody's decision.
    package var holdsDuplicates: Bool
    /// Those who keep the directory together.
    package var parties: [Party]

    /// Settings; see the fields.
    package init(
        profiles: [Profile], defaultProfile: ProfileID, defaultMinutes: Double, timeZone: String,
        calendars: CalendarShelf = .empty, turnsOffsetDatums: Bool = false,
        precedence: Precedence = Precedence(), holdsDuplicates: Bool = true,
        parties: [Party] = []
    ) {
        self.profiles = profiles
        self.defaultProfile = defaultProfile
        self.defaultMinutes = defaultMinutes
        self.timeZone = timeZone
        self.calendars = calendars
        self.turnsOffsetDatums = turnsOffsetDatums
        self.precedence = precedence
        self.holdsDuplicates = holdsDuplicates
        self.parties = parties
    }

    /// What tells whether places are open in these communities.
    func openingJudge(_ communities: some Sequence<Community>, number: UInt64) -> OpeningJudge {
        // The configuration refuses a zone that the machine does not know.
        OpeningJudge(
            zone: (try? OpeningZone(identifier: timeZone)) ?? .shanghai, calendars: calendars,
            communities: communities, number: number)
    }
}

/// What an opening or a reload brings, read and checked whole before anything is changed.
package struct EngineUpdate: Sendable {
    /// The new settings.
    package var settings: EngineSettings
    /// The new modules and declared types.
    package var host: ModuleHost
    /// What changed, one line each.
    package var changes: [String]
    /// What changed but needs a restart: keys, and files of modules.
    package var needsRestart: [String]
    /// What is wrong with the present configuration, where an earlier one serves in its place.
    package var problem: DirectoryError?

    /// An update; see the fields.
    package init(
        settings: EngineSettings, host: ModuleHost, changes: [String] = [], needsRestart: [String] = [],
        problem: DirectoryError? = nil
    ) {
        self.settings = settings
        self.host = host
        self.changes = changes
        self.needsRestart = needsRestart
        self.problem = problem
    }
}

/// What happens to an engine, for whoever tells the service manager.
package enum EngineEvent: Sendable {
    /// The opening goes on: what it is at, in words; sent again while a long step makes progress.
    case opening(String)
    /// A reload has begun; `reloadEnded` follows.
    case reloadBegan
    /// A reload has ended; with an error it has changed nothing.
    case reloadEnded(Result<ReloadReply, DirectoryError>)
    /// `health()` may answer otherwise from now on.
    case changed
}
