package import DirectoryModel
internal import ServiceTypeKit
internal import TableFiles

extension DirectoryExtract {
    /// The places as tables: one of each type, or all in one.
    ///
    /// Without `columns` each has the usual fields and every attribute of its types, under words by which a register's
    /// reader knows them: brought back as a table, it changes nothing. A column of which one cell would not read
    /// back as what is stored gets a title that no reader knows, and so is seen only.
    /// - Parameters:
    ///   - columns: the columns of every table; nil for the usual ones.
    ///   - datum: the datum of all points; nil for each as it was given.
    ///   - oneTable: whether all types stand in one table, as a text file has it.
    package func placeBook(
        columns: [ColumnRequest]? = nil, datum: Datum? = nil, oneTable: Bool
    ) -> ExportBook {
        let words = TableWords(self, points: PointWords(wanted: datum))
        let present = Set(places.map(\.type))
        let known = types.filter { present.contains($0.id) }
        var groups: [(name: String, types: [ServiceTypeDescription], places: [Place])] = []
        if oneTable || present.count < 2 || columns != nil {
            let name = known.count == 1 && present.count == 1 ? known[0].name.zh : "网点"
            groups.append((name, known, places))
        } else {
            for type in known { groups.append((type.name.zh, [type], places.filter { $0.type == type.id })) }
            let others = places.filter { place in !known.contains { $0.id == place.type } }
            if !others.isEmpty { groups.append(("其他网点", [], others)) }
        }
        var viewOnly: Set<String> = []
        let tables = groups.map { group in
            let plan = PlacePlan(
                group.types, group.places, among: types, words: words, columns: columns)
            viewOnly.formUnion(plan.columns.filter { !$0.isReadBack && !$0.isStated }.map(\.title))
            return ExportTable(
                name: group.name,
                columns: plan.columns.map {
                    TableColumn(title: $0.title, width: $0.width, isText: $0.isText)
                },
                rows: group.places.map { place in plan.columns.map { words.cell(of: $0.content, place) } })
        }
        return ExportBook(
            tables: tables, revision: revision, attributions: attributions,
            viewOnly: viewOnly.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
}

extension TableWords {
    /// The cell of a column.
    fileprivate func cell(of content: PlaceColumn.Content, _ place: Place) -> TableCell {
        switch content {
        case .field(let field): return cell(of: field, place).cell
        case .attribute(let attributes):
            guard let attribute = attributes[place.type], let value = place.attributes[attribute.key] else {
                return .empty
            }
            return AttributeColumn.cell(of: value, attribute).cell
        }
    }
}

/// The columns of one table of places.
struct PlacePlan {
    private(set) var columns: [PlaceColumn] = []
    private let types: [ServiceTypeDescription]
    private let places: [Place]
    private let all: [ServiceTypeDescription]
    private let words: TableWords

    /// Chooses the columns of a table.
    ///
    /// - Parameters:
    ///   - types: the types of its places.
    ///   - all: every type of the directory, in the catalogue's order.
    init(
        _ types: [ServiceTypeDescription], _ places: [Place], among all: [ServiceTypeDescription],
        words: TableWords, columns requests: [ColumnRequest]?
    ) {
        self.types = types
        self.places = places
        self.all = all
        self.words = words
        let datum = words.points.datum(of: places)
        if let requests {
            for request in requests { add(request, datum) }
        } else {
            for field in ExportField.standard {
                add(field, title: nil, datum)
                if field == .latitude, datum == nil { add(.datum, title: nil, datum) }
            }
            for type in types {
                for attribute in type.attributes { add(attribute, of: type) }
            }
            add(.key, title: nil, datum)
        }
        spareWhatIsNotRead()
        for index in columns.indices where !columns[index].isReadBack && !columns[index].isStated {
            mark(index)
        }
    }

    private mutating func add(_ request: ColumnRequest, _ datum: Datum?) {
        switch request.content {
        case .field(let field): add(field, title: request.title, datum)
        case .attribute(let key):
            let owners = types.filter { $0.attributes.contains { $0.key == key } }
            let described = owners.compactMap { type in
                type.attributes.first { $0.key == key }.map { (type.id, $0) }
            }
            guard let first = owners.first, let attribute = described.first?.1 else {
                // No place of a type that has it: an empty column, as it was asked for.
                let title = request.title ?? key
                return columns.append(
                    PlaceColumn(
                        title: title, content: .attribute([:]), width: 12, isText: true, isReadBack: false,
                        isStated: request.title != nil))
            }
            let own = AttributeColumn(attribute, of: first, among: all, taken: titles)
            let title = request.title ?? own?.title ?? attribute.name.zh
            let isKnown = owners.allSatisfy { $0.attribute(forColumn: title)?.key == key }
            columns.append(
                PlaceColumn(
                    title: title, content: .attribute(Dictionary(described) { first, _ in first }),
                    width: own?.width ?? 20, isText: !attribute.isNumber, isReadBack: isKnown,
                    cleared: key, isStated: request.title != nil))
            check(columns.count - 1)
        }
    }

    private var titles: Set<String> { Set(columns.map(\.title)) }

    private mutating func add(_ field: ExportField, title: String?, _ datum: Datum?) {
        var usual = field.title
        // Degrees say in which datum they are, unless a column says it row by row.
        if let datum, field == .longitude || field == .latitude { usual += "(\(datum.officeWord))" }
        let width: Double =
            switch field {
            case .name, .address, .hours: 30
            case .id, .key, .nameEnglish, .communityName, .organisationName: 20
            default: 14
            }
        let isNumber = field == .longitude || field == .latitude
        let reads = field.isReadBack && places.allSatisfy { words.cell(of: field, $0).readsBack }
        // What no reader knows by its title needs no mark behind it.
        columns.append(
            PlaceColumn(
                title: title ?? usual, content: .field(field), width: width, isText: !isNumber,
                isReadBack: reads || !field.isReadBack, isStated: title != nil))
    }

    private mutating func add(_ attribute: AttributeDescription, of type: ServiceTypeDescription) {
        let fields = Set(
            columns.compactMap { column in
                if case .field = column.content { column.title } else { nil }
            })
        let own = AttributeColumn(attribute, of: type, among: all, taken: fields)
        let title = own?.title ?? attribute.name.zh
        // Another type's attribute under the same word shares the column.
        if own != nil, let index = columns.firstIndex(where: { $0.title == title }),
            case .attribute(var attributes) = columns[index].content, attributes[type.id] == nil
        {
            attributes[type.id] = attribute
            columns[index] = PlaceColumn(
                title: title, content: .attribute(attributes), width: columns[index].width,
                isText: columns[index].isText || !attribute.isNumber, isReadBack: columns[index].isReadBack,
                cleared: columns[index].cleared)
            return check(index)
        }
        columns.append(
            PlaceColumn(
                title: title, content: .attribute([type.id: attribute]), width: own?.width ?? 20,
                isText: !attribute.isNumber, isReadBack: own != nil, cleared: own == nil ? nil : attribute.key
            ))
        check(columns.count - 1)
    }

    /// Finds whether each cell of an attribute's column reads back.
    private mutating func check(_ index: Int) {
        guard columns[index].isReadBack, case .attribute(let attributes) = columns[index].content else {
            return
        }
        columns[index].isReadBack = places.allSatisfy { place in
            guard let attribute = attributes[place.type], let value = place.attributes[attribute.key] else {
                return true
            }
            return AttributeColumn.cell(of: value, attribute).readsBack
        }
    }

    /// Takes those columns out of an import's sight because of which it would clear an attribute that no column restores.
    private mutating func spareWhatIsNotRead() {
        var isAtWork = true
        while isAtWork {
            isAtWork = false
            for index in columns.indices where columns[index].isReadBack {
                guard let cleared = columns[index].cleared else { continue }
                let isLost = types.contains { type in
                    type.attributes.contains { $0.key == cleared } && !isRead(cleared, of: type.id)
                }
                if isLost {
                    columns[index].isReadBack = false
                    isAtWork = true
                }
            }
        }
    }

    private func isRead(_ key: String, of type: ServiceTypeID) -> Bool {
        columns.contains { column in
            guard column.isReadBack, case .attribute(let attributes) = column.content else { return false }
            return attributes[type]?.key == key
        }
    }

    /// Gives a column a title that no reader knows.
    private mutating func mark(_ index: Int) {
        var title = columns[index].title + PlaceColumn.viewOnlyMark
        var number = 2
        while columns.contains(where: { $0.title == title }) {
            title = columns[index].title + PlaceColumn.viewOnlyMark + "\(number)"
            number += 1
        }
        columns[index].title = title
    }
}

extension AttributeDescription {
    /// Whether its values are written as numbers.
    var isNumber: Bool {
        switch kind {
        case .whole, .decimal, .money: true
        case .bool, .text, .oneOf, .manyOf, .schedule, .date, .rows: false
        }
    }
}
