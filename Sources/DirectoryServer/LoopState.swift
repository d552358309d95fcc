internal import DirectoryModel
internal import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// What the connections of one event loop share; used on that loop only.
final class LoopState {
    /// How often deadlines are looked at.
    ///
    /// Chosen, not measured: limits are of seconds.
    static let sweepInterval = TimeAmount.milliseconds(250)

    private var connections: [ObjectIdentifier: ServedConnection] = [:]
    private(set) var isQuiescing = false
    /// The `Date` header of this second.
    private(set) var date: [UInt8] = LoopState.dateLine(time(nil))
    /// Scratch for heads.
    var scratch = ByteBufferAllocator().buffer(capacity: Response.headRoom)
    /// Room for the replies of Varlink calls that arrived together.
    var replies = ByteBufferAllocator().buffer(capacity: 16 << 10)
    private var emptied: EventLoopPromise<Void>?

    /// A new connection.
    func add(_ connection: ServedConnection) { connections[ObjectIdentifier(connection)] = connection }

    /// A closed one.
    func remove(_ connection: ServedConnection) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty { emptied?.succeed() }
    }

    /// Tells followers of a commit.
    func hear(_ revision: Revision) {
        for connection in Array(connections.values) where connection.phase == .following {
            connection.hear(revision)
        }
    }

    /// Looks at deadlines and the clock.
    func sweep() {
        date = Self.dateLine(time(nil))
        let now = NIODeadline.now()
        for connection in Array(connections.values) { connection.checkDeadline(now) }
    }

    /// Closes what is idle, and the rest after the answer that is being made.
    ///
    /// - Returns: succeeds when no connection is left.
    func quiesce(on loop: any EventLoop) -> EventLoopFuture<Void> {
        isQuiescing = true
        let promise = loop.makePromise(of: Void.self)
        if connections.isEmpty {
            promise.succeed()
            return promise.futureResult
        }
        emptied = promise
        for connection in Array(connections.values) { connection.quiesce() }
        return promise.futureResult
    }

    /// Closes whatever is left.
    func closeAll() {
        for connection in Array(connections.values) { connection.closeNow() }
    }

    /// `Date: Mon, 23 Nov 2026 16:11:48 GMT` with its line end (RFC 9110, 5.6.7).
    static func dateLine(_ now: time_t) -> [UInt8] {
        var now = now
        var parts = tm()
        gmtime_r(&now, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        return Array("Date: \(day) \(1900 + parts.tm_year) \(clock) GMT\r\n".utf8)
    }
}
