internal import DirectoryAPI
internal import DirectoryModel

/// Why a call is answered with an error.
enum VarlinkFault: Error, Hashable {
    /// There is no such interface.
    case interfaceNotFound(String)
    /// The interface has no such method.
    case methodNotFound(String)
    /// A parameter is unknown, missing, or of another type than declared.
    case invalidParameter(String)
    /// The method answers again and again, and was not called so.
    case expectedMore
    /// What was asked cannot be answered.
    case directory(DirectoryError)
    /// What came is no call, so that nothing after it can be trusted.
    case unreadable(DirectoryError)

    /// The status that HTTP would have, for the figures.
    var status: Int {
        switch self {
        case .interfaceNotFound, .methodNotFound: 404
        case .invalidParameter, .expectedMore: 400
        case .directory(let error), .unreadable(let error): ErrorTable.status(of: error.code)
        }
    }

    /// The error as the directory has it, where it is one of its own.
    var error: DirectoryError? {
        switch self {
        case .directory(let error), .unreadable(let error): error
        case .interfaceNotFound, .methodNotFound, .invalidParameter, .expectedMore: nil
        }
    }

    /// The error's name on the wire.
    var name: String {
        switch self {
        case .interfaceNotFound: VarlinkTable.service + ".InterfaceNotFound"
        case .methodNotFound: VarlinkTable.service + ".MethodNotFound"
        case .invalidParameter: VarlinkTable.service + ".InvalidParameter"
        case .expectedMore: VarlinkTable.service + ".ExpectedMore"
        case .directory(let error), .unreadable(let error): VarlinkErrorName(of: error.code).fullName
        }
    }

    /// Writes the error's name and what belongs to it, as a reply has them.
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("error")
        json.string(name)
        json.key("parameters")
        json.beginObject()
        switch self {
        case .interfaceNotFound(let interface):
            json.key("interface")
            json.string(interface)
        case .methodNotFound(let method):
            json.key("method")
            json.string(method)
        case .invalidParameter(let parameter):
            json.key("parameter")
            json.string(parameter)
        case .expectedMore: break
        case .directory(let error), .unreadable(let error):
            json.key("code")
            json.string(error.code.rawValue)
            json.key("message")
            json.string(error.message)
            if let advice = error.advice {
                json.key("advice")
                json.string(advice)
            }
            if let location = error.location {
                json.key("location")
                json.string(location)
            }
        }
        json.endObject()
        json.endObject()
    }
}

/// The errors of `org.quarter.Directory`: each stands for some of the codes of the error table.
enum VarlinkErrorName: String, CaseIterable, Sendable {
    /// The question cannot be understood, or may not be put so: ask another.
    case invalidRequest = "InvalidRequest"
    /// What the question names is not in the directory.
    case notFound = "NotFound"
    /// There is no walk to measure.
    case noWalk = "NoWalk"
    /// What a follower has seen is no part of this directory's history any more: read anew.
    case readAnew = "ReadAnew"
    /// The directory cannot answer now: ask again later, or have it mended.
    case unavailable = "Unavailable"
    /// A fault of the daemon, or of something that it asks.
    case failed = "Failed"

    /// The error that stands for a code.
    init(of code: DirectoryError.Code) {
        switch (code, ErrorTable.status(of: code)) {
        case (.originOffNetwork, _), (.unreachable, _): self = .noWalk
        case (.historyGone, _), (.revisionAhead, _): self = .readAnew
        case (_, 404): self = .notFound
        case (_, 503): self = .unavailable
        case (_, 400..<500): self = .invalidRequest
        default: self = .failed
        }
    }

    /// The name with the interface's.
    var fullName: String { "\(VarlinkTable.directory).\(rawValue)" }
}
