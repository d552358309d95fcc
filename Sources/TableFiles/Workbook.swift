internal import DirectoryModel

/// An .xlsx file: where its sheets are, and what they share.
final class Workbook {
    private let container: ZipContainer
    private let site: FaultSite
    /// The sheets and their parts.
    let sheets: [(sheet: TableSheet, part: String)]
    private let counts1904: Bool
    private let stylesPart: String?
    private let textsPart: String?
    private var formats: [NumberFormat]?
    private var texts: SharedTexts?
    private var ranges: [Int: [PackedRange]] = [:]

    /// Reads the list of sheets.
    init(file: FileBytes, site: FaultSite, options: TableOptions) throws(DirectoryError) {
        self.site = site
        let container = try ZipContainer(file: file, site: site, options: options)
        self.container = container
        let main = try Self.mainPart(container, site: site)
        let (folder, name) = Self.split(main)
        let reader = try WorkbookReader(container, part: main, site: site)
        try reader.run()
        counts1904 = reader.counts1904
        let relationsPart = (folder.isEmpty ? "" : folder + "/") + "_rels/" + name + ".rels"
        let relations = try RelationshipsReader(container, part: relationsPart, site: site)
        try relations.run()
        func part(_ kind: String, _ usual: String) -> String? {
            let known = relations.targets.values.filter { $0.kind == kind }.map(\.target).min()
            if let known { return RelationshipsReader.resolve(known, from: folder) }
            let usual = RelationshipsReader.resolve(usual, from: folder)
            return container.has(usual) ? usual : nil
        }
        stylesPart = part("styles", "styles.xml")
        textsPart = part("sharedStrings", "sharedStrings.xml")
        var sheets: [(TableSheet, String)] = []
        for entry in reader.entries {
            guard let relation = relations.targets[entry.relationship] else {
                throw FaultSite(file: site.file, sheet: entry.name).invalid(
                    "the workbook does not say where the sheet is")
            }
            // Charts and dialogs have no rows.
            guard relation.kind == "worksheet" else { continue }
            sheets.append(
                (
                    TableSheet(name: entry.name, isHidden: entry.isHidden),
                    RelationshipsReader.resolve(relation.target, from: folder)
                ))
        }
        guard !sheets.isEmpty else {
            throw site.invalid(
                "the workbook has no sheet with rows", advice: "check that it is the right file")
        }
        self.sheets = sheets
    }

    private static func split(_ part: String) -> (folder: String, name: String) {
        let steps = part.split(separator: "/")
        return (steps.dropLast().joined(separator: "/"), steps.last.map(String.init) ?? "")
    }

    private static func mainPart(_ container: ZipContainer, site: FaultSite) throws(DirectoryError) -> String
    {
        if container.has("_rels/.rels") {
            let reader = try RelationshipsReader(container, part: "_rels/.rels", site: site)
            try reader.run()
            let target = reader.targets.values.filter { $0.kind == "officeDocument" }.map(\.target).min()
            if let target {
                let part = RelationshipsReader.resolve(target, from: "")
                if part.lowercased().hasSuffix(".bin") { throw FileKind.binaryWorkbook.refusal(site) }
                if part.lowercased().hasSuffix("workbook.xml") || !container.has("xl/workbook.xml") {
                    if part.hasPrefix("word/") || part.hasPrefix("ppt/") {
                        throw FileKind.otherDocument.refusal(site)
                    }
                    return part
                }
            }
        }
        if container.has("xl/workbook.xml") { return "xl/workbook.xml" }
        throw FileKind.kind(ofContainer: container).refusal(site)
    }

    private func site(of index: Int) -> FaultSite {
        FaultSite(file: site.file, sheet: sheets[index].sheet.name, part: sheets[index].part)
    }

    private func sharedFormats() throws(DirectoryError) -> [NumberFormat] {
        if let formats { return formats }
        var known: [NumberFormat] = []
        if let stylesPart {
            let reader = try StylesReader(container, part: stylesPart, site: site)
            try reader.run()
            known = reader.formats
        }
        formats = known
        return known
    }

    private func sharedTexts() throws(DirectoryError) -> SharedTexts? {
        if let texts { return texts }
        guard let textsPart else { return nil }
        let known = SharedTexts(folder: container.options.temporaryFolder, site: site)
        try SharedTextsReader(container, part: textsPart, site: site, texts: known).run()
        try known.seal()
        texts = known
        return known
    }

    /// The merged ranges of a sheet, by their first row.
    func mergedRanges(of index: Int) throws(DirectoryError) -> [PackedRange] {
        if let known = ranges[index] { return known }
        let found = try MergedRangesReader.ranges(container, part: sheets[index].part, site: site(of: index))
        ranges[index] = found
        return found
    }

    /// Hands on the rows of a sheet; see `TableFile`.
    func forEachRow(
        of index: Int, _ body: (TableRow) throws(DirectoryError) -> Bool
    ) throws(DirectoryError) {
        let site = site(of: index)
        var filler =
            container.options.mergedCells == .filled ? MergedFiller(try mergedRanges(of: index)) : nil
        let reader = try SheetReader(
            container, part: sheets[index].part, site: site, formats: try sharedFormats(),
            counts1904: counts1904,
            texts: try sharedTexts())
        var goesOn = true
        while goesOn {
            goesOn = try reader.step()
            for var row in reader.takeRows() {
                try filler?.fill(&row, site: site)
                guard try body(row) else { return }
            }
        }
    }
}
