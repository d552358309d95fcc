/// Who changed something, as the machine knows it: the audit names an actor for every change.
public struct Actor: Hashable, Sendable {
    /// The name of the user, or of the part of Quarter that acted.
    public var name: String
    /// The user's number, where the peer's credentials or the process gave one.
    public var uid: UInt32?

    /// An actor; see the fields.
    public init(name: String, uid: UInt32? = nil) {
        self.name = name
        self.uid = uid
    }
}
