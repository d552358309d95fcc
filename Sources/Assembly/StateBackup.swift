internal import Digests
internal import DirectoryAPI
internal import DirectoryEngine
package import DirectoryModel
package import DirectoryStore
package import Foundation
internal import StreetMap
internal import WalkNetwork

/// A copy of a state folder that was read whole and found sound: a folder of its own with the store, the network, the
/// street map, the record of module ends, the directory's identity, and `SHA256SUMS` over them.
package struct StateBackup: Hashable, Sendable {
    /// The backup's folder.
    package let folder: String
    /// What its store holds.
    package let store: DirectoryStore.Summary

    private static let sums = "SHA256SUMS"
    private static let about = "about.json"
    /// What a state folder holds that is worth keeping, the store last: with it a restored folder is complete.
    private static let files = [
        moduleEnds, DirectoryEngine.identityFileName, DirectoryEngine.networkFileName,
        DirectoryEngine.mapFileName, DirectoryStore.fileName,
    ]
    private static let moduleEnds = "module-ends"
    /// Where the mappings of registers lie in a state folder.
    private static let mappings = "registers/mappings"
    /// Before the name of a mapping's file stands this in a backup, which has no folders.
    private static let mappingPrefix = "mapping."
    /// How often a copy is begun anew because a network came in meanwhile; chosen, not measured.
    private static let tries = 3

    // MARK: Making

    /// Copies a state folder beside whoever works on it, and checks every byte of the copy.
    ///
    /// - Parameters:
    ///   - state: the state folder; a daemon may hold it.
    ///   - parent: the folder that the backup is made in; it is made where it is not there.
    ///   - keep: how many backups of that folder stay, at least one; older ones are removed once the new one is
    ///     complete. nil for all.
    ///   - now: the moment that names the backup.
    /// - Throws: `not_found` where there is no store; `store_unwritable`; `store_damaged`; `network_damaged`.
    ///   Then there is no new backup, and the old ones are as they were.
    package static func make(of state: String, in parent: String, keep: Int?, at now: Date = Date())
        throws(DirectoryError) -> StateBackup
    {
        let draft = parent + "/.partial-\(getpid())"
        do {
            try FileManager.default.createDirectory(
                atPath: parent, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
            try? FileManager.default.removeItem(atPath: draft)
            try FileManager.default.createDirectory(
                atPath: draft, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o750])
        } catch { throw unwritable(parent, error) }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let store = try copyAll(from: state, to: draft)
        let name = name(at: now, store.revision)
        let target = parent + "/" + name
        do {
            try writeSums(draft, store, now)
            try Disk.flush(draft)
            try FileManager.default.moveItem(atPath: draft, toPath: target)
            try Disk.flush(parent, deep: false)
            if let keep { try prune(parent, keep: max(1, keep)) }
        } catch { throw unwritable(target, error) }
        return StateBackup(folder: target, store: store)
    }

    private static func copyAll(from state: String, to draft: String) throws(DirectoryError)
        -> DirectoryStore.Summary
    {
        let (network, map) = (DirectoryEngine.networkFileName, DirectoryEngine.mapFileName)
        for _ in 0..<tries {
            for name in files { try? FileManager.default.removeItem(atPath: draft + "/" + name) }
            let before = try checksum(ofNetwork: state + "/" + network)
            let mapBefore = try checksum(ofMap: state + "/" + map)
            let store = try DirectoryStore.copy(
                from: state, to: draft + "/" + DirectoryStore.fileName)
            for name in [network, map, moduleEnds, DirectoryEngine.identityFileName]
            where access(state + "/" + name, F_OK) == 0 {
                do {
                    try FileManager.default.copyItem(atPath: state + "/" + name, toPath: draft + "/" + name)
                } catch { throw unwritable(draft + "/" + name, error) }
            }
            try copyMappings(from: state, to: draft)
            // Store, network and map belong together: one that came in between begins the copy anew.
            if try checksum(ofNetwork: draft + "/" + network) == before,
                try checksum(ofMap: draft + "/" + map) == mapBefore
            {
                return store
            }
        }
        throw DirectoryError(
            .unavailable, "maps are being imported into \(state) all the time",
            advice: "make the backup when the import is done")
    }

    /// The checksum of a network file, of which every byte is read; nil where there is none.
    private static func checksum(ofNetwork path: String) throws(DirectoryError) -> UInt64? {
        guard access(path, F_OK) == 0 else { return nil }
        do {
            return try WalkNetwork.open(path).checksum
        } catch {
            throw error as? DirectoryError
                ?? DirectoryError(.networkDamaged, "the network \(path) cannot be read", cause: "\(error)")
        }
    }

    /// The checksum of a map file, of which every byte is read; nil where there is none.
    private static func checksum(ofMap path: String) throws(DirectoryError) -> String? {
        guard access(path, F_OK) == 0 else { return nil }
        return try StreetMap.open(path).checksum
    }

    /// "20261124T213000.123Z-r918": names sort by time.
    private static func name(at now: Date, _ revision: Revision) -> String {
        "\(stamp(now))-r\(revision.number)"
    }

    private static func stamp(_ now: Date) -> String {
        // Foundation leaves the zone out where seconds have fractions.
        now.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true))
            .filter { $0 != "-" && $0 != ":" && $0 != "Z" } + "Z"
    }

    private static func writeSums(_ folder: String, _ store: DirectoryStore.Summary, _ now: Date) throws {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.key("version")
        json.string(Assembly.version)
        json.key("time")
        json.string(now.ISO8601Format())
        json.key("revision")
        json.whole(store.revision.number)
        json.key("counts")
        json.beginObject()
        for kind in RecordKind.allCases {
            json.key(kind.rawValue)
            json.whole(UInt64(store.counts[kind] ?? 0))
        }
        json.endObject()
        json.endObject()
        try Data(json.bytes() + [0x0A]).write(to: URL(fileURLWithPath: folder + "/" + about))
        var text = ""
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasPrefix(mappingPrefix) }.sorted()
        for name in files + kept + [about] where access(folder + "/" + name, F_OK) == 0 {
            text += "\(try FileDigest.sha256(of: folder + "/" + name))  \(name)\n"
        }
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + sums))
    }

    private static func prune(_ parent: String, keep: Int) throws {
        let backups = try FileManager.default.contentsOfDirectory(atPath: parent)
            .filter { $0.wholeMatch(of: /\d{8}T\d{6}\.\d{3}Z-r\d+/) != nil }.sorted()
        for name in backups.dropLast(keep) {
            try FileManager.default.removeItem(atPath: parent + "/" + name)
        }
    }

    // MARK: Bringing back

    /// What a restored state folder holds, and where its former files lie.
    package struct Restored: Hashable, Sendable {
        /// What the store holds now.
        package let store: DirectoryStore.Summary
        /// The folder of what was there before; nil where there was nothing.
        package let former: String?
    }

    /// Brings a backup back into a state folder that nobody holds.
    ///
    /// The backup is read whole first, and copied beside the present files; only then do they change places.
    /// - Parameters:
    ///   - backup: the backup's folder.
    ///   - state: the state folder; it is made where it is not there. Its files become its owner's.
    /// - Throws: `not_found` and `invalid_file` for the backup; `state_locked` while a daemon holds the folder;
    ///   `store_unwritable`. Then the state folder is as it was.
    package static func restore(_ backup: String, to state: String) throws(DirectoryError) -> Restored {
        let names = try verify(backup)
        let lock = try StateLock(folder: state)
        defer { withExtendedLifetime(lock) {} }
        let draft = state + "/.restore"
        defer { try? FileManager.default.removeItem(atPath: draft) }
        do {
            try? FileManager.default.removeItem(atPath: draft)
            try FileManager.default.createDirectory(
                atPath: draft, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o750])
            for name in names {
                try FileManager.default.copyItem(atPath: backup + "/" + name, toPath: draft + "/" + name)
            }
            try Disk.flush(draft)
        } catch { throw unwritable(draft, error) }
        let store = try DirectoryStore.check(draft + "/" + DirectoryStore.fileName)
        do {
            let former = try setAside(state)
            for name in files where names.contains(name) {
                guard rename(draft + "/" + name, state + "/" + name) == 0 else {
                    throw CocoaError(.fileWriteUnknown)
                }
            }
            try bringBackMappings(names.filter(isMapping), from: draft, to: state, former: former)
            try Disk.flush(state, deep: false)
            StateOwner.settle(state)
            if let former { StateOwner.settle(former, like: state) }
            return Restored(store: store, former: former)
        } catch { throw unwritable(state, error) }
    }

    // MARK: Mappings

    /// Whether a file of a backup is a register's mapping.
    private static func isMapping(_ name: String) -> Bool {
        name.hasPrefix(mappingPrefix) && !name.contains("/") && name.utf8.count <= 255
    }

    private static func copyMappings(from state: String, to draft: String) throws(DirectoryError) {
        let folder = state + "/" + mappings
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names where name.hasSuffix(".toml") && isMapping(mappingPrefix + name) {
            do {
                let copy = draft + "/" + mappingPrefix + name
                try? FileManager.default.removeItem(atPath: copy)
                try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: copy)
            } catch { throw unwritable(draft + "/" + name, error) }
        }
    }

    /// Puts mappings in the place of those of the same sources, which are set aside; others stay.
    private static func bringBackMappings(
        _ names: [String], from draft: String, to state: String, former: String?
    ) throws {
        guard !names.isEmpty else { return }
        let folder = state + "/" + mappings
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        for name in names {
            let target = folder + "/" + String(name.dropFirst(mappingPrefix.count))
            if let former, access(target, F_OK) == 0 {
                try FileManager.default.moveItem(atPath: target, toPath: former + "/" + name)
            }
            guard rename(draft + "/" + name, target) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
        try Disk.flush(folder, deep: false)
        StateOwner.settle(state + "/registers", like: state)
        StateOwner.settle(folder, like: state)
    }

    /// The backup's files, each of which has the digest that it was made with.
    private static func verify(_ backup: String) throws(DirectoryError) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: backup + "/" + sums) else {
            throw DirectoryError(
                .notFound, "\(backup) is no backup of Quarter: it has no \(sums) that can be read",
                advice: "name one of the folders that `quarterctl backup` made")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw damaged(backup, "\(sums) cannot be read")
        }
        var names: [String] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2, case let name = words[1].trimmingCharacters(in: .whitespaces),
                files.contains(name) || name == about || isMapping(name)
            else { throw damaged(backup, "\(sums) cannot be read") }
            guard try FileDigest.sha256(of: backup + "/" + name) == words[0] else {
                throw damaged(backup, "\(name) is not as it was made")
            }
            if name != about { names.append(name) }
        }
        guard names.contains(DirectoryStore.fileName) else { throw damaged(backup, "its store is missing") }
        _ = try checksum(ofNetwork: backup + "/" + DirectoryEngine.networkFileName)
        _ = try checksum(ofMap: backup + "/" + DirectoryEngine.mapFileName)
        return names
    }

    /// Moves what a state folder holds into a folder beside it, so that nothing is lost by a mistake.
    ///
    /// The store itself stays as a second name until the restored one takes its place, so that a process that is
    /// ended in between leaves one or the other, never an empty folder; its log must be gone before.
    private static func setAside(_ state: String) throws -> String? {
        let store = DirectoryStore.fileName
        let present = [store + "-wal", store + "-shm"] + files
        guard present.contains(where: { access(state + "/" + $0, F_OK) == 0 }) else { return nil }
        let former = state + "/before-restore-" + stamp(Date())
        try FileManager.default.createDirectory(
            atPath: former, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o750])
        if access(state + "/" + store, F_OK) == 0 {
            try FileManager.default.linkItem(atPath: state + "/" + store, toPath: former + "/" + store)
        }
        for name in present where name != store && access(state + "/" + name, F_OK) == 0 {
            try FileManager.default.moveItem(atPath: state + "/" + name, toPath: former + "/" + name)
        }
        try Disk.flush(former, deep: false)
        return former
    }

    private static func damaged(_ backup: String, _ cause: String) -> DirectoryError {
        DirectoryError(
            .invalidFile, "the backup \(backup) is damaged", advice: "take an older one; nothing was changed",
            cause: cause)
    }

    private static func unwritable(_ path: String, _ error: any Error) -> DirectoryError {
        if let error = error as? DirectoryError { return error }
        let cause =
            ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.localizedDescription
            ?? error.localizedDescription
        return DirectoryError(
            .storeUnwritable, "\(path) cannot be written",
            advice: "check its owner and the free space", cause: cause)
    }
}

/// What must be on the disk, not in its cache.
enum Disk {
    /// Writes a folder's names, and with `deep` the bytes of its files, to the disk.
    static func flush(_ folder: String, deep: Bool = true) throws {
        if deep {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                try sync(folder + "/" + name)
            }
        }
        try sync(folder)
    }

    private static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw CocoaError(
                .fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))])
        }
    }
}
