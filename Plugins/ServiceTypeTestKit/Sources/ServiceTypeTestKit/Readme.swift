#if canImport(Glibc)
    import Glibc
#endif

extension Conformance {
    /// The README.md of the module whose tests lie in `<module>/Tests/`.
    ///
    /// - Parameter file: the test's own `#filePath`.
    /// - Throws: `BuiltModule.Failure` when there is none, or it cannot be read.
    public static func readme(besideTestsOf file: String) throws(BuiltModule.Failure) -> String {
        let folders = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let path = folders.joined(separator: "/") + "/README.md"
        guard let stream = fopen(path, "r") else {
            throw BuiltModule.Failure(
                description: "cannot open \(path); write it with the headings of docs/modules.md")
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, stream)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
