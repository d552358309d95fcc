#if canImport(Glibc)
    import Glibc
#endif

/// Who is at the other end of a connection.
struct Peer: Hashable, Sendable {
    /// The process, as the kernel saw it when it connected.
    var process: Int32
    /// Its user.
    var user: UInt32
    /// Its group.
    var group: UInt32

    /// SO_PEERCRED (unix(7)).
    static let option = SO_PEERCRED

    /// The peer of a connected Unix socket, or nil for a socket that has none.
    static func credentials(of descriptor: CInt) -> Peer? {
        var words = PeerWords(process: 0, user: UInt32.max, group: UInt32.max)
        var length = socklen_t(MemoryLayout<PeerWords>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &words, &length) == 0 else { return nil }
        return words.peer
    }
}

/// struct ucred: pid, uid, gid, 32 bits each (unix(7)); glibc declares it under _GNU_SOURCE only.
struct PeerWords: Sendable {
    var process: Int32
    var user: UInt32
    var group: UInt32

    /// The peer, unless the socket has none.
    var peer: Peer? {
        user == UInt32.max ? nil : Peer(process: process, user: user, group: group)
    }
}

/// The machine's users and groups, by getpwuid_r(3) and its kin.
///
/// Blocking: a name service may be asked.
enum UserAccounts {
    /// The largest record that is read.
    ///
    /// Chosen, not measured: a group of thousands of members fits.
    private static let largestRecord = 1 << 20

    /// The number of a group, or nil where there is none of this name.
    static func groupNumber(of name: String) -> gid_t? {
        withRecord { buffer, count in
            var record = group()
            var found: UnsafeMutablePointer<group>?
            let result = getgrnam_r(name, &record, buffer, count, &found)
            return (result, found == nil ? nil : record.gr_gid)
        }
    }

    /// The name of a user; its number where it has none.
    static func name(of user: uid_t) -> String { account(of: user)?.name ?? "uid \(user)" }

    /// Whether a user belongs to a group, by the record of users or as a member.
    static func isMember(_ user: uid_t, of groupName: String) -> Bool {
        guard let wanted = groupNumber(of: groupName), let account = account(of: user) else { return false }
        var count: CInt = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        if getgrouplist(account.name, account.group, &groups, &count) < 0 {
            groups = [gid_t](repeating: 0, count: Int(count))
            guard getgrouplist(account.name, account.group, &groups, &count) >= 0 else { return false }
        }
        return groups.prefix(Int(count)).contains(wanted)
    }

    private static func account(of user: uid_t) -> (name: String, group: gid_t)? {
        withRecord { buffer, count in
            var record = passwd()
            var found: UnsafeMutablePointer<passwd>?
            let result = getpwuid_r(user, &record, buffer, count, &found)
            guard found != nil, let name = record.pw_name else { return (result, nil) }
            return (result, (String(cString: name), record.pw_gid))
        }
    }

    private static func withRecord<Value>(
        _ call: (UnsafeMutablePointer<CChar>, Int) -> (result: CInt, value: Value?)
    ) -> Value? {
        var size = 1024
        while size <= largestRecord {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { buffer.deallocate() }
            let (result, value) = call(buffer, size)
            if result == ERANGE {
                size *= 4
                continue
            }
            return value
        }
        return nil
    }
}
