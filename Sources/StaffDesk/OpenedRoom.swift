internal import NIOCore
internal import Synchronization

/// A connection beyond those that a desk takes.
struct TooMany: Error {}

/// The room behind a listening socket: its port, which the room's gate names, is known only once it listens.
final class Opened: Sendable {
    private let state = Mutex<(room: DeskRoom?, connections: Int)>((nil, 0))

    /// Lets connections in.
    func fill(_ room: DeskRoom) { state.withLock { $0.room = room } }

    /// The room for one more connection; nil where it is full, or not yet open.
    func take(_ channel: any Channel, atMost limit: Int) -> DeskRoom? {
        let room: DeskRoom? = state.withLock { state in
            guard let room = state.room, state.connections < limit else { return nil }
            state.connections += 1
            return room
        }
        guard room != nil else { return nil }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.connections -= 1 } }
        return room
    }
}
