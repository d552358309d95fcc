package import DirectoryModel

// What a bridge has to say of servers elsewhere.
extension DirectoryError.Code {
    /// A server elsewhere does not answer, or says that it cannot now.
    package static let remoteUnreachable = Self(rawValue: "remote_unreachable")
    /// A server elsewhere answers, and refuses.
    package static let remoteRefused = Self(rawValue: "remote_refused")
    /// A server elsewhere answers with something else than was agreed.
    package static let remoteInvalid = Self(rawValue: "remote_invalid")
    /// A list elsewhere became another one while it was read.
    package static let remoteChanging = Self(rawValue: "remote_changing")
}
