internal import DirectoryAPI
internal import DirectoryModel
internal import TableFiles

extension RowReader {
    /// Reads a row with what does not fit into its cells.
    func read(_ source: SourceRow) -> Reading {
        if let fault = source.fault { return Reading(findings: [fault]) }
        var reading = read(source.row)
        if !source.findings.isEmpty {
            let name = reading.place?.place.name ?? "#\(source.row.number)"
            reading.findings += source.findings.map { finding in
                var finding = finding
                finding.record = String(name.prefix(128))
                return finding
            }
        }
        if source.isFeature { keepWhatCameBack(source.row, &reading) }
        if !source.attributes.isEmpty { take(source.attributes, source.row.number, &reading) }
        return reading
    }

    /// Puts attributes that are typed already beside those that were read.
    ///
    /// What the file does not name stays as it is; null takes a value away.
    private func take(_ attributes: [String: JSONValue], _ row: Int, _ reading: inout Reading) {
        guard let place = reading.place?.place, let type = known.types[place.type] else { return }
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            if value == .null {
                reading.place?.place.attributes[key] = nil
                continue
            }
            do throws(DirectoryError) {
                let body = JSONValue.object([
                    "type": .string(type.id.rawValue), "name": .string("-"),
                    "attributes": .object([key: value]),
                ])
                let typed = try PlaceBody(body).place(place.id, of: type).attributes[key]
                reading.place?.place.attributes[key] = typed
            } catch {
                reading.findings.append(
                    RecordFinding(
                        severity: "warning", code: RowFindingCode.attributeUnreadable.rawValue,
                        record: String(place.name.prefix(128)), field: "attributes." + key.prefix(60),
                        message: LocalizedText(
                            zh: "属性 \(key.prefix(40)) 的值不能用，未采用：\(error.message)",
                            en: "the attribute was not taken: " + error.message),
                        cell: CellPlace(sheet: sheet, row: row, header: "attributes." + key.prefix(60))))
            }
        }
    }

    /// Leaves a text as it is stored where the file says it letter for letter: what comes back as it went out is no
    /// change, however a register would write it.
    private func keepWhatCameBack(_ row: TableRow, _ reading: inout Reading) {
        guard let stored = reading.place.flatMap({ known.place($0.place.id) }) else { return }
        func came(_ field: PlaceField, _ text: String?) -> Bool {
            guard let text, !text.isEmpty, let column = head.columns[field] else { return false }
            return row[column].text == text
        }
        if came(.name, stored.name) { reading.place?.place.name = stored.name }
        for (field, path) in [
            (PlaceField.nameEnglish, \Place.nameEnglish), (.address, \Place.address), (.hours, \Place.hours),
            (.phone, \Place.phone),
        ] where came(field, stored[keyPath: path]) {
            reading.place?.place[keyPath: path] = stored[keyPath: path]
            // A number that is no service number was never stored, so nothing is hidden by this.
            reading.findings.removeAll { $0.field == field.rawValue && $0.severity == "warning" }
        }
    }
}
