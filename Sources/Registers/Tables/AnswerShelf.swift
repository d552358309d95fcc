internal import DirectoryAPI
internal import DirectoryModel
internal import Foundation

/// Where answer files are kept until whoever sent the table has fetched them.
///
/// They have the office's own words in them, so only the directory's own user may read them, and only the latest are
/// kept.
struct AnswerShelf {
    /// Where they lie; nil where none are kept.
    private let folder: String?
    /// Answers that are kept; chosen, not measured.
    private static let most = 50

    /// The shelf of a folder of registers.
    init(folder: String?) { self.folder = folder.map { $0 + "/answers" } }

    /// Where the answer to a table is to lie, without its extension; nil where none is wanted or kept.
    ///
    /// - Throws: `store_unwritable`.
    func path(for request: RegisterRequest) throws(DirectoryError) -> String? {
        guard request.table.wantsAnswer, let folder else { return nil }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DirectoryError(
                .storeUnwritable, "the answer to \(request.fileName.shortened()) cannot be kept",
                advice: "check space and permissions of the state folder", location: folder,
                cause: (error as NSError).localizedDescription)
        }
        prune(folder)
        return folder + "/" + String(UInt64(Date().timeIntervalSince1970 * 1_000)) + "-"
            + String(UInt32.random(in: 0...UInt32.max), radix: 16)
    }

    /// The bytes of an answer, from one on, at most so many.
    ///
    /// - Throws: `not_found`.
    func bytes(of name: String, from offset: Int, count: Int?) throws(DirectoryError) -> [UInt8] {
        // A name that the shelf gave has nothing else in it.
        let isOurs = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: ".")
        }
        guard isOurs, !name.hasPrefix("."), let folder,
            let file = FileHandle(forReadingAtPath: folder + "/" + name)
        else {
            throw DirectoryError(
                .notFound, "there is no answer \(name.shortened())",
                advice: "only the latest \(Self.most) are kept; send the table again")
        }
        defer { try? file.close() }
        do {
            try file.seek(toOffset: UInt64(clamping: offset))
            let data = if let count { try file.read(upToCount: count) } else { try file.readToEnd() }
            return Array(data ?? Data())
        } catch {
            throw DirectoryError(
                .unreadableFile, "the answer \(name.shortened()) cannot be read",
                cause: (error as NSError).localizedDescription)
        }
    }

    private func prune(_ folder: String) {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        for name in names.dropLast(Self.most - 1) {
            try? FileManager.default.removeItem(atPath: folder + "/" + name)
        }
    }
}
