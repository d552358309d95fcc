/// What failed, on which thing, and what to do next, with a stable code for programs.
///
/// The code decides HTTP status and exit code (DirectoryAPI's error table); `docs/errors.md` lists them all.
///
/// Since: 1.0
public struct DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The stable code.
    ///
    /// Since: 1.0
    public var code: Code
    /// What failed, on which thing: one line for a person, in English, no full stop.
    ///
    /// Since: 1.0
    public var message: String
    /// What to do next: one line, or nil when the message says it.
    ///
    /// Since: 1.0
    public var advice: String?
    /// The file, with line where there is one ("types.d/laundry.toml:12"), or the field of the request.
    ///
    /// Since: 1.0
    public var location: String?
    /// What lay behind it, in another library's words.
    ///
    /// Since: 1.0
    public var cause: String?

    /// An error of `code`; see the fields.
    ///
    /// Since: 1.0
    public init(
        _ code: Code, _ message: String, advice: String? = nil, location: String? = nil, cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.advice = advice
        self.location = location
        self.cause = cause
    }

    /// One line: location, message, cause, advice.
    ///
    /// Since: 1.0
    public var description: String {
        (location.map { $0 + ": " } ?? "") + message + (cause.map { " (\($0))" } ?? "")
            + (advice.map { "; \($0)" } ?? "")
    }

    /// A stable code.
    ///
    /// A struct, so that the list can grow without breaking a module's switch.
    ///
    /// Since: 1.0
    public struct Code: Hashable, Sendable, RawRepresentable {
        /// The code on the wire, lower case with underscores.
        ///
        /// Since: 1.0
        public let rawValue: String
        /// The code with this text.
        ///
        /// Since: 1.0
        public init(rawValue: String) { self.rawValue = rawValue }
    }
}

extension DirectoryError.Code {
    /// A request's word is missing, unknown, repeated or outside its range.
    ///
    /// Since: 1.0
    public static let invalidRequest = Self(rawValue: "invalid_request")
    /// A text cannot be an id.
    ///
    /// Since: 1.0
    public static let invalidID = Self(rawValue: "invalid_id")
    /// A cursor is not one that this server gave.
    ///
    /// Since: 1.0
    public static let invalidCursor = Self(rawValue: "invalid_cursor")
    /// A record in a write breaks its schema.
    ///
    /// Since: 1.0
    public static let invalidRecord = Self(rawValue: "invalid_record")
    /// No such route, or no such thing.
    ///
    /// Since: 1.0
    public static let notFound = Self(rawValue: "not_found")
    /// The route exists, but not with this method.
    ///
    /// Since: 1.0
    public static let methodNotAllowed = Self(rawValue: "method_not_allowed")
    /// The origin lies too far from any walkable way.
    ///
    /// Since: 1.0
    public static let originOffNetwork = Self(rawValue: "origin_off_network")
    /// There is no walk to the place.
    ///
    /// Since: 1.0
    public static let unreachable = Self(rawValue: "unreachable")
    /// The caller may not do this.
    ///
    /// Since: 1.0
    public static let forbidden = Self(rawValue: "forbidden")
    /// The Host or Origin header is a stranger's.
    ///
    /// Since: 1.0
    public static let foreignHost = Self(rawValue: "foreign_host")
    /// A precondition (`If-Match`) does not hold: somebody else changed the record.
    ///
    /// Since: 1.0
    public static let changedMeanwhile = Self(rawValue: "changed_meanwhile")
    /// An `Idempotency-Key` was used before with another request.
    ///
    /// Since: 1.0
    public static let keyReused = Self(rawValue: "idempotency_key_reused")
    /// The request's head, URL or body is over its limit.
    ///
    /// Since: 1.0
    public static let tooLarge = Self(rawValue: "too_large")
    /// The request did not arrive in time.
    ///
    /// Since: 1.0
    public static let requestTimeout = Self(rawValue: "request_timeout")
    /// The caller holds too many connections.
    ///
    /// Since: 1.0
    public static let tooManyConnections = Self(rawValue: "too_many_connections")
    /// A body is in a format that this route does not take.
    ///
    /// Since: 1.0
    public static let unsupportedMedia = Self(rawValue: "unsupported_media_type")
    /// A configuration file, type file or rule file is wrong.
    ///
    /// Since: 1.0
    public static let configurationInvalid = Self(rawValue: "configuration_invalid")
    /// No walking network has been imported yet.
    ///
    /// Since: 1.0
    public static let noNetwork = Self(rawValue: "no_network")
    /// The network file is damaged, foreign, or of another version.
    ///
    /// Since: 1.0
    public static let networkDamaged = Self(rawValue: "network_damaged")
    /// The store is damaged, or of a newer version.
    ///
    /// Since: 1.0
    public static let storeDamaged = Self(rawValue: "store_damaged")
    /// The store or the state folder cannot be written.
    ///
    /// Since: 1.0
    public static let storeUnwritable = Self(rawValue: "store_unwritable")
    /// Another process holds the state folder.
    ///
    /// Since: 1.0
    public static let stateLocked = Self(rawValue: "state_locked")
    /// An input file cannot be read at all.
    ///
    /// Since: 1.0
    public static let unreadableFile = Self(rawValue: "unreadable_file")
    /// An input file is not of the format it is said to be.
    ///
    /// Since: 1.0
    public static let invalidFile = Self(rawValue: "invalid_file")
    /// A module failed in a call.
    ///
    /// Since: 1.0
    public static let moduleFailed = Self(rawValue: "module_failed")
    /// The daemon cannot be reached.
    ///
    /// Since: 1.0
    public static let cannotConnect = Self(rawValue: "cannot_connect")
    /// The daemon said something that is not understood.
    ///
    /// Since: 1.0
    public static let badReply = Self(rawValue: "bad_reply")
    /// The daemon is starting or stopping.
    ///
    /// Since: 1.0
    public static let unavailable = Self(rawValue: "unavailable")
    /// A fault of ours.
    ///
    /// Since: 1.0
    public static let internalError = Self(rawValue: "internal_error")
}
