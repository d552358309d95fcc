package import DirectoryModel
package import PageFiles

/// What a staff desk is to be.
package struct DeskSettings: Sendable {
    /// The port of 127.0.0.1 to listen on; 0 takes a free one.
    package var port: UInt16 = 0
    /// The path of the admin socket, to which every question about the directory is passed on.
    package var adminSocket: String
    /// The files of the page and of what it stands on.
    package var pages: PageShelf
    /// After what time without a request the desk ends; more than zero.
    package var idleTime: Seconds = 1800
    /// Connections at once.
    ///
    /// Chosen, not measured: a browser opens six, a hundred of its windows none more.
    package var connections = 64

    /// Settings with the defaults of the others; see the fields.
    package init(adminSocket: String, pages: PageShelf) {
        self.adminSocket = adminSocket
        self.pages = pages
    }
}

extension Seconds {
    /// The same as nanoseconds, for clocks and event loops.
    var nanoseconds: Int64 { Int64((value * 1e9).rounded()) }
}
