package import DirectoryModel
package import DirectoryStore
internal import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// The whole store as a text file, for another Quarter of this or a later version, or for whoever must read it in ten
/// years.
package enum StateText {
    /// Writes the store of a state folder as text, beside whoever works on it.
    ///
    /// - Parameters:
    ///   - state: the state folder.
    ///   - path: the file; it takes the place of what is there only when it is whole and on the disk.
    /// - Throws: `not_found`, `store_damaged`, `store_unwritable`; then there is no new file.
    package static func write(_ state: String, to path: String) throws(DirectoryError)
        -> DirectoryStore.Summary
    {
        let draft = path + ".part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw unwritable(path) }
        var isWhole = false
        defer {
            close(descriptor)
            if !isWhole { unlink(draft) }
        }
        let summary = try StoreText.write(state) { piece in
            try piece.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = Glibc.write(
                        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    guard count > 0 else {
                        if errno == EINTR { continue }
                        throw unwritable(path)
                    }
                    rest = rest.dropFirst(count)
                }
            }
        }
        guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw unwritable(path) }
        isWhole = true
        return summary
    }

    /// Makes the store of a state folder that has none, and that nobody holds, from a text.
    ///
    /// - Throws: `unreadable_file`, `invalid_file` with the line; `state_locked`; `invalid_request` where there is a
    ///   store; `store_unwritable`. Then the folder is as it was.
    package static func read(_ path: String, into state: String) throws(DirectoryError)
        -> DirectoryStore.Summary
    {
        let lock = try StateLock(folder: state)
        defer { withExtendedLifetime(lock) {} }
        guard access(state + "/" + DirectoryStore.fileName, F_OK) != 0 else {
            throw DirectoryError(
                .invalidRequest, "there is a store in \(state) already",
                advice: "name an empty state folder with --state, or move the present one away")
        }
        guard let file = fopen(path, "re") else {
            throw DirectoryError(
                .unreadableFile, "\(path) cannot be read", advice: "check the name and the permissions",
                cause: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        let draft = state + "/.text"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        try? FileManager.default.removeItem(atPath: draft)
        guard mkdir(draft, 0o750) == 0 else { throw unwritable(draft) }
        var line = LineBuffer()
        defer { line.free() }
        let summary = try StoreText.read(into: draft, version: Assembly.version) { try line.next(of: file) }
        let name = "/" + DirectoryStore.fileName
        guard rename(draft + name, state + name) == 0 else { throw unwritable(state) }
        do { try Disk.flush(state, deep: false) } catch { throw unwritable(state) }
        StateOwner.settle(state)
        return summary
    }

    /// Lines of a file, with a limit.
    private struct LineBuffer {
        private var start: UnsafeMutablePointer<CChar>?
        private var capacity = 0

        mutating func next(of file: UnsafeMutablePointer<FILE>) throws -> [UInt8]? {
            let count = getline(&start, &capacity, file)
            guard count >= 0, let start else { return nil }
            guard count <= StoreText.longestLine else {
                throw DirectoryError(
                    .invalidFile, "a line of the text has \(count) bytes", advice: "it is no text of a store")
            }
            var line = Array(UnsafeRawBufferPointer(start: start, count: count))
            if line.last == 0x0A { line.removeLast() }
            return line
        }

        func free() { Glibc.free(start) }
    }

    private static func unwritable(_ path: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "\(path) cannot be written", advice: "check space and permissions",
            cause: String(cString: strerror(errno)))
    }
}
