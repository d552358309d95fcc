package import DirectoryModel
internal import Glibc

/// A street map just built, in memory.
package struct BuiltStreetMap {
    let image: MapImage
    /// The number of its features.
    package let featureCount: Int

    /// The size of its file in bytes.
    package var byteCount: Int { image.count }

    /// The map, without a file.
    package func map() throws(DirectoryError) -> StreetMap { try StreetMap(image: image) }

    /// Writes the map file: beside it first, synced, then renamed over it, so that a reader finds either the old
    /// file or the new one, whole.
    ///
    /// - Throws: `.storeUnwritable` naming the file when it cannot be written; the old file then stands.
    package func write(to path: String) throws(DirectoryError) {
        let fresh = path + ".part"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(fresh, errno) }
        do throws(DirectoryError) {
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

    private static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String
    ) throws(DirectoryError) {
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
    private static func syncFolder(of path: String) throws(DirectoryError) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder, errno) }
    }

    private static func failure(_ path: String, _ number: Int32) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "the street map cannot be written",
            advice: "check the folder, its permissions and the free space", location: path,
            cause: String(cString: strerror(number)))
    }
}
