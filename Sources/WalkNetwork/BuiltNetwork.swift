import DirectoryModel
import Glibc

/// A network just built, in memory.
package struct BuiltNetwork {
    /// What the builder met and made.
    package let report: NetworkReport
    let image: NetworkImage

    /// The network, without a file.
    package func network() throws -> WalkNetwork { try WalkNetwork(image: image) }

    /// The same network with labels, which make searches within `LabelBound` fast.
    ///
    /// - Parameters:
    ///   - threads: how many threads may work, at least 1; the labels are the same for any number.
    ///   - progress: told the share of the work that is done, 0 … 1.
    /// - Complexity: a bounded search from each eighth vertex, and a short one from each; 2 to 4 s for a
    ///   million nodes.
    package func labelled(threads: Int, progress: (Double) -> Void = { _ in }) throws -> BuiltNetwork {
        BuiltNetwork(
            report: report, image: try network().labelledImage(threads: threads, progress: progress))
    }

    /// Writes the network file: beside it first, synced, then renamed over it, so that a reader finds either
    /// the old file or the new one, whole.
    ///
    /// - Throws: `.storeUnwritable` naming the file when it cannot be written; the old file then stands.
    package func write(to path: String) throws {
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(fresh, errno) }
        do {
            try Self.writeAll(image.bytes, to: descriptor, path: fresh)
            guard fsync(descriptor) == 0 else { throw Self.failure(fresh, errno) }
        } catch {
            close(descriptor)
            unlink(fresh)
            throw error
        }
        guard close(descriptor) == 0, rename(fresh, path) == 0 else {
            let number = errno
            unlink(fresh)
            throw Self.failure(path, number)
        }
        try Self.syncFolder(of: path)
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let written = Glibc.write(descriptor, base, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Makes the renaming itself survive a power loss.
    private static func syncFolder(of path: String) throws {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder, errno) }
    }

    private static func failure(_ path: String, _ number: Int32) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "the walking network cannot be written",
            advice: "check the folder, its permissions and the free space", location: path,
            cause: String(cString: strerror(number)))
    }
}
