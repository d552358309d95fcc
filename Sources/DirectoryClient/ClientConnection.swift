internal import DirectoryModel
import Foundation

/// Why a connection could not be made.
struct ConnectFault: Error {
    /// The system's error number.
    let number: Int32
}

/// One blocking connection with timeouts.
///
/// Not for use from two threads at once.
final class ClientConnection {
    private let endpoint: DirectoryEndpoint
    private let timeouts: ClientTimeouts
    private var descriptor: Int32

    /// Connects.
    init(to endpoint: DirectoryEndpoint, timeouts: ClientTimeouts) throws(ConnectFault) {
        self.endpoint = endpoint
        self.timeouts = timeouts
        let family =
            switch endpoint {
            case .unixSocket: AF_UNIX
            case .loopback: AF_INET
            }
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ConnectFault(number: errno) }
        limit(SO_SNDTIMEO, to: timeouts.send)
        limit(SO_RCVTIMEO, to: timeouts.answer)
        let failure =
            switch endpoint {
            case .unixSocket(let path): connectUnix(path)
            case .loopback(let port): connectLoopback(port)
            }
        if failure != 0 {
            close()
            throw ConnectFault(number: failure)
        }
    }

    deinit { close() }

    /// Closes the connection; harmless a second time.
    func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    private func limit(_ option: Int32, to time: Seconds) {
        var interval = timeval()
        interval.tv_sec = Int(time.value)
        interval.tv_usec = Int((time.value - time.value.rounded(.down)) * 1_000_000)
        setsockopt(descriptor, SOL_SOCKET, option, &interval, socklen_t(MemoryLayout<timeval>.size))
    }

    private func connectUnix(_ path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
        var name = path
        var folder: Int32 = -1
        defer { if folder >= 0 { _ = Glibc.close(folder) } }
        if name.utf8.count > capacity {
            // A socket's name holds 107 bytes; the folder's descriptor makes a longer path a short one.
            let url = URL(fileURLWithPath: path)
            folder = open(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard folder >= 0 else { return errno }
            name = "/proc/self/fd/\(folder)/\(url.lastPathComponent)"
            guard name.utf8.count <= capacity else { return ENAMETOOLONG }
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? 0 : errno
            }
        }
    }

    private func connectLoopback(_ port: UInt16) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 ? 0 : errno
            }
        }
    }

    /// Sends all bytes.
    ///
    /// - Throws: `request_timeout` when the daemon takes no more, `bad_reply` when it has hung up.
    func send(_ bytes: [UInt8]) throws(DirectoryError) {
        try send(bytes[...])
    }

    /// Sends all bytes.
    func send(_ bytes: ArraySlice<UInt8>) throws(DirectoryError) {
        var rest = bytes
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            let failure = errno
            if sent > 0 {
                rest = rest.dropFirst(sent)
            } else if failure == EAGAIN || failure == EWOULDBLOCK {
                throw DirectoryError(
                    .requestTimeout,
                    "\(endpoint) took nothing more of the request for \(timeouts.send.words)",
                    advice: "see what the daemon does with `journalctl -u quarterd`")
            } else if failure != EINTR {
                throw hungUp(failure)
            }
        }
    }

    /// Whether the daemon has something to say, or has hung up.
    var hasInput: Bool {
        var watch = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watch, 1, 0) > 0
    }

    /// The next bytes; empty at the end.
    ///
    /// - Throws: `request_timeout` when none come in time, `bad_reply` when the connection breaks.
    func receive(atMost count: Int) throws(DirectoryError) -> [UInt8] {
        while true {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
                let received = recv(descriptor, buffer.baseAddress, count, 0)
                failure = received < 0 ? errno : 0
                size = max(received, 0)
            }
            switch failure {
            case 0: return bytes
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK:
                throw DirectoryError(
                    .requestTimeout, "\(endpoint) has not answered for \(timeouts.answer.words)",
                    advice: "see what the daemon does with `journalctl -u quarterd`")
            default: throw hungUp(failure)
            }
        }
    }

    private func hungUp(_ failure: Int32) -> DirectoryError {
        DirectoryError(
            .badReply, "\(endpoint) hung up before the answer",
            advice: "see why with `journalctl -u quarterd`, then ask again", cause: errorText(failure))
    }
}

extension Seconds {
    /// The time in words: "30 s".
    fileprivate var words: String {
        value == value.rounded() ? "\(Int(value)) s" : "\(value) s"
    }
}

/// What an error number means, in the system's words.
func errorText(_ number: Int32) -> String { String(cString: strerror(number)) }

extension DirectoryEndpoint {
    /// Why a connection could not be made, and what to do.
    func connectError(_ number: Int32) -> DirectoryError {
        let start = "start it with `systemctl start quarterd`, or `make run` in the source folder"
        let reason: String
        let advice: String
        switch number {
        case ENOENT, ENOTDIR:
            reason = "there is no socket at \(self): no quarterd has been started there"
            advice = start + ", or name another with --socket or --state"
        case ECONNREFUSED:
            reason = "\(self) refuses: no quarterd listens on it any more"
            advice = start
        case EACCES, EPERM:
            reason = "you may not use \(self): it belongs to the group quarter-admin"
            advice = "run this with sudo, or join the group with `sudo adduser $USER quarter-admin`"
        case EAGAIN, EINPROGRESS, ETIMEDOUT:
            reason = "\(self) has too many callers waiting: quarterd does not keep up or hangs"
            advice = "see `systemctl status quarterd`"
        case ENAMETOOLONG:
            reason = "the name \(self) is too long for a socket"
            advice = "use a state folder with a shorter path"
        default:
            reason = "\(self) cannot be reached"
            advice = start
        }
        return DirectoryError(.cannotConnect, reason, advice: advice, cause: errorText(number))
    }
}
