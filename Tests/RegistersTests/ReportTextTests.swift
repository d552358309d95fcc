import DirectoryAPI
import DirectoryModel
import Registers
import Testing

@Suite struct ReportTextTests {
    @Test(arguments: [
        ("abc", 3), ("网点", 4), ("a网b", 4), ("①", 1), ("（", 2), ("e\u{301}", 1), ("𠮷", 2), ("", 0), ("😀", 2),
    ])
    func hanCharactersAreTwoColumnsWide(_ text: String, width: Int) {
        #expect(TextColumns.width(text) == width)
    }

    @Test func columnsLineUp() {
        let lines = TextColumns.table([["网点", "1", "甲"], ["a", "12", "乙"]], rightAligned: [1])
        #expect(lines == ["网点   1  甲", "a     12  乙"])
    }

    private var report: RegisterReport {
        var counts = BatchCounts()
        counts.created = 3
        counts.rejected = 1
        return RegisterReport(
            format: "osm", source: SourceID(unchecked: "osm"),
            batch: BatchReport(
                revision: Revision(1), counts: [.place: counts],
                findings: (1...3).map { number in
                    RecordFinding(
                        severity: "error", code: "x", record: "r\(number)", field: "name", value: "值",
                        message: LocalizedText(zh: "有误", en: "is wrong"))
                }),
            leftOut: [
                LeftOut(
                    code: "no_type", reason: LocalizedText(zh: "没有业态", en: "no type"), keys: ["n1", "n2"]),
                LeftOut(code: "gone", reason: LocalizedText(zh: "停用", en: "gone"), keys: ["n3"]),
            ],
            takenAs: [
                TakenAs(type: ServiceTypeID(unchecked: "wet_market"), reason: "amenity=marketplace", count: 4)
            ],
            figures: [("walkable km", "87.2")])
    }

    @Test func bothLanguagesSayTheSame() {
        let english = report.text(language: .en)
        let chinese = report.text(language: .zh)
        for words in [
            "walkable km  87.2", "place", "left out: 3", "2  no type", "wet_market",
            "error r1 name “值”: is wrong",
        ] {
            #expect(english.contains(words))
        }
        for words in ["可步行公里数  87.2", "网点", "未收录 3 项", "2  没有业态", "错误 r1 name “值”: 有误"] {
            #expect(chinese.contains(words))
        }
        #expect(english.split(separator: "\n").count == chinese.split(separator: "\n").count)
        #expect(!english.contains { $0.isWhitespace && $0 != " " && $0 != "\n" })
    }

    @Test func longReportsSayHowMuchMoreThereIs() {
        let text = report.text(language: .en, limit: 1)
        #expect(text.contains("and 2 more\n"))
        #expect(text.contains("and 1 more reasons"))
        #expect(!text.contains("r2"))
    }
}
