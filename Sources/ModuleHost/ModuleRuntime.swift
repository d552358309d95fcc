internal import DirectoryModel
internal import Glibc
internal import ServiceTypeKit
internal import Synchronization

/// What outlives a reload: the crash marker, the record of ends, and the libraries that are open.
final class ModuleRuntime: Sendable {
    let marker: CrashMarker
    /// What the process before this one left: the calls that it ended in.
    let newEnds: [ModuleEnd]
    private let stateFolder: String?
    private let ends: Mutex<ModuleEnds>
    private let libraries = Mutex<[String: OpenLibrary]>([:])

    /// A library that is open, with the counters of its module.
    struct OpenLibrary: Sendable {
        let library: ModuleLibrary
        let manifest: ModuleManifest
        let guarded: GuardedModule
    }

    /// Opens the marker and takes in what the last process left in it.
    ///
    /// - Throws: `store_unwritable` when the state folder cannot be written.
    init(stateFolder: String?) throws(DirectoryError) {
        self.stateFolder = stateFolder
        let (marker, left) = try CrashMarker.open(stateFolder.map { $0 + "/module-marker" })
        self.marker = marker
        newEnds = left
        var ends = ModuleEnds()
        if let stateFolder {
            ends = ModuleEnds(parsing: Self.text(of: stateFolder + "/module-ends"))
            ends.add(left)
            if !left.isEmpty { try Self.write(ends.text, to: stateFolder + "/module-ends") }
            CrashSignals.note(in: marker.base)
        }
        self.ends = Mutex(ends)
    }

    /// The quarantine of the module in `file`, or nil.
    func quarantine(ofFile file: String) -> Quarantine? {
        ends.withLock { $0.quarantines.first { $0.file == file } }
    }

    /// Ends of earlier processes in a module's call, the oldest first.
    var recordedEnds: [ModuleEnd] { ends.withLock { $0.ends } }

    /// Forgets a module's ends and its quarantine.
    func release(_ name: String) throws(DirectoryError) {
        var released = ends.withLock { $0 }
        guard released.release(name) else {
            throw DirectoryError(
                .notFound, "no module \(name.shortened()) is quarantined",
                advice: "list them with quarterctl modules")
        }
        if let stateFolder { try Self.write(released.text, to: stateFolder + "/module-ends") }
        ends.withLock { [released] in $0 = released }
    }

    /// The open library at `path`, or what `open` makes of it; opened once for the life of the process.
    func library(
        at path: String, open: () throws(DirectoryError) -> OpenLibrary
    ) throws(DirectoryError) -> OpenLibrary {
        if let library = libraries.withLock({ $0[path] }) { return library }
        let library = try open()
        libraries.withLock { $0[path] = library }
        return library
    }

    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        // Far above what the record can grow to; a larger file is not ours.
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : ""
    }

    /// Writes the whole file anew and renames it into place, so that it is never half there.
    private static func write(_ text: String, to path: String) throws(DirectoryError) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        var isWritten = descriptor >= 0
        if isWritten {
            var rest = Array(text.utf8)[...]
            while isWritten, !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                isWritten = count > 0
                rest = rest.dropFirst(max(0, count))
            }
            isWritten = fsync(descriptor) == 0 && isWritten
            close(descriptor)
            isWritten = isWritten && rename(draft, path) == 0
        }
        if !isWritten {
            throw DirectoryError(
                .storeUnwritable, "the record of module ends cannot be written",
                advice: "check the owner and the free space of the state folder", location: path,
                cause: String(cString: strerror(errno)))
        }
    }
}
