internal import NIOCore

#if canImport(Glibc)
    import Glibc
#endif

/// Which user of this machine is at the other end of a loopback connection.
///
/// TCP has no peer credentials; but both ends are sockets of this machine, and the kernel lists each with its owner
/// (proc_net_tcp(5)).
enum PeerUser {
    /// The user of the socket that a connection came from, or nil where the list does not have it.
    static func of(_ remote: SocketAddress?, to local: SocketAddress?) -> UInt32? {
        guard let theirs = remote.flatMap(word), let ours = local.flatMap(word) else { return nil }
        return user(from: theirs, to: ours, in: text("/proc/net/tcp"))
    }

    /// The user of the socket bound to `from` and connected to `to`, in the kernel's words for both.
    static func user(from: String, to: String, in list: String) -> UInt32? {
        for line in list.split(separator: "\n").dropFirst() {
            // sl, local_address, rem_address, st, tx_queue:rx_queue, tr:tm->when, retrnsmt, uid
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            guard words.count > 7, words[1] == from, words[2] == to else { continue }
            return UInt32(words[7])
        }
        return nil
    }

    /// An address as the kernel lists it: the 32 bits as they lie in memory, and the port, in hexadecimal digits.
    static func word(_ address: SocketAddress) -> String? {
        guard case .v4(let four) = address else { return nil }
        return hexadecimal(UInt64(four.address.sin_addr.s_addr), digits: 8) + ":"
            + hexadecimal(UInt64(UInt16(bigEndian: four.address.sin_port)), digits: 4)
    }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// A file of the kernel, which does not tell its length.
    private static func text(_ path: String) -> String {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
