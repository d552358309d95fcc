// Digests: the SHA-256 of a file, which tells one version of it from another, and UUIDs made from names.
// May import: DirectoryModel, CCrypto.

internal import CCrypto
package import DirectoryModel
internal import Glibc

/// The SHA-256 of a file (FIPS 180-4), by libcrypto.
package enum FileDigest {
    /// How much is read at once, in bytes.
    ///
    /// Chosen, not measured.
    private static let part = 1 << 20

    /// 64 hexadecimal digits in lower case, as `sha256sum` prints them.
    ///
    /// - Throws: `unreadable_file`.
    package static func sha256(of path: String) throws(DirectoryError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            throw DirectoryError(.internalError, "libcrypto has no SHA-256", location: path)
        }
        defer { EVP_MD_CTX_free(context) }
        var buffer = [UInt8](repeating: 0, count: part)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { break }
            EVP_DigestUpdate(context, buffer, count)
        }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        EVP_DigestFinal_ex(context, &digest, &length)
        return hexadecimal(digest[..<Int(length)])
    }

    /// The same of bytes in memory.
    package static func sha256(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return hexadecimal(digest[...])
    }

    private static func hexadecimal(_ digest: ArraySlice<UInt8>) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func failure(_ path: String) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "the file cannot be read", advice: "check the path and its permissions",
            location: path, cause: String(cString: strerror(errno)))
    }
}
