internal import DirectoryAPI
internal import DirectoryModel
internal import NIOCore
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A file in the spool that goes when nobody needs it any more, however the request ended.
///
/// One thread at a time writes: the upload submits one write after the other.
final class SpoolFile: Sendable {
    /// What a spool file's name begins with; left-over ones are removed at the start.
    static let prefix = "register-"

    let path: String
    private let descriptor: CInt
    private let isRemoved = Mutex(false)

    /// Makes a file that only the daemon's own user may read.
    ///
    /// - Throws: `store_unwritable`.
    init(folder: String) throws(DirectoryError) {
        var template = Array("\(folder)/\(Self.prefix)XXXXXX".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkstemp($0) } ?? -1
        }
        guard descriptor >= 0 else {
            throw DirectoryError(
                .storeUnwritable, "cannot make a file in the spool \(folder)",
                advice: "make the folder, writable for the daemon's user; see spool.folder",
                cause: String(cString: strerror(errno)))
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        close(descriptor)
        remove()
    }

    /// Takes the file's name away, once.
    func remove() {
        isRemoved.withLock { isRemoved in
            if !isRemoved { unlink(path) }
            isRemoved = true
        }
    }

    /// Appends.
    ///
    /// - Throws: `store_unwritable`.
    func append(_ bytes: ByteBuffer) throws(DirectoryError) {
        let failure: CInt? = bytes.withUnsafeReadableBytes { all in
            var rest = all
            while !rest.isEmpty {
                let written = write(descriptor, rest.baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
            return nil
        }
        guard let failure else { return }
        throw DirectoryError(
            .storeUnwritable, "cannot write the register to the spool \(path)",
            advice: "make room, or name another folder in spool.folder",
            cause: String(cString: strerror(failure)))
    }

    /// Removes what a process that was killed left behind.
    static func clean(_ folder: String) {
        guard let entries = opendir(folder) else { return }
        defer { closedir(entries) }
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix) { unlink("\(folder)/\(name)") }
        }
    }
}

/// A register on its way into the spool, and from there to the intake.
///
/// Used on the connection's event loop only.
final class Upload {
    /// From how many unwritten bytes on nothing more is read.
    ///
    /// Chosen, not measured: some socket buffers' worth.
    private static let enough = 1 << 20

    // Weak: the exchange holds the upload, and either may be gone when a write ends.
    private weak var connection: HTTPConnection?
    private weak var exchange: Exchange?
    private let file: SpoolFile
    private let request: RegisterRequest
    private var pending = ByteBuffer()
    private var isWriting = false
    private var isComplete = false

    init(_ connection: HTTPConnection, _ exchange: Exchange, _ file: SpoolFile, _ request: RegisterRequest) {
        self.connection = connection
        self.exchange = exchange
        self.file = file
        self.request = request
    }

    /// Whether enough waits to be written.
    var isFull: Bool { pending.readableBytes >= Self.enough }

    func take(_ bytes: ByteBuffer) {
        pending.writeImmutableBuffer(bytes)
        writeNext()
    }

    /// The body is here whole.
    func finish() {
        isComplete = true
        writeNext()
    }

    private func writeNext() {
        guard !isWriting, let connection, let loop = connection.context?.eventLoop else { return }
        guard pending.readableBytes > 0 else {
            if isComplete { hand() }
            return
        }
        isWriting = true
        var bytes = ByteBuffer()
        swap(&bytes, &pending)
        let bound = NIOLoopBound(self, eventLoop: loop)
        connection.core.workers.submit(.general) { [file, bytes] in
            var failure: DirectoryError?
            do throws(DirectoryError) { try file.append(bytes) } catch { failure = error }
            loop.execute { [failure] in bound.value.wrote(failure) }
        }
    }

    private func wrote(_ failure: DirectoryError?) {
        isWriting = false
        guard let connection, let exchange, connection.current === exchange else { return }
        if let failure { return connection.answerEarly(failure, exchange) }
        writeNext()
        if !isFull { connection.resumeReading() }
    }

    private func hand() {
        guard let connection, let exchange else { return }
        let (file, request, peer) = (file, request, connection.peer)
        connection.answerElsewhere(exchange, on: .registers) { core in
            // Before the answer: whoever has it finds nothing of the register left behind.
            defer { file.remove() }
            return core.responder.takeRegister(request, from: peer)
        }
    }
}

extension HTTPConnection {
    /// Opens the spool for a register, after the peer was found to be allowed to send one.
    func openUpload(_ exchange: Exchange, waits: Bool) {
        guard let context, let entry = exchange.entry else { return }
        let request = self.request(exchange, entry)
        phase = .answering
        deadline = .distantFuture
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, exchange), eventLoop: loop)
        let (core, folder) = (core, settings.spoolFolder)
        core.workers.submit(.general) {
            let result = Result { () throws(DirectoryError) in
                let order = try core.responder.registerRequest(request)
                let file = try SpoolFile(folder: folder)
                return (file, order)
            }
            loop.execute {
                let (connection, exchange) = bound.value
                connection.opened(exchange, result, waits: waits)
            }
        }
    }

    private func opened(
        _ exchange: Exchange, _ result: Result<(SpoolFile, RegisterRequest), DirectoryError>, waits: Bool
    ) {
        guard current === exchange else { return }
        phase = .receiving
        deadline = .now() + settings.limits.requestTime.amount
        switch result {
        case .success((let file, var order)):
            order.path = file.path
            exchange.upload = Upload(self, exchange, file, order)
            if waits { sendContinue() }
        case .failure(let error):
            return answerEarly(error, exchange)
        }
        process()
        resumeReading()
    }
}
