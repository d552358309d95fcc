// Bridges: what brings files of folders to the directory, and what all bridges have in common.
// May import: Digests, DirectoryAPI, DirectoryClient, DirectoryModel. Holds no right of the daemon: everything goes
// through its sockets, as if a person did it.

internal import DirectoryAPI
package import DirectoryModel

/// What a fault means for a bridge: whether the same thing is worth another try later.
package enum FaultKind: Hashable, Sendable {
    /// The daemon is away, starts, is busy or cannot write: later the same thing may go well.
    case passing
    /// The thing itself is wrong: it will fail until somebody mends it.
    case lasting

    /// The kind of a fault that `DirectoryClient` or the daemon told of.
    ///
    /// A code that this version does not know counts as passing: nothing is given up because of it.
    package init(of error: DirectoryError) {
        self = FaultKind.lastingCodes.contains(error.code) ? .lasting : .passing
    }

    /// What another try cannot change, as long as nobody mends file, words or rights.
    private static let lastingCodes: Set<DirectoryError.Code> = [
        .invalidRequest, .invalidID, .invalidRecord, .notFound, .methodNotAllowed, .keyReused, .tooLarge,
        .unsupportedMedia, .unreadableFile, .invalidFile, .configurationInvalid, .remoteRefused,
        .remoteInvalid,
    ]
}
