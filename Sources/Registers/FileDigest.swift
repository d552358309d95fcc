internal import DirectoryModel
internal import Glibc

/// Tells one version of a register file from another, for the record of imports.
enum FileDigest {
    /// How much is read at once, in bytes.
    ///
    /// Chosen, not measured.
    private static let part = 1 << 20

    /// "fnv1a64:" and sixteen hexadecimal digits: FNV-1a of the whole file, no defence against forgery.
    ///
    /// - Throws: `unreadable_file`.
    static func of(_ path: String) throws(DirectoryError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var buffer = [UInt8](repeating: 0, count: part)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { break }
            for byte in buffer[..<count] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let digits = String(hash, radix: 16)
        return "fnv1a64:" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func failure(_ path: String) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "the file cannot be read", advice: "check the path and its permissions",
            location: path, cause: String(cString: strerror(errno)))
    }
}
