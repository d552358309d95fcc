/// Writes canonical JSON: members in the order of the calls, no white space, shortest exact numbers.
///
/// The caller names an object's members in ascending order of their UTF-8 bytes and leaves out what is nil.
struct JSONWriter {
    /// What was written so far, UTF-8.
    private(set) var bytes: [UInt8] = []
    private var needsComma = false
    private static let digits = Array("0123456789abcdef".utf8)

    /// Writes an object; `members` calls `name` before each value.
    mutating func object(_ members: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        members(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array of one value an element.
    mutating func array<Elements: Sequence>(
        _ elements: Elements, _ element: (inout JSONWriter, Elements.Element) -> Void
    ) {
        open(UInt8(ascii: "["))
        for item in elements { element(&self, item) }
        close(UInt8(ascii: "]"))
    }

    /// Writes a member's name; its value follows.
    mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a text.
    mutating func text(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes a whole number.
    mutating func whole(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes the shortest decimal number that reads back as `value`, which must be finite; −0 becomes 0.
    mutating func number(_ value: Double) {
        precondition(value.isFinite, "records are checked before they are written")
        separate()
        bytes.append(contentsOf: (value == 0 ? 0.0 : value).description.utf8)
    }

    /// Writes a value that is JSON already, UTF-8.
    mutating func raw(_ json: [UInt8]) {
        separate()
        bytes += json
    }

    /// Writes yes or no.
    mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// Writes a member with a text, unless it is nil.
    mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        self.name(name)
        self.text(text)
    }

    /// Writes a member with a whole number, unless it is nil.
    mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        whole(value)
    }

    /// Writes a member with a decimal number, unless it is nil.
    mutating func member(_ name: String, _ value: Double?) {
        guard let value else { return }
        self.name(name)
        number(value)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Self.digits[Int(byte >> 4)])
                bytes.append(Self.digits[Int(byte & 15)])
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
