internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation

/// A register file that is one JSON value.
enum RegisterJSON {
    /// The longest file that is read, in bytes.
    ///
    /// Chosen, not measured: the boundaries of a whole province's communities take less.
    static let maximumBytes = 256 << 20

    /// The file's value.
    ///
    /// - Parameter advice: what to give instead of a file that is none.
    /// - Throws: `unreadable_file`, `invalid_file`.
    static func read(_ request: RegisterRequest, advice: String) throws(DirectoryError) -> JSONValue {
        let bytes: [UInt8]
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: request.path))
            defer { try? handle.close() }
            bytes = Array(try handle.read(upToCount: maximumBytes + 1) ?? Data())
        } catch {
            throw DirectoryError(
                .unreadableFile, "\(request.fileName.shortened()) cannot be read",
                advice: "check that it is there and that this user may read it", location: request.fileName,
                cause: (error as NSError).localizedDescription)
        }
        guard !bytes.isEmpty else { throw invalid(request, "is empty", advice: advice) }
        guard bytes.count <= maximumBytes else {
            throw invalid(
                request, "is larger than \(maximumBytes >> 20) MiB", advice: "split it by street office")
        }
        do {
            // A byte order mark, as Windows writes it, is not part of the JSON.
            let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            return try JSONValue(json: text)
        } catch {
            throw invalid(request, "is not JSON", advice: advice, cause: error.cause ?? error.message)
        }
    }

    /// Why a file is no register of its format.
    static func invalid(
        _ request: RegisterRequest, _ words: String, advice: String, cause: String? = nil
    ) -> DirectoryError {
        DirectoryError(
            .invalidFile, "\(request.fileName.shortened()) \(words)", advice: advice,
            location: request.fileName, cause: cause)
    }
}
