internal import Dispatch
internal import DirectoryModel
internal import Foundation
internal import Synchronization

/// Work that is done beside, on another thread, until its result is asked for.
final class Ahead<Value: Sendable>: Sendable {
    private let group = DispatchGroup()
    private let result = Mutex<Result<Value, DirectoryError>?>(nil)

    /// Begins the work.
    init(_ work: @escaping @Sendable () throws(DirectoryError) -> Value) {
        group.enter()
        // A thread of its own: those of a queue may all wait for others' work.
        Thread.detachNewThread { [self] in
            defer { group.leave() }
            let made: Result<Value, DirectoryError>
            do throws(DirectoryError) { made = .success(try work()) } catch { made = .failure(error) }
            result.withLock { $0 = made }
        }
    }

    /// What came of the work; waits for its end.
    func value() throws(DirectoryError) -> Value {
        group.wait()
        guard let made = result.withLock({ $0 }) else {
            throw DirectoryError(.internalError, "work that was begun ahead has no result")
        }
        return try made.get()
    }
}
