import Testing

@testable import quarterctl

@Suite("Tables")
struct TableTests {
    private func example() -> Table {
        var table = Table([.number("m"), .name("name"), .word("id"), .text("address")])
        table.add(["158.3", "翠竹园农贸市场", "osm-n1", "建康路 1 号"])
        table.add(["1200.0", "Canteen", "osm-n22", ""])
        return table
    }

    @Test("Columns line up whatever is written in them; numbers stand to the right")
    func alignment() {
        #expect(
            example().lines(width: nil) == [
                "     m  name            id       address",
                " 158.3  翠竹园农贸市场  osm-n1   建康路 1 号",
                "1200.0  Canteen         osm-n22",
            ])
    }

    @Test("A narrow terminal cuts the widest texts, never numbers and ids", arguments: [20, 30, 36, 40, 80])
    func cutting(width: Int) {
        let lines = example().lines(width: width)
        for line in lines {
            #expect(line.contains("osm-n") || line == lines[0])
            #expect(line.contains("158.3") || line.contains("1200.0") || line == lines[0])
        }
        // Below the width of what is never cut (number, id, two narrowest texts, gaps) the line stays as wide.
        let least = 6 + 9 + 7 + 9 + 3 * 2
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= max(width, least) })
        // All cells of a column start at the same column of the terminal.
        let starts = lines.compactMap { line in
            (line.range(of: "id") ?? line.range(of: "osm-")).map {
                DisplayWidth.of(String(line[..<$0.lowerBound]))
            }
        }
        #expect(Set(starts).count == 1)
    }

    @Test("Names are cut after everything else")
    func order() {
        // 44 columns in full: two can come from the address alone, four cannot.
        #expect(example().lines(width: 42)[1] == " 158.3  翠竹园农贸市场  osm-n1   建康路 1…")
        #expect(example().lines(width: 40)[1] == " 158.3  翠竹园农贸…   osm-n1   建康路 1…")
    }

    @Test("A column in which nothing is written is left out")
    func emptyColumns() {
        var table = Table([.word("a"), .word("b")])
        table.add(["1"])
        #expect(table.lines(width: nil) == ["a", "1"])
    }

    @Test("A line break in a cell breaks no line")
    func hostileCells() {
        var table = Table([.text("name")])
        table.add(["一\n二\u{1B}[2J"])
        #expect(table.lines(width: nil) == ["name", "一 二 [2J"])
    }

    @Test("Numbers have as many decimals as are asked for")
    func decimals() {
        #expect(158.34.decimals(1) == "158.3")
        #expect(0.05.decimals(1) == "0.1")
        #expect((-0.26).decimals(1) == "-0.3")
        #expect(15.0.decimals(0) == "15")
        #expect(1234.5678.decimals(3) == "1234.568")
        #expect(0.004.decimals(3) == "0.004")
        #expect(Double.infinity.decimals(1) == "inf")
    }
}
