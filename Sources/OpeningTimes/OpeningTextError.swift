package import DirectoryModel

/// Why a text is no schedule: where, and what was expected there.
package struct OpeningTextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The offset in characters of the text, from 0; the text's length where it ends too early.
    package let position: Int
    /// What was expected there.
    package let expected: LocalizedText
    /// What stands there instead, at most a few characters; empty at the end of the text.
    package let found: String
    /// Whether the text ends with a time that stands alone, without the one at which it closes.
    var lacksClosing = false

    init(position: Int, expected: LocalizedText, found: String) {
        self.position = position
        self.expected = expected
        self.found = found
    }

    /// One sentence for a person.
    package var message: LocalizedText {
        if lacksClosing {
            return LocalizedText(
                zh: "只写了开始时间，缺少结束时间，请写成“09:00-18:00”的样子",
                en: "the closing time is missing: write both, such as \"09:00-18:00\"")
        }
        let zh = found.isEmpty ? "文字已结束" : "却是“\(found)”"
        let en = found.isEmpty ? "the text ends" : "found \"\(found)\""
        return LocalizedText(
            zh: "第 \(position + 1) 个字符处应为\(expected.zh)，\(zh)",
            en: "expected \(expected.en) at position \(position), \(en)")
    }

    /// The message in English.
    package var description: String { message.en }
}

/// What was read although it is not as the specification wants it.
package struct ReadingNote: Hashable, Sendable {
    /// The offset in characters of the text, from 0.
    package let position: Int
    /// What was written.
    package let written: String
    /// How it was read.
    package let read: String

    init(position: Int, written: String, read: String) {
        self.position = position
        self.written = written
        self.read = read
    }
}

/// What the parsers share: the text as scalars, notes, and errors with their place.
struct TextCursor {
    /// The text, after full-width characters became ordinary ones; one scalar for each of the original.
    var scalars: [UInt32]
    let original: [Unicode.Scalar]
    var position = 0
    var notes: [Note] = []

    /// A note whose texts are made only when the reading is over.
    struct Note {
        var start: Int
        var end: Int
        var read: String
    }

    init(_ text: String) {
        original = Array(text.unicodeScalars)
        scalars = original.map(\.value)
    }

    /// The scalar at an offset from the place; 0 behind the end.
    func peek(_ offset: Int = 0) -> UInt32 {
        let index = position + offset
        return index < scalars.count ? scalars[index] : 0
    }

    var isAtEnd: Bool { position >= scalars.count }

    mutating func skipSpaces() {
        while position < scalars.count, TextCursor.isSpace(scalars[position]) { position += 1 }
    }

    static func isSpace(_ scalar: UInt32) -> Bool {
        scalar == 32 || scalar == 9 || scalar == 10 || scalar == 13 || scalar == 0xA0
    }

    static func isDigit(_ scalar: UInt32) -> Bool { scalar >= 48 && scalar <= 57 }

    static func isLetter(_ scalar: UInt32) -> Bool {
        let lower = scalar | 32
        return lower >= 97 && lower <= 122
    }

    mutating func note(from start: Int, read: String) {
        // Notes are for people; nobody reads more.
        if notes.count < 50 { notes.append(Note(start: start, end: position, read: read)) }
    }

    /// An error at the place, or at another one.
    func error(_ zh: String, _ en: String, at place: Int? = nil) -> OpeningTextError {
        let index = min(place ?? position, original.count)
        let found = String(String.UnicodeScalarView(original[index..<min(index + 8, original.count)]))
        return OpeningTextError(
            position: characters(before: index), expected: LocalizedText(zh: zh, en: en), found: found)
    }

    func characters(before index: Int) -> Int {
        String(String.UnicodeScalarView(original[..<index])).count
    }

    /// The notes with their texts.
    func readingNotes() -> [ReadingNote] {
        notes.map { note in
            let start = min(note.start, original.count)
            let end = max(start, min(note.end, original.count))
            return ReadingNote(
                position: characters(before: start),
                written: String(String.UnicodeScalarView(original[start..<end])), read: note.read)
        }
    }

    /// A text in double quotes, the place behind it; nil unless one starts here.
    mutating func quotedText() throws(OpeningTextError) -> String? {
        guard peek() == 34 else { return nil }
        let start = position + 1
        var end = start
        while end < scalars.count, scalars[end] != 34 { end += 1 }
        guard end < scalars.count else { throw error("结束的引号", "a closing quotation mark", at: end) }
        position = end + 1
        return String(String.UnicodeScalarView(original[start..<end]))
    }
}
