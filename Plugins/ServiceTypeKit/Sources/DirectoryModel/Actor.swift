/// Who changed something, as the machine knows it: the audit names an actor for every change.
///
/// Since: 1.0
public struct Actor: Hashable, Sendable {
    /// The name of the user, or of the part of Quarter that acted.
    ///
    /// Since: 1.0
    public var name: String
    /// The user's number, where the peer's credentials or the process gave one.
    ///
    /// Since: 1.0
    public var uid: UInt32?

    /// An actor; see the fields.
    ///
    /// Since: 1.0
    public init(name: String, uid: UInt32? = nil) {
        self.name = name
        self.uid = uid
    }
}
