import DirectoryModel
import GRDB
import Glibc

extension StoreText {
    /// Bytes that are gathered before they are handed over; chosen, not measured.
    private static let piece = 1 << 18

    /// Writes the store of a state folder as text, beside whoever works on it: one consistent state.
    ///
    /// - Parameters:
    ///   - folder: the state folder.
    ///   - write: takes the text piece by piece, UTF-8.
    /// - Returns: what was written.
    /// - Throws: `not_found` where there is no store; `store_damaged`, also for a store of an older format, which the
    ///   next start of the daemon brings up to date; what `write` throws.
    package static func write(
        _ folder: String, to write: @escaping ([UInt8]) throws -> Void
    ) throws(DirectoryError) -> DirectoryStore.Summary {
        let path = folder + "/" + DirectoryStore.fileName
        guard access(path, F_OK) == 0 else {
            throw DirectoryError(
                .notFound, "there is no store in \(folder)", advice: "name the state folder with --state")
        }
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(30)
            configuration.qos = .utility
            try StoreInspection.inspect(path, configuration)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let summary = try queue.read { database in
                try StoreTextWriter(database, path: path, write: write).writeAll()
            }
            try queue.close()
            return summary
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    /// Gathers lines and hands them over.
    private final class StoreTextWriter {
        private let connection: Connection
        private let database: Database
        private let path: String
        private let write: ([UInt8]) throws -> Void
        private var bytes: [UInt8] = []
        private var lines = 0

        init(_ database: Database, path: String, write: @escaping ([UInt8]) throws -> Void) {
            self.database = database
            self.path = path
            self.write = write
            connection = Connection(database, path: path)
        }

        func writeAll() throws -> DirectoryStore.Summary {
            let reader = StoreReader(connection)
            let row = try Row.fetchOne(database, sql: "SELECT format, written_by FROM store")
            let (format, writtenBy): (Int?, String?) = (row?["format"], row?["written_by"])
            guard format == Schema.format else {
                throw DirectoryError(
                    .storeDamaged, "\(path) has the older format \(format.map(String.init) ?? "?")",
                    advice: "start quarterd once: it brings the store up to date")
            }
            let state = try reader.state()
            try line { writer in
                writer.member("format", Schema.format)
                writer.member("last_change", (state.lastChange?.secondsSince1970).map { Int($0) })
                writer.member("quarter", "store")
                writer.name("revision")
                writer.whole(state.revision.number)
                writer.member("text", StoreText.version)
                writer.member("written_by", writtenBy)
            }
            var counts: [RecordKind: Int] = [:]
            for kind in StoreText.kinds { counts[kind] = try records(kind) }
            for table in StoreText.tables { try rows(of: table) }
            try line { writer in
                writer.name("end")
                writer.object { $0.member("lines", lines + 1) }
            }
            if !bytes.isEmpty { try write(bytes) }
            return DirectoryStore.Summary(revision: state.revision, counts: counts)
        }

        private func line(_ members: (inout JSONWriter) -> Void) throws {
            var writer = JSONWriter()
            writer.object(members)
            bytes += writer.bytes
            bytes.append(0x0A)
            lines += 1
            guard bytes.count >= StoreText.piece else { return }
            try write(bytes)
            bytes.removeAll(keepingCapacity: true)
        }

        private func records(_ kind: RecordKind) throws -> Int {
            switch kind {
            case .place: try records(Place.self)
            case .origin: try records(DirectoryModel.Origin.self)
            case .community: try records(Community.self)
            case .grid: try records(Grid.self)
            case .source: try records(Source.self)
            case .organisation: try records(Organisation.self)
            case .activity: try records(Activity.self)
            case .notice: try records(Notice.self)
            }
        }

        private func records<Stored: StoredRecord>(_ type: Stored.Type) throws -> Int {
            var statement = try connection.statement(Stored.all)
            defer { statement.reset() }
            var count = 0
            while try statement.step() {
                let record = try Stored(row: &statement)
                try line { writer in
                    writer.name(Stored.recordKind.rawValue)
                    writer.raw(RecordJSON.bytes(of: record.record))
                }
                count += 1
            }
            return count
        }

        private func rows(of table: StoreText.Table) throws {
            let columns = table.columns.map(\.name).joined(separator: ", ")
            var statement = try connection.statement(
                sql: "SELECT \(columns) FROM \(table.table) ORDER BY \(table.order)")
            defer { statement.reset() }
            while try statement.step() {
                try line { writer in
                    writer.name(table.word)
                    writer.object { writer in
                        for column in table.columns {
                            switch column.kind {
                            case .text: writer.member(column.name, statement.text())
                            case .whole:
                                guard let number = statement.whole() else { continue }
                                writer.name(column.name)
                                writer.whole(number)
                            case .json:
                                guard let json = statement.text() else { continue }
                                writer.name(column.name)
                                writer.raw(Array(json.utf8))
                            }
                        }
                    }
                }
            }
        }
    }
}
