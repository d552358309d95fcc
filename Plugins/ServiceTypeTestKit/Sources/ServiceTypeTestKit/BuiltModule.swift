public import ServiceTypeKit

#if canImport(Glibc)
    import Glibc
#endif

/// Opens the shared library that was built for a module, so that its tests run on what the daemon loads.
///
/// Tests do not link module targets: each has the same two C symbols, and SwiftPM links all tests into one program.
///
/// Since: 1.0
public enum BuiltModule {
    /// Why a module's library cannot be used.
    public struct Failure: Error, CustomStringConvertible {
        /// What failed, on which file, and what to do next.
        public let description: String
    }

    /// The module in `lib<Name>Module.so` beside the running test program.
    ///
    /// Opens the file without the daemon's check of the stamp, but asks for both symbols.
    ///
    /// - Throws: `Failure` when the file is not there, cannot be opened or lacks a symbol.
    public static func load(_ name: String) throws(Failure) -> any ServiceTypeModule {
        try load(at: try folder() + "/lib\(name)Module.so")
    }

    /// The module in the library at `path`; see `load(_:)`.
    public static func load(at path: String) throws(Failure) -> any ServiceTypeModule {
        guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw Failure(
                description: "cannot open \(path): \(lastError()); build the package's products first")
        }
        guard dlsym(library, "quarter_module_abi") != nil else {
            throw Failure(
                description: "\(path) has no symbol quarter_module_abi; end the module's file with it")
        }
        guard let symbol = dlsym(library, "quarter_module_make") else {
            throw Failure(
                description: "\(path) has no symbol quarter_module_make; end the module's file with it")
        }
        typealias Make = @convention(c) () -> UnsafeMutableRawPointer
        let make = unsafeBitCast(symbol, to: Make.self)
        return Unmanaged<ModuleBox>.fromOpaque(make()).takeRetainedValue().module
    }

    /// The folder of the running program: the build folder, where SwiftPM puts tests and libraries side by side.
    public static func folder() throws(Failure) -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let length = buffer.withUnsafeMutableBytes { bytes in
            bytes.bindMemory(to: CChar.self).baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) }
                ?? 0
        }
        guard length > 0 else { throw Failure(description: "cannot read /proc/self/exe: \(errno)") }
        let path = String(decoding: buffer.prefix(length), as: UTF8.self)
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }

    private static func lastError() -> String { dlerror().map { String(cString: $0) } ?? "no reason given" }
}
