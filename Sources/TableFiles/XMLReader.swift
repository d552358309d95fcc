internal import CExpat
internal import DirectoryModel

/// A name of XML without its prefix: what workbooks name is told apart by where it stands.
///
/// Valid while the call runs that hands it over.
struct XMLName {
    let bytes: UnsafePointer<CChar>

    init(_ qualified: UnsafePointer<CChar>) {
        var start = qualified
        var next = qualified
        while next.pointee != 0 {
            if next.pointee == CChar(UInt8(ascii: ":")) { start = next + 1 }
            next += 1
        }
        bytes = start
    }

    static func == (name: XMLName, word: StaticString) -> Bool {
        var index = 0
        let count = word.utf8CodeUnitCount
        while index < count {
            if UInt8(bitPattern: name.bytes[index]) != word.utf8Start[index] { return false }
            index += 1
        }
        return name.bytes[count] == 0
    }
}

/// The attributes of an element; valid while the call runs that hands them over.
struct XMLAttributes {
    /// Name and value by turns, and nil at the end.
    let list: UnsafeMutablePointer<UnsafePointer<CChar>?>

    /// The value of the attribute with this local name; nil when there is none.
    subscript(name: StaticString) -> String? {
        var next = list
        while let key = next[0], let value = next[1] {
            if XMLName(key) == name { return String(cString: value) }
            next += 2
        }
        return nil
    }

    /// The value of an attribute with a prefix, whichever it is ("r:id").
    func prefixed(_ name: StaticString) -> String? {
        var next = list
        while let key = next[0], let value = next[1] {
            let local = XMLName(key)
            if local.bytes != key, local == name { return String(cString: value) }
            next += 2
        }
        return nil
    }

    /// Whether a switch of Office Open XML is on.
    func isOn(_ name: StaticString) -> Bool {
        switch self[name] {
        case "1", "true", "on": true
        default: false
        }
    }
}

/// A part of a workbook, read as XML in pieces; what is in it is for the class that inherits.
class XMLReader {
    /// The deepest nesting.
    ///
    /// Chosen, not measured: a workbook's parts go some ten deep.
    private static let depthLimit = 100
    /// So many bytes without the end of an element's tag, a text or a comment are no workbook's.
    private static let markupLimit = 8 << 20
    /// How much is inflated at once, in bytes.
    ///
    /// Chosen: small enough for what comes of it to stay in the processor's cache.
    private static let pieceCount: Int32 = 1 << 15

    /// The most bytes of the part, below what the options say.
    class var byteLimit: Int { .max }

    /// What the part is, for messages.
    let site: FaultSite
    let options: TableOptions
    private let part: String
    private let stream: ZipStream
    private let parser: XML_Parser
    /// The element in work and those around it: 1 inside the root.
    private(set) var depth = 0
    private var quietCount = 0
    private var isPaused = false
    private var isFinal = false
    private var failure: DirectoryError?
    /// Whether there is a `failure`: asked at each event, which an error of another library is too slow for.
    private var hasFailed = false
    /// The depth of the outermost element that says xml:space="preserve"; 0: there is none.
    private var keepsSpaceSince = 0

    init(_ container: ZipContainer, part: String, site: FaultSite) throws(DirectoryError) {
        self.site = site
        self.part = part
        options = container.options
        stream = try container.stream(of: part, site: site, limit: Self.byteLimit)
        guard let parser = XML_ParserCreate(nil) else {
            throw DirectoryError(.internalError, "expat has no memory", location: site.location())
        }
        self.parser = parser
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { context, name, attributes in
                guard let context, let name, let attributes else { return }
                Unmanaged<XMLReader>.fromOpaque(context)._withUnsafeGuaranteedRef {
                    $0.start(name, XMLAttributes(list: attributes))
                }
            },
            { context, name in
                guard let context, let name else { return }
                Unmanaged<XMLReader>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.end(name) }
            })
        XML_SetCharacterDataHandler(parser) { context, start, count in
            guard let context, let start else { return }
            start.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes in
                Unmanaged<XMLReader>.fromOpaque(context)._withUnsafeGuaranteedRef {
                    $0.quietCount = 0
                    if !$0.hasFailed {
                        $0.characters(UnsafeBufferPointer(start: bytes, count: Int(count)))
                    }
                }
            }
        }
        XML_SetDoctypeDeclHandler(
            parser,
            { context, _, _, _, _ in
                guard let context else { return }
                Unmanaged<XMLReader>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.refuseDoctype() }
            }, nil)
    }

    deinit { XML_ParserFree(parser) }

    /// An element begins; `depth` counts it.
    func started(_ name: XMLName, _ attributes: XMLAttributes) {}
    /// An element ends; `depth` still counts it.
    func ended(_ name: XMLName) {}
    /// A piece of text.
    func characters(_ bytes: UnsafeBufferPointer<UInt8>) {}
    /// The row in work, for messages; nil where there are none.
    var row: Int? { nil }

    /// Whether white space at the ends of a text is part of it.
    var keepsSpace: Bool { keepsSpaceSince > 0 }

    /// Ends the reading; `step` throws the first error given.
    final func fail(_ error: DirectoryError) {
        if !hasFailed { failure = error }
        hasFailed = true
        XML_StopParser(parser, XML_Bool(XML_FALSE))
    }

    /// Lets `step` return before the piece is at its end.
    final func pause() {
        if !hasFailed { XML_StopParser(parser, XML_Bool(XML_TRUE)) }
    }

    private func start(_ name: UnsafePointer<CChar>, _ attributes: XMLAttributes) {
        // Calls that expat still makes after it was stopped.
        guard !hasFailed else { return }
        quietCount = 0
        depth += 1
        guard depth <= Self.depthLimit else {
            fail(site.invalid("the part \(part) is nested more than \(Self.depthLimit) deep", row: row))
            return
        }
        if keepsSpaceSince == 0, attributes.list[0] != nil, attributes["space"] == "preserve" {
            keepsSpaceSince = depth
        }
        started(XMLName(name), attributes)
    }

    private func end(_ name: UnsafePointer<CChar>) {
        guard !hasFailed else { return }
        quietCount = 0
        ended(XMLName(name))
        if keepsSpaceSince == depth { keepsSpaceSince = 0 }
        depth -= 1
    }

    private func refuseDoctype() {
        fail(
            site.invalid(
                "the part \(part) declares a document type, which no spreadsheet program writes", row: row))
    }

    /// Reads a piece.
    ///
    /// - Returns: false after the last.
    final func step() throws(DirectoryError) -> Bool {
        guard !isFinal || isPaused else { return false }
        let status: XML_Status
        if isPaused {
            status = XML_ResumeParser(parser)
        } else {
            guard let buffer = XML_GetBuffer(parser, Self.pieceCount) else { throw broken() }
            let got = try stream.read(into: buffer, count: Int(Self.pieceCount))
            isFinal = got == 0
            quietCount += got
            status = XML_ParseBuffer(parser, Int32(got), got == 0 ? 1 : 0)
        }
        isPaused = status == XML_STATUS_SUSPENDED
        if let failure { throw failure }
        guard status != XML_STATUS_ERROR else { throw broken() }
        guard quietCount <= Self.markupLimit else {
            throw site.invalid("the part \(part) has a tag or comment of more than 8 MB", row: row)
        }
        return isPaused || !isFinal
    }

    /// Reads to the end.
    final func run() throws(DirectoryError) {
        while try step() {}
    }

    private func broken() -> DirectoryError {
        let words = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "XML error"
        return site.invalid(
            "the part \(FaultSite.plain(part)) is broken XML", row: row,
            cause:
                "\(words), line \(XML_GetCurrentLineNumber(parser)), column \(XML_GetCurrentColumnNumber(parser))"
        )
    }
}
