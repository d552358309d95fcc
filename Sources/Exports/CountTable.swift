internal import DirectoryModel
internal import ServiceTypeKit
internal import TableFiles

extension DirectoryExtract {
    /// How many active places of each type there are in each community, with sums; a type without any has noughts.
    package func countBook() -> ExportBook {
        let names = Dictionary(grouping: scopedCommunities, by: \.name)
        var columns: [(title: String, community: CommunityID?)] = scopedCommunities.map { community in
            let isAlone = names[community.name]?.count == 1
            return (
                isAlone ? community.name : "\(community.name)（\(community.id.rawValue)）", community.id
            )
        }
        if places.contains(where: { $0.community == nil }) { columns.append(("不在社区内", nil)) }
        var counts: [ServiceTypeID: [CommunityID?: Int]] = [:]
        for place in places { counts[place.type, default: [:]][place.community, default: 0] += 1 }
        func row(_ id: String, _ name: String, _ numbers: [Int]) -> [TableCell] {
            [.text(id), .text(name)] + (numbers + [numbers.reduce(0, +)]).map { .number(Double($0)) }
        }
        var rows: [[TableCell]] = []
        var sums = [Int](repeating: 0, count: columns.count)
        let known = scopedTypes.map { ($0.id, $0.name.zh) }
        let strays = Set(places.map(\.type)).subtracting(scopedTypes.map(\.id)).sorted()
        for (id, name) in known + strays.map({ ($0, $0.rawValue) }) {
            let numbers = columns.map { counts[id]?[$0.community] ?? 0 }
            for (index, number) in numbers.enumerated() { sums[index] += number }
            rows.append(row(id.rawValue, name, numbers))
        }
        rows.append([.empty, .text("合计")] + row("", "", sums).dropFirst(2))
        let head =
            [TableColumn(title: "业态代号", width: 20, isText: true), TableColumn(title: "业态", width: 24)]
            + (columns.map(\.title) + ["合计"]).map { TableColumn(title: $0, width: 14) }
        return ExportBook(
            tables: [ExportTable(name: "网点数量", columns: head, rows: rows)], revision: revision,
            attributions: attributions)
    }
}
