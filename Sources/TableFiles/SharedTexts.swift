internal import DirectoryModel
internal import Glibc

/// The texts that the cells of a workbook share, by number: in memory while they are few, else in a file.
///
/// Each text stands after its length, four bytes, the low one first; of every eighth one it is known where it
/// begins.
final class SharedTexts {
    /// What is kept in memory at most, in bytes, before all of it goes to a file.
    ///
    /// Chosen, not measured: half a million short texts.
    private static let memoryLimit = 12 << 20
    /// How many texts share one mark.
    private static let stride = 8
    /// The most texts: the marks of so many take 32 MB.
    ///
    /// Chosen: a full sheet whose rows have 30 texts each of their own.
    private static let countLimit = 1 << 25
    private static let pageCount = 1 << 16
    /// Pages of the file that are held: 4 MB.
    private static let pageLimit = 64
    /// Texts that are held as strings, by the low digits of their number.
    private static let stringLimit = 4096

    private let folder: String?
    private let site: FaultSite
    private var buffer: [UInt8] = []
    private var marks: [Int] = []
    private(set) var count = 0
    private var descriptor: Int32 = -1
    private var writtenCount = 0
    private var pages: [UnsafeMutableRawBufferPointer] = []
    private var pageNumbers: [Int] = []
    private var strings: [(index: Int, text: String)] = []
    /// Where the text after the one that was asked last begins.
    private var next = (index: -1, offset: 0)

    init(folder: String?, site: FaultSite) {
        self.folder = folder
        self.site = site
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        for page in pages { page.deallocate() }
    }

    /// Adds a text.
    func append(_ bytes: [UInt8]) throws(DirectoryError) {
        guard count < Self.countLimit else {
            throw site.invalid("the workbook has more than \(Self.countLimit) texts", advice: "split it")
        }
        if count % Self.stride == 0 { marks.append(writtenCount + buffer.count) }
        count += 1
        let length = UInt32(clamping: bytes.count)
        for shift in [0, 8, 16, 24] as [UInt32] { buffer.append(UInt8(truncatingIfNeeded: length >> shift)) }
        buffer.append(contentsOf: bytes)
        if descriptor < 0 {
            if buffer.count > Self.memoryLimit { try openFile() }
        } else if buffer.count > 1 << 20 {
            try flush()
        }
    }

    /// Ends the adding.
    func seal() throws(DirectoryError) {
        if descriptor >= 0 {
            try flush()
            buffer = []
            pages = (0..<Self.pageLimit).map { _ in .allocate(byteCount: Self.pageCount, alignment: 16) }
            pageNumbers = Array(repeating: -1, count: Self.pageLimit)
        }
        strings = Array(repeating: (-1, ""), count: min(Self.stringLimit, max(count, 1)))
    }

    private func openFile() throws(DirectoryError) {
        let parent = folder ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((parent + "/quarter-texts-XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw unwritable(parent) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // Nobody needs its name, and without one it is gone when this process is.
        unlink(template)
        try flush()
    }

    private func flush() throws(DirectoryError) {
        var done = 0
        while done < buffer.count {
            let wrote = buffer.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { throw unwritable(folder ?? "TMPDIR") }
            done += wrote
        }
        writtenCount += buffer.count
        buffer.removeAll(keepingCapacity: buffer.capacity <= 2 << 20)
    }

    private func unwritable(_ folder: String) -> DirectoryError {
        DirectoryError(
            .unreadableFile, "the workbook's texts cannot be put into a temporary file",
            advice: "make room in \(folder), or name another folder in TMPDIR", location: site.location(),
            cause: String(cString: strerror(errno)))
    }

    /// The text of a number; nil when there is none.
    func text(_ index: Int) throws(DirectoryError) -> String? {
        guard index >= 0, index < count else { return nil }
        let slot = index % strings.count
        if strings[slot].index == index { return strings[slot].text }
        var at = index == next.index ? index : index / Self.stride * Self.stride
        var offset = index == next.index ? next.offset : marks[index / Self.stride]
        while at < index {
            offset += 4 + (try length(at: offset))
            at += 1
        }
        let length = try length(at: offset)
        let text = try string(at: offset + 4, count: length)
        next = (index + 1, offset + 4 + length)
        // Long ones would let the strings that are held grow without bound.
        if length <= 256 { strings[slot] = (index, text) }
        return text
    }

    private func length(at offset: Int) throws(DirectoryError) -> Int {
        if descriptor < 0 {
            return buffer.withUnsafeBytes {
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
        let (number, within) = offset.quotientAndRemainder(dividingBy: Self.pageCount)
        if within + 4 <= Self.pageCount {
            let word = try page(number).loadUnaligned(fromByteOffset: within, as: UInt32.self)
            return Int(UInt32(littleEndian: word))
        }
        var length = 0
        for byte in 0..<4 {
            let (number, within) = (offset + byte).quotientAndRemainder(dividingBy: Self.pageCount)
            length |= Int(try page(number)[within]) << (8 * byte)
        }
        return length
    }

    private func string(at offset: Int, count: Int) throws(DirectoryError) -> String {
        if descriptor < 0 {
            return buffer.withUnsafeBufferPointer {
                String(decoding: UnsafeBufferPointer(rebasing: $0[offset..<(offset + count)]), as: UTF8.self)
            }
        }
        let (first, within) = offset.quotientAndRemainder(dividingBy: Self.pageCount)
        if within + count <= Self.pageCount {
            let page = try page(first)
            return String(
                decoding: UnsafeRawBufferPointer(rebasing: page[within..<(within + count)]), as: UTF8.self)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var at = offset
        while at < offset + count {
            let (number, within) = at.quotientAndRemainder(dividingBy: Self.pageCount)
            let end = min(Self.pageCount, within + offset + count - at)
            bytes.append(contentsOf: try page(number)[within..<end])
            at += end - within
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func page(_ number: Int) throws(DirectoryError) -> UnsafeMutableRawBufferPointer {
        let slot = number % Self.pageLimit
        if pageNumbers[slot] == number { return pages[slot] }
        pageNumbers[slot] = -1
        var filled = 0
        while filled < Self.pageCount {
            let got = pread(
                descriptor, pages[slot].baseAddress.map { $0 + filled }, Self.pageCount - filled,
                off_t(number * Self.pageCount + filled))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw unwritable(folder ?? "TMPDIR") }
            if got == 0 { break }
            filled += got
        }
        pageNumbers[slot] = number
        return pages[slot]
    }
}

/// `xl/sharedStrings.xml`: rich texts as the text alone, without what tells how to pronounce them.
final class SharedTextsReader: XMLReader {
    let texts: SharedTexts
    private var current = XMLText()
    private var isInText = false
    private var isInPhonetic = false

    init(_ container: ZipContainer, part: String, site: FaultSite, texts: SharedTexts) throws(DirectoryError)
    {
        self.texts = texts
        try super.init(container, part: part, site: site)
    }

    override func started(_ name: XMLName, _ attributes: XMLAttributes) {
        if depth == 2 {
            current.clear()
        } else if depth == 3, name == "rPh" {
            isInPhonetic = true
        } else if depth == 3 || depth == 4, name == "t" {
            isInText = !isInPhonetic
        }
    }

    override func ended(_ name: XMLName) {
        if isInText, name == "t" {
            isInText = false
            current.endPiece(keepsSpace: keepsSpace)
        } else if depth == 3 {
            isInPhonetic = false
        } else if depth == 2, name == "si" {
            current.decodeEscapes()
            do { try texts.append(current.bytes) } catch { fail(error) }
        }
    }

    override func characters(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard isInText else { return }
        guard current.bytes.count + bytes.count <= options.fieldLimit else {
            fail(
                site.invalid(
                    "text \(texts.count + 1) of the workbook's list is longer than \(options.fieldLimit) bytes",
                    advice: "shorten it"))
            return
        }
        current.append(bytes)
    }
}
