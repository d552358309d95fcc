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
/// Safe to use from any thread. Reads hold a shared lock for the microseconds of a search; writes go one
/// after another, commit first, and hold the lock alone only while the committed change is applied.
package final class DirectoryEngine: @unchecked Sendable {
    // Unchecked: `index` is touched under `lock` alone, the rest is constant or locks itself.
    let lock = ReadWriteLock()
    let index: LiveIndex
    let store: DirectoryStore
    let folder: String
    let localTime: Mutex<LocalTime>
    private let generation: Mutex<UInt64>
    private let reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)?
    private let writing = Mutex<Void>(())
    /// The version of Quarter, for `health`.
    let productVersion: String

    /// The name of the network's file in the state folder.
    package static let networkFileName = "network.qnet"

    /// Opens the directory of a state folder; it answers when this returns.
    ///
    /// A missing or damaged network is no error here: queries that walk say so until one is imported.
    /// - Parameters:
    ///   - folder: the state folder, which must exist and be locked by the caller.
    ///   - reloading: reads configuration, types and modules anew, for `reload`; nil where there is nothing
    ///     to read again.
    /// - Throws: `store_damaged`, `store_unwritable`.
    package init(
        folder: String, version: String, settings: EngineSettings, host: ModuleHost,
        reloading: (@Sendable () throws(DirectoryError) -> EngineUpdate)? = nil
    ) throws(DirectoryError) {
        self.folder = folder
        self.reloading = reloading
        productVersion = version
        store = try DirectoryStore(folder: folder, version: version)
        localTime = Mutex(LocalTime(zone: settings.timeZone))
        generation = Mutex(UInt64.random(in: 1...(1 << 40)))
        index = LiveIndex(settings: settings, host: host)
        do throws(DirectoryError) {
            index.network = try DirectoryEngine.openNetwork(networkPath)
        } catch {
            index.networkProblem = error
        }
        try index.load(from: store)
    }

    /// Finishes what is under way and closes the store.
    package func close() throws(DirectoryError) { try store.close() }

    /// Where the network's file lies.
    var networkPath: String { folder + "/" + DirectoryEngine.networkFileName }

    /// What an `ETag` is made of.
    package var version: AnswerVersion {
        AnswerVersion(
            revision: lock.reading { index.revision }, generation: generation.withLock { $0 })
    }

    private static func openNetwork(_ path: String) throws(DirectoryError) -> WalkNetwork {
        do { return try WalkNetwork.open(path) } catch { throw DirectoryError.wrapping(error) }
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
    /// The modules are asked before the lock is taken: readers must not wait for them. An entry that was made
    /// before the commit is used only where it is of the very record that was committed.
    func publish(_ changes: [Change], made: [PlaceID: PlaceEntry], revision: Revision) {
        let host = lock.reading { index.host }
        var entries: [PlaceID: PlaceEntry] = [:]
        for case .place(let place)? in changes.map(\.after) {
            if let entry = made[place.id], entry.record.place == place {
                entries[place.id] = entry
            } else {
                entries[place.id] = PlaceEntry(place, host: host)
            }
        }
        lock.writing { index.apply(changes, entries: entries, revision: revision) }
    }

    /// Reads configuration, declared types and modules again; changes nothing when anything is wrong.
    package func reload() throws(DirectoryError) -> ReloadReply {
        guard let reloading else {
            throw DirectoryError(
                .internalError, "this directory was opened without a configuration to read again")
        }
        return try exclusively { () throws(DirectoryError) -> ReloadReply in
            let update = try reloading()
            // Nobody else writes now, and the modules are asked before the lock is taken: readers go on.
            let renewed = lock.reading { index.places.values.map(\.record.place) }
                .map { PlaceEntry($0, host: update.host) }
            localTime.withLock { $0 = LocalTime(zone: update.settings.timeZone) }
            let revision = lock.writing {
                index.settings = update.settings
                index.host = update.host
                index.replace(renewed)
                return index.revision
            }
            raiseGeneration()
            return ReloadReply(
                revision: revision, changes: update.changes, needsRestart: update.needsRestart)
        }
    }

    /// Lets a module out of quarantine and reloads.
    package func release(module name: String) throws(DirectoryError) -> ReloadReply {
        try exclusively { () throws(DirectoryError) in try lock.reading { index.host }.release(name) }
        return try reload()
    }

    /// Puts a new network file in the place of the present one and walks on it from the next answer on.
    package func adoptNetwork(at path: String) throws(DirectoryError) {
        try exclusively { () throws(DirectoryError) in
            let candidate = try DirectoryEngine.openNetwork(path)
            let present = lock.reading { index.network?.checksum }
            if present == candidate.checksum {
                unlink(path)
                return
            }
            guard rename(path, networkPath) == 0 else {
                throw DirectoryError(
                    .storeUnwritable, "the network file \(networkPath) cannot be replaced",
                    advice: "check space and permissions of the state folder",
                    cause: String(cString: strerror(errno)))
            }
            let network = try DirectoryEngine.openNetwork(networkPath)
            // Nobody else writes now, so the places can be hung while readers still walk on the old network.
            let hanging = lock.reading { index.hanging(on: network) }
            lock.writing {
                index.adopt(hanging, on: network)
                index.networkProblem = nil
                index.refreshAttributions()
            }
            raiseGeneration()
        }
    }

    /// A path beside the network file, on its file system.
    package var networkBuildPath: String { networkPath + ".new" }
}

extension DirectoryEngine: DirectoryService {}

/// Local time's offset from UTC, looked up again only every quarter of an hour: zones change on one.
struct LocalTime: Sendable {
    private let zone: TimeZone
    private var quarter: Int64 = .min
    private var offset = 0

    /// An unknown zone counts as UTC+8; the configuration refuses it before.
    init(zone: String) {
        self.zone = TimeZone(identifier: zone) ?? TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt
    }

    /// Seconds east of UTC at `time`.
    mutating func offset(at time: Timestamp) -> Int {
        let quarter = time.secondsSince1970 / 900
        if quarter != self.quarter {
            self.quarter = quarter
            offset = zone.secondsFromGMT(
                for: Date(timeIntervalSince1970: Double(time.secondsSince1970)))
        }
        return offset
    }
}

extension Timestamp {
    /// The present moment.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(secondsSince1970: Int64(time.tv_sec))
    }
}
