import Testing

@testable import quarterctl

@Suite("Columns of a terminal")
struct DisplayWidthTests {
    @Test(
        "Han, full-width and emoji take two columns, marks none",
        arguments: [
            ("", 0), ("abc", 3), ("翠竹园", 6), ("３幢", 4), ("ｶﾅ", 2), ("한국", 4), ("，。", 4), ("—", 1), ("·", 1),
            ("é", 1), ("e\u{301}", 1), ("🏠", 2), ("❤\u{FE0F}", 2), ("👨‍👩‍👧", 2), ("🇨🇳", 2), ("a\u{200B}b", 2),
            ("𠮷野家", 6), ("㎡", 2), ("①", 1), ("①号楼", 5), ("\u{1B}[1m", 3), ("〇", 2), ("\u{3000}", 2),
        ])
    func widths(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test("A text is cut at whole characters, and never gets wider than asked")
    func cutting() {
        #expect(DisplayWidth.cut("翠竹园农贸市场", to: 14) == "翠竹园农贸市场")
        #expect(DisplayWidth.cut("翠竹园农贸市场", to: 13) == "翠竹园农贸市…")
        // Six columns would end in the middle of a character.
        #expect(DisplayWidth.cut("翠竹园农贸市场", to: 6) == "翠竹…")
        #expect(DisplayWidth.cut("abcdef", to: 4) == "abc…")
        #expect(DisplayWidth.cut("翠竹园", to: 1) == "…")
        #expect(DisplayWidth.cut("翠竹园", to: 0) == "")
        for columns in 0...20 {
            #expect(DisplayWidth.of(DisplayWidth.cut("3幢 翠竹园🏠北门 e\u{301}", to: columns)) <= columns)
        }
    }

    @Test("Nothing in a name moves the cursor, breaks the line or turns the writing round")
    func printable() {
        #expect("a\u{1B}[31mb\nc\td".printable == "a [31mb c d")
        #expect("ab\u{202E}cd\u{2066}e".printable == "abcde")
        #expect("👨‍👩‍👧 翠竹园".printable == "👨‍👩‍👧 翠竹园")
    }
}
