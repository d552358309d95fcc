internal import AreaGeometry
package import DirectoryAPI
package import DirectoryModel
internal import DirectoryStore
internal import Foundation
package import ModuleHost
internal import ServiceTypeKit
internal import Synchronization
internal import WalkNetwork

/// The directory: a live index over store and network, and the only way to change either.
///
/// Safe to use from any thread. Reads wait for nobody: they answer from the index of the last commit. Writes go
/// one after another, commit first, apply the change to a copy of the index, put that in its place, and wait for those
/// who still read the old one.
package final class DirectoryEngine: Sendable {
    private let indexes: SnapshotCell<LiveIndex>
    /// What can be found by name.
    private let names = NameShelf()
    let store: DirectoryStore
    let folder: String
    private let generation: Mutex<UInt64>
    /// Types whose places a start need not normalise.
    private let settledTypes: Mutex<SettledTypes>
    private let reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)?
    let observer: @Sendable (EngineEvent) -> Void
    private let writing = Mutex<Void>(())
    /// What is wrong with the configuration that was read last, while an earlier one is in use.
    let configurationProblem: Mutex<ConfigurationProblem?>
    /// Whoever is told of commits.
    let commits = CommitBell()
    /// The piece of the history that was read last.
    let history = HistoryMemory()
    /// Working memory for answers.
    let answers = AnswerPool()
    /// Counts probes, so that each one starts its walk elsewhere.
    let probes = Atomic<Int>(0)
    /// The street map, which needs no lock of the index.
    let mapShelf: MapShelf
    /// The version of Quarter, for `health`.
    let productVersion: String

    /// The name of the network's file in the state folder.
    package static let networkFileName = "network.qnet"

    /// Opens the directory of a state folder; it answers when this returns.
    ///
    /// A missing or damaged network or street map is no error here: who asks for it is told until one is imported.
    /// - Parameters:
    ///   - folder: the state folder, which must exist and be locked by the caller.
    ///   - opening: gives settings and modules; called once the store is open, so that a store that cannot be
    ///     opened costs no module a start.
    ///   - reloading: reads configuration, types and modules anew, for `reload`; nil where there is nothing
    ///     to read again.
    ///   - observer: told what happens; called on the thread that it happens on, and must not wait.
    /// - Throws: `store_damaged`, `store_unwritable`, and what `opening` throws.
    package init(
        folder: String, version: String, opening: () throws(DirectoryError) -> EngineUpdate,
        reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)? = nil,
        observer: @escaping @Sendable (EngineEvent) -> Void = { _ in }
    ) throws(DirectoryError) {
        self.folder = folder
        self.reloading = reloading
        self.observer = observer
        productVersion = version
        observer(.opening("opening the store, and bringing an older format up to date"))
        store = try DirectoryStore(folder: folder, version: version)
        let reading = StoreReading(store)
        mapShelf = MapShelf(path: folder + "/" + DirectoryEngine.mapFileName)
        do throws(DirectoryError) {
            observer(.opening("opening the modules"))
            let update = try opening()
            configurationProblem = Mutex(update.problem.map { ConfigurationProblem.atStart($0) })
            settledTypes = Mutex(SettledTypes(folder: folder, version: version))
            generation = Mutex(UInt64.random(in: 1...(1 << 40)))
            let index = LiveIndex(settings: update.settings, host: update.host)
            observer(.opening("reading the walking network"))
            do throws(DirectoryError) {
                index.network = try DirectoryEngine.openNetwork(
                    DirectoryEngine.networkPath(in: folder))
            } catch {
                index.networkProblem = error
            }

            let settled = settledTypes.withLock { $0.types(of: update.host) }
            let unsettled = try index.load(reading, settled: settled) { observer(.opening($0)) }
            settledTypes.withLock { $0.note(update.host, except: unsettled) }
            indexes = SnapshotCell(index)
        } catch {
            reading.abandon()
            try? store.close()
            throw error
        }
    }

    /// Opens the directory of a state folder with given settings and modules; see the other initialiser.
    package convenience init(
        folder: String, version: String, settings: EngineSettings, host: ModuleHost,
        reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)? = nil
    ) throws(DirectoryError) {
        try self.init(
            folder: folder, version: version, opening: { EngineUpdate(settings: settings, host: host) },
            reloading: reloading)
    }

    /// Finishes what is under way and closes the store.
    package func close() throws(DirectoryError) { try store.close() }

    /// Where the network's file lies.
    var networkPath: String { DirectoryEngine.networkPath(in: folder) }

    private static func networkPath(in folder: String) -> String { folder + "/" + networkFileName }

    /// What an `ETag` is made of.
    package var version: AnswerVersion {
        AnswerVersion(
            revision: reading { index in index.revision }, generation: generation.withLock { $0 })
    }

    private static func openNetwork(_ path: String) throws(DirectoryError) -> WalkNetwork {
        do { return try WalkNetwork.open(path) } catch { throw DirectoryError.wrapping(error) }
    }

    /// Runs `body` with the index of the last commit; waits for nobody.
    ///
    /// The index must not be kept, since what hangs on its network is good for the time of the call only, and `body`
    /// must not write.
    @inline(__always)
    func reading<R, E: Error>(_ body: (LiveIndex) throws(E) -> R) throws(E) -> R {
        try indexes.reading(body)
    }

    /// Runs `body` with the index of the last commit and what can be found by name as of the same, nil where that
    /// must be made first (`prepareSearch`).
    ///
    /// Waits while a change of names is applied. Not recursive.
    func readingNames<R, E: Error>(_ body: (LiveIndex, SearchShelf?) throws(E) -> R) throws(E) -> R {
        try names.reading { (shelf) throws(E) in
            try indexes.reading { (index) throws(E) in try body(index, shelf) }
        }
    }

    /// Whether there is nothing to look for names in.
    var hasNoNames: Bool { names.isEmpty }

    /// Puts what can be found by name in its place; nobody else writes meanwhile.
    func fillNames(_ shelf: SearchShelf) { names.fill(shelf) }

    /// Changes a copy of the index and answers from it from then on; one caller at a time.
    @discardableResult
    func change<R>(_ body: (LiveIndex) -> R) -> R {
        let next = reading { LiveIndex(copying: $0) }
        let result = body(next)
        let changes = next.takeNameChanges()
        var former: LiveIndex?
        if changes.isEmpty {
            former = indexes.replace(by: next)
        } else {
            names.apply(changes, host: next.host) { former = indexes.replace(by: next) }
        }
        indexes.waitForReaders()
        withExtendedLifetime(former) {}
        next.hung?.settle { indexes.waitForReaders() }
        return result
    }

    func raiseGeneration() { generation.withLock { $0 += 1 } }

    /// Runs one change at a time.
    func exclusively<R>(_ body: () throws(DirectoryError) -> R) throws(DirectoryError) -> R {
        let result: Result<R, DirectoryError> = writing.withLock { _ in
            do throws(DirectoryError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Applies a commit to the live index.
    ///
    /// An entry that was made before the commit is used only where it is of the very record that was committed.
    ///
    /// - Parameter also: what becomes of the index besides.
    func publish(
        _ changes: [Change], made: [PlaceID: PlaceEntry], revision: Revision,
        also: (LiveIndex) -> Void = { _ in }
    ) {
        let host = reading { index in index.host }
        var entries: [PlaceID: PlaceEntry] = [:]
        for case .place(let place)? in changes.map(\.after) {
            if let entry = made[place.id], entry.record.place == place {
                entries[place.id] = entry
            } else {
                entries[place.id] = PlaceEntry(place, host: host)
            }
        }
        change { next in
            next.apply(changes, entries: entries, revision: revision)
            also(next)
        }
        if !changes.isEmpty { observer(.changed) }
        commits.ring(revision)
    }

    /// The same of a commit that changed many places, whose entries are made.
    func publish(_ changes: [Change], places: [PlaceEntry], revision: Revision) {
        let host = reading { index in index.host }
        var entries: [PlaceID: PlaceEntry] = [:]
        for case .place(let place)? in changes.map(\.after) {
            entries[place.id] = PlaceEntry(place, host: host)
        }
        change { next in next.apply(changes, entries: entries, places: places, revision: revision) }
        if !changes.isEmpty || !places.isEmpty { observer(.changed) }
        commits.ring(revision)
    }

    /// Reads configuration, declared types and modules again; changes nothing when anything is wrong.
    package func reload() throws(DirectoryError) -> ReloadReply {
        guard let reloading else {
            throw DirectoryError(
                .internalError, "this directory was opened without a configuration to read again")
        }
        let result: Result<ReloadReply, DirectoryError>
        do throws(DirectoryError) {
            let reply = try exclusively { () throws(DirectoryError) -> ReloadReply in
                observer(.reloadBegan)
                return try take(reloading())
            }
            result = .success(reply)
        } catch {
            configurationProblem.withLock { present in
                present = present?.isFromStart == true ? .atStart(error) : .atReload(error)
            }
            result = .failure(error)
        }
        observer(.reloadEnded(result))
        return try result.get()
    }

    /// Puts what a reload brought in the place of what was there; nobody else writes meanwhile.
    private func take(_ update: EngineUpdate) throws(DirectoryError) -> ReloadReply {
        let before = reading { index in index.host }
        let renewal = try Renewal(of: store, by: update.host, before: before)
        let other = Set(update.host.types.map(\.id).filter { !update.host.serves($0, as: before) })
        settledTypes.withLock { $0.forget(other, of: update.host) }
        let revision = change { next in
            next.settings = update.settings
            next.host = update.host
            next.replace(renewal.entries)
            return next.revision
        }
        raiseGeneration()
        configurationProblem.withLock { $0 = nil }
        return ReloadReply(
            revision: revision, changes: update.changes + renewal.lines, needsRestart: update.needsRestart,
            newFindings: renewal.doubtful.values.reduce(0, +))
    }

    /// Lets a module out of quarantine and reloads.
    package func release(module name: String) throws(DirectoryError) -> ReloadReply {
        try exclusively { () throws(DirectoryError) in try reading { index in index.host }.release(name) }
        return try reload()
    }

    /// Puts a new network file in the place of the present one and walks on it from the next answer on.
    package func adoptNetwork(at path: String) throws(DirectoryError) {
        try exclusively { () throws(DirectoryError) in
            let candidate = try DirectoryEngine.openNetwork(path)
            let present = reading { index in index.network?.checksum }
            if present == candidate.checksum {
                unlink(path)
                return
            }
            try takeNetwork(at: path)
        }
    }

    /// Puts a network file in its place and walks on it; nobody else writes meanwhile.
    private func takeNetwork(at path: String) throws(DirectoryError) {
        guard rename(path, networkPath) == 0 else {
            throw DirectoryError(
                .storeUnwritable, "the network file \(networkPath) cannot be replaced",
                advice: "check space and permissions of the state folder",
                cause: String(cString: strerror(errno)))
        }
        let network = try DirectoryEngine.openNetwork(networkPath)
        change { next in
            next.hang(on: network)
            next.networkProblem = nil
            next.refreshAttributions()
        }
        raiseGeneration()
        observer(.changed)
    }

    /// Makes the labels of a network that has none, as an older version imported it, and walks on it with them from then
    /// on; until then the bounded search answers, the same.
    ///
    /// Does nothing where there are labels, or no network. Blocking: some seconds for a million nodes, on all
    /// processors but one.
    /// - Throws: `store_unwritable` where the file cannot be written; the one without labels then goes on.
    package func prepareLabels() throws(DirectoryError) {
        guard let network = reading({ $0.network }), network.labelledLimit == nil else { return }
        let path = networkPath + ".labelled"
        do {
            let threads = max(1, ProcessInfo.processInfo.activeProcessorCount - 1)
            try network.labelled(threads: threads).write(to: path)
        } catch {
            throw DirectoryError.wrapping(error)
        }
        // Another one may have been imported meanwhile: it came with its own.
        try exclusively { () throws(DirectoryError) in
            guard reading({ $0.network === network }) else {
                unlink(path)
                return
            }
            try takeNetwork(at: path)
        }
    }

    /// A path beside the network file, on its file system.
    package var networkBuildPath: String { networkPath + ".new" }
}

extension DirectoryEngine: DirectoryService {}

/// Why the configuration that was read last is not the one in use.
enum ConfigurationProblem: Sendable {
    /// It was wrong at the start: the last valid one serves.
    case atStart(DirectoryError)
    /// It was wrong at a reload: the one from before goes on.
    case atReload(DirectoryError)

    var isFromStart: Bool {
        if case .atStart = self { true } else { false }
    }

    /// One line without the advice, for a status.
    var remark: String {
        switch self {
        case .atStart(let error): "the last valid configuration serves: " + error.placeAndMessage
        case .atReload(let error): "the last reload failed: " + error.placeAndMessage
        }
    }

    /// One line with the advice.
    var words: String {
        switch self {
        case .atStart(let error): "the last valid configuration serves, because of \(error.description)"
        case .atReload(let error): "the last reload failed and changed nothing: \(error.description)"
        }
    }
}

extension DirectoryError {
    /// Location and message, without cause and advice.
    fileprivate var placeAndMessage: String { (location.map { $0 + ": " } ?? "") + message }
}

extension Timestamp {
    /// The present moment.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(secondsSince1970: Int64(time.tv_sec))
    }
}
