import DirectoryModel
import ServiceTypeKit

/// What is wrong or doubtful in a record beyond single values.
enum TutoringFindings {
    static func all(_ place: Place) -> [Finding] {
        var findings: [Finding] = []
        if place.text("format") == "one_to_one", let capacity = place.whole("capacity"), capacity != 1 {
            findings.append(oneToOne(capacity, field: "capacity"))
        }
        if let from = place.whole("minimum_age"), let until = place.whole("maximum_age"), from > until {
            findings.append(
                Finding(
                    .warning, code: "ages_reversed", field: "minimum_age", value: "\(from)–\(until)",
                    message: LocalizedText(
                        zh: "起始年龄大于截止年龄，请核对", en: "The first age is above the last; check both")))
        }
        var inRows: [Finding] = []
        for (number, row) in place.rows("sessions").enumerated() where inRows.count < maximumInRows {
            inRows += session(row, "sessions[\(number + 1)].")
        }
        return findings + inRows.prefix(maximumInRows)
    }

    /// Columns about a person are never read, and whoever sends the register is told to leave them out.
    static func personalColumns(_ raw: [String: String], inTable header: String?) -> Finding? {
        let columns = raw.keys.filter { $0.contains(anyOf: TutoringNames.personal) }
        guard let first = columns.min() ?? header else { return nil }
        return Finding(
            .warning, code: "personal_columns", field: nil, value: Finding.excerpt(of: first),
            message: LocalizedText(
                zh: "台账里有儿童、家长或志愿者个人信息的列，未读取；请删去后再导入",
                en:
                    "The register has columns about children, parents or volunteers; they were not read, take them out"
            ))
    }

    /// The most findings about sessions.
    ///
    /// Chosen, not measured: a page of a report.
    private static let maximumInRows = 20

    private static func session(_ row: AttributeRow, _ field: String) -> [Finding] {
        var findings: [Finding] = []
        if let capacity = row.whole("capacity") {
            if row.text("format") == "one_to_one", capacity > 1 {
                findings.append(oneToOne(capacity, field: field + "capacity"))
            }
            if let left = row.whole("places_left"), left > capacity {
                findings.append(
                    Finding(
                        .warning, code: "places_left_exceed_capacity", field: field + "places_left",
                        value: "\(left) > \(capacity)",
                        message: LocalizedText(
                            zh: "剩余名额多于人数，请核对两个数",
                            en: "More places are left than there are; check both numbers"
                        )))
            }
        }
        // ISO 8601 sorts as days do.
        if let first = row.text("first_day"), let last = row.text("last_day"), last < first {
            findings.append(
                Finding(
                    .warning, code: "days_reversed", field: field + "last_day", value: "\(first)–\(last)",
                    message: LocalizedText(
                        zh: "结束日期早于开始日期，这一场永远不会开，请核对",
                        en: "The last day is before the first, so it never takes place; check both")))
        }
        return findings
    }

    private static func oneToOne(_ capacity: Int, field: String) -> Finding {
        Finding(
            .warning, code: "capacity_inconsistent", field: field, value: "\(capacity)",
            message: LocalizedText(
                zh: "一对一辅导每场只有1个孩子，请核对每场人数或形式",
                en: "One to one means one child a session; check the capacity or the format"))
    }
}
