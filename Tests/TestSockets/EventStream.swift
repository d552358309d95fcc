internal import Foundation

/// An event stream as the standard reads it, written apart from the one of the programs: events end with an empty
/// line, and what was begun and not ended never was (WHATWG HTML, 9.2.6).
package struct EventStream {
    /// An event.
    package struct Event: Equatable {
        /// Its id line; nil without one.
        package var id: String?
        /// Its name; "message" without one.
        package var name: String
        /// Its data; nil for an id alone.
        package var data: String?

        /// An event; see the fields.
        package init(id: String? = nil, name: String = "message", data: String? = nil) {
            self.id = id
            self.name = name
            self.data = data
        }

        /// The data as a JSON object.
        package func object() throws -> [String: Any] {
            guard
                let object = try JSONSerialization.jsonObject(with: Data((data ?? "").utf8)) as? [String: Any]
            else { throw RawClient.Fault(description: "no object: \(data ?? "nothing")") }
            return object
        }
    }

    private var bytes: [UInt8] = []
    /// The last id of an event that was ended.
    package private(set) var lastID: String?
    /// Comments so far, without their colon.
    package private(set) var comments: [String] = []

    /// A stream that goes on after an id.
    package init(after id: String? = nil) { lastID = id }

    /// Takes bytes, and returns the events that they end.
    package mutating func take(_ piece: some Collection<UInt8>) -> [Event] {
        bytes += piece
        var events: [Event] = []
        while let end = bytes.firstRange(of: Array("\n\n".utf8)) {
            let text = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            bytes.removeFirst(end.upperBound)
            var event = Event()
            var isEvent = false
            for line in text.split(separator: "\n") {
                if line.hasPrefix(":") {
                    comments.append(String(line.dropFirst()))
                    continue
                }
                isEvent = true
                let colon = line.firstIndex(of: ":") ?? line.endIndex
                let value = line[colon...].dropFirst().drop { $0 == " " }
                switch line[..<colon] {
                case "id": event.id = String(value)
                case "event": event.name = String(value)
                default: event.data = (event.data.map { $0 + "\n" } ?? "") + value
                }
            }
            guard isEvent else { continue }
            lastID = event.id ?? lastID
            events.append(event)
        }
        return events
    }
}
