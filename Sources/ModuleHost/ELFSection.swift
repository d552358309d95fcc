internal import DirectoryModel
internal import Glibc

/// Reads one section of a 64-bit little-endian ELF file without mapping or loading the file.
///
/// Every offset and size in the file is taken as hostile: it is checked against the file's own size, and
/// what is read is bounded. Source of the layout: the ELF-64 object file format, version 1.5.
enum ELFSection {
    /// The longest section that is read, in bytes.
    ///
    /// Chosen, not measured: the stamp has some 130 bytes, once for each of the module's source modules that
    /// names it.
    static let maximumBytes = 1 << 16

    /// Why a section could not be read, in words that follow the file's name.
    struct Failure: Error { let reason: String }

    /// The bytes of the section called `name` in the file at `path`.
    static func read(_ name: String, from path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Failure(reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(reason: "is no ordinary file")
        }
        guard status.st_size > 0 else { throw Failure(reason: "is empty") }
        return try File(descriptor: descriptor, size: UInt64(status.st_size)).section(name)
    }

    private struct File {
        let descriptor: Int32
        let size: UInt64

        /// `e_ident`, then the fields of the header that say where the sections are.
        func section(_ name: String) throws(Failure) -> [UInt8] {
            guard size >= 64 else { throw Failure(reason: "is too short for a shared library") }
            let header = try bytes(at: 0, count: 64)
            guard header[0..<4].elementsEqual([0x7F, 0x45, 0x4C, 0x46]) else {
                throw Failure(reason: "is no ELF file")
            }
            guard header[4] == 2, header[5] == 1, number(header, 0x12, 2) == machine else {
                throw Failure(reason: "is made for another machine")
            }
            guard number(header, 0x10, 2) == 3 else { throw Failure(reason: "is no shared library") }
            let start = number(header, 0x28, 8)
            let entrySize = number(header, 0x3A, 2)
            let count = number(header, 0x3C, 2)
            let names = number(header, 0x3E, 2)
            // 0 sections with an extended count (over 65,279) is a file that no compiler makes of a module.
            guard entrySize == 64, count > 0, names < count else {
                throw Failure(reason: "is damaged: it has no table of sections")
            }
            let table = try bytes(at: start, count: count * entrySize)
            let namesText = try contents(of: Int(names), in: table, limit: 1 << 20)
            let wanted = Array(name.utf8) + [0]
            for index in 0..<Int(count) {
                let offset = number(table, index * 64, 4)
                guard offset < UInt64(namesText.count), namesText[Int(offset)...].starts(with: wanted) else {
                    continue
                }
                return try contents(of: index, in: table, limit: ELFSection.maximumBytes)
            }
            throw Failure(reason: "has no section \(name)")
        }

        /// The file's contents of a section; not of one without contents (`SHT_NOBITS`, 8).
        private func contents(of index: Int, in table: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
            let at = index * 64
            let length = number(table, at + 0x20, 8)
            guard number(table, at + 0x04, 4) != 8, length <= UInt64(limit) else {
                throw Failure(reason: "is damaged: a section has a wrong size")
            }
            return try bytes(at: number(table, at + 0x18, 8), count: length)
        }

        private func bytes(at offset: UInt64, count: UInt64) throws(Failure) -> [UInt8] {
            let (end, overflow) = offset.addingReportingOverflow(count)
            // The table of sections is the longest thing read: 65,535 entries of 64 bytes.
            guard !overflow, end <= size, count <= 1 << 22 else {
                throw Failure(reason: "is damaged: it ends too early")
            }
            var result = [UInt8](repeating: 0, count: Int(count))
            var done = 0
            while done < result.count {
                let part = result.withUnsafeMutableBytes { buffer in
                    pread(
                        descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done,
                        off_t(offset) + done)
                }
                if part < 0, errno == EINTR { continue }
                guard part > 0 else { throw Failure(reason: "is damaged: it ends too early") }
                done += part
            }
            return result
        }

        /// A little-endian number of `width` bytes; the caller has checked that they are there.
        private func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
            (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
        }

        /// `e_machine` of the machine that this is built for.
        private var machine: UInt64 {
            #if arch(x86_64)
                62
            #elseif arch(arm64)
                183
            #endif
        }
    }
}
