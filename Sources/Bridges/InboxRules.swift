package import DirectoryModel

/// Where drop folders lie, and how files in them are dealt with.
package struct InboxRules: Sendable {
    /// The folder of the sources' folders.
    package var inbox: String
    /// The folder of what was taken.
    package var takenFolder: String
    /// How long a file must have been left alone before it counts as complete.
    ///
    /// Chosen, not measured: programs that copy write many times a second.
    package var settling: Seconds
    /// How long a run waits for files that are not complete yet.
    ///
    /// Chosen, not measured.
    package var patience: Seconds
    /// The longest file, in bytes: what the daemon takes unless it is told otherwise.
    package var longest: Int

    /// The rules of a spool folder, with `inbox` and `archive` in it.
    package init(
        spool: String, settling: Seconds = 10, patience: Seconds = 120, longest: Int = 2 << 30
    ) {
        inbox = spool + "/inbox"
        takenFolder = spool + "/archive"
        self.settling = settling
        self.patience = patience
        self.longest = longest
    }

    /// In a source's folder: where its answers are put.
    package static let answers = FileName("answers")
    /// In a source's folder: where files go that cannot be read, each with its reason.
    package static let failed = FileName("failed")
    /// In a source's folder: the mapping of its tables, as TOML; nothing but a mapping (docs/registers.md).
    package static let mapping = FileName("source.toml")
    /// What the reason's file adds to the name of what it is about.
    package static let reasonEnding = ".reason.txt"
    /// What the digest's file adds to the name of what was taken.
    package static let digestEnding = ".sha256"

    /// Whether a name in a source's folder is none of a register: the folder's own, hidden, not complete by its name, or
    /// what office programs and Windows lay beside files.
    package static func ignores(_ name: FileName) -> Bool {
        if [answers, failed, mapping].contains(name) { return true }
        if let first = name.bytes.first, first == UInt8(ascii: ".") { return true }
        if name.bytes.starts(with: Array("~$".utf8)) { return true }
        if [".part", ".partial", ".crdownload", ".tmp", ".filepart"].contains(where: name.hasEnding) {
            return true
        }
        return ["thumbs.db", "desktop.ini"].contains(name.text.lowercased())
    }

    /// Why a file lies in `failed`, in one line for whoever put it there.
    static func reason(_ error: DirectoryError) -> String {
        let chinese =
            switch error.code {
            case .invalidFile: "文件内容无法识别"
            case .tooLarge: "文件过大"
            case .unsupportedMedia: "文件名后缀不是可以导入的格式"
            case .unreadableFile: "文件无法读取"
            case .invalidRequest, .invalidID: "缺少说明（如坐标系、业态），或说明有误"
            default: "无法导入"
            }
        return "\(chinese)；改正后请把文件移回上一级文件夹。 / \(error.description.onOneLine); "
            + "then move the file back to the folder above.\n"
    }
}
