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
    private var emptied: EventLoopPromise<Void>?
    /// Room for replies, of connections that have sent theirs.
    private var rooms: [ByteBuffer] = []
    /// Those who have written something in this turn of the loop that is not sent yet.
    private var unsent: [ServedConnection] = []
    /// Who was the last to write.
    private var lastSender: ObjectIdentifier?
    /// When the first of them wrote.
    private var unsentSince = NIODeadline.distantPast
    private let loop: any EventLoop
    /// Sends at the end of the turn; made once.
    private var atEndOfTurn: @Sendable () -> Void = {}

    /// What the connections of a loop share; on that loop.
    init(_ loop: any EventLoop) {
        self.loop = loop
        let bound = NIOLoopBound(Weak(self), eventLoop: loop)
        atEndOfTurn = { bound.value.state?.sendAll() }
    }

    private struct Weak {
        weak var state: LoopState?
        init(_ state: LoopState) { self.state = state }
    }

    // MARK: Sending

    /// How many answers wait for others of the same turn at most, and for how long.
    ///
    /// Chosen, not measured.
    private static let mostUnsent = 32
    private static let unsentTime = TimeAmount.microseconds(300)

    /// Sends what a connection has written at the end of this turn of the loop, when all requests that came together are
    /// answered.
    ///
    /// A client that shares the processor is woken by its answer, and takes the processor for that one; so each answer
    /// costs two changes of processes, and many that are sent together cost two in all. Who alone is asking has no others
    /// to wait for.
    func sendSoon(_ connection: ServedConnection) {
        let isAlone = unsent.isEmpty && lastSender == ObjectIdentifier(connection)
        lastSender = ObjectIdentifier(connection)
        if isAlone { return connection.flushIfNeeded() }
        let now = NIODeadline.now()
        if unsent.isEmpty {
            unsentSince = now
            loop.execute(atEndOfTurn)
        }
        unsent.append(connection)
        if unsent.count >= Self.mostUnsent || now - unsentSince > Self.unsentTime { sendAll() }
    }

    private func sendAll() {
        var connections: [ServedConnection] = []
        swap(&connections, &unsent)
        for connection in connections { connection.flushIfNeeded() }
        guard unsent.isEmpty else { return }
        connections.removeAll(keepingCapacity: true)
        swap(&connections, &unsent)
    }

    // MARK: Room for replies

    /// Bytes of a room at first, and at most when it is kept, and how many are kept; chosen, not measured.
    private static let roomBytes = 16 << 10
    private static let mostRoomBytes = 64 << 10
    private static let mostRooms = 64

    /// Room for the replies of Varlink calls that arrived together, to be given back when they are sent.
    func takeRoom() -> ByteBuffer {
        rooms.popLast() ?? ByteBufferAllocator().buffer(capacity: Self.roomBytes)
    }

    /// Keeps room for the next one.
    func giveBack(_ room: consuming ByteBuffer) {
        guard rooms.count < Self.mostRooms, room.storageCapacity <= Self.mostRoomBytes else { return }
        // Where the socket has not taken what it holds, NIO keeps that, and this is another piece of memory.
        room.clear()
        rooms.append(room)
    }

    // MARK: Coming and going

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
