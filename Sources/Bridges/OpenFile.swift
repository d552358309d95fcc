internal import Digests
package import DirectoryModel
internal import Foundation

/// A regular file that is held open for reading; no link was followed, and a pipe did not hold the opening up.
package final class OpenFile: Sendable {
    /// Its state when it was opened.
    package let state: FileState
    private let descriptor: CInt
    private let path: String

    /// Bytes that are read at a time.
    ///
    /// Chosen, not measured.
    private static let pieceSize = 1 << 20

    /// Opens a file of a folder.
    ///
    /// - Throws: `unreadable_file`, for what is no regular file too.
    package init(_ name: FileName, in folder: Folder) throws(DirectoryError) {
        path = folder.path(of: name)
        descriptor = folder.with(name) {
            openat(folder.descriptor, $0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw Folder.unreadable(path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DirectoryError(
                .unreadableFile, "\(path.onOneLine) is no regular file", advice: "put the file itself there")
        }
        state = FileState(status)
    }

    deinit { close(descriptor) }

    /// Its state now.
    package var presentState: FileState? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? FileState(status) : nil
    }

    /// Whether somebody has it open to write, as far as the kernel tells this user: only a file's owner is told, by a
    /// read lease, which nobody gets beside a writer (fcntl(2)).
    package var hasKnownWriter: Bool {
        // F_SETLEASE and F_GETLEASE of Linux, which the import of the C library leaves out where GNU's names are off.
        let setLease: CInt = 1024
        if fcntl(descriptor, setLease, CInt(F_RDLCK)) == 0 {
            _ = fcntl(descriptor, setLease, CInt(F_UNLCK))
            return false
        }
        return errno == EAGAIN
    }

    /// Its SHA-256, 64 hexadecimal digits in lower case.
    ///
    /// - Throws: `unreadable_file`.
    package func digest() throws(DirectoryError) -> String {
        // Its name may be of any bytes, and be another file's by now; this one is the file itself.
        try FileDigest.sha256(of: "/proc/self/fd/\(descriptor)")
    }

    /// All its bytes.
    ///
    /// - Throws: `unreadable_file`.
    package func bytes() throws(DirectoryError) -> [UInt8] {
        var all: [UInt8] = []
        try forEachPiece { (piece) throws(DirectoryError) in all += piece }
        return all
    }

    /// Copies it into a new file that is on the disk when this returns.
    ///
    /// - Throws: `unreadable_file`, `store_unwritable`.
    func copy(to name: FileName, in folder: Folder, mode: UInt32) throws(DirectoryError) {
        try folder.remove(name)
        let copy = folder.with(name) {
            openat(folder.descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard copy >= 0 else { throw Folder.unwritable(folder.path(of: name), errno) }
        defer { close(copy) }
        try forEachPiece { (piece) throws(DirectoryError) in
            try OpenFile.write(piece, to: copy, path: folder.path(of: name))
        }
        guard fchmod(copy, mode) == 0, fsync(copy) == 0 else {
            throw Folder.unwritable(folder.path(of: name), errno)
        }
    }

    private func forEachPiece(
        _ body: (ArraySlice<UInt8>) throws(DirectoryError) -> Void
    ) throws(DirectoryError) {
        var position: off_t = 0
        var buffer = [UInt8](repeating: 0, count: min(Self.pieceSize, max(Int(state.size), 1)))
        while true {
            let count = buffer.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, position)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Folder.unreadable(path, errno) }
            if count == 0 { return }
            position += off_t(count)
            try body(buffer[..<count])
        }
    }

    static func write(_ bytes: ArraySlice<UInt8>, to descriptor: CInt, path: String) throws(DirectoryError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Folder.unwritable(path, errno) }
            rest = rest.dropFirst(written)
        }
    }
}
