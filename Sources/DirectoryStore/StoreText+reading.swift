import DirectoryModel
import GRDB
import Glibc

extension StoreText {
    /// The longest line that is read, in bytes; chosen, not measured: a community's boundary has some 100 KiB.
    package static let longestLine = 64 << 20

    /// Makes a store of a text in a folder that has none.
    ///
    /// In one transaction: the store is whole, or not there. Revision and history are those of the text.
    /// - Parameters:
    ///   - folder: where the store's file is made.
    ///   - version: the version of Quarter, as the store says who wrote it.
    ///   - next: the next line without its end, nil at the end.
    /// - Returns: what was read.
    /// - Throws: `invalid_file` naming the line, also for a text that a newer Quarter wrote, or a part of one;
    ///   `invalid_request` where there is a store; `store_unwritable`; what `next` throws.
    package static func read(
        into folder: String, version: String, next: () throws -> [UInt8]?
    ) throws(DirectoryError) -> DirectoryStore.Summary {
        let path = folder + "/" + DirectoryStore.fileName
        guard access(path, F_OK) != 0 else {
            throw DirectoryError(
                .invalidRequest, "there is a store in \(folder) already",
                advice: "read the text into an empty state folder")
        }
        do {
            let queue = try DatabaseQueue(path: path)
            try Schema.migrator(version: version).migrate(queue)
            try queue.write { database in
                var reader = StoreTextReader(database, path: path)
                while let line = try next() { try reader.take(line) }
                try reader.finish()
            }
            try queue.close()
            return try DirectoryStore.check(path)
        } catch {
            for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
            throw StoreFailure.directoryError(error, path: path)
        }
    }
}

/// Takes the lines of a text one after another.
private struct StoreTextReader {
    private let connection: Connection
    private let database: Database
    private var number = 0
    private var isAtEnd = false
    private var hasHead = false
    private var inserts: [String: String] = [:]

    init(_ database: Database, path: String) {
        self.database = database
        connection = Connection(database, path: path)
    }

    mutating func take(_ line: [UInt8]) throws {
        number += 1
        guard !isAtEnd else { throw fault("something follows the last line") }
        guard let text = String(validating: line, as: UTF8.self) else { throw fault("it is not UTF-8") }
        if !hasHead { return try takeHead(text) }
        let (word, value) = try entry(text)
        if word == "end" { return try takeEnd(value) }
        if let kind = RecordKind(rawValue: word) {
            do {
                return try store(try RecordJSON.decode(value, as: kind))
            } catch let error as DirectoryError {
                throw fault(error.message + (error.cause.map { ": " + $0 } ?? ""))
            }
        }
        guard let table = StoreText.tables.first(where: { $0.word == word }) else {
            throw fault("it holds \(word.shortened()), which this version does not know")
        }
        try insert(value, into: table)
    }

    /// Checks that the text was whole, and that records name what is there.
    func finish() throws {
        guard isAtEnd else {
            throw DirectoryError(
                .invalidFile, "the text ends after line \(number), before its last line",
                advice: "it is a part of one: write it anew")
        }
        let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
        guard dangling == 0 else {
            throw DirectoryError(
                .invalidFile, "\(dangling) records of the text name others that are not in it")
        }
    }

    // MARK: Lines

    private mutating func takeHead(_ text: String) throws {
        var (what, version, revision, change): (String?, Int?, Int?, Int?)
        var writer = ""
        try members(text) { reader, name throws(JSONFault) in
            switch name {
            case "quarter": what = try reader.text()
            case "text": version = try reader.whole()
            case "revision": revision = try reader.whole()
            case "last_change": change = try reader.whole()
            case "written_by": writer = try reader.text()
            default: _ = try reader.raw()
            }
        }
        guard what == "store", let version, let revision, revision >= 0 else {
            throw DirectoryError(
                .invalidFile, "the first line does not say that this is a store of Quarter as text",
                advice: "`quarterctl store export` writes one")
        }
        guard version <= StoreText.version else {
            throw DirectoryError(
                .invalidFile, "the text was written by the newer Quarter \(writer) (text \(version))",
                advice: "install Quarter \(writer) or newer")
        }
        try database.execute(
            sql: "UPDATE store SET revision = ?, last_change = ?", arguments: [revision, change])
        hasHead = true
    }

    private mutating func takeEnd(_ value: String) throws {
        var lines: Int?
        try members(value) { reader, name throws(JSONFault) in
            if name == "lines" { lines = try reader.whole() } else { _ = try reader.raw() }
        }
        guard lines == number else {
            throw fault(
                "it says that there are \(lines.map { "\($0)" } ?? "no") lines, and this is line \(number)")
        }
        isAtEnd = true
    }

    /// The only member of a line.
    private func entry(_ text: String) throws -> (word: String, value: String) {
        var entry: (String, String)?
        try members(text) { reader, name throws(JSONFault) in
            if entry != nil { throw reader.fault("one member expected") }
            entry = (name, try reader.raw())
        }
        guard let entry else { throw fault("it is empty") }
        return entry
    }

    private func store(_ record: Record) throws {
        switch record {
        case .place(let place): try put(place)
        case .origin(let origin): try put(origin)
        case .community(let community): try put(community)
        case .grid(let grid): try put(grid)
        case .source(let source): try put(source)
        case .organisation(let organisation): try put(organisation)
        case .activity(let activity): try put(activity)
        case .notice(let notice): try put(notice)
        }
    }

    private func put<Stored: StoredRecord>(_ record: Stored) throws {
        try record.check()
        var statement = try connection.statement(Stored.put)
        record.bind(to: &statement)
        try statement.run()
    }

    private mutating func insert(_ value: String, into table: StoreText.Table) throws {
        var values: [String: DatabaseValue] = [:]
        let kinds = Dictionary(table.columns.map { ($0.name, $0.kind) }) { first, _ in first }
        try members(value) { reader, name throws(JSONFault) in
            switch kinds[name] {
            case .text: values[name] = try reader.text().databaseValue
            case .whole: values[name] = try reader.whole().databaseValue
            case .json: values[name] = try reader.raw().databaseValue
            case nil: throw reader.fault("\(name.shortened()) is no part of a \(table.word)")
            }
        }
        let sql =
            inserts[table.word]
            ?? {
                let names = table.columns.map(\.name).joined(separator: ", ")
                let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
                return "INSERT INTO \(table.table) (\(names)) VALUES (\(marks))"
            }()
        inserts[table.word] = sql
        do {
            let statement = try database.cachedStatement(sql: sql)
            try statement.execute(
                arguments: StatementArguments(table.columns.map { values[$0.name] ?? .null }))
        } catch let error as DatabaseError {
            throw fault(error.message ?? "the store does not take it")
        }
    }

    private func members(
        _ text: String, _ member: (inout JSONReader, String) throws(JSONFault) -> Void
    ) throws {
        do throws(JSONFault) {
            try JSONReader.read(text) { reader throws(JSONFault) in try reader.object(member) }
        } catch {
            throw fault(error.description)
        }
    }

    private func fault(_ reason: String) -> DirectoryError {
        DirectoryError(
            .invalidFile, "line \(number) of the text cannot be taken: \(reason)",
            advice: "nothing was stored; write the text anew", location: "line \(number)")
    }
}
