internal import Glibc

/// Notes in the marker which signal ended the process, and on which thread: that tells a trap in a module from
/// `kill -9`, from loss of power and from a fault elsewhere.
///
/// The handler only stores numbers, puts the former handler back and lets it and the signal go on, so that
/// backtraces and core dumps are as they would have been.
enum CrashSignals {
    /// Marks a signal that another process sent, such as the watchdog's.
    static let fromOutside: UInt64 = 2
    /// How long a call must have gone on to be blamed for a watchdog's signal, in nanoseconds.
    ///
    /// Chosen, not measured: twenty times the 50 ms that a call may take.
    static let hangNanoseconds: UInt64 = 1_000_000_000

    /// What traps, bad accesses and the watchdog send.
    static let watched: [Int32] = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

    /// Watches for the signals, and notes them in the marker that is mapped at `base`.
    ///
    /// One marker in a process: the last one that asked. Thread-safe.
    static func note(in base: UnsafeMutableRawPointer) {
        pthread_mutex_lock(installing)
        defer { pthread_mutex_unlock(installing) }
        noteBase = base
        guard !isInstalled else { return }
        isInstalled = true
        for signal in watched {
            var action = sigaction()
            action.__sigaction_handler.sa_sigaction = { noteSignal($0, $1, $2) }
            action.sa_flags = SA_SIGINFO | SA_ONSTACK
            sigemptyset(&action.sa_mask)
            sigaction(signal, &action, formerActions + Int(signal))
        }
    }
}

nonisolated(unsafe) private var noteBase: UnsafeMutableRawPointer?
nonisolated(unsafe) private var isInstalled = false
/// By signal number; allocated before the first handler is set, so that the handler itself allocates nothing.
nonisolated(unsafe) private let formerActions: UnsafeMutablePointer<sigaction> = {
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    actions.initialize(repeating: sigaction(), count: 65)
    return actions
}()
nonisolated(unsafe) private let installing: UnsafeMutablePointer<pthread_mutex_t> = {
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    return mutex
}()

/// Runs in the signal handler: nothing here may lock or allocate.
private func noteSignal(
    _ signal: Int32, _ info: UnsafeMutablePointer<siginfo_t>?, _ context: UnsafeMutableRawPointer?
) {
    // Codes of 0 and below are sent (kill, tgkill, sigqueue); a fault has a code above 0. Of the sent ones,
    // tgkill (-6) is the thread's own abort(). Source: sigaction(2).
    let code = info?.pointee.si_code ?? 0
    if let base = noteBase, base.load(fromByteOffset: 8, as: UInt64.self) == 0 {
        var now = timespec()
        base.storeBytes(
            of: code > 0 || code == -6 ? 1 : CrashSignals.fromOutside, toByteOffset: 16, as: UInt64.self)
        base.storeBytes(of: UInt64(UInt(pthread_self())), toByteOffset: 24, as: UInt64.self)
        clock_gettime(CLOCK_MONOTONIC, &now)
        let moment = UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
        base.storeBytes(of: moment, toByteOffset: 32, as: UInt64.self)
        clock_gettime(CLOCK_REALTIME, &now)
        base.storeBytes(of: UInt64(now.tv_sec), toByteOffset: 40, as: UInt64.self)
        base.storeBytes(of: UInt64(signal), toByteOffset: 8, as: UInt64.self)
    }
    let former = formerActions + Int(signal)
    sigaction(signal, former, nil)
    // A fault comes again by itself when its instruction runs again: the former handler sees it then, and after it
    // the system. What was sent does not come again, and the Swift runtime's handler, which writes a backtrace,
    // returns from it: so it is called here, and the signal sent once more to end the process.
    guard code <= 0 else { return }
    if former.pointee.sa_flags & SA_SIGINFO != 0,
        let handler = former.pointee.__sigaction_handler.sa_sigaction
    {
        handler(signal, info, context)
    }
    var standard = sigaction()
    sigaction(signal, &standard, nil)
    raise(signal)
}
