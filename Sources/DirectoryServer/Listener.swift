package import DirectoryModel

#if canImport(Glibc)
    import Glibc
#endif

/// Which of the daemon's doors a socket is.
package enum ListenerRole: String, Hashable, Sendable, CaseIterable {
    /// Reading, for everybody on the machine.
    case publicDoor = "public"
    /// Reading and writing, judged by the peer's credentials.
    case admin
    /// Reading, for the browser of this machine: the loopback TCP socket.
    case kiosk
    /// Reading, for programs that speak Varlink.
    case varlink
}

/// A bound, listening stream socket.
package struct Listener: Hashable, Sendable {
    /// Which door it is.
    package let role: ListenerRole
    /// Its descriptor.
    ///
    /// Owned: `DirectoryServer` closes it.
    package let descriptor: CInt
    /// Where it listens, for a person: a path, or `127.0.0.1:8315`.
    package let name: String
    /// The TCP port, or nil for a Unix socket.
    package let port: Int?
    /// The socket file to remove at the stop: only where this process made it.
    let ownedFile: UnixSocketFile?

    init(role: ListenerRole, descriptor: CInt, name: String, port: Int?, ownedFile: UnixSocketFile? = nil) {
        self.role = role
        self.descriptor = descriptor
        self.name = name
        self.port = port
        self.ownedFile = ownedFile
    }

    /// What the file of the Varlink socket is called: the interface, as is the custom.
    package static let varlinkFileName = VarlinkTable.directory

    /// Connections that the kernel keeps until they are accepted; it cuts the number to its own limit
    /// (net.core.somaxconn, 4096 on Linux).
    static let backlog: CInt = 4096

    /// A socket that the service manager handed over.
    ///
    /// - Throws: `configuration_invalid` when the socket does not fit the door: public, admin and varlink are
    ///   Unix sockets, kiosk is TCP on a loopback address.
    package static func handed(_ role: ListenerRole, descriptor: CInt) throws(DirectoryError) -> Listener {
        let address = try SocketName(of: descriptor)
        switch (role, address) {
        case (.publicDoor, .unix(let path)), (.admin, .unix(let path)), (.varlink, .unix(let path)):
            return Listener(role: role, descriptor: descriptor, name: path, port: nil)
        case (.kiosk, .inet(let host, let port, isLoopback: true)):
            return Listener(role: role, descriptor: descriptor, name: "\(host):\(port)", port: port)
        default:
            throw DirectoryError(
                .configurationInvalid,
                "the handed-over socket “\(role.rawValue)” is \(address), which cannot be that door",
                advice:
                    "public, admin and varlink are Unix sockets, kiosk is a TCP port of 127.0.0.1 or [::1]",
                location: "\(role.rawValue).socket")
        }
    }

    /// Opens a TCP port of the loopback.
    ///
    /// - Parameter text: `127.0.0.1:8315`, `localhost:8315` or `[::1]:8315`; port 0 takes a free one.
    /// - Throws: `invalid_request` for another address, `unavailable` when the port is taken.
    package static func loopback(_ text: String) throws(DirectoryError) -> Listener {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let host = LoopbackHost(String(text[..<colon]))
        else {
            throw DirectoryError(
                .invalidRequest, "\(text.shortened()) is no loopback address with a port",
                advice: "use 127.0.0.1:PORT or [::1]:PORT: the kiosk's socket is for this machine only",
                location: "--kiosk")
        }
        let descriptor = socket(host.family, CInt(SOCK_STREAM.rawValue) | openFlags, 0)
        guard descriptor >= 0 else { throw failure("open a TCP socket", on: text) }
        var yes: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        guard host.bind(descriptor, port: port) == 0, listen(descriptor, backlog) == 0 else {
            let error = failure("listen", on: text)
            close(descriptor)
            throw error
        }
        return try handed(.kiosk, descriptor: descriptor)
    }

    /// Flags of every socket that this process opens.
    static let openFlags = CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)

    private static func failure(_ what: String, on text: String) -> DirectoryError {
        let number = errno
        return DirectoryError(
            .unavailable, "cannot \(what) on \(text)",
            advice: number == EADDRINUSE
                ? "another process listens there: stop it, or choose another port with --kiosk" : nil,
            cause: String(cString: strerror(number)))
    }
}

/// A loopback address that a client may name.
private enum LoopbackHost {
    case four
    case six

    init?(_ text: String) {
        switch text {
        case "127.0.0.1", "localhost": self = .four
        case "[::1]": self = .six
        default: return nil
        }
    }

    var family: CInt { self == .four ? AF_INET : AF_INET6 }

    func bind(_ descriptor: CInt, port: UInt16) -> CInt {
        switch self {
        case .four:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return call(descriptor, &address)
        case .six:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            return call(descriptor, &address)
        }
    }

    private func call<Address>(_ descriptor: CInt, _ address: inout Address) -> CInt {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}

/// Where a socket is bound.
private enum SocketName: CustomStringConvertible {
    case unix(String)
    case inet(String, Int, isLoopback: Bool)
    case other

    init(of descriptor: CInt) throws(DirectoryError) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else {
            throw DirectoryError(
                .configurationInvalid, "descriptor \(descriptor) is no socket",
                cause: String(cString: strerror(errno)))
        }
        let family = CInt(storage.ss_family)
        self = withUnsafeBytes(of: &storage) { SocketName(family: family, bytes: $0, length) }
    }

    private init(family: CInt, bytes: UnsafeRawBufferPointer, _ length: socklen_t) {
        switch family {
        case AF_UNIX:
            let offset = MemoryLayout<sa_family_t>.size
            let path = bytes[min(offset, Int(length))..<Int(length)].prefix { $0 != 0 }
            self = .unix(String(decoding: path, as: UTF8.self))
        case AF_INET:
            let port = Int(bytes[2]) << 8 | Int(bytes[3])
            let host = bytes[4..<8].map(String.init).joined(separator: ".")
            self = .inet(host, port, isLoopback: bytes[4] == 127)
        case AF_INET6:
            let port = Int(bytes[2]) << 8 | Int(bytes[3])
            let isLoopback = bytes[8..<23].allSatisfy { $0 == 0 } && bytes[23] == 1
            self = .inet(isLoopback ? "[::1]" : "[…]", port, isLoopback: isLoopback)
        default: self = .other
        }
    }

    var description: String {
        switch self {
        case .unix(let path): "the Unix socket \(path)"
        case .inet(let host, let port, _): "TCP \(host):\(port)"
        case .other: "of another family"
        }
    }
}
