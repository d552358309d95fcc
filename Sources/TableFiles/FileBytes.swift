internal import DirectoryModel
internal import Glibc

/// An open file, read at positions; several readers share it, and a file that is put in its place is not read.
final class FileBytes {
    private let descriptor: Int32
    /// Its length when it was opened, in bytes.
    let count: Int

    init(path: String, site: FaultSite) throws(DirectoryError) {
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else {
            count = 0
            throw site.unreadable(String(cString: strerror(errno)))
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            count = 0
            throw site.unreadable(String(cString: strerror(errno)))
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            count = 0
            throw site.unreadable("it is no regular file")
        }
        count = Int(facts.st_size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Reads up to a buffer's size; 0 at the end, negative on an error, which `errno` tells.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        while true {
            let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
            if got < 0, errno == EINTR { continue }
            return got
        }
    }

    /// The bytes of a range, as many as there are.
    func bytes(at position: Int, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]), at: position + filled)
            }
            guard got > 0 else { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
