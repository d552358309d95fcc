import DirectoryModel
import Glibc

/// The bytes of a network file: mapped from the file, or built in memory.
final class NetworkImage {
    /// The file, or nil for an image in memory.
    let path: String?
    /// The first byte, on a 64-byte boundary.
    let base: UnsafeRawPointer
    /// The number of bytes.
    let count: Int
    private let isMapped: Bool

    /// All of its bytes.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Takes over memory that was allocated with `UnsafeMutableRawPointer.allocate`.
    init(adopting memory: UnsafeMutableRawPointer, count: Int) {
        path = nil
        base = UnsafeRawPointer(memory)
        self.count = count
        isMapped = false
    }

    /// Maps a file.
    init(mapping path: String) throws {
        let descriptor = Self.retrying { Glibc.open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw Self.cannotOpen(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DirectoryError(
                .unreadableFile, "the walking network is no ordinary file",
                advice: "give the path of a network file", location: path)
        }
        let size = Int(status.st_size)
        guard size > 0 else {
            throw Self.refusal(path, "the walking network is empty", cause: "0 bytes")
        }
        // MAP_POPULATE: the checksum reads every page at once, and one system call is cheaper than a fault each.
        let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else { throw Self.cannotOpen(path, errno) }
        self.path = path
        base = UnsafeRawPointer(mapped)
        count = size
        isMapped = true
    }

    deinit {
        let memory = UnsafeMutableRawPointer(mutating: base)
        if isMapped { munmap(memory, count) } else { memory.deallocate() }
    }

    /// The error for an image that is not used because of `problem`.
    func refusal(_ problem: String, cause: String?) -> DirectoryError {
        Self.refusal(path ?? "a network in memory", problem, cause: cause)
    }

    private static func refusal(_ path: String, _ problem: String, cause: String?) -> DirectoryError {
        DirectoryError(
            .networkDamaged, problem,
            advice: "import the OpenStreetMap file again: quarterctl import osm FILE",
            location: path, cause: cause)
    }

    private static func cannotOpen(_ path: String, _ number: Int32) -> DirectoryError {
        let cause = String(cString: strerror(number))
        if number == ENOENT {
            return DirectoryError(
                .noNetwork, "there is no walking network yet",
                advice: "import an OpenStreetMap file: quarterctl import osm FILE", location: path,
                cause: cause)
        }
        return DirectoryError(
            .unreadableFile, "the walking network cannot be read",
            advice: "check the file and its permissions", location: path, cause: cause)
    }

    private static func retrying(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

/// A fast checksum of 64 bits in eight lanes, certain to notice any change within one 8-byte word.
///
/// Every step is a bijection of its lane for a given word and of the word for a given lane, and the lanes are
/// folded by bijections too: one changed word always changes the result; more are missed once in 2^64. It is
/// no defence against forgery.
enum Checksum {
    /// An odd multiplier without structure: 2^64 divided by the golden ratio.
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The checksum of a file image, with the header's checksum field (bytes 24 ..< 32) taken as zero.
    static func ofImage(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard bytes.count >= 32 else { return 0 }
        var seed: UInt64 = UInt64(bytes.count)
        for word in 0..<3 {
            seed = step(seed, bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self))
        }
        return of(UnsafeRawBufferPointer(rebasing: bytes[32...]), seed: seed)
    }

    @inline(__always) private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (lane ^ word) &* multiplier
        return mixed << 29 | mixed >> 35
    }

    /// The checksum of bytes, started from a seed.
    static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var (a, b, c, d) = (seed, seed &+ 1, seed &+ 2, seed &+ 3)
        var (e, f, g, h) = (seed &+ 4, seed &+ 5, seed &+ 6, seed &+ 7)
        let count = bytes.count
        var offset = 0
        if let base = bytes.baseAddress {
            while offset &+ 64 <= count {
                let word = base + offset
                a = step(a, word.loadUnaligned(as: UInt64.self))
                b = step(b, word.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                c = step(c, word.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
                d = step(d, word.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
                e = step(e, word.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
                f = step(f, word.loadUnaligned(fromByteOffset: 40, as: UInt64.self))
                g = step(g, word.loadUnaligned(fromByteOffset: 48, as: UInt64.self))
                h = step(h, word.loadUnaligned(fromByteOffset: 56, as: UInt64.self))
                offset &+= 64
            }
        }
        var result = seed
        for lane in [a, b, c, d, e, f, g, h] { result = step(result, lane) }
        while offset < count {
            result = step(result, UInt64(bytes[offset]))
            offset += 1
        }
        return result ^ result >> 32
    }
}
