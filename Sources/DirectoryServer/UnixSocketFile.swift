package import DirectoryModel

#if canImport(Glibc)
    import Glibc
#endif

/// A Unix socket's file that this process made.
struct UnixSocketFile: Hashable, Sendable {
    let path: String
    let device: UInt64
    let inode: UInt64
    /// When its inode was last changed: numbers of inodes are used again.
    let seconds: Int
    let nanoseconds: Int

    /// What lies at the path now, or nil.
    init?(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        seconds = status.st_ctim.tv_sec
        nanoseconds = status.st_ctim.tv_nsec
    }

    /// Removes the file, unless another process has put its own in the place since.
    func remove() {
        if UnixSocketFile(at: path) == self { unlink(path) }
    }
}

extension Listener {
    /// Opens a Unix socket.
    ///
    /// The file is made with mode 0600 and widened only when its group is right: at no moment may somebody
    /// connect who may not in the end. A file that a crashed process left is removed; a file at which somebody
    /// answers, or that is no socket, stays.
    /// - Parameters:
    ///   - path: at most 107 bytes (unix(7)).
    ///   - mode: the permissions in the end, such as 0o666.
    ///   - group: the group that the file is given to; where the machine has no such group, the file stays
    ///     with the process's own.
    /// - Throws: `state_locked` when another process listens there, `store_unwritable` when the file cannot be
    ///   made.
    package static func unix(
        _ role: ListenerRole, path: String, mode: mode_t, group: String? = nil
    ) throws(DirectoryError) -> Listener {
        var address = try unixAddress(path)
        try clearStaleFile(path, &address)
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | openFlags, 0)
        guard descriptor >= 0 else { throw fault("open the socket", path) }
        // On Linux a socket's file takes the descriptor's mode, narrowed by the umask.
        guard fchmod(descriptor, 0o600) == 0, connectOrBind(bind, descriptor, &address) == 0 else {
            let error = fault("make the socket", path)
            close(descriptor)
            throw error
        }
        if let group, let number = UserAccounts.groupNumber(of: group), chown(path, uid_t.max, number) != 0 {
            return try refuse(descriptor, path, fault("give the socket to the group \(group)", path))
        }
        guard chmod(path, mode) == 0, listen(descriptor, backlog) == 0, let file = UnixSocketFile(at: path)
        else {
            return try refuse(descriptor, path, fault("listen on the socket", path))
        }
        return Listener(role: role, descriptor: descriptor, name: path, port: nil, ownedFile: file)
    }

    private static func refuse(_ descriptor: CInt, _ path: String, _ error: DirectoryError)
        throws(DirectoryError) -> Listener
    {
        close(descriptor)
        unlink(path)
        throw error
    }

    private static func unixAddress(_ path: String) throws(DirectoryError) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= room, !bytes.contains(0) else {
            throw DirectoryError(
                .storeUnwritable, "\(path.shortened(to: 120)) cannot be the path of a Unix socket",
                advice:
                    "it has \(bytes.count) bytes and may have 1 to \(room): choose a shorter --state folder")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func clearStaleFile(_ path: String, _ address: inout sockaddr_un) throws(DirectoryError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw DirectoryError(
                .storeUnwritable, "\(path) is there and is no socket",
                advice: "it is not touched: move it away, or choose another --state folder")
        }
        let probe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | openFlags, 0)
        guard probe >= 0 else { throw fault("open a socket to try", path) }
        defer { close(probe) }
        let result = connectOrBind(connect, probe, &address)
        guard result != 0, errno == ECONNREFUSED else {
            let owner = Peer.credentials(of: probe).map { " (process \($0.process))" } ?? ""
            throw DirectoryError(
                .stateLocked, "another process\(result == 0 ? owner : "") listens on \(path)",
                advice: "stop it first, or give this one another --state folder")
        }
        guard unlink(path) == 0 else { throw fault("remove the stale socket", path) }
    }

    private static func connectOrBind(
        _ call: (CInt, UnsafePointer<sockaddr>?, socklen_t) -> CInt, _ descriptor: CInt,
        _ address: inout sockaddr_un
    ) -> CInt {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func fault(_ what: String, _ path: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "cannot \(what) \(path)",
            advice: "the daemon's user needs to write in the folder", cause: String(cString: strerror(errno)))
    }
}
