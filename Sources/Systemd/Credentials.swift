#if canImport(Glibc)
    import Glibc
#endif

/// Secrets that the service manager hands over as files (systemd.exec(5), `LoadCredential=`).
package enum Credentials {
    /// The longest secret; chosen, not measured: a token has some tens of characters.
    private static let longest = 4096

    /// The text of a credential without white space at its end; nil where there is none, or it is empty.
    ///
    /// - Parameter name: its file's name in `$CREDENTIALS_DIRECTORY`.
    package static func text(_ name: String) -> String? {
        guard let folder = getenv("CREDENTIALS_DIRECTORY") else { return nil }
        let descriptor = open(String(cString: folder) + "/" + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: longest)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        let trimmed = text.reversed().drop(while: \.isWhitespace).reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }
}
