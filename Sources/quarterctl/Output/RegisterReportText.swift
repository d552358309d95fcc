import DirectoryAPI
import DirectoryModel

/// A register's report for a person, made from the JSON that `POST /v1/registers` answers.
struct RegisterReportText {
    /// The report.
    let report: JSONValue
    /// The language of reasons and findings.
    let language: Language
    /// Whether everything is listed.
    let isWhole: Bool

    /// Lines of one list when not everything is asked for: what a terminal shows without scrolling.
    private static let shortList = 20

    /// Prints the report.
    func print() {
        Swift.print(
            "\(report.text("format")), source \(report.text("source")), revision \(report.text("revision"))")
        for figure in report.list("figures") {
            Swift.print("  \(figure.text("name").printable): \(figure.text("value").printable)")
        }
        if case .bool(true)? = report["dry_run"] {
            Swift.print("Nothing was written: this is what would become of each row.")
        }
        Terminal.print(counts)
        section("columns", columns, of: report.list("columns").count)
        section("taken as", takenAs, of: report.list("taken_as").count)
        section("left out", leftOut, of: report.list("left_out").count)
        printFindings()
    }

    /// A row for each kind of record.
    ///
    /// Created, changed, unchanged and rejected make up what was given.
    var counts: Table {
        var table = Table([
            .word("kind"), .number("given"), .number("created"), .number("changed"), .number("unchanged"),
            .number("rejected"), .number("held"), .number("vanished"),
        ])
        for (kind, counts) in report.members("counts") {
            let names = ["given", "created", "changed", "unchanged", "rejected", "held", "vanished"]
            table.add([kind] + names.map { counts.text($0) })
        }
        return table
    }

    /// As what each column of a table was read.
    var columns: Table {
        var table = Table([.word("column"), .text("head"), .text("read as"), .text("such as")])
        for column in shown(report.list("columns")) {
            let field = column.text("field")
            table.add([
                column.text("column"), column.text("header").printable, field.isEmpty ? "–" : field,
                column.texts("samples").joined(separator: " | ").printable,
            ])
        }
        return table
    }

    /// What was taken as which type, and why.
    var takenAs: Table {
        var table = Table([.number("count"), .word("type"), .text("because of")])
        for taken in shown(report.list("taken_as")) {
            table.add([taken.text("count"), taken.text("type"), taken.text("reason")])
        }
        return table
    }

    /// What became no record, with the keys of the first few, or of all.
    var leftOut: Table {
        var table = Table([.number("count"), .text("reason"), .text("which")])
        for group in shown(report.list("left_out")) {
            let keys = group.texts("keys")
            // Three keys are enough to look one up.
            let named = isWhole ? keys : Array(keys.prefix(3))
            let rest = (group.whole("count") ?? keys.count) - named.count
            table.add([
                group.text("count"), text(group["reason"]),
                named.joined(separator: " ") + (rest > 0 ? " …" : ""),
            ])
        }
        return table
    }

    private func shown(_ values: [JSONValue]) -> [JSONValue] {
        isWhole ? values : Array(values.prefix(Self.shortList))
    }

    private func text(_ localized: JSONValue?) -> String { localized?.text(language.rawValue) ?? "" }

    private func section(_ title: String, _ table: Table, of count: Int) {
        guard !table.isEmpty else { return }
        Swift.print("\n" + Terminal.styled(title, .bold))
        Terminal.print(table)
        if !isWhole && count > Self.shortList {
            Swift.print("and \(count - Self.shortList) more; --all lists them.")
        }
    }

    private func printFindings() {
        let findings = report.list("findings")
        guard !findings.isEmpty else { return }
        Swift.print("\n" + Terminal.styled("findings", .bold))
        let shown = shown(findings)
        for finding in shown { Swift.print(Findings.line(finding, in: language)) }
        let rest = (report.whole("findings_total") ?? findings.count) - shown.count
        if rest > 0 { Swift.print("and \(rest) more" + (isWhole ? "." : "; --all lists them.")) }
    }
}

/// Findings about records, in words.
enum Findings {
    /// A finding in one line: how grave, which record and field, what, and the value.
    static func line(_ finding: JSONValue, in language: Language) -> String {
        let severity = finding.text("severity")
        let style: Terminal.Style = severity == "error" ? .red : severity == "warning" ? .yellow : .faint
        let value = finding.text("value")
        let words = finding["message"]?.text(language.rawValue) ?? ""
        let cell = finding["row"] == nil ? "" : finding.text("column") + finding.text("row")
        let thing = [cell, finding.text("record"), finding.text("field")].filter { !$0.isEmpty }
            .joined(separator: " ")
        return Terminal.styled(severity, style)
            + " \(thing): \(words)\(value.isEmpty ? "" : " (\(value.shortened()))")".printable
    }
}
