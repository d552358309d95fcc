import DirectoryClient
import Foundation
import Synchronization

/// A peer on a Unix socket that does what a script says: a real quarterd cannot be made to misbehave so.
final class ScriptedServer: Sendable {
    /// Where it listens.
    let path: String
    private let listener: Int32
    private let received = Mutex<[UInt8]>([])

    /// Accepts one connection, reads until `readUntil` says that it is enough, answers, and hangs up.
    init(path: String, readUntil isEnough: @escaping @Sendable ([UInt8]) -> Bool, answer: [String]) throws {
        self.path = path
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 4) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        Thread.detachNewThread { [self] in serve(isEnough, answer) }
    }

    deinit {
        close(listener)
        unlink(path)
    }

    /// What the client sent.
    var request: String { received.withLock { String(decoding: $0, as: UTF8.self) } }

    private func serve(_ isEnough: ([UInt8]) -> Bool, _ answer: [String]) {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !received.withLock({ isEnough($0) }) {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received.withLock { $0 += buffer[..<count] }
        }
        for piece in answer {
            let bytes = Array(piece.utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            // A pause parts the pieces on the wire.
            usleep(2_000)
        }
        close(connection)
    }

    /// Enough is a whole head.
    static func head(_ bytes: [UInt8]) -> Bool { String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") }
}

/// A folder that is deleted with this object.
final class ScratchFolder: Sendable {
    /// Its path.
    let path: String

    /// A new folder.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "quarterctl-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
