// Systemd: what the service manager gives and is told: sockets, readiness, reload, stop, and the journal.
// May import nothing of Quarter.

import CSystemd

#if canImport(Glibc)
    import Glibc
#endif

/// A listening socket that the service manager opened before it started this process.
package struct HandedSocket: Hashable, Sendable {
    /// Its `FileDescriptorName=`: `public`, `admin` or `kiosk` in Quarter's units; `unknown` where none is set.
    package let name: String
    /// The descriptor: a bound, listening stream socket, closed on exec.
    package let descriptor: CInt

    /// A socket; see the fields.
    package init(name: String, descriptor: CInt) {
        self.name = name
        self.descriptor = descriptor
    }
}

/// Descriptors handed over by the service manager.
package enum HandedSockets {
    /// Why a handed descriptor is of no use.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// One line: which descriptor, and what is wrong with it.
        package let description: String
    }

    /// Takes the sockets over; a second call finds none, and no child process inherits the hand-over.
    ///
    /// Call it before the process has a second thread: it changes the environment.
    /// - Returns: the sockets in the order of the unit, empty when the process was started by hand.
    /// - Throws: `Refusal` when a descriptor is no listening stream socket, or the hand-over itself fails.
    package static func take() throws(Refusal) -> [HandedSocket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count >= 0 else {
            throw Refusal(description: "the service manager's sockets cannot be taken over: \(words(-count))")
        }
        defer { free(names, count: Int(count)) }
        var sockets: [HandedSocket] = []
        for index in 0..<count {
            let descriptor = SD_LISTEN_FDS_START + index
            let name = names?[Int(index)].map { String(cString: $0) } ?? "unknown"
            guard sd_is_socket(descriptor, AF_UNSPEC, CInt(SOCK_STREAM.rawValue), 1) > 0 else {
                throw Refusal(
                    description:
                        "descriptor \(descriptor) (“\(name)”) from the service manager is no listening "
                        + "stream socket; the socket unit needs ListenStream= and Accept=no")
            }
            sockets.append(HandedSocket(name: name, descriptor: descriptor))
        }
        return sockets
    }

    private static func free(_ names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, count: Int) {
        guard let names else { return }
        for index in 0..<count { Glibc.free(names[index]) }
        Glibc.free(names)
    }

    private static func words(_ number: CInt) -> String { String(cString: strerror(number)) }
}
