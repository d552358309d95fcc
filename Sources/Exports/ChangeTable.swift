package import DirectoryAPI
package import DirectoryModel
internal import OpeningTimes
internal import ServiceTypeKit
internal import TableFiles

/// A change of the feed, as a line of a table has it.
package struct ChangeLine: Hashable, Sendable {
    /// The revision that made it.
    package var revision: Revision
    /// When.
    package var time: Timestamp
    /// What kind of record, by its name on the wire.
    package var kind: String
    /// The record's id.
    package var id: String
    /// created, changed, closed or removed.
    package var outcome: String
    /// The place's type; nil for other records.
    package var type: ServiceTypeID?
    /// The community that it belongs to.
    package var community: CommunityID?
    /// The fields that became others.
    package var fields: [String]
    /// What the record is called now; nil where it is gone.
    package var name: String?

    /// A change as `GET /v1/changes?with=record` gives it.
    ///
    /// - Throws: `bad_reply`.
    package init(_ change: JSONValue) throws(DirectoryError) {
        guard case .whole(let revision)? = change["revision"],
            let time = Timestamp(rfc3339: try change.needed("time"))
        else { throw DirectoryExtract.badReply("changes") }
        self.revision = Revision(UInt64(clamping: revision))
        self.time = time
        kind = try change.needed("kind")
        id = try change.needed("id")
        outcome = try change.needed("change")
        type = change.string("type").map { ServiceTypeID(unchecked: $0) }
        community = change.string("community").map { CommunityID(unchecked: $0) }
        fields = try change.strings("fields")
        name = change["record"]?.string("name")
    }
}

extension DirectoryExtract {
    /// What was changed between two revisions, a row a change, in the order in which it was made.
    ///
    /// Times are those of the community's clock, China's where it has none of its own. Needs an extract of types and
    /// communities only.
    package func changeBook(_ changes: [ChangeLine]) -> ExportBook {
        let words = TableWords(self, points: PointWords(wanted: nil))
        var zones: [CommunityID: OpeningZone] = [:]
        for community in communities {
            guard let name = community.timeZone else { continue }
            zones[community.id] = try? OpeningZone(identifier: name)
        }
        let rows = changes.map { change -> [TableCell] in
            let zone = change.community.flatMap { zones[$0] } ?? .shanghai
            let local = Timestamp(
                secondsSince1970: change.time.secondsSince1970 + Int64(zone.offset(at: change.time)))
            return [
                .number(Double(change.revision.number)),
                .text(String(local.rfc3339.prefix(19).map { $0 == "T" ? " " : $0 })),
                .text(Self.outcomes[change.outcome] ?? change.outcome),
                .text(Self.kinds[change.kind] ?? change.kind), .text(change.id),
                .text(orEmpty: change.name), .text(orEmpty: change.type.map { words.word(for: $0) }),
                .text(orEmpty: change.community.map { words.word(for: $0) }),
                .text(change.fields.joined(separator: ", ")),
            ]
        }
        let columns = [
            TableColumn(title: "修订号", width: 10), TableColumn(title: "时间", width: 20),
            TableColumn(title: "变更", width: 10), TableColumn(title: "记录", width: 10),
            TableColumn(title: "编号", width: 24, isText: true), TableColumn(title: "名称", width: 30),
            TableColumn(title: "业态", width: 20), TableColumn(title: "社区", width: 20),
            TableColumn(title: "变更字段", width: 40),
        ]
        return ExportBook(
            tables: [ExportTable(name: "变更", columns: columns, rows: rows)],
            revision: changes.last?.revision ?? revision, attributions: attributions)
    }

    private static let outcomes = [
        "created": "新增", "changed": "变更", "closed": "关闭", "removed": "删除",
    ]
    private static let kinds = [
        "place": "网点", "origin": "起点", "community": "社区", "grid": "网格", "organisation": "机构",
        "activity": "活动", "notice": "通知",
    ]
}
