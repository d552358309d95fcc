internal import Digests
internal import DirectoryModel
internal import Glibc

/// The bytes of a map file: mapped from the file, or built in memory.
final class MapImage {
    /// The file, or nil for an image in memory.
    let path: String?
    /// The first byte, on a 64-byte boundary.
    let base: UnsafeRawPointer
    /// The number of bytes.
    let count: Int
    private let isMapped: Bool

    /// All of its bytes.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The SHA-256 of all bytes but those of the header's digest.
    var digest: [UInt8] {
        let range = MapHeader.digestRange
        return ByteDigest.sha256(of: [
            UnsafeRawBufferPointer(rebasing: bytes[..<range.lowerBound]),
            UnsafeRawBufferPointer(rebasing: bytes[range.upperBound...]),
        ])
    }

    /// Takes over memory that was allocated with `UnsafeMutableRawPointer.allocate`.
    init(adopting memory: UnsafeMutableRawPointer, count: Int) {
        path = nil
        base = UnsafeRawPointer(memory)
        self.count = count
        isMapped = false
    }

    /// Maps a file.
    init(mapping path: String) throws(DirectoryError) {
        let descriptor = Self.retrying { Glibc.open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw Self.cannotOpen(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.cannotOpen(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DirectoryError(
                .unreadableFile, "the street map is no ordinary file", advice: "give the path of a map file",
                location: path)
        }
        let size = Int(status.st_size)
        guard size > 0 else { throw Self.refusal(path, "the street map is empty", cause: "0 bytes") }
        let mapped = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
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
        Self.refusal(path ?? "a map in memory", problem, cause: cause)
    }

    private static func refusal(_ path: String, _ problem: String, cause: String?) -> DirectoryError {
        DirectoryError(
            .invalidFile, problem, advice: "import the OpenStreetMap file again: quarterctl import osm FILE",
            location: path, cause: cause)
    }

    private static func cannotOpen(_ path: String, _ number: Int32) -> DirectoryError {
        let cause = String(cString: strerror(number))
        if number == ENOENT {
            return DirectoryError(
                .notFound, "there is no street map yet",
                advice: "import the OpenStreetMap file again: quarterctl import osm FILE", location: path,
                cause: cause)
        }
        return DirectoryError(
            .unreadableFile, "the street map cannot be read", advice: "check the file and its permissions",
            location: path, cause: cause)
    }

    private static func retrying(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
