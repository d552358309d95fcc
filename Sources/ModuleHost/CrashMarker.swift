internal import DirectoryModel
internal import Glibc
internal import Synchronization

/// Notes in shared memory which module each thread is calling, so that the next process can read what the last
/// one died in.
///
/// A note is three plain stores into a page of a mapped file: it outlives the process, not the machine, and
/// needs no write. Each thread has a slot of its own. The mapping is never undone, so slots stay valid for as
/// long as the process runs.
///
/// Layout, all numbers little-endian UInt64: header (magic, signal, kind of signal, thread, monotonic ns,
/// seconds since 1970), slots from 4096 (module and call, started at monotonic ns, thread), names from 8192
/// (length, then "file\tid").
final class CrashMarker: Sendable {
    static let magic: UInt64 = 0x3152_4B4D_5254_5251  // "QRTRMKR1"
    static let slotCount = 64
    /// Names that fit.
    ///
    /// Chosen, not measured: ten times the catalogue. Index 0 means "none".
    static let maximumNames = 400
    static let nameStride = 512
    static let headerSize = 4096
    static let slotStride = 64
    static let size = 8192 + maximumNames * nameStride

    /// The mapped memory.
    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    private let key: pthread_key_t
    private let names: Mutex<[String]>
    private let pool: SlotPool

    /// Maps the marker at `path`, or memory of the process's own when there is no path.
    ///
    /// - Returns: the marker, wiped, and what the last process left in it.
    /// - Throws: `store_unwritable` when the file cannot be made.
    static func open(_ path: String?) throws(DirectoryError) -> (marker: CrashMarker, left: [ModuleEnd]) {
        var descriptor: Int32 = -1
        if let path {
            descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0, ftruncate(descriptor, off_t(size)) == 0 else {
                let cause = String(cString: strerror(errno))
                if descriptor >= 0 { close(descriptor) }
                throw unwritable(path, cause)
            }
            // A store into a page that the full disk has no room for would end the process. Better to serve
            // without knowing what ended it than not to serve.
            if posix_fallocate(descriptor, 0, off_t(size)) != 0 {
                close(descriptor)
                descriptor = -1
            }
        }
        defer { if descriptor >= 0 { close(descriptor) } }
        let flags = descriptor >= 0 ? MAP_SHARED : MAP_SHARED | MAP_ANONYMOUS
        guard let base = mmap(nil, size, PROT_READ | PROT_WRITE, flags, descriptor, 0), base != MAP_FAILED
        else {
            throw unwritable(path ?? "shared memory", String(cString: strerror(errno)))
        }
        let left = LastProcess(base: UnsafeRawPointer(base)).ends()
        memset(base, 0, size)
        base.storeBytes(of: magic, as: UInt64.self)
        guard let marker = CrashMarker(base: base) else {
            throw unwritable(path ?? "shared memory", "no thread-specific key is left")
        }
        return (marker, left)
    }

    private static func unwritable(_ path: String, _ cause: String) -> DirectoryError {
        DirectoryError(
            .storeUnwritable, "the crash marker of the modules cannot be made",
            advice: "check the owner and the free space of the state folder", location: path, cause: cause)
    }

    private init?(base: UnsafeMutableRawPointer) {
        var key = pthread_key_t()
        guard pthread_key_create(&key, { ThreadSlot.end($0) }) == 0 else { return nil }
        self.base = base
        self.key = key
        self.names = Mutex([])
        self.pool = SlotPool(first: base + Self.headerSize)
    }

    /// The number under which a file and its module are noted: the same for the same name; 0 when full.
    func number(ofFile file: String, id: ModuleID?) -> UInt64 {
        let name = file.replacing("\t", with: " ") + "\t" + (id?.rawValue ?? "")
        return names.withLock { names in
            if let index = names.firstIndex(of: name) { return UInt64(index + 1) }
            guard names.count < Self.maximumNames else { return 0 }
            let text = Array(name.utf8.prefix(Self.nameStride - 8))
            let entry = base + 8192 + names.count * Self.nameStride
            text.withUnsafeBytes {
                (entry + 8).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(entry), byteCount: $0.count)
            }
            entry.storeBytes(of: UInt64(text.count), as: UInt64.self)
            names.append(name)
            return UInt64(names.count)
        }
    }

    /// The call that has been going on longest, among those that are under way; nil when none is.
    ///
    /// Takes no lock that a call holds: it answers while everything else hangs.
    func longestCall() -> RunningModuleCall? {
        let now = monotonicNanoseconds()
        var longest: (number: UInt64, started: UInt64)?
        for index in 0..<Self.slotCount {
            let slot = base + Self.headerSize + index * Self.slotStride
            let started = slot.load(fromByteOffset: 8, as: UInt64.self)
            let number = slot.load(as: UInt64.self)
            // Another call may have begun in between: it is looked at next time.
            guard number & 0xFFFF_FFFF != 0, slot.load(fromByteOffset: 8, as: UInt64.self) == started,
                started < longest?.started ?? .max
            else { continue }
            longest = (number, started)
        }
        guard let longest else { return nil }
        let name = names.withLock { names in
            let index = Int(longest.number & 0xFFFF_FFFF) - 1
            return index < names.count ? names[index] : "\t"
        }.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        return RunningModuleCall(
            file: name[0], id: name.count > 1 ? ModuleID(rawValue: name[1]) : nil,
            call: ModuleCall(rawValue: longest.number >> 32) ?? .open,
            time: Seconds(Double(now &- min(now, longest.started)) / 1e9))
    }

    /// The calling thread's slot.
    @inline(__always)
    func slot() -> UnsafeMutablePointer<UInt64> {
        if let mine = pthread_getspecific(key) {
            return mine.assumingMemoryBound(to: ThreadSlot.self).pointee.slot
        }
        return claim()
    }

    @inline(never)
    private func claim() -> UnsafeMutablePointer<UInt64> {
        let slot = pool.take()
        slot[2] = UInt64(UInt(pthread_self()))
        ThreadSlot.begin(slot, pool, key)
        return slot
    }
}

/// A thread's slot, and the stack on which a signal handler runs when the thread's own is used up.
private struct ThreadSlot {
    let slot: UnsafeMutablePointer<UInt64>
    let pool: Unmanaged<SlotPool>
    let stack: UnsafeMutableRawPointer?

    /// Bytes of the signal stack.
    ///
    /// Source: sigaltstack(2), MINSIGSTKSZ on AVX-512 machines is some 3.5 KiB; the Swift runtime's own crash
    /// handler runs on it, too.
    static let stackSize = 1 << 16

    static func begin(_ slot: UnsafeMutablePointer<UInt64>, _ pool: SlotPool, _ key: pthread_key_t) {
        var stack: UnsafeMutableRawPointer?
        var current = stack_t()
        if sigaltstack(nil, &current) == 0, current.ss_flags & Int32(SS_DISABLE) != 0 {
            let memory = UnsafeMutableRawPointer.allocate(byteCount: stackSize, alignment: 16)
            var wanted = stack_t(ss_sp: memory, ss_flags: 0, ss_size: stackSize)
            if sigaltstack(&wanted, nil) == 0 { stack = memory } else { memory.deallocate() }
        }
        let mine = UnsafeMutablePointer<ThreadSlot>.allocate(capacity: 1)
        mine.initialize(to: ThreadSlot(slot: slot, pool: .passRetained(pool), stack: stack))
        pthread_setspecific(key, mine)
    }

    /// Runs when a thread ends.
    static func end(_ pointer: UnsafeMutableRawPointer?) {
        guard let mine = pointer?.assumingMemoryBound(to: ThreadSlot.self) else { return }
        let thread = mine.move()
        mine.deallocate()
        thread.slot[0] = 0
        if let stack = thread.stack {
            var none = stack_t(ss_sp: nil, ss_flags: Int32(SS_DISABLE), ss_size: 0)
            if sigaltstack(&none, nil) == 0 { stack.deallocate() }
        }
        let pool = thread.pool.takeRetainedValue()
        pool.give(thread.slot)
    }
}

/// The slots that no thread has.
private final class SlotPool: Sendable {
    nonisolated(unsafe) private let first: UnsafeMutableRawPointer
    private let free: Mutex<[Int]>

    init(first: UnsafeMutableRawPointer) {
        self.first = first
        free = Mutex(Array((1..<CrashMarker.slotCount).reversed()))
    }

    /// A free slot.
    ///
    /// Threads beyond 63 share slot 0: their notes may overwrite each other's.
    func take() -> UnsafeMutablePointer<UInt64> {
        let index = free.withLock { $0.popLast() } ?? 0
        return (first + index * CrashMarker.slotStride).bindMemory(to: UInt64.self, capacity: 3)
    }

    func give(_ slot: UnsafeMutablePointer<UInt64>) {
        let index = (UnsafeMutableRawPointer(slot) - first) / CrashMarker.slotStride
        if index > 0 { free.withLock { $0.append(index) } }
    }
}

/// Reads what a process that is no more left in its marker.
///
/// Nothing in it is trusted.
private struct LastProcess {
    let base: UnsafeRawPointer

    private func number(_ offset: Int) -> UInt64 { base.load(fromByteOffset: offset, as: UInt64.self) }

    func ends() -> [ModuleEnd] {
        guard number(0) == CrashMarker.magic else { return [] }
        let signal = Int32(truncatingIfNeeded: number(8))
        let isFromOutside = number(16) == CrashSignals.fromOutside
        let thread = number(24)
        let moment = number(32)
        let known = Int64(clamping: number(40))
        let time = Timestamp(secondsSince1970: known > 0 ? known : Int64(Glibc.time(nil)))
        // One end for a module, however many of its calls were going on.
        var seen: Set<String> = []
        return (0..<CrashMarker.slotCount).compactMap { index -> ModuleEnd? in
            let at = CrashMarker.headerSize + index * CrashMarker.slotStride
            guard let (file, id) = name(number(at) & 0xFFFF_FFFF) else { return nil }
            let call = ModuleCall(rawValue: number(at) >> 32) ?? .open
            // A trap is the fault of the thread that it came to. What comes from outside (the watchdog) is the
            // fault of a call that has been going on for long.
            let cause: ModuleEnd.Cause
            if signal == 0 {
                cause = .unexplained
            } else if isFromOutside {
                let started = number(at + 8)
                guard moment > started, moment - started > CrashSignals.hangNanoseconds else { return nil }
                cause = .hung
            } else {
                guard number(at + 16) == thread else { return nil }
                cause = .signal(signal)
            }
            guard seen.insert(file).inserted else { return nil }
            return ModuleEnd(time: time, file: file, id: id, call: call, cause: cause)
        }
    }

    private func name(_ number: UInt64) -> (file: String, id: ModuleID?)? {
        guard number > 0, number <= UInt64(CrashMarker.maximumNames) else { return nil }
        let entry = 8192 + (Int(number) - 1) * CrashMarker.nameStride
        let length = min(Int(clamping: self.number(entry)), CrashMarker.nameStride - 8)
        let text = String(
            decoding: UnsafeRawBufferPointer(start: base + entry + 8, count: length), as: UTF8.self)
        let parts = text.split(separator: "\t", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        return (String(parts[0]), ModuleID(rawValue: String(parts[1])))
    }
}
