internal import CCrypto

/// The SHA-256 of bytes in memory (FIPS 180-4), by libcrypto.
package enum ByteDigest {
    /// The 32 bytes of the digest of some pieces, one after another.
    package static func sha256(of pieces: [UnsafeRawBufferPointer]) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var isMade = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        for piece in pieces {
            isMade = EVP_DigestUpdate(context, piece.baseAddress, piece.count) == 1 && isMade
        }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        isMade = EVP_DigestFinal_ex(context, &digest, &length) == 1 && isMade
        precondition(isMade && length == 32, "libcrypto has no SHA-256")
        return Array(digest.prefix(32))
    }
}
