internal import DirectoryModel
import Foundation

/// The body of a request on its way out.
struct OutgoingBody {
    /// Bytes in all.
    let length: Int
    /// What it is, or nil when there is none.
    let contentType: String?
    private let bytes: [UInt8]
    private let file: (path: String, descriptor: Int32)?

    /// Bytes that are read and sent at a time: large enough that the calls don't count.
    ///
    /// Chosen, not measured.
    private static let pieceSize = 256 * 1024

    /// Opens the file, if the body is one.
    ///
    /// - Throws: `unreadable_file`.
    init(_ body: ClientRequest.Body) throws(DirectoryError) {
        switch body {
        case .none: (length, contentType, bytes, file) = (0, nil, [], nil)
        case .json(let json): (length, contentType, bytes, file) = (json.count, "application/json", json, nil)
        case .file(let path, let type):
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw DirectoryError(
                    .unreadableFile, "cannot open \(path)", advice: "check the path and its permissions",
                    cause: errorText(errno))
            }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                _ = Glibc.close(descriptor)
                throw DirectoryError(
                    .unreadableFile, "\(path) is no regular file", advice: "give the path of a file")
            }
            (length, contentType, bytes, file) = (Int(status.st_size), type, [], (path, descriptor))
        }
    }

    /// Closes the file, if there is one.
    func close() {
        if let file { _ = Glibc.close(file.descriptor) }
    }

    /// Sends the body; stops early when the daemon answers before it has all.
    ///
    /// - Throws: what `ClientConnection.send` throws, and `unreadable_file`.
    func send(over connection: ClientConnection, progress: ((Int, Int) -> Void)?) throws(DirectoryError) {
        guard let file else { return try connection.send(bytes) }
        var sent = 0
        progress?(0, length)
        while sent < length {
            if connection.hasInput { return }
            let piece = try read(file, atMost: min(OutgoingBody.pieceSize, length - sent))
            try connection.send(piece)
            sent += piece.count
            progress?(sent, length)
        }
    }

    private func read(_ file: (path: String, descriptor: Int32), atMost count: Int) throws(DirectoryError)
        -> [UInt8]
    {
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
            var got = -1
            repeat {
                got = Glibc.read(file.descriptor, buffer.baseAddress, count)
                failure = got < 0 ? errno : 0
            } while failure == EINTR
            size = max(got, 0)
        }
        guard failure == 0 else {
            throw DirectoryError(.unreadableFile, "cannot read \(file.path)", cause: errorText(failure))
        }
        guard !piece.isEmpty else {
            throw DirectoryError(
                .unreadableFile, "\(file.path) became shorter while it was sent",
                advice: "wait until it is complete, then send it again")
        }
        return piece
    }
}
