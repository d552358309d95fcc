internal import DirectoryModel

/// Ids in ascending order of their bytes, for lists with a cursor.
struct SortedIDs<ID: DirectoryID> {
    private(set) var ids: [ID] = []

    /// Takes ids in any order.
    init(_ ids: some Sequence<ID>) { self.ids = ids.sorted() }

    /// Takes ids that are in order already.
    init(sorted ids: [ID]) { self.ids = ids }

    /// The index of the first id that does not come before `id`.
    private func position(of id: ID) -> Int {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds an id, unless it is there.
    mutating func insert(_ id: ID) {
        let position = position(of: id)
        if position < ids.count, ids[position] == id { return }
        ids.insert(id, at: position)
    }

    /// Takes an id away, if it is there.
    mutating func remove(_ id: ID) {
        let position = position(of: id)
        if position < ids.count, ids[position] == id { ids.remove(at: position) }
    }

    /// The ids after one that need not be there, in order.
    func after(_ id: ID?) -> ArraySlice<ID> {
        guard let id else { return ids[...] }
        let position = position(of: id)
        return ids[(position < ids.count && ids[position] == id ? position + 1 : position)...]
    }
}
