internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation

/// The drop folder of one source, with where its answers, its failures and what was taken of it go.
struct SourceFolder {
    /// The source: the folder's name.
    let id: SourceID
    /// The drop folder.
    let folder: Folder
    /// Where what was taken of it is kept, below a folder for each day.
    let taken: Folder

    /// The copy that is under way, in `taken`.
    static let draft = FileName(".taking")
    /// Rights of `answers` and `failed`: whoever may drop files may take out what is there.
    ///
    /// The group, and the bit that hands it on, come from the drop folder (mkdir(2)).
    private static let sharedMode: UInt32 = 0o770
    /// The longest mapping, in bytes; chosen, not measured: it goes along in the address of a request.
    private static let longestMapping = 6 << 10

    /// The folder of a source.
    ///
    /// - Throws: `invalid_id` where the name is none of a source, `unreadable_file`, `store_unwritable`.
    init(_ name: FileName, in inbox: Folder, taken: Folder) throws(DirectoryError) {
        guard let text = String(validating: name.bytes, as: UTF8.self) else {
            throw DirectoryError(
                .invalidID, "the folder's name is not UTF-8", advice: "name it as the source: canteens")
        }
        id = try SourceID(validating: text)
        guard let folder = try inbox.folder(name) else {
            throw Folder.unreadable(inbox.path(of: name), ENOENT)
        }
        self.folder = folder
        self.taken = try taken.makeFolder(name, mode: 0o750)
        // An open descriptor is no name: what a run left that was killed has no reader any more.
        try self.taken.remove(SourceFolder.draft)
    }

    /// What lies there to be taken, or refused.
    func waiting() throws(DirectoryError) -> [FolderEntry] {
        try folder.entries().filter { !InboxRules.ignores($0.name) }
    }

    /// The source's own mapping; nil for the one that the directory keeps.
    func mapping() throws(DirectoryError) -> String? {
        try folder.text(of: InboxRules.mapping, limit: Self.longestMapping)
    }

    /// Copies a file to where only this user writes, and returns its path.
    func copy(_ file: OpenFile) throws(DirectoryError) -> String {
        try file.copy(to: Self.draft, in: taken, mode: 0o440)
        return taken.path(of: Self.draft)
    }

    /// Lays the answer where the source's people find it, and returns its name.
    func answer(
        _ name: FileName, _ answer: (bytes: [UInt8], ending: String)?, or report: JSONValue
    ) throws(DirectoryError) -> FileName {
        let answers = try folder.makeFolder(InboxRules.answers, mode: Self.sharedMode)
        guard let answer else {
            let text = AnswerText.text(of: report, file: name.text)
            return try answers.write(
                Array(text.utf8), as: name.replacingEnding(by: ".answer.txt"), mode: 0o640)
        }
        return try answers.write(
            answer.bytes, as: name.replacingEnding(by: ".answer" + answer.ending), mode: 0o640)
    }

    /// Keeps the copy under its own name and the day, with its digest beside it, and returns where.
    ///
    /// One of the name with the same bytes is left as it is; one with others has its name to itself.
    func keep(_ name: FileName, digest: String) throws(DirectoryError) -> String {
        let day = try taken.makeFolder(FileName(Self.today), mode: 0o750)
        let kept = try taken.move(Self.draft, to: day, as: name) { (there) throws(DirectoryError) in
            let known = try? day.text(of: there.adding(InboxRules.digestEnding), limit: 1_000)
            if let known { return known == Self.line(digest, there) }
            // A run that was killed before it wrote the digest.
            guard let draft = taken.entry(Self.draft), let old = day.entry(there), old.kind == .file,
                old.state.size == draft.state.size
            else { return false }
            return try OpenFile(there, in: day).digest() == digest
        }
        let digestName = kept.adding(InboxRules.digestEnding)
        try day.write(Array(Self.line(digest, kept).utf8), as: digestName, mode: 0o440)
        return "archive/\(id.rawValue)/\(Self.today)/\(kept)"
    }

    /// A line that `sha256sum --check` reads, which wants some characters of a name escaped.
    private static func line(_ digest: String, _ name: FileName) -> String {
        // The text of a name that is not UTF-8 is none that sha256sum finds; the digest still is that of the file.
        let text = String(decoding: name.bytes, as: UTF8.self)
        let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
            .replacingOccurrences(of: "\n", with: "\\n").replacingOccurrences(of: "\r", with: "\\r")
        return (escaped == text ? "" : "\\") + "\(digest)  \(escaped)\n"
    }

    /// Takes the file itself out of the drop folder, unless somebody changed it meanwhile; then false, and it stays.
    func takeOut(_ entry: FolderEntry, _ file: OpenFile) throws(DirectoryError) -> Bool {
        guard file.presentState == entry.state, !file.hasKnownWriter,
            folder.entry(entry.name)?.state == entry.state
        else { return false }
        try folder.remove(entry.name)
        try folder.synchronise()
        return true
    }

    /// Puts what cannot be read into `failed`, with the reason beside it, and returns its name there; nil where somebody
    /// changed it meanwhile.
    func fail(_ entry: FolderEntry, because cause: DirectoryError) throws(DirectoryError) -> FileName? {
        guard folder.entry(entry.name)?.state == entry.state else { return nil }
        let failed = try folder.makeFolder(InboxRules.failed, mode: Self.sharedMode)
        let name: FileName
        do throws(DirectoryError) {
            name = try folder.move(entry.name, to: failed, as: entry.name)
        } catch {
            // Nobody moves a folder that he may not write to; then the reason lies there alone.
            guard entry.kind == .folder else { throw error }
            try writeReason(cause, entry.name, in: failed)
            throw error
        }
        try writeReason(cause, name, in: failed)
        return name
    }

    private func writeReason(_ error: DirectoryError, _ name: FileName, in failed: Folder)
        throws(DirectoryError)
    {
        let reason = name.adding(InboxRules.reasonEnding)
        // One that is there is of a file that was mended and is gone.
        try failed.remove(reason)
        try failed.write(Array(InboxRules.reason(error).utf8), as: reason, mode: 0o640)
    }

    /// Today where the machine stands: 2026-11-26.
    private static var today: String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        func digits(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
    }
}
