// DaemonConfiguration: quarter.toml as one value with defaults, from one table of keys that also makes its reference.
// May import: DirectoryModel, DirectoryAPI, TOMLDocument.

package import DirectoryAPI
package import DirectoryModel

/// Everything that can be set in `quarter.toml`.
///
/// A value of its own is the shipped default of every key.
package struct QuarterConfiguration: Hashable, Sendable {
    /// How people walk.
    package var walking = Walking()
    /// Walking profiles, in the order in which they are shown: the shipped ones first.
    package var profiles: [Profile] = Self.shippedProfiles
    /// Local time.
    package var calendar = Calendar()
    /// Service-type modules and declared types.
    package var modules = Modules()
    /// What one client may ask of the daemon.
    package var requests = Requests()
    /// How registers are read.
    package var registers = Registers()
    /// The kiosk page's socket.
    package var kiosk = Kiosk()
    /// The pages that are served.
    package var pages = Pages()
    /// Who may write.
    package var admin = Admin()
    /// Files that are on their way in.
    package var spool = Spool()
    /// What is written to the journal.
    package var log = Log()
    /// Which source is believed where several speak of one place.
    package var precedence = Precedence()
    /// Those who keep the directory together, in the order in which they are written.
    package var parties: [Party] = []

    /// The shipped defaults.
    package init() {}

    /// The profile of `id`, or nil.
    package func profile(_ id: ProfileID) -> Profile? { profiles.first { $0.id == id } }

    /// How people walk when a request does not say.
    package struct Walking: Hashable, Sendable {
        /// The profile of a request that names none; one of `profiles`.
        package var defaultProfile = ProfileID(unchecked: "standard")
        /// The minutes of a request that names none, 1…60.
        package var defaultMinutes = 15
    }

    /// Local time.
    package struct Calendar: Hashable, Sendable {
        /// The IANA name of the zone in which opening times are meant.
        package var timeZone = "Asia/Shanghai"
        /// Folders in which `*.json` are calendars of a year each, in this order.
        package var directories = ["/etc/quarter/calendars"]
    }

    /// Where modules and declared types come from.
    package struct Modules: Hashable, Sendable {
        /// Folders in which `lib*Module.so` are opened, in this order.
        package var directories = ["/usr/lib/quarter/modules"]
        /// Folders in which `*.toml` declare a service type each, in this order.
        package var typeDirectories = ["/etc/quarter/types.d"]
        /// Ids of modules, or of declared types, that are not loaded.
        package var disabled: [String] = []
    }

    /// What one client may ask of the daemon.
    package struct Requests: Hashable, Sendable {
        /// The longest request line and headers together, in bytes.
        package var headLimit = 16 << 10
        /// The longest body, registers excepted, in bytes.
        package var bodyLimit = 1 << 20
        /// The longest register that can be sent, in bytes.
        package var registerLimit = 2 << 30
        /// Within what time a request's head and body must arrive, registers excepted.
        package var requestTime: Seconds = 10
        /// After what time without a request a connection is closed.
        package var idleTime: Seconds = 60
        /// Connections open at once for one user of the machine.
        package var connectionsPerUser = 1024
        /// Followers of the change feed at once.
        package var followers = 512
        /// Followers of the change feed at once for one user of the machine.
        package var followersPerUser = 128
        /// Commits while a follower takes nothing, after which it is told to read anew.
        package var followerLag = 1_000
    }

    /// How registers are read.
    package struct Registers: Hashable, Sendable {
        /// What becomes of points in an offset datum.
        package var offsetDatums = OffsetDatums.keep
        /// What becomes of a new row that looks like a place of another source.
        package var duplicates = Duplicates.hold

        /// What becomes of a new row that looks like a place of another source.
        package enum Duplicates: String, Hashable, Sendable, CaseIterable {
            /// It waits for somebody's decision.
            case hold
            /// It is stored.
            case take
        }

        /// What becomes of points in an offset datum (GCJ-02, BD-09).
        package enum OffsetDatums: String, Hashable, Sendable, CaseIterable {
            /// They are kept as given; no walk leads there.
            case keep
            /// WGS-84 is computed from them.
            case turn
        }
    }

    /// The kiosk page's socket.
    package struct Kiosk: Hashable, Sendable {
        /// Host names, without port, that a browser may use for the loopback socket.
        package var allowedHosts = ["localhost", "127.0.0.1", "[::1]"]
        /// Where walks start on a kiosk whose page names nothing; nil to ask.
        package var origin: OriginID?
        /// The walking profile that a kiosk begins with; nil for `walking.defaultProfile`.
        package var profile: ProfileID?
        /// After what time without a touch a kiosk warns that it will begin anew.
        package var idleTime: Seconds = 60
        /// How long that warning stands.
        package var warningTime: Seconds = 20
    }

    /// The pages that the daemon serves.
    package struct Pages: Hashable, Sendable {
        /// The folder of Quarter's own pages.
        package var folder = "/usr/share/quarter/pages"
        /// The folder of Leaflet, which draws their maps.
        package var leaflet = "/usr/share/javascript/leaflet"
        /// Sites that may show the pages under `/embed/` in a frame.
        package var framers: [String] = []
    }

    /// Who may write.
    package struct Admin: Hashable, Sendable {
        /// The group whose members may write through the admin socket.
        package var group = "quarter-admin"
    }

    /// Files that are on their way in.
    package struct Spool: Hashable, Sendable {
        /// The folder for registers while they are being received.
        package var folder = "/var/spool/quarter"
    }

    /// What is written to the journal.
    package struct Log: Hashable, Sendable {
        /// The least severe messages that are written.
        package var level = Level.info

        /// Severities, the least severe first.
        package enum Level: String, Hashable, Sendable, CaseIterable {
            /// Every step.
            case trace
            /// What a developer needs.
            case debug
            /// What an administrator may want to know.
            case info
            /// Out of the ordinary, and not wrong.
            case notice
            /// Wrong, and survived.
            case warning
            /// An action failed.
            case error
            /// The daemon cannot go on.
            case critical
        }
    }
}

extension QuarterConfiguration {
    /// The five profiles that Quarter ships, with the sources of their paces.
    package static let shippedProfiles: [Profile] = [
        Profile(
            id: ProfileID(unchecked: "standard"), name: LocalizedText(zh: "成人", en: "Adult"),
            pace: 1.11, avoidsSteps: false,
            source: "GB 50180-2018: 15 minutes are 800 to 1000 m; its upper figure, 1000 m / 900 s"),
        Profile(
            id: ProfileID(unchecked: "elder"), name: LocalizedText(zh: "长者", en: "Older person"),
            pace: 0.8, avoidsSteps: false,
            source:
                "women of 65 and more in England, n = 3145, mean of timed walks: doi 10.1093/ageing/afs076"),
        Profile(
            id: ProfileID(unchecked: "frail"), name: LocalizedText(zh: "体弱长者", en: "Frail older person"),
            pace: 0.64, avoidsSteps: false,
            source:
                "frail people of 65 and more in the UK, n = 768: Are pedestrian crossings in the UK fit for "
                + "purpose? (University of Bath)"),
        Profile(
            id: ProfileID(unchecked: "pushchair"), name: LocalizedText(zh: "推婴儿车", en: "With a pushchair"),
            pace: 1.0, avoidsSteps: true,
            source: "chosen, not measured: below an adult's pace, never on steps"),
        Profile(
            id: ProfileID(unchecked: "wheelchair"), name: LocalizedText(zh: "轮椅", en: "Wheelchair"),
            pace: 0.8, avoidsSteps: true,
            source: "chosen, not measured: an older person's pace, never on steps"),
    ]
}
