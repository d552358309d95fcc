internal import DirectoryModel
internal import Glibc
internal import ServiceTypeKit
internal import TOMLDocument

/// A module's shared library, opened once for the life of the process.
struct ModuleLibrary: Sendable {
    /// The module.
    let module: any ServiceTypeModule
    /// What the file was when it was opened.
    let identity: FileIdentity

    /// The C symbol that makes the module.
    static let symbol = "quarter_module_make"

    /// Opens the library at `path`, whose stamp has been checked, and takes its module.
    ///
    /// - Throws: `module_failed`, with the loader's words as cause.
    static func open(_ path: String) throws(DirectoryError) -> ModuleLibrary {
        guard let identity = FileIdentity(path) else {
            throw broken(path, "cannot be read", cause: String(cString: strerror(errno)))
        }
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw broken(path, "cannot be opened as a library", cause: loaderError())
        }
        guard let address = dlsym(handle, symbol) else {
            throw broken(
                path, "has no symbol \(symbol)",
                advice: "end the module's file as ModuleBox's documentation shows")
        }
        typealias Make = @convention(c) () -> UnsafeMutableRawPointer?
        guard let pointer = unsafeBitCast(address, to: Make.self)() else {
            throw broken(path, "makes no module: \(symbol) returned nothing")
        }
        let box = Unmanaged<ModuleBox>.fromOpaque(pointer).takeRetainedValue()
        return ModuleLibrary(module: box.module, identity: identity)
    }

    /// An error that names the module's file.
    static func broken(
        _ path: String, _ reason: String, advice: String? = nil, cause: String? = nil
    ) -> DirectoryError {
        DirectoryError(
            .moduleFailed, "the module \(fileName(path)) \(reason)",
            advice: advice
                ?? "rebuild it with the daemon's toolchain and ServiceTypeKit, or take the file away",
            location: path, cause: cause)
    }

    private static func loaderError() -> String? {
        dlerror().map { String(cString: $0).oneLine }
    }
}

/// A path's last part.
func fileName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
}

/// What tells one version of a file from another.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// The identity of the file at `path`, or nil when there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }

    /// One word that another file, or the file after a change, does not have.
    var word: String { "\(device).\(inode).\(size).\(seconds).\(nanoseconds)" }
}
