/// Where a list of numbers lies in `PackedLists`: eight bytes, and nothing else for a list of one.
struct PackedList: Sendable {
    /// The number itself for one; otherwise where the block, or which large list.
    fileprivate var start: UInt32 = 0
    /// How many, and in the upper six bits the class of the block.
    fileprivate var packed: UInt32 = 0

    var count: Int { Int(packed & PackedLists.countMask) }

    fileprivate var kind: Int {
        get { Int(packed >> 26) }
        set { packed = (packed & PackedLists.countMask) | UInt32(newValue) << 26 }
    }
    fileprivate mutating func setCount(_ count: Int) {
        packed = (packed & ~PackedLists.countMask) | UInt32(count)
    }
}

/// Many ascending lists of distinct numbers in little memory, each of which can grow and shrink.
///
/// Short lists are blocks of one array, in sizes that grow by a third or a half; a block that is given up is used
/// again. Long ones are arrays of their own.
struct PackedLists: Sendable {
    fileprivate static let countMask: UInt32 = (1 << 26) - 1
    /// Sizes of blocks by class; class 0 is no block: nothing, or the one number in the handle.
    private static let sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
    fileprivate static let largeKind = 63

    private var storage: [UInt32] = []
    /// The first free block of each class, + 1; the next one stands in the block.
    private var free = [UInt32](repeating: 0, count: Self.sizes.count)
    private var large: [[UInt32]] = []
    private var freeLarge: [UInt32] = []

    var bytes: Int {
        storage.capacity * 4 + large.capacity * 8 + large.reduce(0) { $0 + 32 + $1.capacity * 4 }
    }

    /// Calls with the numbers in ascending order.
    @inline(__always)
    func with<Result>(_ list: PackedList, _ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
        if list.kind == 0 {
            return withUnsafePointer(to: list.start) {
                body(UnsafeBufferPointer(start: $0, count: list.count))
            }
        }
        if list.kind == Self.largeKind { return large[Int(list.start)].withUnsafeBufferPointer(body) }
        return storage.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[Int(list.start)..<Int(list.start) + list.count]))
        }
    }

    /// The lists for reading while `body` runs, without the cost of an array at each touch.
    func withView<Result>(_ body: (View) -> Result) -> Result {
        storage.withUnsafeBufferPointer { storage in
            large.withUnsafeBufferPointer { body(View(storage: storage, large: $0)) }
        }
    }

    /// The lists for reading; see `withView`.
    struct View {
        fileprivate let storage: UnsafeBufferPointer<UInt32>
        fileprivate let large: UnsafeBufferPointer<[UInt32]>

        /// Calls with each number, in ascending order.
        @inline(__always)
        func forEach(_ list: PackedList, _ body: (UInt32) -> Void) {
            if list.kind == 0 {
                if list.count == 1 { body(list.start) }
            } else if list.kind == PackedLists.largeKind {
                large[Int(list.start)].withUnsafeBufferPointer { numbers in
                    for number in numbers { body(number) }
                }
            } else {
                let start = Int(list.start)
                for at in start..<start + list.count { body(storage[at]) }
            }
        }
    }

    /// A copy of the numbers, for what is no hot path.
    func array(_ list: PackedList) -> [UInt32] { with(list) { Array($0) } }

    /// Whether a number is in a list.
    func has(_ value: UInt32, in list: PackedList) -> Bool {
        with(list) { numbers in
            let at = Self.lowerBound(numbers, value)
            return at < numbers.count && numbers[at] == value
        }
    }

    /// Adds a number in its place; one that is there already is left alone.
    mutating func insert(_ value: UInt32, into list: inout PackedList) {
        let count = list.count
        // Loading appends: most insertions are at the end.
        let at = with(list) { numbers in
            if let last = numbers.last, last < value { return numbers.count }
            return Self.lowerBound(numbers, value)
        }
        if at < count, with(list, { $0[at] == value }) { return }
        guard count < Int(Self.countMask) else { return }
        if count == 0 {
            list = PackedList()
            list.start = value
            list.setCount(1)
            return
        }
        if list.kind == Self.largeKind {
            let which = Int(list.start)
            if large[which].count == large[which].capacity {
                large[which].reserveCapacity(count + count / 4)
            }
            large[which].insert(value, at: at)
            list.setCount(count + 1)
            return
        }
        if count == Self.sizes[list.kind] { grow(&list) }
        if list.kind == Self.largeKind {
            large[Int(list.start)].insert(value, at: at)
        } else {
            let start = Int(list.start)
            storage.withUnsafeMutableBufferPointer { numbers in
                var index = start + count
                while index > start + at {
                    numbers[index] = numbers[index - 1]
                    index -= 1
                }
                numbers[start + at] = value
            }
        }
        list.setCount(count + 1)
    }

    /// Takes a number out; one that is not there is no fault.
    mutating func remove(_ value: UInt32, from list: inout PackedList) {
        let count = list.count
        let at = with(list) { Self.lowerBound($0, value) }
        guard at < count, with(list, { $0[at] == value }) else { return }
        if count == 1 {
            clear(&list)
            return
        }
        if list.kind == Self.largeKind {
            large[Int(list.start)].remove(at: at)
        } else {
            let start = Int(list.start)
            storage.withUnsafeMutableBufferPointer { numbers in
                for index in start + at..<start + count - 1 { numbers[index] = numbers[index + 1] }
            }
        }
        list.setCount(count - 1)
    }

    /// Gives up what the list holds.
    mutating func clear(_ list: inout PackedList) {
        if list.kind == Self.largeKind {
            large[Int(list.start)] = []
            freeLarge.append(list.start)
        } else if list.kind > 0 {
            giveBack(list.start, list.kind)
        }
        list = PackedList()
    }

    private mutating func grow(_ list: inout PackedList) {
        let old = array(list)
        let kind = list.kind + 1
        let given = (list.start, list.kind)
        if kind == Self.sizes.count {
            var numbers: [UInt32] = []
            numbers.reserveCapacity(old.count + old.count / 4)
            numbers += old
            if let reused = freeLarge.popLast() {
                large[Int(reused)] = numbers
                list.start = reused
            } else {
                list.start = UInt32(large.count)
                large.append(numbers)
            }
            list.kind = Self.largeKind
        } else {
            list.start = block(kind)
            list.kind = kind
            for (index, value) in old.enumerated() { storage[Int(list.start) + index] = value }
        }
        if given.1 > 0 { giveBack(given.0, given.1) }
    }

    private mutating func block(_ kind: Int) -> UInt32 {
        if free[kind] != 0 {
            let start = free[kind] - 1
            free[kind] = storage[Int(start)]
            return start
        }
        let start = UInt32(storage.count)
        for _ in 0..<Self.sizes[kind] { storage.appendTightly(0) }
        return start
    }

    private mutating func giveBack(_ start: UInt32, _ kind: Int) {
        storage[Int(start)] = free[kind]
        free[kind] = start + 1
    }

    private static func lowerBound(_ numbers: UnsafeBufferPointer<UInt32>, _ value: UInt32) -> Int {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
