internal import Datums
internal import Digests
internal import DirectoryAPI
internal import DirectoryModel
internal import ServiceTypeKit
internal import TableFiles

/// Reads a table of places as a street office keeps it: a workbook, or a text file with a record a line.
///
/// Row by row, in one transaction: a bad row never stops the file, and each is accounted for.
struct TableRegister {
    let sink: any RegisterSink
    let request: RegisterRequest

    func take(progress: @Sendable (LocalizedText, Double) -> Void) throws(DirectoryError) -> RegisterReport {
        guard let source = request.source else {
            throw DirectoryError(
                .invalidRequest, "a table needs the id of its source",
                advice: "give one that the table has every month, such as --source zhuyuan-canteens",
                location: "source")
        }
        progress(LocalizedText(zh: "读取文件", en: "reading the file"), 0)
        let mappings = MappingShelf(folder: sink.registerFolder.map { $0 + "/mappings" })
        var mapping = try mappings.mapping(of: source, given: request.table.mapping)
        let file = try open(mapping)
        for header in file.unread where mapping.columns[PlaceField.folded(header)] == nil {
            mapping.columns[PlaceField.folded(header)] = .ignored
        }
        let known = KnownThings(sink)
        let sheets = try sheets(of: file, mapping, known, source: source)
        let batch = RowBatch(
            source: Source(
                id: source, kind: request.format, title: file.credit.title ?? request.fileName,
                attribution: file.credit.attribution, note: file.credit.note),
            fileName: request.fileName, fileDigest: try FileDigest.sha256(of: request.path),
            isComplete: request.table.isComplete || mapping.isComplete == true,
            isRehearsal: request.table.isRehearsal, party: request.party)
        var answer: AnswerFile?
        let shelf = AnswerShelf(folder: sink.registerFolder)
        let kept = request.table.answerPath == nil ? try shelf.path(for: request) : nil
        if let path = request.table.answerPath ?? kept {
            answer = try AnswerFile(path: path, format: file.answerFormat)
        }
        let tally = RowTally()
        return try sink.take(batch, by: request.actor, replyKey: request.replyKey()) {
            (put) throws(DirectoryError) in
            for sheet in sheets {
                try take(sheet, of: file, known, tally, answer, put, progress: progress)
            }
        } report: { (made) throws(DirectoryError) in
            // Before the rows count: a report that is given again has its answer file and its mapping with it.
            try answer?.close()
            if !request.table.isRehearsal, let text = request.table.mapping {
                try mappings.keep(text, for: source)
            }
            var made = made
            for finding in made.findings { tally.note(finding) }
            for finding in tally.datumFindings() { tally.note(finding) }
            made.findings = tally.findings
            return RegisterReport(
                format: request.format, source: source, batch: made, leftOut: tally.leftOut,
                takenAs: tally.takenAs, figures: figures(file, sheets, tally), findingCounts: tally.counts,
                columns: sheets.flatMap { $0.columns }, isRehearsal: request.table.isRehearsal,
                answerPath: answer?.path)
        }
    }

    // MARK: what is where

    /// A sheet that is read.
    struct ReadSheet {
        let index: Int
        let name: String
        let reader: RowReader
        let columns: [ReadColumn]
    }

    /// The file, whatever it is, as rows.
    private func open(_ mapping: RegisterMapping) throws(DirectoryError) -> any RowFile {
        if request.format == RegisterKind.geojson.rawValue {
            return try FeatureFile(request, stated: request.table.datum ?? mapping.datum)
        }
        return TableRows(
            try TableFile.open(
                path: request.path, fileName: request.fileName,
                options: TableOptions(mergedCells: .filled)))
    }

    private func sheets(
        of file: any RowFile, _ mapping: RegisterMapping, _ known: KnownThings, source: SourceID
    ) throws(DirectoryError) -> [ReadSheet] {
        let fixed = request.table.type ?? mapping.type
        if let fixed, known.types[fixed] == nil {
            throw DirectoryError(
                .invalidRequest, "there is no service type \(fixed.rawValue.shortened())",
                advice: "`quarterctl types` lists those that are there", location: "type")
        }
        var read: [ReadSheet] = []
        for (index, sheet) in file.sheets.enumerated() {
            if let wanted = mapping.sheet {
                guard sheet.name == wanted else { continue }
            } else if sheet.isHidden {
                continue
            }
            let rows = try file.head(of: index, rows: max(SheetHead.depth, (mapping.headerRow ?? 0) + 3))
            let types = fixed.flatMap { known.types[$0] }.map { [$0] } ?? sink.typeDescriptions
            guard var head = SheetHead(rows, mapping: mapping, types: types) else { continue }
            var type = fixed
            if fixed == nil, head.columns[.type] == nil {
                guard let guessed = known.type(in: sheet.name) ?? known.type(in: request.fileName) else {
                    throw untyped(sheet)
                }
                type = guessed
                // Its own words for columns go before the usual ones.
                let own = known.types[guessed].map { [$0] } ?? []
                head = SheetHead(rows, mapping: mapping, types: own) ?? head
            }
            let reader = RowReader(
                sheet: sheet.name, head: head, known: known, source: source, type: type,
                datum: try datum(head, mapping), mapping: mapping)
            read.append(
                ReadSheet(
                    index: index, name: sheet.name, reader: reader,
                    columns: columns(sheet.name, head, rows)))
        }
        guard !read.isEmpty else { throw headless(file, mapping) }
        return read
    }

    /// The datum of a sheet's points, where they have no column for it; nil for a sheet without points.
    ///
    /// - Throws: `invalid_request` where nobody states one: a guess would be half a kilometre off, and nobody would
    ///   see it.
    private func datum(_ head: SheetHead, _ mapping: RegisterMapping) throws(DirectoryError) -> Datum? {
        if let datum = request.table.datum ?? head.datum ?? mapping.datum { return datum }
        guard head.columns[.point] != nil || head.columns[.longitude] != nil, head.columns[.datum] == nil
        else {
            return nil
        }
        throw DirectoryError(
            .invalidRequest,
            "\(request.fileName.shortened()) has coordinates, but nobody says in which datum",
            advice:
                "ask whoever keeps it, and give --datum wgs84, cgcs2000, gcj02 (AMap, Tencent) or bd09 (Baidu)",
            location: "datum")
    }

    private func untyped(_ sheet: TableSheet) -> DirectoryError {
        DirectoryError(
            .invalidRequest,
            "sheet \(sheet.name.shortened()) does not say of which service type its rows are",
            advice: "give --type, such as --type canteen, or a column 业态", location: "type")
    }

    private func headless(_ file: any RowFile, _ mapping: RegisterMapping) -> DirectoryError {
        if let wanted = mapping.sheet, !file.sheets.contains(where: { $0.name == wanted }) {
            return DirectoryError(
                .invalidFile, "\(request.fileName.shortened()) has no sheet \(wanted.shortened())",
                advice: "its sheets are " + file.sheets.map(\.name).joined(separator: ", "), location: "sheet"
            )
        }
        return DirectoryError(
            .invalidFile,
            "no sheet of \(request.fileName.shortened()) has a head with a column for the name and another one that is known",
            advice:
                "name the columns in a mapping (docs/registers.md), with header_row where the head is not among the first \(SheetHead.depth) rows",
            location: request.fileName)
    }

    private func columns(_ sheet: String, _ head: SheetHead, _ rows: [TableRow]) -> [ReadColumn] {
        let records = rows.filter { $0.number > head.row && RowTally.reason(toLeaveOut: $0, head) == nil }
        return head.headers.enumerated().compactMap { index, header in
            let values = records.map { $0[index].text }.filter { !$0.isEmpty }
            if header.isEmpty && values.isEmpty { return nil }
            var samples: [String] = []
            for value in values where samples.count < 3 && !samples.contains(value) {
                samples.append(PersonalData.masked(value) ?? value)
            }
            return ReadColumn(
                sheet: sheet, column: CellPlace.letters(of: index), header: header,
                field: head.targets[index]?.text, samples: samples.map { String($0.prefix(40)) })
        }
    }

    // MARK: rows

    private func take(
        _ sheet: ReadSheet, of file: any RowFile, _ known: KnownThings, _ tally: RowTally,
        _ answer: AnswerFile?,
        _ put: RowWriter, progress: @Sendable (LocalizedText, Double) -> Void
    ) throws(DirectoryError) {
        let head = sheet.reader.head
        try answer?.addSheet(name: sheet.name, head: head)
        try RowPipe.forEach(of: sheet.index, in: file, by: sheet.reader) { (item) throws(DirectoryError) in
            switch item {
            case .aside(let row, let reason):
                tally.leaveOut(row, sheet.name, reason)
                try answer?.add(row, nil, head: head)
            case .record(let row, let reading):
                let result = try take(row, reading, of: sheet, known, tally, put)
                try answer?.add(row, result, head: head)
                if tally.rows.isMultiple(of: 5_000) {
                    progress(
                        LocalizedText(zh: "第 \(tally.rows.grouped) 行", en: "row \(tally.rows.grouped)"), 0)
                }
            }
        }
    }

    /// Writes one row and counts what became of it.
    private func take(
        _ row: TableRow, _ read: RowReader.Reading, of sheet: ReadSheet, _ known: KnownThings,
        _ tally: RowTally,
        _ put: RowWriter
    ) throws(DirectoryError) -> RowResult {
        var reading = read
        if let key = reading.key, let first = tally.placeOf(key: key, row.number, sheet.name) {
            reading.place = nil
            reading.findings.append(sheet.reader.repeated(row, of: first))
        }
        if let given = reading.given {
            tally.sample(given, row, sheet.name, reading.place?.place.community, known)
        }
        var result = try put(reading.place)
        result.findings =
            reading.findings
            + result.findings.map { sheet.reader.placed($0, row, of: reading.place?.place.type) }
        if let place = reading.place?.place, result.outcome != .rejected {
            tally.count(place.type, sheet.name)
        }
        if request.format == RegisterKind.geojson.rawValue {
            // A feature has a number, and properties instead of columns with letters.
            for index in result.findings.indices { result.findings[index].cell?.column = nil }
        }
        for finding in result.findings { tally.note(finding) }
        tally.rows += 1
        return result
    }

    private func figures(
        _ file: any RowFile, _ sheets: [ReadSheet], _ tally: RowTally
    ) -> [(name: String, value: String)] {
        var figures =
            [
                (name: "file", value: file.words), (name: "rows", value: tally.rows.grouped),
            ] + file.figures
        let unread = file.sheets.map(\.name).filter { name in !sheets.contains { $0.name == name } }
        if !unread.isEmpty { figures.append(("sheets left out", unread.joined(separator: ", "))) }
        for sheet in sheets {
            if let datum = sheet.reader.datum { figures.append(("datum of \(sheet.name)", datum.rawValue)) }
        }
        return figures
    }
}
