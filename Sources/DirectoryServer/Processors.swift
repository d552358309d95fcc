internal import Foundation
internal import NIOCore

/// The processors of the machine, as far as this process may use them.
package enum Processors {
    /// How many this process may use at once, at least 1: its group of processes may have less than the machine has, and
    /// so may the process itself (affinity).
    package static var usable: Int { max(1, min(System.coreCount, allowed ?? .max)) }

    /// As the kernel tells it, or nil where it cannot be read: Foundation counts those of the machine.
    private static var allowed: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return nil
        }
        return allowed(in: status)
    }

    /// The processors that `Cpus_allowed` of proc_pid_status(5) has: a mask in hexadecimal digits, with commas.
    static func allowed(in status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix("Cpus_allowed:") {
            let count = line.dropFirst("Cpus_allowed:".count).reduce(0) {
                $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
            }
            return count > 0 ? count : nil
        }
        return nil
    }
}
