internal import Datums
internal import DirectoryAPI
internal import DirectoryModel
internal import RegisterMatching
internal import ServiceTypeKit
internal import TableFiles

/// Reads rows of a sheet as places.
struct RowReader {
    let sheet: String
    let head: SheetHead
    let known: KnownThings
    let source: SourceID
    /// The type of every row; nil where a column says it.
    let type: ServiceTypeID?
    /// The datum of every row that does not state its own; nil where none was stated.
    let datum: Datum?
    let mapping: RegisterMapping

    /// A row that was read.
    struct Reading {
        /// The place; nil where the row cannot be stored.
        var place: SourcedPlace?
        /// What is wrong or doubtful.
        var findings: [RecordFinding] = []
        /// The point as given, for the weighing of its datum.
        var given: GivenPoint?
        /// What makes the row itself, to find another of its kind: nil where it cannot be stored.
        var key: String?
    }

    /// Reads one row.
    func read(_ row: TableRow) -> Reading {
        let name = text(.name, row)
        let label = name.isEmpty ? "#\(row.number)" : name
        var notes = RowNotes(sheet: sheet, head: head, row: row.number, record: String(label.prefix(128)))
        var reading = read(row, name, &notes)
        reading.findings = notes.findings
        if notes.hasError { reading.place = nil }
        return reading
    }

    private func read(_ row: TableRow, _ name: String, _ notes: inout RowNotes) -> Reading {
        var reading = Reading()
        guard let type = type(row, &notes) else { return reading }
        guard !name.isEmpty || !text(.id, row).isEmpty else {
            notes.error(.nameMissing, .name, nil, zh: "没有名称，请填写", en: "there is no name; fill it in")
            return reading
        }
        let code = creditCode(row, &notes)
        guard let identity = identity(row, code: code, &notes) else { return reading }
        var place = self.place(identity.id, type.id)
        if !name.isEmpty { place.name = name }
        guard !place.name.isEmpty else {
            notes.error(
                .nameMissing, .name, nil, zh: "没有名称，请填写", en: "there is no name; fill it in")
            return reading
        }
        if has(.nameEnglish) { place.nameEnglish = optional(.nameEnglish, row) }
        if has(.address) { place.address = optional(.address, row) }
        let isSittings = readsHours(row, type)
        if has(.hours), !isSittings { place.hours = optional(.hours, row) }
        if has(.phone) { place.phone = phone(row, &notes) }
        if has(.community) { place.community = community(row, &notes) }
        if has(.point) || has(.longitude) || has(.latitude) || place.location == nil {
            locate(&place, row, &reading, &notes)
        }

        var raw: [String: String] = [:]
        for (index, cell) in row.cells.enumerated() where !cell.isEmpty && index < head.headers.count {
            if case .failure(let word) = cell {
                // The words of an error are no value: the module would only find fault with them once more.
                if head.targets[index] == .field(.key) || head.targets[index] == .field(.id) {
                    // Without it the row would become another place.
                    notes.error(
                        .cellFailed, head.targets[index] == .field(.id) ? .id : .key, word,
                        zh: "公式出错（\(word)），请改为编号", en: "the formula failed (\(word)); write the key")
                } else if head.targets[index] != .ignored, !head.headers[index].isEmpty {
                    notes.warning(
                        .cellFailed, column: index, word, zh: "公式出错（\(word)），请改为数值",
                        en: "the formula failed (\(word)); write the value")
                }
                continue
            }
            switch head.targets[index] {
            case .field(.hours) where isSittings: raw[head.headers[index]] = cell.text
            case .field, .ignored: continue
            case .attribute(let key):
                // By its header where the module knows that itself: it may look at more than the attribute's words.
                raw[head.isMapped[index] ? key : head.headers[index]] = cell.text
            case nil:
                if !head.headers[index].isEmpty { raw[head.headers[index]] = cell.text }
            }
        }
        reading.key = identity.key
        let organisation = organisation(row, code: code, &notes)
        var stated = stated(of: type.id)
        if organisation != nil { stated.insert(PlaceField.organisation.rawValue) }
        reading.place = SourcedPlace(
            key: identity.key, place: place, raw: raw, isIdentified: !text(.id, row).isEmpty,
            stated: stated, creditCode: code, organisation: organisation)
        return reading
    }

    /// The fields that the table has columns for.
    private func stated(of type: ServiceTypeID) -> Set<String> {
        var fields: Set<String> = []
        for field in [PlaceField.name, .nameEnglish, .address, .hours, .phone, .community] where has(field) {
            fields.insert(field.rawValue)
        }
        // An address, too, may have given the point.
        if has(.point) || has(.longitude) || has(.latitude) || has(.address) { fields.insert("location") }
        for index in head.headers.indices {
            if let key = attribute(of: type, in: index) { fields.insert("attributes." + key) }
        }
        return fields
    }

    /// That a row has the key of an earlier one.
    func repeated(_ row: TableRow, of first: (sheet: String, row: Int)) -> RecordFinding {
        var notes = RowNotes(sheet: sheet, head: head, row: row.number, record: "#\(row.number)")
        let field: PlaceField = head.columns[.key] != nil ? .key : .name
        let isHere = first.sheet == sheet
        notes.error(
            .rowRepeated, field, text(field, row),
            zh: "与\(isHere ? "" : "工作表“\(first.sheet)”")第 \(first.row) 行重复，请删去一行，或填写不同的编号",
            en:
                "it repeats row \(first.row)\(isHere ? "" : " of sheet " + first.sheet.shortened()); take one out, or give them different keys"
        )
        return notes.findings[0]
    }

    /// A finding about the record, with its place in the table.
    ///
    /// - Parameter type: the row's type.
    func placed(_ finding: RecordFinding, _ row: TableRow, of type: ServiceTypeID?) -> RecordFinding {
        var finding = finding
        let index: Int? = finding.field.flatMap { self.column(of: $0, type) }
        finding.cell = CellPlace(
            sheet: sheet, row: row.number, column: index.map { CellPlace.letters(of: $0) },
            header: index.map { head.headers[$0] })
        let name = text(.name, row)
        finding.record = name.isEmpty ? "#\(row.number)" : String(name.prefix(128))
        return finding
    }

    /// The column that a field of a record was read from.
    private func column(of field: String, _ type: ServiceTypeID?) -> Int? {
        if let known = PlaceField(rawValue: field == "name_english" ? "name_en" : field) {
            return head.columns[known]
        }
        // Of a table within a cell the column is that of the whole: "menu[1].days".
        let key = String(field.prefix { $0 != "[" && $0 != "." })
        guard let type else { return head.targets.firstIndex(of: .attribute(key)) }
        return head.headers.indices.first { attribute(of: type, in: $0) == key }
    }

    /// The place as it is stored, without what the table has columns for; a new one where there is none.
    ///
    /// What a table has no column for, it says nothing about.
    private func place(_ id: PlaceID, _ type: ServiceTypeID) -> Place {
        guard var place = known.place(id), place.type == type else {
            return Place(id: id, type: type, name: "")
        }
        for index in head.headers.indices {
            if let key = attribute(of: type, in: index) { place.attributes[key] = nil }
        }
        place.status = .active
        return place
    }

    /// Whether the column of opening times is read by an attribute of the type that goes by the same name, such as the
    /// sittings of a canteen (供餐时间): where it can make sense of the cell.
    private func readsHours(_ row: TableRow, _ type: ServiceTypeDescription) -> Bool {
        guard let column = head.columns[.hours],
            let attribute = known.attribute(of: type, forColumn: head.headers[column])
        else { return false }
        let read = attribute.read(row[column].text)
        return read.value != nil && read.findings.isEmpty
    }

    /// The attribute that a column is read as for a row of a type; nil for other columns.
    ///
    /// In a table of several types one header may name another attribute of each.
    private func attribute(of type: ServiceTypeID, in column: Int) -> String? {
        switch head.targets[column] {
        case .field(let field) where field != .hours: return nil
        case .ignored: return nil
        case .attribute(let key) where head.isMapped[column]: return key
        default:
            guard !head.headers[column].isEmpty, let description = known.types[type] else { return nil }
            return known.attribute(of: description, forColumn: head.headers[column])?.key
        }
    }

    private func has(_ field: PlaceField) -> Bool { head.columns[field] != nil }

    // MARK: cells

    private func cell(_ field: PlaceField, _ row: TableRow) -> TableCell {
        let cell = head.columns[field].map { row[$0] } ?? .empty
        if case .failure = cell { return .empty }
        return cell
    }

    private func text(_ field: PlaceField, _ row: TableRow) -> String {
        let text = cell(field, row).text
        guard text.utf8.contains(where: { $0 <= 0x20 }) else { return text }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func optional(_ field: PlaceField, _ row: TableRow) -> String? {
        let text = text(field, row)
        return text.isEmpty ? nil : text
    }

    // MARK: fields

    private func type(_ row: TableRow, _ notes: inout RowNotes) -> ServiceTypeDescription? {
        if let type, let description = known.types[type] { return description }
        let word = text(.type, row)
        if let id = mapping.types[word] ?? known.type(named: word), let description = known.types[id] {
            return description
        }
        if word.isEmpty {
            notes.error(
                .typeMissing, .type, nil, zh: "没有业态，请填写", en: "there is no service type; fill it in")
        } else {
            notes.error(
                .typeUnknown, .type, word, zh: "没有“\(word.prefix(40))”这种业态，请改为已有的业态，或在对应表的 [types] 中说明",
                en:
                    "there is no service type \(word.shortened()); use one that exists, or name it in [types] of the mapping"
            )
        }
        return nil
    }

    private func creditCode(_ row: TableRow, _ notes: inout RowNotes) -> String? {
        let cell = cell(.creditCode, row)
        if cell.hasLostDigits {
            notes.warning(
                .digitsLost, .creditCode, cell.text, zh: "表格软件把代码变成了数字，末几位已丢失；请把该列设为“文本”后重新填写",
                en:
                    "the spreadsheet has made a number of the code and lost its last digits; make the column text and fill it in again"
            )
            return nil
        }
        let text = cell.text.foldedWidth.uppercased().filter { !$0.isWhitespace && $0 != "-" }
        if text.isEmpty || AbsentCode.words.contains(text) { return nil }
        do throws(CreditCode.Fault) {
            return try CreditCode(text).text
        } catch {
            notes.warning(
                .creditCodeInvalid, .creditCode, text, zh: "统一社会信用代码不对：\(error.words.zh)，请按执照核对",
                en: "the credit code is wrong: \(error.words.en); copy it from the licence")
            return nil
        }
    }

    /// Who runs the place, under the id that it gets if the directory does not know it; nil where the row does not say.
    private func organisation(_ row: TableRow, code: String?, _ notes: inout RowNotes) -> Organisation? {
        let name = text(.organisation, row)
        if name.isEmpty || AbsentCode.words.contains(name.uppercased()) { return nil }
        guard name.count <= 200, PersonalData.masked(name) == nil else {
            notes.warning(
                .organisationUnusable, .organisation, PersonalData.masked(name) ?? name,
                zh: "单位名称过长，或含有个人号码，未采用；请只填单位全称",
                en:
                    "that is too long for a name, or holds a person's own number, and was left out; give the name alone"
            )
            return nil
        }
        let id =
            code.map { OrganisationID(unchecked: "uscc-" + $0) }
            ?? OrganisationID(unchecked: KeyText.id(source: source, key: "organisation " + name).rawValue)
        return Organisation(id: id, name: name, creditCode: code)
    }

    /// The source's own key of a row, and the id of its place.
    private func identity(
        _ row: TableRow, code: String?, _ notes: inout RowNotes
    ) -> (key: String, id: PlaceID)? {
        let stated = text(.id, row)
        if !stated.isEmpty {
            let id = PlaceID(unchecked: stated)
            guard known.place(id) != nil else {
                notes.error(
                    .idUnknown, .id, stated, zh: "一刻圈里没有这个编号，请清空后重新导入",
                    en: "there is no place of this id; clear the cell and send it again")
                return nil
            }
            // Two places of one name at one address are told apart by it.
            return (has(.key) ? key(row, code: code, &notes) ?? stated : stated, id)
        }
        guard let key = key(row, code: code, &notes) else { return nil }
        return (key, KeyText.id(source: source, key: key))
    }

    private func key(_ row: TableRow, code: String?, _ notes: inout RowNotes) -> String? {
        let cell = cell(.key, row)
        if cell.hasLostDigits {
            notes.error(
                .digitsLost, .key, cell.text, zh: "表格软件把编号变成了数字，末几位已丢失；请把该列设为“文本”后重新填写",
                en:
                    "the spreadsheet has made a number of the key and lost its last digits; make the column text and fill it in again"
            )
            return nil
        }
        if !cell.isEmpty { return String(cell.text.prefix(200)) }
        // Branches share a code, so the name belongs to it.
        let name = text(.name, row)
        if let code { return code + " " + name }
        let address = text(.address, row)
        if !address.isEmpty { return name + " " + address }
        let point = [PlaceField.point, .longitude, .latitude].map { text($0, row) }.filter { !$0.isEmpty }
        return ([name] + point).joined(separator: " ")
    }

    private func phone(_ row: TableRow, _ notes: inout RowNotes) -> String? {
        let cell = cell(.phone, row)
        if cell.isEmpty { return nil }
        let numbers = PersonalPhone.read(cell.text)
        if let number = numbers.first(where: \.isService) { return number.shown }
        guard let first = numbers.first else { return nil }
        if first.kind == .mobile {
            notes.warning(
                .phonePersonal, .phone, first.shown, zh: "个人手机号未登记（没有同意记录），只显示 \(first.shown)；请改填服务电话",
                en:
                    "a person's number is not stored without a consent (\(first.shown)); give a service number"
            )
        } else {
            notes.warning(
                .phoneInvalid, .phone, first.shown, zh: "电话号码不对，请核对",
                en: "that is no telephone number; check it")
        }
        return nil
    }

    private func community(_ row: TableRow, _ notes: inout RowNotes) -> CommunityID? {
        let text = text(.community, row)
        if text.isEmpty { return nil }
        if let id = known.community(named: text) { return id }
        notes.warning(
            .communityUnknown, .community, text, zh: "没有“\(text.prefix(40))”这个社区，按坐标归属；请先导入社区或改正名称",
            en:
                "there is no community \(text.shortened()); its place goes by the point. Import the community, or mend the name"
        )
        return nil
    }

    // MARK: where it is

    private func locate(
        _ place: inout Place, _ row: TableRow, _ reading: inout Reading, _ notes: inout RowNotes
    ) {
        let field: PlaceField =
            head.columns[.point] != nil && !text(.point, row).isEmpty ? .point : .longitude
        let stored = (location: place.location, given: place.given)
        place.location = nil
        place.given = nil
        // A point that comes back as it went out is no change, whatever was rounded on the way.
        defer {
            if let before = stored.location, let now = place.location, before.isNear(now) {
                place.location = before
                place.given = stored.given
            }
        }
        do throws(CoordinateFault) {
            let read =
                field == .point
                ? try CoordinateReader.read(text(.point, row))
                : try CoordinateReader.read(
                    latitude: number(.latitude, row), longitude: number(.longitude, row))
            for fault in read.findings { notes.warning(fault, field) }
            guard let datum = read.datum ?? stated(row, &notes) ?? self.datum else {
                notes.warning(
                    .datumMissing, field, nil, zh: "没有说明坐标系，坐标不能用；请在文件、对应表或 --datum 中说明",
                    en:
                        "no datum is stated, so the point cannot be used; state it in the file, the mapping, or by --datum"
                )
                return seek(&place, &notes)
            }
            let given = read.given(in: datum)
            reading.given = given
            place.given = given
            if given.datum == .wgs84 || given.datum == .cgcs2000 || known.turnsBack {
                let turned = DatumTransformation.transformed(given, to: .wgs84)
                place.location = turned.converged ? turned.coordinate : nil
                if !turned.converged {
                    notes.warning(
                        .datumUnturned, field, nil, zh: "坐标无法换算，请核对",
                        en: "the point cannot be turned into WGS-84; check it")
                }
            } else {
                notes.warning(
                    .datumNotTurned, field, given.datum.rawValue,
                    zh: "\(given.datum.rawValue) 坐标未换算（设置 registers.offset_datums 未允许），原样保留，暂不能按步行计算",
                    en:
                        "a point in \(given.datum.rawValue) is kept as given, and no walk leads there: registers.offset_datums does not let it be turned into WGS-84"
                )
            }
        } catch {
            if error.code != .empty { notes.warning(error, field) }
            seek(&place, &notes)
        }
    }

    private func number(_ field: PlaceField, _ row: TableRow) -> String { cell(field, row).text }

    private func stated(_ row: TableRow, _ notes: inout RowNotes) -> Datum? {
        let text = text(.datum, row)
        if text.isEmpty { return nil }
        if let datum = DatumWords.named(in: text) { return datum }
        notes.warning(
            .datumUnknown, .datum, text, zh: "不认识的坐标系，请写 WGS84、CGCS2000、GCJ02 或 BD09",
            en: "an unknown datum; write WGS84, CGCS2000, GCJ02 or BD09")
        return nil
    }

    /// Looks for the point by the address.
    private func seek(_ place: inout Place, _ notes: inout RowNotes) {
        guard let address = place.address else {
            notes.warning(
                .unplaced, nil, nil, zh: "没有可用的坐标，也没有地址，暂不能按步行计算；请补填坐标或地址",
                en:
                    "there is no point that can be used, and no address, so no walk leads there; fill in one of them"
            )
            return
        }
        guard let found = known.addresses.placed(AddressText(address)) else {
            notes.warning(
                .unplaced, .address, address, zh: "地址在地图上找不到，暂不能按步行计算；请补填坐标，或写明路名门牌、小区楼栋",
                en:
                    "the address is not found on the map, so no walk leads there; fill in the point, or street and number, or estate and building"
            )
            return
        }
        place.location = found.coordinate
        notes.note(
            .placedByAddress, .address, address, zh: "按地址定位：" + found.words.zh,
            en: "placed by its address: " + found.words.en)
    }
}

extension Coordinate {
    /// Whether another point is within a ten-millionth of a degree, a centimetre.
    func isNear(_ other: Coordinate) -> Bool {
        abs(latitude.value - other.latitude.value) <= 1e-7
            && abs(longitude.value - other.longitude.value) <= 1e-7
    }
}

/// Words that say that there is no code.
private enum AbsentCode {
    static let words: Set<String> = ["无", "暂无", "/", "\\", "-", "—", "没有", "未办理", "NONE", "N/A", "无证"]
}

/// Collects what is to be said of one row.
struct RowNotes {
    let sheet: String
    let head: SheetHead
    let row: Int
    let record: String
    private(set) var findings: [RecordFinding] = []
    /// Whether the row cannot be stored.
    var hasError: Bool { findings.contains { $0.severity == "error" } }

    init(sheet: String, head: SheetHead, row: Int, record: String) {
        self.sheet = sheet
        self.head = head
        self.row = row
        self.record = record
    }

    mutating func error(
        _ code: RowFindingCode, _ field: PlaceField?, _ value: String?, zh: String, en: String
    ) {
        add("error", code.rawValue, field, value, zh, en)
    }

    mutating func warning(
        _ code: RowFindingCode, _ field: PlaceField?, _ value: String?, zh: String, en: String
    ) {
        add("warning", code.rawValue, field, value, zh, en)
    }

    mutating func warning(_ code: RowFindingCode, column: Int, _ value: String?, zh: String, en: String) {
        findings.append(
            RecordFinding(
                severity: "warning", code: code.rawValue, record: record, field: head.targets[column]?.text,
                value: value.map { String($0.prefix(200)) }, message: LocalizedText(zh: zh, en: en),
                cell: place(column)))
    }

    mutating func note(_ code: RowFindingCode, _ field: PlaceField?, _ value: String?, zh: String, en: String)
    {
        add("note", code.rawValue, field, value, zh, en)
    }

    mutating func warning(_ fault: CoordinateFault, _ field: PlaceField) {
        add(
            "warning", "coordinate_" + fault.code.rawValue, field, nil,
            fault.message.zh + "；" + fault.advice.zh, fault.message.en + "; " + fault.advice.en)
    }

    private mutating func add(
        _ severity: String, _ code: String, _ field: PlaceField?, _ value: String?, _ zh: String, _ en: String
    ) {
        findings.append(
            RecordFinding(
                severity: severity, code: code, record: record, field: field?.rawValue,
                value: value.map { String($0.prefix(200)) }, message: LocalizedText(zh: zh, en: en),
                cell: place(field.flatMap { head.columns[$0] })))
    }

    private func place(_ column: Int?) -> CellPlace {
        CellPlace(
            sheet: sheet, row: row, column: column.map(CellPlace.letters(of:)),
            header: column.flatMap { head.headers.indices.contains($0) ? head.headers[$0] : nil })
    }
}
