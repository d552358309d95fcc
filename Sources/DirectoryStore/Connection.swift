import DirectoryModel
import GRDB
import GRDBSQLite

/// One connection's prepared statements and its words for errors; lives as long as one read or write.
final class Connection {
    /// GRDB's side of the connection.
    let database: Database
    /// The store's file, for messages.
    let path: String
    private var prepared = [Statement?](repeating: nil, count: Query.allCases.count)

    /// The statements of `database`.
    init(_ database: Database, path: String) {
        self.database = database
        self.path = path
    }

    /// The statement of `query`, ready to be bound; the caller resets it when it is done.
    func statement(_ query: Query) throws(DirectoryError) -> PreparedStatement {
        do {
            let statement = try prepared[query.rawValue] ?? database.cachedStatement(sql: query.sql)
            prepared[query.rawValue] = statement
            // A list that is read inside the same list needs a statement of its own.
            let isBusy = sqlite3_stmt_busy(statement.sqliteStatement) != 0
            return PreparedStatement(
                isBusy ? try database.makeStatement(sql: query.sql) : statement, connection: self)
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    /// A statement for SQL that is run once.
    func statement(sql: String) throws(DirectoryError) -> PreparedStatement {
        do {
            return PreparedStatement(try database.makeStatement(sql: sql), connection: self)
        } catch {
            throw StoreFailure.directoryError(error, path: path)
        }
    }

    /// What SQLite said last, as an error of ours.
    func failure(_ code: Int32) -> DirectoryError {
        let message = database.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
        return StoreFailure.directoryError(
            code: code, message: message ?? "the connection is closed", path: path)
    }

    /// Whether a record of this transaction names another that is not there.
    var hasDanglingReference: Bool {
        var current: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return current != 0
    }
}

/// A statement whose parameters are bound and whose columns are read one after the other.
///
/// GRDB's own binding and row types cost three to five times as much, which an import of 150,000 records and
/// the load at start would feel.
struct PreparedStatement {
    private let statement: Statement
    private let connection: Connection
    private var parameter: Int32 = 0
    private var column: Int32 = 0
    private var bindingResult = SQLITE_OK
    /// What many rows have, where there are many to be read.
    var memory: RowMemory?

    fileprivate init(_ statement: Statement, connection: Connection) {
        self.statement = statement
        self.connection = connection
    }

    /// Ends the statement's work and forgets its parameters, so that it holds neither locks nor memory.
    func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    /// Goes to the next row; false when there is none, or the statement returns none.
    mutating func step() throws(DirectoryError) -> Bool {
        guard bindingResult == SQLITE_OK else { throw connection.failure(bindingResult) }
        column = 0
        switch sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw connection.failure(sqlite3_extended_errcode(sqlite3_db_handle(pointer)))
        }
    }

    /// Runs the statement to its end and resets it.
    mutating func run() throws(DirectoryError) {
        defer { reset() }
        while try step() {}
    }

    /// An error that says that the present row cannot be what we wrote.
    func damaged(_ reason: String) -> DirectoryError {
        let id = column > 0 ? Self.text(pointer, 0) ?? "" : ""
        return DirectoryError(
            .storeDamaged, "\(connection.path) holds a row that cannot be read: \(id.shortened())",
            advice: StoreFailure.damageAdvice, cause: reason)
    }

    private var pointer: OpaquePointer { statement.sqliteStatement }
}

// MARK: Parameters

extension PreparedStatement {
    /// Tells SQLite to copy what it is given.
    private static var transient: sqlite3_destructor_type {
        unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    /// Binds the next parameter to a text, or to NULL.
    mutating func bind(_ text: String?) {
        guard let text else { return bindNull() }
        var copy = text
        copy.withUTF8 { bindText($0) }
    }

    /// Binds the next parameter to a text given as UTF-8.
    mutating func bind(utf8 bytes: [UInt8]?) {
        guard let bytes else { return bindNull() }
        bytes.withUnsafeBufferPointer { bindText($0) }
    }

    /// Binds the next parameter to bytes.
    mutating func bind(bytes: [UInt8]) {
        parameter += 1
        note(
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(pointer, parameter, 0)
                : sqlite3_bind_blob64(pointer, parameter, bytes, UInt64(bytes.count), Self.transient))
    }

    /// Binds the next parameter to a whole number, or to NULL.
    mutating func bind(_ value: (some BinaryInteger)?) {
        guard let value else { return bindNull() }
        parameter += 1
        note(sqlite3_bind_int64(pointer, parameter, Int64(clamping: value)))
    }

    /// Binds the next parameter to a decimal number, or to NULL.
    mutating func bind(_ value: Double?) {
        guard let value else { return bindNull() }
        parameter += 1
        note(sqlite3_bind_double(pointer, parameter, value))
    }

    private mutating func bindNull() {
        parameter += 1
        note(sqlite3_bind_null(pointer, parameter))
    }

    private mutating func bindText(_ bytes: UnsafeBufferPointer<UInt8>) {
        parameter += 1
        bytes.withMemoryRebound(to: CChar.self) { characters in
            // An empty buffer may have no address, which SQLite would take for NULL.
            note(
                characters.isEmpty
                    ? sqlite3_bind_text(pointer, parameter, "", 0, Self.transient)
                    : sqlite3_bind_text64(
                        pointer, parameter, characters.baseAddress, UInt64(characters.count), Self.transient,
                        UInt8(SQLITE_UTF8)))
        }
    }

    private mutating func note(_ result: Int32) {
        if bindingResult == SQLITE_OK { bindingResult = result }
    }
}

// MARK: Columns

extension PreparedStatement {
    /// The next column's text, or nil for NULL.
    mutating func text() -> String? {
        defer { column += 1 }
        return Self.text(pointer, column)
    }

    /// The next column's text, which is never NULL in a sound store.
    mutating func neededText() throws(DirectoryError) -> String {
        guard let text = text() else { throw damaged("column \(column) is empty") }
        return text
    }

    /// The next column's text, which other rows are likely to have, too; nil for NULL.
    mutating func commonText() -> String? {
        guard let memory else { return text() }
        defer { column += 1 }
        return Self.bytes(pointer, column).map { memory.text($0) }
    }

    /// The same of a text that is never NULL in a sound store.
    mutating func neededCommonText() throws(DirectoryError) -> String {
        guard let text = commonText() else { throw damaged("column \(column) is empty") }
        return text
    }

    /// The next column's whole number, or nil for NULL.
    mutating func whole() -> Int64? {
        defer { column += 1 }
        return isNull ? nil : sqlite3_column_int64(pointer, column)
    }

    /// The next column's whole number, which is never NULL in a sound store.
    mutating func neededWhole() throws(DirectoryError) -> Int64 {
        guard let value = whole() else { throw damaged("column \(column) is empty") }
        return value
    }

    /// The next column's revision.
    mutating func revision() throws(DirectoryError) -> Revision {
        let number = try neededWhole()
        guard number >= 0 else { throw damaged("a revision of \(number)") }
        return Revision(UInt64(number))
    }

    /// The next column's decimal number, or nil for NULL.
    mutating func decimal() -> Double? {
        defer { column += 1 }
        return isNull ? nil : sqlite3_column_double(pointer, column)
    }

    /// The next column's bytes, empty for NULL.
    mutating func bytes() -> [UInt8] {
        defer { column += 1 }
        guard let start = sqlite3_column_blob(pointer, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column))))
    }

    /// Reads the next column's JSON with `body`, or returns nil for NULL.
    mutating func json<Result>(
        _ body: (inout JSONReader) throws(JSONFault) -> Result
    ) throws(DirectoryError) -> Result? {
        let index = column
        column += 1
        guard let bytes = Self.bytes(pointer, index) else { return nil }
        var reader = JSONReader(bytes)
        do throws(JSONFault) {
            let result = try body(&reader)
            try reader.end()
            return result
        } catch {
            throw damaged(error.description)
        }
    }

    /// The next column's attributes; none for NULL.
    mutating func attributes() throws(DirectoryError) -> [String: AttributeValue] {
        guard let memory, let bytes = Self.bytes(pointer, column) else { return try readAttributes() }
        let next = column + 1
        defer { column = next }
        return try memory.attributes(bytes) { () throws(DirectoryError) in try readAttributes() }
    }

    private mutating func readAttributes() throws(DirectoryError) -> [String: AttributeValue] {
        try json { reader throws(JSONFault) in try RecordJSON.attributes(&reader) } ?? [:]
    }

    private var isNull: Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }

    private static func text(_ pointer: OpaquePointer, _ column: Int32) -> String? {
        bytes(pointer, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A column's bytes, until the next column is asked for another form of them.
    private static func bytes(_ pointer: OpaquePointer, _ column: Int32) -> UnsafeBufferPointer<UInt8>? {
        guard let start = sqlite3_column_text(pointer, column) else { return nil }
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column)))
    }
}
