#if canImport(Glibc)
    import Glibc
#endif

/// Whose the files of a state folder are.
enum StateOwner {
    /// Gives every file of the folder to the folder's own owner: what root brought in while the daemon was not
    /// running must be the daemon's afterwards.
    ///
    /// Does nothing for anybody but root. Links are not followed.
    /// - Parameter model: the folder whose owner it is, where that is another one; the folder itself then is given
    ///   to that owner as well.
    static func settle(_ folder: String, like model: String? = nil) {
        var owner = stat()
        guard geteuid() == 0, lstat(model ?? folder, &owner) == 0, owner.st_uid != 0,
            let directory = opendir(folder)
        else { return }
        defer { closedir(directory) }
        if model != nil { _ = lchown(folder, owner.st_uid, owner.st_gid) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid != owner.st_uid
            else { continue }
            // Where that fails the daemon will say which file it cannot write.
            _ = lchown(path, owner.st_uid, owner.st_gid)
        }
    }
}
