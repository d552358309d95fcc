internal import Synchronization

/// Who may use the desk: whoever brought the token first, for as long as he goes on.
final class DeskGate: Sendable {
    /// What becomes of a token.
    enum Opening: Hashable, Sendable {
        /// It opens; the answer carries the session's cookie.
        case granted
        /// It is the right one, and was used before.
        case used
        /// It is none of this desk's.
        case wrong
    }

    private struct State {
        var isTokenUsed = false
        /// The user of the machine who brought the token, where the machine could tell.
        var user: UInt32?
        var lastUse = ContinuousClock.now
        var underWay = 0
    }

    /// What the address carries: good once.
    let token = StaffToken()
    /// What the cookie carries from then on.
    let session = StaffToken()
    /// The cookie's name: cookies of a host are those of all its ports, so the port is in it.
    let cookieName: String
    private let state = Mutex(State())

    init(port: Int) { cookieName = "quarter-staff-\(port)" }

    /// The header that gives a browser the session.
    var cookie: String { "\(cookieName)=\(session.text); Path=/; HttpOnly; SameSite=Strict" }

    /// Takes a token.
    ///
    /// - Parameter user: who is at the other end, where the machine can tell.
    func open(_ word: some StringProtocol, by user: UInt32?) -> Opening {
        guard token.equals(word) else { return .wrong }
        return state.withLock { state in
            guard !state.isTokenUsed else { return .used }
            state.isTokenUsed = true
            state.user = user
            state.lastUse = .now
            return .granted
        }
    }

    /// Whether a request is of the session, by its `Cookie` headers and by who sends it.
    ///
    /// A browser sends the cookies of 127.0.0.1 to every port of it, so that another user's server on this machine can
    /// come to know this one; it is good for nothing to anybody but the user who opened.
    func admits(cookies: [String], user: UInt32?) -> Bool {
        let mark = cookieName + "="
        let isHolder = cookies.contains { header in
            header.split(separator: ";").contains { part in
                let pair = part.drop { $0 == " " }
                return pair.hasPrefix(mark) && session.equals(pair.dropFirst(mark.count))
            }
        }
        guard isHolder else { return false }
        return state.withLock { state in
            state.isTokenUsed && (state.user == nil || user == nil || state.user == user)
        }
    }

    /// A request of the session has begun.
    func begin() {
        state.withLock { state in
            state.underWay += 1
            state.lastUse = .now
        }
    }

    /// A request of the session has ended.
    func end() {
        state.withLock { state in
            state.underWay -= 1
            state.lastUse = .now
        }
    }

    /// For how long nothing was asked; zero while something is.
    var idle: Duration {
        state.withLock { $0.underWay > 0 ? .zero : ContinuousClock.now - $0.lastUse }
    }
}
