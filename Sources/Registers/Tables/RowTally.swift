internal import Datums
internal import DirectoryAPI
internal import DirectoryModel
internal import TableFiles

/// Keeps account of a table's rows, in memory that does not grow with their findings.
final class RowTally {
    /// Rows that are records, or were meant to be.
    var rows = 0
    /// The first findings, those of the whole file before all.
    private(set) var findings: [RecordFinding] = []
    private var byCode: [[String]: Int] = [:]
    private var byType: [String: (type: ServiceTypeID, count: Int)] = [:]
    private var aside: [Reason: [String]] = [:]
    /// The row in which a key was met first, counted through all sheets, by the key's digest.
    private var seen: [UInt64: UInt32] = [:]
    /// The sheets so far, each with the row before its first.
    private var starts: [(sheet: String, before: Int)] = []
    private var last = 0
    private var samples: [DatumSample] = []

    /// Points that are weighed; the first ones of a longer table tell as much.
    ///
    /// Chosen, not measured.
    private static let sampleLimit = 20_000

    /// Why a row is no record.
    enum Reason: String, CaseIterable {
        case headRepeated = "head_repeated"
        case total = "total_row"
        case remark = "remark_row"

        fileprivate var words: LocalizedText {
            switch self {
            case .headRepeated: LocalizedText(zh: "表头重复", en: "the head again")
            case .total: LocalizedText(zh: "合计行", en: "a total")
            case .remark: LocalizedText(zh: "说明行", en: "a remark")
            }
        }
    }

    private static let totals: Set<String> = ["合计", "总计", "小计", "共计", "总数", "total"]
    private static let remarks = ["填表", "制表", "审核", "备注:", "说明:", "注:", "填报", "单位负责人", "联系人:"]

    /// Why a row is no record; nil for one that is, or was meant to be.
    static func reason(toLeaveOut row: TableRow, _ head: SheetHead) -> Reason? {
        if head.isRepeated(by: row) { return .headRepeated }
        guard let first = row.cells.first(where: { !$0.isEmpty }) else { return nil }
        if isTotal(first) { return .total }
        let name = head.columns[.name].map { row[$0] } ?? .empty
        guard name.isEmpty else { return isTotal(name) ? .total : nil }
        let plain = first.text.foldedWidth.filter { !$0.isWhitespace }
        return remarks.contains { plain.hasPrefix($0) } ? .remark : nil
    }

    /// Whether a cell says that its row sums up others; a long one is not looked at closely, for every row is asked.
    private static func isTotal(_ cell: TableCell) -> Bool {
        let text = cell.text
        guard text.utf8.count <= 24,
            let first = text.unicodeScalars.first(where: { !" \u{3000}".unicodeScalars.contains($0) }),
            totalStarts.contains(first)
        else { return false }
        return totals.contains(PlaceField.folded(text))
    }

    private static let totalStarts = Set("合总小共tTｔＴ".unicodeScalars)

    func leaveOut(_ row: TableRow, _ sheet: String, _ reason: Reason) {
        aside[reason, default: []].append("\(sheet) \(row.number)")
    }

    /// Where a key was met before; nil for the first time.
    func placeOf(key: String, _ row: Int, _ sheet: String) -> (sheet: String, row: Int)? {
        if starts.last?.sheet != sheet { starts.append((sheet, last)) }
        last = (starts.last?.before ?? 0) + row
        let digest = KeyText.digest(key)
        if let first = seen[digest].map(Int.init) {
            return starts.last { $0.before < first }.map { ($0.sheet, first - $0.before) }
        }
        seen[digest] = UInt32(truncatingIfNeeded: last)
        return nil
    }

    func count(_ type: ServiceTypeID, _ sheet: String) {
        byType[type.rawValue + "/" + sheet, default: (type, 0)].count += 1
    }

    func note(_ finding: RecordFinding) {
        byCode[[finding.code, finding.severity], default: 0] += 1
        if findings.count < RegisterReport.detailLimit { findings.append(finding) }
    }

    func sample(
        _ given: GivenPoint, _ row: TableRow, _ sheet: String, _ community: CommunityID?, _ known: KnownThings
    ) {
        guard samples.count < Self.sampleLimit else { return }
        samples.append(
            DatumSample(key: "\(sheet) \(row.number)", given: given) { known.holds(community, $0) })
    }

    /// What the points say about the datum that was stated.
    func datumFindings() -> [RecordFinding] {
        DatumEvidence.weigh(samples).compactMap { statement in
            guard case .otherDatum(let other) = statement.verdict,
                let gained = statement.alternatives.first(where: { $0.datum == other })?.gained
            else { return nil }
            let (stated, count, all) = (statement.stated.rawValue, gained.count, statement.outside.count)
            return RecordFinding(
                severity: "warning", code: TableFindingCode.datumSuspect.rawValue,
                record: gained.prefix(3).joined(separator: ", "),
                field: "datum", value: stated,
                message: LocalizedText(
                    zh:
                        "说明的坐标系是 \(stated)，但有 \(all) 个点在社区边界之外，其中 \(count) 个按 \(other.rawValue) 就在边界之内；请核对坐标系",
                    en:
                        "the stated datum is \(stated), but \(all) points lie outside of their community, of which "
                        + "\(count) would lie inside in \(other.rawValue); check the datum"))
        }
    }

    /// Findings by code.
    var counts: [FindingCount] {
        FindingCount.sorted(
            byCode.map { FindingCount(code: $0.key[0], severity: $0.key[1], count: $0.value) })
    }

    /// Rows by type and sheet.
    var takenAs: [TakenAs] {
        byType.map { key, taken in
            TakenAs(
                type: taken.type, reason: String(key.dropFirst(taken.type.rawValue.count + 1)),
                count: taken.count)
        }.sorted { ($1.count, $0.type, $0.reason) < ($0.count, $1.type, $1.reason) }
    }

    /// Rows that are no record.
    var leftOut: [LeftOut] {
        aside.map { LeftOut(code: $0.key.rawValue, reason: $0.key.words, keys: $0.value) }
            .sorted { ($1.keys.count, $0.code) < ($0.keys.count, $1.code) }
    }
}
