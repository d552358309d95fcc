package import DirectoryModel
internal import Foundation

/// A bridge's state folder, which one process at a time uses.
package final class BridgeFolder: Sendable {
    /// Its path.
    package let path: String
    private let lock: Int32

    /// Makes the folder where there is none, and locks it.
    ///
    /// - Throws: `state_locked` where another process has it; `store_unwritable`.
    package init(_ path: String) throws(DirectoryError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        } catch {
            throw Self.fault(path, (error as NSError).localizedDescription)
        }
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard lock >= 0 else { throw Self.fault(path, String(cString: strerror(errno))) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw DirectoryError(
                .stateLocked, "this bridge runs already: another process holds \(path)",
                advice: "wait for it, or stop its unit")
        }
    }

    deinit { close(lock) }

    /// Puts a file of the folder in its place whole, and on the disk.
    ///
    /// - Throws: `store_unwritable`.
    package func write(_ bytes: [UInt8], as name: String) throws(DirectoryError) {
        let place = path + "/" + name
        let descriptor = open(place + ".partial", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Self.fault(place, String(cString: strerror(errno))) }
        var rest = bytes[...]
        var failure: Int32 = 0
        while !rest.isEmpty, failure == 0 {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                failure = errno
            }
        }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == 0, rename(place + ".partial", place) != 0 { failure = errno }
        guard failure == 0 else { throw Self.fault(place, String(cString: strerror(failure))) }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    /// A file of the folder; nil where there is none.
    ///
    /// - Throws: `unreadable_file`.
    package func read(_ name: String) throws(DirectoryError) -> [UInt8]? {
        let place = path + "/" + name
        guard FileManager.default.fileExists(atPath: place) else { return nil }
        guard let data = FileManager.default.contents(atPath: place) else {
            throw DirectoryError(
                .unreadableFile, "\(place) cannot be read", advice: "give it back to the bridge's user")
        }
        return Array(data)
    }

    private static func fault(_ path: String, _ cause: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "\(path) cannot be written",
            advice: "see the folder's owner and the room on its disk",
            cause: cause)
    }
}
