internal import CCrypto
package import DirectoryModel

/// HMAC with SHA-256 (RFC 2104, FIPS 180-4), by libcrypto.
package enum MessageCode {
    /// The 32 bytes that only who has the key can make of a message.
    ///
    /// - Parameter key: 1 byte and more.
    /// - Throws: `internal_error` where libcrypto has no HMAC.
    package static func hmacSHA256(of message: [UInt8], key: [UInt8]) throws(DirectoryError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length) != nil else {
            throw DirectoryError(.internalError, "libcrypto has no HMAC with SHA-256")
        }
        return Array(code.prefix(Int(length)))
    }
}
