import DirectoryAPI
import DirectoryModel
import Testing

@testable import quarterctl

@Suite("Answers in words")
struct AnswerTextTests {
    private func value(_ json: String) throws -> JSONValue { try JSONValue(json: Array(json.utf8)) }

    @Test(
        "Minutes are rounded up, so that nothing seems nearer than it is",
        arguments: [
            (0, "0.0"), (1, "0.1"), (143, "2.4"), (144, "2.4"), (145, "2.5"), (900, "15.0"), (901, "15.1"),
        ])
    func minutes(seconds: Int, text: String) {
        #expect(ReachCommand.minutes(Double(seconds)) == text)
    }

    @Test("A table of places has what the answer has, and leaves out what is not known")
    func reachTable() throws {
        let answer = try value(
            """
            {"minutes":15,"profile":"elder","origin":{"id":"g1","name":"北门","kind":"gate"},"places":[
            {"id":"osm-n1","name":"农贸市场","type":"wet_market","walk":{"metres":158.3,"seconds":143},
            "opening":{"state":"unknown","until":null},"highlights":[{"text":"12 摊","tone":"plain"},
            {"text":"有秤","tone":"good"}],"address":null}]}
            """)
        #expect(ReachCommand.heading(answer) == "From 北门 (g1), elder, 15 min")
        #expect(
            ReachCommand.table(answer.list("places")).lines(width: nil) == [
                "min      m  name      type        highlights    id",
                "2.4  158.3  农贸市场  wet_market  12 摊 · 有秤  osm-n1",
            ])
    }

    @Test(
        "Rows that met the conditions stand under their place, options by name, and those left out are counted"
    )
    func reachRows() throws {
        let answer = try value(
            """
            {"places":[{"id":"m1","name":"集市","type":"bazaar","walk":{"metres":100,"seconds":90},
            "opening":{"state":"open","text":"18:00 关门"},"rows":{"stalls":[
            {"values":{"number":"A1","goods":["fruit","fish"],"rent":120000},"opening":{"state":"open","text":"11:00 关门"}},
            {"values":{"number":"A2"},"opening":{"state":"unknown"}}]},"row_counts":{"stalls":52}},
            {"id":"m2","name":"市场","type":"bazaar","walk":{"metres":200,"seconds":180},"opening":{"state":"open"}}]}
            """)
        let type = try value(
            """
            {"attributes":[{"key":"stalls","kind":"rows","row_columns":[{"key":"number","kind":"text"},
            {"key":"goods","kind":"many_of","options":[{"key":"fruit","names":{"zh":"水果"}}]},
            {"key":"rent","kind":"money"}]}]}
            """)
        #expect(
            ReachCommand.table(answer.list("places"), ["bazaar": type]).lines(width: nil) == [
                "min      m  name  type    opening     id", "1.5  100.0  集市  bazaar  18:00 关门  m1",
                "      A1 · 水果、fish · 1200.00 元 · 11:00 关门", "      A2", "      … 50 more",
                "3.0  200.0  市场  bazaar  open        m2",
            ])
    }

    @Test("Money is shown in yuan, numbers with their units, and each under its name")
    func attributes() throws {
        let place = try value(
            #"{"attributes":{"lunch_price":1550,"seats":80,"open_to":["elders"]},"facets":{"step_free":true}}"#
        )
        let type = try value(
            """
            {"attributes":[{"key":"lunch_price","kind":"money","names":{"zh":"午餐价格"},"unit":{"zh":"分"}},
            {"key":"seats","kind":"whole","names":{"zh":"座位数"},"unit":{"zh":"座"}}]}
            """)
        #expect(
            AttributeTable.make(of: place, type).lines(width: nil) == [
                "attribute    value     name",
                "lunch_price  15.50 元  午餐价格",
                "open_to      elders",
                "seats        80 座     座位数",
                "step_free    yes       (facet)",
            ])
    }

    @Test("A point that is no known origin is named by its coordinates")
    func coordinates() throws {
        let origin = try value(#"{"location":{"lat":32.04156,"lon":118.7},"leg_metres":3.2}"#)
        #expect(ReachCommand.originName(origin) == "32.041560, 118.700000")
    }

    @Test("Ways are measured on the sphere of the walking rules")
    func length() throws {
        // A degree of a great circle: π × 6,371,008.8 m / 180.
        let line = try value("[[118.0,32.0],[118.0,33.0]]")
        #expect(abs(IsochroneCommand.length(of: line) - 111_195.08) < 0.01)
        #expect(IsochroneCommand.length(of: try value("[[118.0,32.0]]")) == 0)
        #expect(IsochroneCommand.length(of: try value("7")) == 0)
    }

    @Test("A register's report shows the first reasons, and says how many more there are")
    func leftOut() throws {
        let groups = (1...25).map { number in
            """
            {"code":"c\(number)","reason":{"zh":"理由\(number)","en":"reason \(number)"},"count":5,
            "keys":["n1","n2","n3","n4","n5"]}
            """
        }
        let report = try value(#"{"left_out":[\#(groups.joined(separator: ","))]}"#)
        let short = RegisterReportText(report: report, language: .zh, isWhole: false).leftOut.lines(
            width: nil)
        #expect(short.count == 21)
        #expect(short[1] == "    5  理由1   n1 n2 n3 …")
        let whole = RegisterReportText(report: report, language: .en, isWhole: true).leftOut.lines(width: nil)
        #expect(whole.count == 26)
        #expect(whole[25] == "    5  reason 25  n1 n2 n3 n4 n5")
    }

    @Test("A finding is one line that names record, field and value")
    func finding() throws {
        let finding = try value(
            """
            {"severity":"error","code":"x","record":"k1","field":"parent","value":"a\\nb",
            "message":{"zh":"不存在","en":"is not there"}}
            """)
        #expect(Findings.line(finding, in: .en) == "error k1 parent: is not there (“a\u{FFFD}b”)")
        #expect(Findings.line(finding, in: .zh).contains("不存在"))
    }
}
