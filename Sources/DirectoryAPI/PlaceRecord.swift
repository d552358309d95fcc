package import DirectoryModel
package import ServiceTypeKit
internal import Synchronization

/// A place as lists carry it: the record, and the members of its JSON that depend on the record alone.
///
/// A class, so that a list of fifty takes references instead of copying a dozen strings each; the members are
/// written once, and copied whole into every list.
package final class PlaceRecord: @unchecked Sendable {
    // Unchecked: what the pointer points to is not changed once it is there.

    /// A `Layout` with the members behind it, once they are written.
    ///
    /// In one piece of memory, since places of an answer lie anywhere: each piece more is waited for. First, and so in
    /// the cache line of the object's head.
    private let written = Atomic<UnsafeRawPointer?>(nil)
    /// Its highlights, where they depend on the record alone; nil where they do not, and for lists that have none.
    private let lines: [Highlight]?
    /// Its id, beside it: reaching into a record of the kit costs a copy of it.
    package let id: PlaceID
    /// The record.
    package let place: Place

    /// Where members lie, counted from the first of them: in Chinese, and in English where that differs.
    private struct Layout {
        let chinese: Members
        let english: Members
    }

    /// Where the members in a language lie.
    fileprivate struct Members {
        /// Those before the walk.
        var start: Int32
        /// Those behind the opening state.
        var middle: Int32
        /// The highlights, where they depend on the record alone.
        var lines: Int32
        var end: Int32
    }

    /// A record; its members are not written yet.
    ///
    /// - Parameter lines: its highlights, where they depend on the record alone; nil where they do not, and for lists
    ///   that have none.
    package init(_ place: Place, lines: [Highlight]? = nil) {
        self.place = place
        id = place.id
        self.lines = lines
    }

    deinit { written.load(ordering: .relaxed)?.deallocate() }

    /// Bytes for which no memory is asked but that which stays; chosen, not measured: nearly all members are shorter.
    private static let usual = 2_048

    /// Writes the members, where nobody has; from any thread.
    package func prepare() {
        if written.load(ordering: .relaxed) == nil { _ = write() }
    }

    @inline(never)
    private func write() -> UnsafeRawPointer {
        let made = withUnsafeTemporaryAllocation(byteCount: PlaceRecord.usual, alignment: 8) { memory in
            var json = JSONWriter(into: memory)
            let isInOneLanguage = place.nameEnglish == nil && (lines ?? []).isEmpty
            let chinese = Members(of: place, lines, in: .zh, behind: &json)
            let english = isInOneLanguage ? chinese : Members(of: place, lines, in: .en, behind: &json)
            let size = MemoryLayout<Layout>.size
            let made = UnsafeMutableRawPointer.allocate(byteCount: size + json.count, alignment: 8)
            made.storeBytes(of: Layout(chinese: chinese, english: english), as: Layout.self)
            json.withBytes {
                (made + size).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(made), byteCount: $0.count)
            }
            return UnsafeRawPointer(made)
        }
        let (isFirst, former) = written.compareExchange(
            expected: nil, desired: made, ordering: .acquiringAndReleasing)
        guard !isFirst, let former else { return made }
        made.deallocate()
        return former
    }

    @inline(__always)
    private func members(in language: Language) -> (Members, UnsafeRawPointer) {
        let memory = written.load(ordering: .acquiring) ?? write()
        let layout = memory.assumingMemoryBound(to: Layout.self)
        return (
            language == .zh ? layout.pointee.chinese : layout.pointee.english,
            memory + MemoryLayout<Layout>.size
        )
    }

    /// Where the members are, as a number; 0 where nobody has written them.
    ///
    /// Who calls this of many records, and then `membersTouch` of them, waits for the memory of all at once.
    @inline(__always) package var recordTouch: UInt {
        UInt(bitPattern: written.load(ordering: .relaxed))
    }

    /// Some number made of the first bytes of the members.
    @inline(__always) package var membersTouch: UInt {
        guard let memory = written.load(ordering: .relaxed) else { return 0 }
        return UInt(memory.load(as: UInt8.self)) &+ UInt(memory.load(fromByteOffset: 64, as: UInt8.self))
    }

    /// Writes the members that come before the walk.
    @inline(__always)
    func writeFirst(to json: inout JSONWriter, in language: Language) {
        let (part, bytes) = members(in: language)
        write(part.start, part.middle, of: bytes, to: &json)
    }

    /// Writes the members that come behind the opening state, up to the highlights.
    @inline(__always)
    func writeLast(to json: inout JSONWriter, in language: Language) {
        let (part, bytes) = members(in: language)
        write(part.middle, part.lines, of: bytes, to: &json)
    }

    /// The same and the highlights, where they depend on the record alone; else up to their key.
    ///
    /// - Returns: whether the highlights are written.
    @inline(__always)
    func writeLastAndLines(to json: inout JSONWriter, in language: Language) -> Bool {
        let (part, bytes) = members(in: language)
        write(part.middle, part.end, of: bytes, to: &json)
        return part.end > part.lines
    }

    @inline(__always)
    private func write(
        _ start: Int32, _ end: Int32, of bytes: UnsafeRawPointer, to json: inout JSONWriter
    ) {
        json.written(UnsafeRawBufferPointer(start: bytes + Int(start), count: Int(end - start)))
    }
}

extension PlaceRecord.Members {
    fileprivate init(
        of place: Place, _ highlights: [Highlight]?, in language: Language, behind json: inout JSONWriter
    ) {
        json.beginPiece()
        start = Int32(json.count)
        json.key("id")
        json.string(place.id.rawValue)
        json.key("name")
        json.string(place.name(in: language))
        json.key("type")
        json.string(place.type.rawValue)
        json.beginPiece()
        middle = Int32(json.count)
        json.key("location")
        if let location = place.location { json.point(location) } else { json.null() }
        json.key("address")
        json.string(place.address)
        if let within = place.within {
            json.key("within")
            json.string(within.rawValue)
        }
        if let room = place.room {
            json.key("room")
            json.string(room)
        }
        lines = Int32(json.count)
        if let highlights {
            json.key("highlights")
            json.highlights(highlights, in: language)
        }
        end = Int32(json.count)
    }
}
