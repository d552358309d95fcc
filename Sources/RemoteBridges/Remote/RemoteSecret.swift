package import DirectoryModel
internal import Foundation

/// A secret of a bridge, read from a file that only its user can read; never part of a description.
package struct RemoteSecret: Sendable, CustomStringConvertible {
    /// The secret itself.
    let text: String

    /// Nothing that helps anybody.
    package var description: String { "(secret)" }

    /// Bytes at most; chosen, not measured: a token has some tens of characters, a signed one some thousands.
    private static let longest = 16 * 1024

    /// Reads a secret.
    ///
    /// - Parameters:
    ///   - file: a path; or a name in the folder that systemd hands over (`LoadCredential=`).
    ///   - folder: that folder; nil where there is none.
    ///   - location: where the configuration names it.
    /// - Throws: `configuration_invalid` where it is missing, empty, or open to everybody.
    package init(file: String, folder: String?, location: String) throws(DirectoryError) {
        func fault(_ words: String, _ advice: String) -> DirectoryError {
            DirectoryError(.configurationInvalid, words, advice: advice, location: location)
        }
        let isName = !file.contains("/")
        guard !isName || folder != nil else {
            throw fault(
                "there is no credential \(file): systemd has handed none over",
                "run the unit, or give an absolute path as `file`")
        }
        let path = isName ? (folder ?? "") + "/" + file : file
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw fault(
                "the credential \(path) cannot be read: \(String(cString: strerror(errno)))",
                "put it there, readable for the bridge's user alone")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw fault("the credential \(path) is no regular file", "give the path of a file")
        }
        guard isName || status.st_mode & 0o007 == 0 else {
            throw fault(
                "everybody may read the credential \(path)", "chmod o= \(path), then make a new secret")
        }
        var bytes = [UInt8](repeating: 0, count: Self.longest)
        let count = max(0, read(descriptor, &bytes, bytes.count))
        let text = String(decoding: bytes[..<count], as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else {
            throw fault(
                "the credential \(file) is empty, or not there",
                isName
                    ? "put it into /etc/quarter/bridges/credentials (docs/bridges.md)"
                    : "write the secret into it")
        }
        guard count < Self.longest, text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value < 0x7F })
        else {
            throw fault(
                "the credential \(path) is no line of ASCII characters", "write the secret alone into it")
        }
        self.text = text
    }
}
