package import DirectoryModel
internal import Foundation

/// What a name in a folder stands for.
package struct FolderEntry: Hashable, Sendable {
    /// Its name.
    package var name: FileName
    /// What it is.
    package var kind: Kind
    /// What tells one state of it from another.
    package var state: FileState

    /// What can stand in a folder.
    package enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A folder.
        case folder
        /// A symbolic link, wherever it leads: none is followed.
        case link
        /// A pipe, a socket or a device.
        case other
    }
}

/// What the kernel says of a file; the same twice says that nobody wrote to it or replaced it in between.
package struct FileState: Hashable, Sendable {
    /// Device and inode: which file it is.
    package var device: UInt64
    /// See `device`.
    package var inode: UInt64
    /// Bytes.
    package var size: Int64
    /// When it was last written, in nanoseconds since 1970.
    package var written: Int64
    /// When anything of it was last changed, its name and rights too; nobody can set this one.
    package var changed: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        written = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    /// Whether it is the same file with the same content, maybe under another name.
    func hasContent(of other: FileState) -> Bool {
        (device, inode, size, written) == (other.device, other.inode, other.size, other.written)
    }
}

/// A folder that is held open: what is done in it is done in that folder, whatever somebody renames meanwhile, and never
/// through a symbolic link.
package final class Folder: Sendable {
    /// Where it was found, for messages.
    package let path: String
    let descriptor: CInt

    /// Opens a folder; links on the way to it are followed, since whoever names a path means it.
    ///
    /// - Throws: `unreadable_file`.
    package init(at path: String) throws(DirectoryError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw Folder.unreadable(path, errno) }
    }

    private init(path: String, descriptor: CInt) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    static func unreadable(_ path: String, _ number: Int32) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "cannot open \(path.onOneLine)",
            advice: "check that it is there, and its rights",
            cause: String(cString: strerror(number)))
    }

    static func unwritable(_ path: String, _ number: Int32) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "cannot write \(path.onOneLine)", advice: "check room and rights of its folder",
            cause: String(cString: strerror(number)))
    }

    func path(of name: FileName) -> String { path + "/" + name.text }

    /// Calls with the name as the kernel takes it.
    func with<Result>(_ name: FileName, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (name.bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            // A buffer of at least one element has an address.
            buffer.baseAddress.map(body) ?? body("")
        }
    }

    // MARK: Reading

    /// What is in the folder, without "." and "..", in the order of the names.
    ///
    /// - Throws: `unreadable_file`.
    package func entries() throws(DirectoryError) -> [FolderEntry] {
        // A descriptor of its own: fdopendir takes it over, and its position.
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = fdopendir(own) else { throw Folder.unreadable(path, errno) }
        defer { closedir(stream) }
        var found: [FolderEntry] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard bytes != Array(".".utf8), bytes != Array("..".utf8) else { continue }
            // Somebody may have taken it away meanwhile.
            if let known = self.entry(FileName(bytes)) { found.append(known) }
        }
        return found.sorted { $0.name < $1.name }
    }

    /// What a name stands for; nil where nothing does.
    package func entry(_ name: FileName) -> FolderEntry? {
        var status = stat()
        guard with(name, { fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW) }) == 0 else { return nil }
        let kind: FolderEntry.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        return FolderEntry(name: name, kind: kind, state: FileState(status))
    }

    /// Opens a folder in it; nil where there is none.
    ///
    /// - Throws: `unreadable_file`, for a link too.
    package func folder(_ name: FileName) throws(DirectoryError) -> Folder? {
        let opened = with(name) {
            openat(descriptor, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        if opened < 0, errno == ENOENT { return nil }
        guard opened >= 0 else { throw Folder.unreadable(path(of: name), errno) }
        return Folder(path: path(of: name), descriptor: opened)
    }

    /// The text of a file; nil where there is none.
    ///
    /// - Parameter limit: the most bytes that are read.
    /// - Throws: `unreadable_file`, for a link and for what is longer or no UTF-8 too.
    package func text(of name: FileName, limit: Int) throws(DirectoryError) -> String? {
        guard entry(name) != nil else { return nil }
        let file = try OpenFile(name, in: self)
        guard file.state.size <= limit, let text = String(validating: try file.bytes(), as: UTF8.self) else {
            throw DirectoryError(
                .unreadableFile, "\(path(of: name).onOneLine) is no text in UTF-8 of at most \(limit) bytes",
                advice: "save it as UTF-8")
        }
        return text
    }

    // MARK: Changing

    /// Opens a folder in it, and makes it first where there is none.
    ///
    /// - Parameter mode: the rights of a new one, less the process's umask.
    /// - Throws: `unreadable_file`, `store_unwritable`.
    package func makeFolder(_ name: FileName, mode: UInt32) throws(DirectoryError) -> Folder {
        do throws(DirectoryError) {
            if let present = try folder(name) { return present }
        } catch {
            // Something else has the name, such as a link that leads elsewhere: it is not followed.
            throw DirectoryError(
                .storeUnwritable, "\(path(of: name).onOneLine) is no folder that this program may use",
                advice: "move it away", cause: error.cause)
        }
        guard with(name, { mkdirat(descriptor, $0, mode) }) == 0 || errno == EEXIST else {
            throw Folder.unwritable(path(of: name), errno)
        }
        guard let made = try folder(name) else { throw Folder.unwritable(path(of: name), ENOENT) }
        try synchronise()
        return made
    }

    /// Takes a name away, if it is there.
    ///
    /// - Throws: `store_unwritable`.
    package func remove(_ name: FileName) throws(DirectoryError) {
        guard with(name, { unlinkat(descriptor, $0, 0) }) == 0 || errno == ENOENT else {
            throw Folder.unwritable(path(of: name), errno)
        }
    }

    /// Moves a name into another folder of the same file system, under the same name or the first free one with a number.
    ///
    /// - Parameter isSame: whether the file that has a name already is what would be moved; then it is left, and the
    ///   moved name taken away.
    /// - Returns: the name that it has now. Both folders are on the disk.
    /// - Throws: `store_unwritable`.
    package func move(
        _ name: FileName, to target: Folder, as wanted: FileName,
        unless isSame: (FileName) throws(DirectoryError) -> Bool = { _ in false }
    ) throws(DirectoryError) -> FileName {
        // So many files of one name in one folder on one day are no accident.
        for number in 1...10_000 {
            let free = number == 1 ? wanted : wanted.numbered(number)
            let failure = moveOnce(name, to: target, as: free)
            if failure == 0 {
                try target.synchronise()
                try synchronise()
                return free
            }
            guard failure == EEXIST else { throw Folder.unwritable(target.path(of: free), failure) }
            if try isSame(free) {
                try remove(name)
                return free
            }
        }
        throw Folder.unwritable(target.path(of: wanted), EEXIST)
    }

    /// Moves a name to a free one; 0, or the number of the error, `EEXIST` where it is taken.
    private func moveOnce(_ name: FileName, to target: Folder, as free: FileName) -> Int32 {
        with(name) { from in
            target.with(free) { to in
                if linkat(descriptor, from, target.descriptor, to, 0) == 0 {
                    return unlinkat(descriptor, from, 0) == 0 ? 0 : errno
                }
                // A folder has no second name, and a file that others may not write is not given one
                // (fs.protected_hardlinks). An empty file or folder of our own then keeps the name for it.
                guard [EPERM, EACCES, EOPNOTSUPP, EMLINK].contains(errno) else { return errno }
                let isFolder = entry(name)?.kind == .folder
                if isFolder {
                    guard mkdirat(target.descriptor, to, 0o700) == 0 else { return errno }
                } else {
                    let keeper = openat(
                        target.descriptor, to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                    guard keeper >= 0 else { return errno }
                    close(keeper)
                }
                guard renameat(descriptor, from, target.descriptor, to) != 0 else { return 0 }
                let failure = errno
                unlinkat(target.descriptor, to, isFolder ? AT_REMOVEDIR : 0)
                return failure
            }
        }
    }

    /// Writes a file whole, then gives it its name, or the first free one with a number.
    ///
    /// A file of the name with the same bytes is left as it is.
    /// - Returns: the name that it has. It is on the disk.
    /// - Throws: `store_unwritable`.
    @discardableResult
    package func write(_ bytes: [UInt8], as wanted: FileName, mode: UInt32) throws(DirectoryError) -> FileName
    {
        let draft = FileName(".quarter-draft")
        try remove(draft)
        let file = with(draft) {
            openat(descriptor, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard file >= 0 else { throw Folder.unwritable(path(of: draft), errno) }
        defer { close(file) }
        try OpenFile.write(bytes[...], to: file, path: path(of: wanted))
        guard fchmod(file, mode) == 0, fsync(file) == 0 else {
            throw Folder.unwritable(path(of: wanted), errno)
        }
        return try move(draft, to: self, as: wanted) { (name) throws(DirectoryError) in
            guard let there = entry(name), there.kind == .file, there.state.size == bytes.count,
                let file = try? OpenFile(name, in: self)
            else { return false }
            return try file.bytes() == bytes
        }
    }

    /// Waits until the names in the folder are on the disk.
    ///
    /// - Throws: `store_unwritable`.
    package func synchronise() throws(DirectoryError) {
        guard fsync(descriptor) == 0 else { throw Folder.unwritable(path, errno) }
    }
}
