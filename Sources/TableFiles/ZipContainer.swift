internal import CArchive
internal import DirectoryModel
internal import Glibc

/// The parts of a ZIP container, by name.
struct ZipContainer {
    /// The most parts that a container may have.
    ///
    /// Chosen, not measured: a workbook has some tens.
    private static let partLimit = 10_000

    let file: FileBytes
    let site: FaultSite
    let options: TableOptions
    /// The names as they stand in the container, by their lower-case form: names of parts know no case.
    private let names: [String: String]

    /// Reads the list of parts.
    init(file: FileBytes, site: FaultSite, options: TableOptions) throws(DirectoryError) {
        self.file = file
        self.site = site
        self.options = options
        let source = try ZipSource(file: file, site: site)
        var names: [String: String] = [:]
        var count = 0
        while let entry = try source.nextEntry() {
            count += 1
            guard count <= Self.partLimit else {
                throw site.invalid("the file has more than \(Self.partLimit) parts: it is no table")
            }
            if entry.isEncrypted {
                throw site.invalid(
                    "the file is locked with a password", advice: "save it without a password as .xlsx")
            }
            let key = Self.key(entry.name)
            if names[key] == nil { names[key] = entry.name }
        }
        self.names = names
    }

    private static func key(_ name: String) -> String {
        let plain = name.lowercased().split(separator: "\\").joined(separator: "/")
        return plain.hasPrefix("/") ? String(plain.dropFirst()) : plain
    }

    /// Whether there is a part of this name.
    func has(_ name: String) -> Bool { names[Self.key(name)] != nil }

    /// Opens a part, of at most `limit` bytes.
    func stream(of name: String, site: FaultSite, limit: Int = .max) throws(DirectoryError) -> ZipStream {
        guard let stored = names[Self.key(name)] else {
            throw site.invalid("the part \(FaultSite.plain(name)) is missing from the file")
        }
        let source = try ZipSource(file: file, site: site)
        while let entry = try source.nextEntry() {
            if entry.name == stored {
                return ZipStream(
                    source: source, part: name, site: site, fileCount: file.count, limit: limit,
                    options: options)
            }
        }
        throw site.invalid("the part \(FaultSite.plain(name)) cannot be found in the file any more")
    }
}

/// libarchive on an open file.
final class ZipSource {
    /// How much is read from the file at once, in bytes.
    ///
    /// Chosen, not measured.
    private static let blockCount = 1 << 16

    private let file: FileBytes
    private let site: FaultSite
    private var handle: OpaquePointer?
    private let block: UnsafeMutableRawBufferPointer
    private var position = 0

    init(file: FileBytes, site: FaultSite) throws(DirectoryError) {
        self.file = file
        self.site = site
        block = .allocate(byteCount: Self.blockCount, alignment: 16)
        guard let handle = archive_read_new() else {
            throw DirectoryError(.internalError, "libarchive has no memory", location: site.location())
        }
        self.handle = handle
        // The list at the container's end is asked for: one that has lost its end is damaged.
        archive_read_support_format_zip_seekable(handle)
        let context = Unmanaged.passUnretained(self).toOpaque()
        archive_read_set_callback_data(handle, context)
        archive_read_set_read_callback(handle) { _, context, target in
            guard let context, let target else { return -1 }
            return Unmanaged<ZipSource>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.readBlock(target) }
        }
        archive_read_set_seek_callback(handle) { _, context, offset, whence in
            guard let context else { return Int64(ARCHIVE_FATAL) }
            return Unmanaged<ZipSource>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.seek(offset, whence)
            }
        }
        guard archive_read_open1(handle) == ARCHIVE_OK else { throw damaged() }
    }

    deinit {
        archive_read_free(handle)
        block.deallocate()
    }

    private func readBlock(_ target: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        let got = file.read(into: block, at: position)
        guard got >= 0 else {
            return Int(ARCHIVE_FATAL)
        }
        position += got
        target.pointee = UnsafeRawPointer(block.baseAddress)
        return got
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        let base =
            switch whence {
            case SEEK_CUR: position
            case SEEK_END: file.count
            default: 0
            }
        let (target, overflows) = base.addingReportingOverflow(Int(offset))
        guard !overflows, target >= 0, target <= file.count else { return Int64(ARCHIVE_FATAL) }
        position = target
        return Int64(target)
    }

    /// What libarchive says of the last call.
    var cause: String? {
        handle.flatMap { archive_error_string($0) }.map { String(cString: $0) }
    }

    func damaged(part: String? = nil) -> DirectoryError {
        site.invalid(
            part.map { "the file is damaged in its part \(FaultSite.plain($0))" } ?? "the file is damaged",
            advice: "fetch or copy it again, or " + FaultSite.saveAgain, cause: cause)
    }

    /// The next part of the container, or nil after the last.
    func nextEntry() throws(DirectoryError) -> (name: String, isEncrypted: Bool)? {
        var entry: OpaquePointer?
        let result = archive_read_next_header(handle, &entry)
        if result == ARCHIVE_EOF { return nil }
        // A warning tells of a name that this locale cannot write, for one; what matters shows in the data.
        guard result == ARCHIVE_OK || result == ARCHIVE_WARN, let entry else { throw damaged() }
        let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
        return (name.map { String(cString: $0) } ?? "", archive_entry_is_encrypted(entry) != 0)
    }

    /// Inflates up to a buffer's size of the part that `nextEntry` named; 0 at its end, negative on an error.
    func read(into buffer: UnsafeMutableRawPointer, count: Int) -> Int {
        Int(archive_read_data(handle, buffer, count))
    }
}

/// One part of a container, inflated as it is read.
final class ZipStream {
    /// So much may be inflated from any file: below it the ratio says nothing.
    private static let freeCount = 64 << 20

    private let source: ZipSource
    private let part: String
    private let site: FaultSite
    private let most: Int
    private var total = 0

    init(
        source: ZipSource, part: String, site: FaultSite, fileCount: Int, limit: Int, options: TableOptions
    ) {
        self.source = source
        self.part = part
        self.site = site
        let (byRatio, overflows) = fileCount.multipliedReportingOverflow(by: max(options.ratioLimit, 1))
        most = min(limit, options.inflatedLimit, overflows ? .max : max(Self.freeCount, byRatio))
    }

    /// Reads up to a buffer's size.
    ///
    /// - Returns: how many bytes; 0 at the end, when the part's checksum was right.
    func read(into buffer: UnsafeMutableRawPointer, count: Int) throws(DirectoryError) -> Int {
        let got = source.read(into: buffer, count: count)
        guard got >= 0 else { throw source.damaged(part: part) }
        total += got
        guard total <= most else {
            throw site.invalid(
                "the part \(FaultSite.plain(part)) is inflated to more than \(most >> 20) MB: it is no table",
                advice: "delete the formatted empty rows and columns, and save it as .xlsx again")
        }
        return got
    }
}
