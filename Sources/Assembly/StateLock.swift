// Assembly: puts configuration, modules, store, network, engine and registers together on a locked state folder,
// for the daemon and for the tools that work without it.
// May import: DirectoryModel, DirectoryAPI, DaemonConfiguration, ModuleHost, DirectoryStore, DirectoryEngine,
// Registers, OpeningTimes, WalkNetwork, StreetMap, Digests.

package import DirectoryModel

#if canImport(Glibc)
    import Glibc
#endif

/// The right to write in a state folder: one process at a time has it, until it ends or lets go.
package final class StateLock: Sendable {
    /// The lock's file in the state folder; it holds the process id of who has the lock.
    package static let fileName = "lock"

    private let descriptor: CInt

    /// Makes the folder where it is not there, and takes its lock.
    ///
    /// - Throws: `state_locked` naming the process that has it, `store_unwritable`.
    package init(folder: String) throws(DirectoryError) {
        if mkdir(folder, 0o750) != 0, errno != EEXIST {
            throw Self.fault("make the state folder", folder)
        }
        let path = folder + "/" + Self.fileName
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Self.fault("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            let owner = Self.owner(of: descriptor)
            close(descriptor)
            guard number == EWOULDBLOCK else { throw Self.fault("lock", path, number) }
            throw DirectoryError(
                .stateLocked,
                "the state folder \(folder) is held by \(owner.map { "process \($0)" } ?? "another process")",
                advice: "ask that process through its sockets, or stop it first")
        }
        let text = Array("\(getpid())\n".utf8)
        // The id is for people; the lock holds without it, and a full disk must not keep a daemon from reading.
        guard ftruncate(descriptor, 0) == 0,
            pwrite(descriptor, text, text.count, 0) == text.count || errno == ENOSPC || errno == EDQUOT
        else {
            let error = Self.fault("write", path)
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private static func owner(of descriptor: CInt) -> Int? {
        var text = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &text, text.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: text.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
    }

    private static func fault(_ what: String, _ path: String, _ number: CInt = errno) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "cannot \(what) \(path)", advice: "check its permissions and its owner",
            cause: String(cString: strerror(number)))
    }
}
