internal import DirectoryAPI
internal import DirectoryModel

/// What a pull keeps from one time to the next; written only after the daemon has acknowledged a register.
struct PullState: Equatable {
    /// Registers that were acknowledged: a part of each one's Idempotency-Key.
    var registers = 0
    /// What the next time is asked since.
    var since: String?
    /// Items of the last whole list.
    var items: Int?

    /// The file's name in the bridge's folder.
    static let file = "state.json"

    /// What is kept in a folder; a first state where nothing is.
    ///
    /// - Throws: `unreadable_file`, `invalid_file`.
    static func read(_ folder: BridgeFolder) throws(DirectoryError) -> PullState {
        guard let bytes = try folder.read(file) else { return PullState() }
        guard let json = try? JSONValue(json: bytes), case .whole(let registers)? = json["registers"] else {
            throw DirectoryError(
                .invalidFile, "\(folder.path)/\(file) is damaged",
                advice: "delete it: the whole list is read then, from [since] start on")
        }
        var state = PullState(registers: registers)
        if case .string(let text)? = json["since"] { state.since = text }
        if case .whole(let items)? = json["items"] { state.items = items }
        return state
    }

    /// Keeps it.
    ///
    /// - Throws: `store_unwritable`.
    func write(_ folder: BridgeFolder) throws(DirectoryError) {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("registers")
        json.whole(registers)
        json.key("since")
        json.string(since)
        json.key("items")
        if let items { json.whole(items) } else { json.null() }
        json.endObject()
        try folder.write(json.bytes(), as: Self.file)
    }
}
