internal import CCrypto

/// UUIDs that are made from names: the same name always gives the same one (RFC 9562, version 5).
package enum NameUUID {
    /// The UUID of a name within a namespace, 36 characters in lower case.
    ///
    /// - Parameter namespace: the 16 bytes of a UUID.
    package static func text(of name: String, in namespace: [UInt8]) -> String {
        precondition(namespace.count == 16, "a namespace is a UUID of 16 bytes")
        let bytes = namespace + Array(name.utf8)
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let isMade = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha1(), nil) == 1
        precondition(isMade && length == 20, "libcrypto has no SHA-1")
        digest[6] = digest[6] & 0x0F | 0x50
        digest[8] = digest[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in digest.prefix(16).enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
