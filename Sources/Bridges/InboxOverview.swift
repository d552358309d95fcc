package import DirectoryModel
internal import Foundation

/// What lies in the drop folder of one source, and what became of what lay there.
package struct InboxOverview: Sendable {
    /// The source: the folder's name.
    package var source: FileName
    /// Files that wait to be taken.
    package var waiting: [FolderEntry] = []
    /// Files that could not be read.
    package var failed: [FolderEntry] = []
    /// Files that were taken, as far as this user may see them.
    package var taken: Int?
    /// The latest answer.
    package var lastAnswer: FolderEntry?
    /// Why the folder cannot be looked into; nil where it can.
    package var fault: DirectoryError?

    /// What lies in all drop folders, in the order of the sources.
    ///
    /// - Throws: `unreadable_file` where there is no inbox.
    package static func all(_ rules: InboxRules) throws(DirectoryError) -> [InboxOverview] {
        let inbox = try Folder(at: rules.inbox)
        let taken = try? Folder(at: rules.takenFolder)
        return try inbox.entries().filter { $0.kind == .folder && $0.name.bytes.first != UInt8(ascii: ".") }
            .map { entry in
                var overview = InboxOverview(source: entry.name)
                do throws(DirectoryError) {
                    try overview.look(inbox, taken)
                } catch {
                    overview.fault = error
                }
                return overview
            }
    }

    private init(source: FileName) { self.source = source }

    private mutating func look(_ inbox: Folder, _ taken: Folder?) throws(DirectoryError) {
        guard let folder = try inbox.folder(source) else { return }
        waiting = try folder.entries().filter { !InboxRules.ignores($0.name) }
        failed =
            try folder.folder(InboxRules.failed)?.entries().filter { entry in
                !entry.name.hasEnding(InboxRules.reasonEnding) && entry.name.bytes.first != UInt8(ascii: ".")
            } ?? []
        lastAnswer = try folder.folder(InboxRules.answers)?.entries().filter { $0.kind == .file }
            .max { $0.state.written < $1.state.written }
        if let taken { self.taken = try? InboxOverview.count(taken, source) }
    }

    private static func count(_ taken: Folder, _ source: FileName) throws(DirectoryError) -> Int {
        guard let own = try taken.folder(source) else { return 0 }
        var count = 0
        for day in try own.entries() where day.kind == .folder {
            let names = try own.folder(day.name)?.entries().map(\.name) ?? []
            count += names.count {
                !$0.hasEnding(InboxRules.digestEnding) && $0.bytes.first != UInt8(ascii: ".")
            }
        }
        return count
    }
}
