package import DirectoryModel
package import ServiceTypeKit

/// A place as lists carry it: the record, and the members of its JSON that depend on the record alone.
///
/// A class, so that a list of fifty takes references instead of copying a dozen strings each; the members are
/// written once, when the record is indexed, and copied whole into every list.
package final class PlaceRecord: Sendable {
    /// The members without braces, one after another: in Chinese, and in English where that differs.
    ///
    /// In one piece of memory, since places of an answer lie anywhere: each piece more is waited for.
    private let members: [UInt8]
    private let chinese: Members
    private let english: Members
    /// The record.
    package let place: Place

    /// Where members lie.
    fileprivate struct Members {
        /// Those before the walk.
        var start: Int32
        /// Those behind the opening state.
        var middle: Int32
        /// The highlights, where they depend on the record alone.
        var lines: Int32
        var end: Int32
    }

    /// Writes the members of a record.
    ///
    /// - Parameter lines: its highlights, where they depend on the record alone; nil where they do not, and for lists
    ///   that have none.
    package init(_ place: Place, lines: [Highlight]? = nil) {
        self.place = place
        var bytes: [UInt8] = []
        chinese = Members(of: place, lines, in: .zh, behind: &bytes)
        english =
            place.nameEnglish == nil && (lines ?? []).isEmpty
            ? chinese : Members(of: place, lines, in: .en, behind: &bytes)
        // Without the room that growing left.
        members = Array(bytes)
    }

    /// Writes the members that come before the walk.
    @inline(__always)
    func writeFirst(to json: inout JSONWriter, in language: Language) {
        let part = language == .zh ? chinese : english
        write(part.start, part.middle, to: &json)
    }

    /// Writes the members that come behind the opening state, up to the highlights.
    @inline(__always)
    func writeLast(to json: inout JSONWriter, in language: Language) {
        let part = language == .zh ? chinese : english
        write(part.middle, part.lines, to: &json)
    }

    /// The same and the highlights, where they depend on the record alone; else up to their key.
    ///
    /// - Returns: whether the highlights are written.
    @inline(__always)
    func writeLastAndLines(to json: inout JSONWriter, in language: Language) -> Bool {
        let part = language == .zh ? chinese : english
        write(part.middle, part.end, to: &json)
        return part.end > part.lines
    }

    @inline(__always)
    private func write(_ start: Int32, _ end: Int32, to json: inout JSONWriter) {
        members.withUnsafeBytes { bytes in
            json.written(UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(end)]))
        }
    }
}

extension PlaceRecord.Members {
    fileprivate init(
        of place: Place, _ highlights: [Highlight]?, in language: Language, behind bytes: inout [UInt8]
    ) {
        start = Int32(bytes.count)
        var json = JSONWriter(capacity: 256)
        json.key("id")
        json.string(place.id.rawValue)
        json.key("name")
        json.string(place.name(in: language))
        json.key("type")
        json.string(place.type.rawValue)
        json.withBytes { bytes.append(contentsOf: $0) }
        middle = Int32(bytes.count)
        json = JSONWriter(capacity: 256)
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
        let count = json.count
        lines = middle + Int32(count)
        if let highlights {
            json.key("highlights")
            json.highlights(highlights, in: language)
        }
        json.withBytes { bytes.append(contentsOf: $0) }
        end = Int32(bytes.count)
    }
}
