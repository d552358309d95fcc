import ArgumentParser
import DirectoryAPI
import DirectoryClient
import DirectoryModel
import Exports
import Foundation

/// `quarterctl export`: the directory as files.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Take the directory out as tables, GeoJSON or HSDS.",
        discussion: """
            With the daemon running everybody may do it, by its public socket; without it the state folder is read \
            under its lock. Files are put in their place whole or not at all. docs/exports.md says what the columns \
            are, and which of them an import reads back.
            """,
        subcommands: [
            Places.self, Counts.self, Freshness.self, Changes.self, FieldDictionary.self, HSDS.self,
        ])

    @OptionGroup var global: GlobalOptions

    /// `quarterctl export places`.
    struct Places: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "places",
            abstract: "One row a place, under words by which an import finds each field again.",
            discussion: """
                Brought back as a table, it changes nothing. A column that cannot be read back is marked 仅供查看. A \
                workbook has a sheet for each type, a text file all types in one table.
                """)

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: ExportTarget
        @OptionGroup var scope: ExportScopeOptions

        @Option(
            help: ArgumentHelp(
                "Only these columns, in this order: name,address,attributes.seats.", valueName: "fields"))
        var columns: String?

        @Option(
            help: ArgumentHelp(
                "The office's own columns: a TOML file of [[columns]] with title and field.",
                valueName: "file"),
            completion: .file())
        var template: String?

        @Option(
            help: ArgumentHelp(
                "All points in one datum: wgs84, cgcs2000, gcj02 or bd09; as they were given unless said otherwise.",
                valueName: "datum"))
        var datum: String?

        func validate() throws {
            guard columns == nil || template == nil else {
                throw ValidationError("Give either --columns or --template, not both.")
            }
        }

        func run() throws {
            let format = try target.format(of: ExportFormat.allCases, default: .xlsx)
            let datum = try wantedDatum(format)
            let toml = try template.map(RecordFileOptions.read)
            let extract = try ExportSource.extract(
                scope.scope(withOrganisations: columns != nil || template != nil), global)
            var requests: [ColumnRequest]?
            if let columns {
                requests = try ColumnRequest.list(columns, in: extract)
            } else if let toml, let template {
                requests = try ColumnRequest.template(toml, file: template, in: extract)
            }
            if format == .geojson {
                return try target.write(
                    extract.geoJSON(), rows: extract.places.count, of: "places", format, extract.attributions,
                    global)
            }
            let book = extract.placeBook(
                columns: requests, datum: datum, oneTable: format == .csv || format == .tsv)
            try target.write(book, as: "places", format, global)
        }

        private func wantedDatum(_ format: ExportFormat) throws(DirectoryError) -> Datum? {
            guard let datum else { return nil }
            guard let wanted = Datum(rawValue: datum) else {
                throw DirectoryError(
                    .invalidRequest, "--datum \(datum.shortened()) is none",
                    advice: "use one of " + Datum.allCases.map(\.rawValue).joined(separator: ", "))
            }
            guard format != .geojson || wanted == .wgs84 else {
                throw DirectoryError(
                    .invalidRequest, "GeoJSON has points in WGS-84 only (RFC 7946)",
                    advice: "leave --datum out, or write a table")
            }
            return wanted
        }
    }

    /// `quarterctl export counts`.
    struct Counts: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "counts", abstract: "How many places of each type there are in each community.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: ExportTarget
        @OptionGroup var scope: ExportScopeOptions

        func run() throws {
            let format = try target.format(of: ExportFormat.tables, default: .xlsx)
            let extract = try ExportSource.extract(scope.scope(), global)
            try target.write(extract.countBook(), as: "counts", format, global)
        }
    }

    /// `quarterctl export freshness`.
    struct Freshness: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "freshness",
            abstract:
                "Since when each place is known, when it was changed and confirmed last, and how long ago that is."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: ExportTarget
        @OptionGroup var scope: ExportScopeOptions

        func run() throws {
            let format = try target.format(of: ExportFormat.tables, default: .xlsx)
            let extract = try ExportSource.extract(scope.scope(withHistory: true), global)
            let now = Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970))
            try target.write(extract.freshnessBook(at: now), as: "freshness", format, global)
        }
    }

    /// `quarterctl export changes`.
    struct Changes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "changes",
            abstract: "What was changed between two revisions, one row a change.",
            discussion: "`quarterctl changes` tells the same as it is made, with the records themselves.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: ExportTarget

        @Option(
            help: ArgumentHelp(
                "Changes after this revision; all that are known without it.", valueName: "revision"))
        var since: UInt64 = 0

        @Option(
            help: ArgumentHelp(
                "Changes up to this revision; up to the present without it.", valueName: "revision"))
        var until: UInt64?

        @Option(help: ArgumentHelp("Only places that are or were of this service type.", valueName: "id"))
        var type: [String] = []

        @Option(help: ArgumentHelp("Only records of this community.", valueName: "id"))
        var community: String?

        func validate() throws {
            guard until ?? .max >= since else { throw ValidationError("--until lies before --since.") }
        }

        func run() throws {
            let format = try target.format(of: ExportFormat.tables, default: .xlsx)
            var query = ChangeQuery(position: FeedPosition(Revision(since)), withRecord: true)
            query.types = try type.map { id throws(DirectoryError) in try ServiceTypeID(validating: id) }
            query.community = try community.map { id throws(DirectoryError) in try CommunityID(validating: id)
            }
            let lines = try ExportSource.changes(query, until: until.map { Revision($0) }, global)
            let extract = try ExportSource.extract(ExtractScope(withPlaces: false), global)
            try target.write(extract.changeBook(lines), as: "changes", format, global)
        }
    }

    /// `quarterctl export dictionary`.
    struct FieldDictionary: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dictionary",
            abstract: "Every field and attribute: what it is, what it takes, who may have it.")

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: ExportTarget

        @Option(help: ArgumentHelp("Only attributes of this service type; may be repeated.", valueName: "id"))
        var type: [String] = []

        func run() throws {
            let format = try target.format(of: ExportFormat.tables, default: .xlsx)
            var scope = ExtractScope(withPlaces: false)
            scope.types = try type.map { id throws(DirectoryError) in try ServiceTypeID(validating: id) }
            let extract = try ExportSource.extract(scope, global)
            try target.write(extract.dictionaryBook(), as: "dictionary", format, global)
        }
    }

    /// `quarterctl export hsds`.
    struct HSDS: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hsds",
            abstract:
                "Organisations, places and times in the Human Services Data Specification 3.0, as one JSON file."
        )

        @OptionGroup var global: GlobalOptions
        @OptionGroup var target: ExportTarget
        @OptionGroup var scope: ExportScopeOptions

        func run() throws {
            let format = try target.format(of: [.json], default: .json)
            let extract = try ExportSource.extract(scope.scope(withOrganisations: true), global)
            let now = Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970))
            try target.write(
                extract.hsds(at: now), rows: extract.places.count, of: "hsds", format, extract.attributions,
                global)
        }
    }
}
