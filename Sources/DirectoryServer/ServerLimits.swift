// DirectoryServer: HTTP/1.1 and Varlink over sockets: peers, limits, routes to handlers, metrics.
// It sees `DirectoryService` and the values of DirectoryAPI only.
// May import: DirectoryAPI, DirectoryModel, ServiceTypeKit, HSDS, PageFiles, QRCodes.

package import DirectoryModel

/// What one client may ask of the server.
///
/// The defaults are those of `quarter.toml`.
package struct ServerLimits: Hashable, Sendable {
    /// The longest request line and headers together, and the longest call of Varlink, in bytes.
    package var headBytes = 16 << 10
    /// The longest body, registers excepted, in bytes.
    package var bodyBytes = 1 << 20
    /// The longest register, in bytes.
    package var registerBytes = 2 << 30
    /// Within what time a request must have arrived; a register may take longer while bytes keep coming.
    package var requestTime: Seconds = 10
    /// After what time without a request, or without a byte taken by the client, a connection is closed.
    package var idleTime: Seconds = 60
    /// Connections open at once for one user and socket; those of a TCP socket count as one user.
    package var connectionsPerUser = 1024
    /// Connections open at once on one socket.
    ///
    /// Chosen, not measured: 4096 idle ones take some 40 MiB.
    package var connectionsPerSocket = 4096
    /// Followers of the change feed at once for one user; those of a TCP socket count as one user.
    package var followersPerUser = 128
    /// Followers of the change feed at once, on all sockets.
    ///
    /// Chosen, not measured: each takes a connection, and what it does not take costs some 300 KiB at most.
    package var followers = 512
    /// Commits while a follower takes nothing, after which it is told to read anew.
    package var followerLag = 1_000
    /// How long requests that are being answered may take after a stop was asked for.
    package var drainTime: Seconds = 10

    /// The defaults.
    package init() {}

    /// Raises the process's limit of open files to what the machine allows, and fits the number of connections
    /// into it.
    ///
    /// A fifth of the descriptors stays for the store, modules and imports, and each of four sockets gets
    /// a quarter of the rest.
    package mutating func fitIntoDescriptors() {
        let available = OpenFiles.raiseLimit()
        connectionsPerSocket = max(8, min(connectionsPerSocket, available / 5))
        connectionsPerUser = min(connectionsPerUser, connectionsPerSocket)
        // Whoever follows must leave room for those who ask.
        followers = min(followers, max(1, connectionsPerSocket / 2))
        followersPerUser = min(followersPerUser, followers)
    }
}
