internal import DirectoryModel
internal import Foundation
internal import TableFiles

/// Reads rows on a thread of its own, a few chunks ahead of whoever writes them.
///
/// Reading a row and storing it cost about as much: so two cores take half the time.
final class RowPipe: @unchecked Sendable {
    /// What was read of a row.
    enum Item {
        /// A row that is no record.
        case aside(TableRow, RowTally.Reason)
        /// A row that is one, or was meant to be.
        case record(TableRow, RowReader.Reading)
    }

    /// Rows that are handed over at once; chosen, not measured.
    private static let chunk = 256
    /// Chunks that wait at most; chosen, not measured.
    private static let most = 8

    // Guarded by `lock`.
    private let lock = NSCondition()
    private var waiting: [[Item]] = []
    private var isAtEnd = false
    private var isUnwanted = false
    private var failure: DirectoryError?

    /// Reads the rows of a sheet below its head, and hands each to `body` in order.
    ///
    /// `reader` and `file` are used by one thread at a time, and by nobody else until this returns.
    ///
    /// - Throws: what reading throws, after the rows before have been handed on; what `body` throws.
    static func forEach(
        of sheet: Int, in file: any RowFile, by reader: RowReader,
        _ body: (Item) throws(DirectoryError) -> Void
    ) throws(DirectoryError) {
        let pipe = RowPipe()
        let hands = Hands(file: file, reader: reader)
        let thread = Thread { pipe.read(sheet, hands) }
        thread.stackSize = 8 << 20
        thread.name = "rows"
        thread.start()
        defer { pipe.close() }
        while let items = try pipe.next() {
            for item in items { try body(item) }
        }
    }

    /// What goes to the reading thread and comes back when it ends.
    private struct Hands: @unchecked Sendable {
        let file: any RowFile
        let reader: RowReader
    }

    private func read(_ sheet: Int, _ hands: Hands) {
        let head = hands.reader.head
        var items: [Item] = []
        items.reserveCapacity(Self.chunk)
        var fault: DirectoryError?
        do throws(DirectoryError) {
            try hands.file.forEachRow(of: sheet) { (source) throws(DirectoryError) in
                let row = source.row
                guard row.number > head.row else { return true }
                if source.fault == nil, let reason = RowTally.reason(toLeaveOut: row, head) {
                    items.append(.aside(row, reason))
                } else {
                    items.append(.record(row, hands.reader.read(source)))
                }
                guard items.count == Self.chunk else { return true }
                defer { items.removeAll(keepingCapacity: true) }
                return put(items)
            }
        } catch {
            fault = error
        }
        _ = put(items)
        lock.lock()
        failure = fault
        isAtEnd = true
        lock.broadcast()
        lock.unlock()
    }

    /// Hands on a chunk; false where nobody wants more.
    private func put(_ items: [Item]) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        while waiting.count >= Self.most && !isUnwanted { lock.wait() }
        guard !isUnwanted else { return false }
        waiting.append(items)
        lock.broadcast()
        return true
    }

    /// The next chunk, or nil at the end.
    private func next() throws(DirectoryError) -> [Item]? {
        lock.lock()
        defer { lock.unlock() }
        while waiting.isEmpty && !isAtEnd { lock.wait() }
        if !waiting.isEmpty {
            lock.broadcast()
            return waiting.removeFirst()
        }
        if let failure { throw failure }
        return nil
    }

    /// Waits until the thread has ended, which it does at its next chunk where its rows are no longer wanted.
    private func close() {
        lock.lock()
        isUnwanted = true
        lock.broadcast()
        while !isAtEnd { lock.wait() }
        lock.unlock()
    }
}
