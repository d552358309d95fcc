#if canImport(Glibc)
    import Glibc
#endif

/// Writes JSON straight into one growing piece of memory.
///
/// Some twenty-five times as fast as `JSONEncoder` on an answer of fifty places (docs/architecture.md), which
/// is most of what an answer costs. Commas are put in by itself; the caller sees to the nesting.
package struct JSONWriter: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes written so far.
    package private(set) var count = 0
    private var needsComma = false
    /// Whether the memory is somebody else's.
    package private(set) var isLent = false

    /// An empty text.
    ///
    /// - Parameter capacity: bytes to start with; it grows by doubling. 32 KiB holds fifty places.
    package init(capacity: Int = 32_768) {
        self.capacity = max(64, capacity)
        base = UnsafeMutablePointer<UInt8>.allocate(capacity: self.capacity)
    }

    /// An empty text that is written into memory of somebody else, for as long as that is large enough: see `isLent`.
    ///
    /// - Parameter memory: outlives the writer; fewer than 64 bytes are not used at all.
    package init(into memory: UnsafeMutableRawBufferPointer) {
        if let start = memory.baseAddress, memory.count >= 64 {
            base = start.assumingMemoryBound(to: UInt8.self)
            capacity = memory.count
            isLent = true
        } else {
            capacity = 64
            base = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        }
    }

    deinit {
        if !isLent { base.deallocate() }
    }

    /// The bytes written so far, valid during the call.
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// A copy of the bytes written so far.
    package func bytes() -> [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let wanted = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
        larger.update(from: base, count: count)
        if !isLent { base.deallocate() }
        isLent = false
        base = larger
        capacity = wanted
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    @inline(__always)
    private mutating func comma() {
        if needsComma { put(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Lets what follows begin without a comma: it will be copied into other texts by itself (`written`).
    package mutating func beginPiece() { needsComma = false }

    /// Opens an object.
    package mutating func beginObject() {
        reserve(2)
        comma()
        put(UInt8(ascii: "{"))
        needsComma = false
    }

    /// Closes an object.
    package mutating func endObject() {
        reserve(1)
        put(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Opens an array.
    package mutating func beginArray() {
        reserve(2)
        comma()
        put(UInt8(ascii: "["))
        needsComma = false
    }

    /// Closes an array.
    package mutating func endArray() {
        reserve(1)
        put(UInt8(ascii: "]"))
        needsComma = true
    }

    /// A member's key that needs no escaping; its value follows.
    @inline(__always)
    package mutating func key(_ key: StaticString) {
        let length = key.utf8CodeUnitCount
        reserve(length + 4)
        comma()
        put(UInt8(ascii: "\""))
        memcpy(base + count, key.utf8Start, length)
        count += length
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A member's key that may need escaping; its value follows.
    package mutating func key(_ key: String) {
        string(key)
        reserve(1)
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A string, escaped.
    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            reserve(utf8.count &* 6 &+ 3)
            comma()
            put(UInt8(ascii: "\""))
            escape(utf8)
            put(UInt8(ascii: "\""))
        }
    }

    /// The first part of a string; any number of parts and `endString` follow.
    package mutating func beginString(_ text: String) {
        reserve(2)
        comma()
        put(UInt8(ascii: "\""))
        stringPart(text)
    }

    /// A part of a string that was begun, escaped.
    package mutating func stringPart(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            reserve(utf8.count &* 6)
            escape(utf8)
        }
    }

    /// A part of a string that was begun, with nothing in it to be escaped.
    package mutating func plainPart(_ text: String) {
        var text = text
        text.withUTF8 { writtenPart(UnsafeRawBufferPointer($0)) }
    }

    /// The last part of a string that was begun.
    package mutating func endString(_ text: String) {
        stringPart(text)
        reserve(1)
        put(UInt8(ascii: "\""))
    }

    /// A part of a string that was begun: a number in hexadecimal digits.
    package mutating func hexadecimalPart(_ number: UInt64) {
        reserve(16)
        let length = max(1, (64 - number.leadingZeroBitCount + 3) / 4)
        for place in stride(from: length - 1, through: 0, by: -1) {
            put(JSONWriter.hex(UInt8(truncatingIfNeeded: number >> UInt64(place * 4)) & 15))
        }
    }

    private mutating func escape(_ utf8: UnsafeBufferPointer<UInt8>) {
        guard let source = utf8.baseAddress else { return }
        var start = 0
        var index = 0
        while index < utf8.count {
            // Eight bytes at a time: nearly no text has anything to escape.
            if index + 8 <= utf8.count {
                let word = UnsafeRawPointer(source + index).loadUnaligned(as: UInt64.self)
                if !JSONWriter.mayNeedEscape(word) {
                    index += 8
                    continue
                }
            }
            let end = min(index + 8, utf8.count)
            while index < end {
                let byte = source[index]
                // Bytes of multi-byte characters are all over 0x7F: they are copied as they are.
                if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F {
                    memcpy(base + count, source + start, index - start)
                    count += index - start
                    start = index + 1
                    escape(byte)
                }
                index += 1
            }
        }
        memcpy(base + count, source + start, utf8.count - start)
        count += utf8.count - start
    }

    /// Whether one of eight bytes may be below 0x20, a quotation mark, a backslash or DEL.
    ///
    /// Source: S. E. Anderson, "Bit Twiddling Hacks", hasless(v, n) and haszero(v). Never misses one.
    @inline(__always)
    private static func mayNeedEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        func hasZero(_ value: UInt64) -> UInt64 { (value &- ones) & ~value & tops }
        let small = (word &- ones &* 0x20) & ~word & tops
        return small | hasZero(word ^ (ones &* 0x22)) | hasZero(word ^ (ones &* 0x5C))
            | hasZero(word ^ (ones &* 0x7F)) != 0
    }

    private mutating func escape(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: put(byte)
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0x09: put(UInt8(ascii: "t"))
        default:
            put(UInt8(ascii: "u"))
            put(UInt8(ascii: "0"))
            put(UInt8(ascii: "0"))
            put(JSONWriter.hex(byte >> 4))
            put(JSONWriter.hex(byte & 15))
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }

    /// A string, or null.
    package mutating func string(_ text: String?) {
        if let text { string(text) } else { null() }
    }

    /// A whole number.
    package mutating func whole(_ number: Int) {
        reserve(24)
        comma()
        if number < 0 { put(UInt8(ascii: "-")) }
        digits(UInt(number.magnitude))
    }

    /// A whole number.
    package mutating func whole(_ number: UInt64) {
        reserve(24)
        comma()
        digits(UInt(number))
    }

    private mutating func digits(_ number: UInt) {
        var rest = number
        var length = 1
        var bound: UInt = 10
        while rest >= bound, length < 19 {
            length += 1
            bound = bound &* 10
        }
        if length == 19, rest >= 10_000_000_000_000_000_000 { length = 20 }
        var position = count + length
        count = position
        repeat {
            position -= 1
            base[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest != 0
    }

    /// A decimal with a fixed number of places, rounded half away from zero.
    ///
    /// - Parameters:
    ///   - number: finite and, times 10^places, within 64 bits; otherwise null is written.
    ///   - places: 0…9.
    package mutating func fixed(_ number: Double, places: Int) {
        if places == 1 { return tenths(number) }
        var scale: Double = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = (number * scale).rounded()
        guard scaled.magnitude < 9e18 else { return null() }
        reserve(32)
        comma()
        if scaled < 0 { put(UInt8(ascii: "-")) }
        let whole = UInt(scaled.magnitude)
        let unit = UInt(scale)
        digits(whole / unit)
        guard places > 0 else { return }
        put(UInt8(ascii: "."))
        var rest = whole % unit
        for place in stride(from: places - 1, through: 0, by: -1) {
            base[count + place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += places
    }

    /// The same with one place, which every walk has: to divide by what the compiler knows takes a fraction of the time.
    private mutating func tenths(_ number: Double) {
        let scaled = (number * 10).rounded()
        guard scaled.magnitude < 9e18 else { return null() }
        reserve(32)
        comma()
        if scaled < 0 { put(UInt8(ascii: "-")) }
        let (whole, tenth) = UInt(scaled.magnitude).quotientAndRemainder(dividingBy: 10)
        digits(whole)
        put(UInt8(ascii: "."))
        put(0x30 + UInt8(truncatingIfNeeded: tenth))
    }

    /// A decimal in its shortest exact form; null when it is not finite.
    package mutating func decimal(_ number: Double) {
        guard number.isFinite else { return null() }
        raw(number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : number.description)
    }

    /// true or false.
    package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

    /// null.
    package mutating func null() { raw("null") }

    /// A value, or members of an object with the commas between them, that were written before.
    @inline(__always)
    package mutating func written(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count + 1)
        comma()
        append(bytes)
    }

    /// More of a value that was written before, just behind its first part.
    package mutating func writtenPart(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        append(bytes)
    }

    @inline(__always)
    private mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        memcpy(base + count, source, bytes.count)
        count += bytes.count
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: String) {
        var json = json
        json.withUTF8 { utf8 in
            reserve(utf8.count + 1)
            comma()
            guard let source = utf8.baseAddress else { return }
            memcpy(base + count, source, utf8.count)
            count += utf8.count
        }
    }
}
