internal import DirectoryModel

/// Ids in ascending order of their bytes, for lists with a cursor.
///
/// In pages, so that a copy that is changed shares all but one page with the original.
struct SortedIDs<ID: DirectoryID> {
    /// None is empty, each follows the one before.
    private var pages: [[ID]] = []
    /// The number of ids.
    private(set) var count = 0

    /// Ids of a page that is made; it is cut in two when it has twice as many.
    ///
    /// Chosen, not measured.
    private static var pageSize: Int { 256 }

    /// Takes ids in any order.
    init(_ ids: some Sequence<ID>) { self.init(sorted: ids.sorted()) }

    /// Takes pages of ids that are in order already.
    init(pages: [[ID]]) {
        self.pages = pages.filter { !$0.isEmpty }
        count = pages.reduce(0) { $0 + $1.count }
    }

    /// Takes ids that are in order already.
    init(sorted ids: [ID]) {
        count = ids.count
        pages = stride(from: 0, to: ids.count, by: Self.pageSize).map { start in
            Array(ids[start..<min(start + Self.pageSize, ids.count)])
        }
    }

    /// All ids, in order.
    var ids: some Sequence<ID> { pages.lazy.joined() }

    /// Whether there is none.
    var isEmpty: Bool { count == 0 }

    /// The id at a place in the order, 0 ..< `count`.
    ///
    /// - Complexity: O(n) in the pages.
    subscript(position: Int) -> ID {
        var rest = position
        for page in pages {
            if rest < page.count { return page[rest] }
            rest -= page.count
        }
        preconditionFailure("a place in the order")
    }

    /// Adds an id, unless it is there.
    mutating func insert(_ id: ID) {
        guard !pages.isEmpty else {
            pages = [[id]]
            count = 1
            return
        }
        let number = page(of: id)
        let position = Self.position(of: id, in: pages[number])
        if position < pages[number].count, pages[number][position] == id { return }
        pages[number].insert(id, at: position)
        count += 1
        guard pages[number].count > 2 * Self.pageSize else { return }
        let second = Array(pages[number][Self.pageSize...])
        pages[number].removeLast(second.count)
        pages.insert(second, at: number + 1)
    }

    /// Takes an id away, if it is there.
    mutating func remove(_ id: ID) {
        guard !pages.isEmpty else { return }
        let number = page(of: id)
        let position = Self.position(of: id, in: pages[number])
        guard position < pages[number].count, pages[number][position] == id else { return }
        pages[number].remove(at: position)
        count -= 1
        if pages[number].isEmpty { pages.remove(at: number) }
    }

    /// The ids after one that need not be there, in order.
    func after(_ id: ID?) -> some Sequence<ID> {
        var begun: ArraySlice<[ID]> = []
        var whole = pages[...]
        if let id, !pages.isEmpty {
            let number = page(of: id)
            let page = pages[number]
            let position = Self.position(of: id, in: page)
            begun = [
                Array(page[(position < page.count && page[position] == id ? position + 1 : position)...])
            ]
            whole = pages[(number + 1)...]
        }
        return [begun, whole].lazy.joined().joined()
    }

    /// The page that an id is in, or would be: the last one that does not begin after it.
    private func page(of id: ID) -> Int {
        var (low, high) = (0, pages.count)
        while low < high {
            let middle = (low + high) / 2
            if pages[middle][0] <= id { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The index of the first id that does not come before `id`.
    private static func position(of id: ID, in page: [ID]) -> Int {
        var (low, high) = (0, page.count)
        while low < high {
            let middle = (low + high) / 2
            if page[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
