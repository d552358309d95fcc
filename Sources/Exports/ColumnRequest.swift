package import DirectoryModel
internal import ServiceTypeKit
internal import TOMLDocument

/// A column that somebody wants in a table of places.
package struct ColumnRequest: Hashable, Sendable {
    /// What stands in a column.
    package enum Content: Hashable, Sendable {
        /// A field of the place.
        case field(ExportField)
        /// An attribute by its key, of whichever type has it.
        case attribute(String)
    }

    /// What stands in it.
    package var content: Content
    /// What stands at its head; nil for the usual word.
    package var title: String?

    /// A column; see the fields.
    package init(_ content: Content, title: String? = nil) {
        self.content = content
        self.title = title
    }

    /// The column that a word names: a field such as `name` or `community.name`, or `attributes.seats`.
    ///
    /// - Returns: nil where there is no such field, or no type of the extract has the attribute.
    init?(word: String, title: String? = nil, in extract: DirectoryExtract) {
        self.title = title
        if let field = ExportField(rawValue: word) {
            content = .field(field)
            return
        }
        guard word.hasPrefix("attributes.") else { return nil }
        let key = String(word.dropFirst("attributes.".count))
        guard extract.scopedTypes.contains(where: { $0.attributes.contains { $0.key == key } }) else {
            return nil
        }
        content = .attribute(key)
    }

    /// The columns of a list such as `name,address,attributes.seats`.
    ///
    /// - Throws: `invalid_request` naming the word that names nothing, or twice the same.
    package static func list(_ words: String, in extract: DirectoryExtract) throws(DirectoryError) -> [Self] {
        var columns: [Self] = []
        for word in words.split(separator: ",", omittingEmptySubsequences: false) {
            let word = String(word).trimmed
            guard let column = Self(word: word, in: extract) else {
                throw DirectoryError(
                    .invalidRequest, "there is no field \(word.shortened()) to export",
                    advice: advice(extract),
                    location: "columns")
            }
            guard !columns.contains(column) else {
                throw DirectoryError(
                    .invalidRequest, "the column \(word.shortened()) is named twice",
                    advice: "name it once", location: "columns")
            }
            columns.append(column)
        }
        return columns
    }

    /// The columns of an office's own template.
    ///
    /// ```toml
    /// [[columns]]
    /// title = "场所名称"
    /// field = "name"
    /// ```
    /// - Parameter file: its name, for messages.
    /// - Throws: `invalid_file` with file and line: a field that is not there, a title twice, an unknown key.
    package static func template(
        _ toml: [UInt8], file: String, in extract: DirectoryExtract
    ) throws(DirectoryError) -> [Self] {
        do throws(DirectoryError) {
            let reader = TOMLReader(try TOMLDocument(parsing: toml, file: file))
            var columns: [Self] = []
            let tables = reader.tables("columns", mostItems: mostColumns)
            if tables.isEmpty {
                reader.report(
                    "there is no [[columns]]", advice: "name at least one column by title and field")
            }
            for table in tables {
                let title = table.required(table.text("title", longest: 100), "title")
                let word = table.required(table.text("field", longest: 100), "field")
                guard let title, let word else { continue }
                guard let column = Self(word: word, title: title, in: extract) else {
                    table.report(
                        "there is no field \(word.shortened())", about: "field", advice: advice(extract))
                    continue
                }
                if columns.contains(where: { $0.title == title }) {
                    table.report(
                        "there are two columns \(title.shortened())", about: "title",
                        advice: "give each its own title")
                }
                columns.append(column)
            }
            try reader.finish()
            return columns
        } catch {
            throw DirectoryError(
                .invalidFile, error.message, advice: error.advice, location: error.location,
                cause: error.cause)
        }
    }

    /// Columns of a template at most; chosen, not measured.
    private static let mostColumns = 500

    private static func advice(_ extract: DirectoryExtract) -> String {
        "use one of " + ExportField.allCases.map(\.rawValue).joined(separator: ", ")
            + ", or attributes.KEY with a key that `quarterctl types ID` lists for a type that is exported"
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
