internal import DirectoryModel
internal import Glibc
internal import ServiceTypeKit
internal import TOMLDocument

/// A file that was looked at, with its live counters.
struct HostedFile: Sendable {
    let file: String
    let isDeclared: Bool
    var id: ModuleID?
    var manifest: ModuleManifest?
    var state: ModuleState
    var guarded: GuardedModule?
    var identity: FileIdentity?

    var report: ModuleReport {
        ModuleReport(
            file: file, isDeclared: isDeclared, id: id ?? manifest?.id, name: manifest?.name,
            version: isDeclared ? nil : manifest?.version, state: state,
            types: state == .loaded ? manifest?.types.map(\.id) ?? [] : [],
            usage: guarded?.usage ?? ModuleUsage(),
            needsRestart: identity.map { FileIdentity(file) != $0 } ?? false)
    }
}

/// Builds a host: looks through the folders and decides about every file.
struct ModuleCatalogue {
    let runtime: ModuleRuntime
    private(set) var hosted: [ServiceTypeID: HostedType] = [:]
    private(set) var files: [HostedFile] = []
    private(set) var problems: [DirectoryError] = []
    private(set) var notes: [String] = []
    /// What is wrong with the declared types: the first fault, or that a folder of them cannot be read.
    private(set) var typeProblem: DirectoryError?
    private var unreadableFolders: [(path: String, reason: String)] = []

    private let settings: ModuleHostSettings
    private let before: [ServiceTypeID: HostedType]
    private var moduleFiles: [ModuleID: String] = [:]
    /// The file that describes each type.
    private(set) var typeFiles: [ServiceTypeID: String] = [:]
    private var unusedDisabled: Set<String>

    init(
        _ settings: ModuleHostSettings, _ runtime: ModuleRuntime, before: [ServiceTypeID: HostedType] = [:]
    ) {
        self.settings = settings
        self.runtime = runtime
        self.before = before
        unusedDisabled = Set(settings.disabled)
        for path in list(settings.directories, "lib", "Module.so") { addLibrary(path) }
        var declared: [DirectoryError] = []
        for path in list(settings.typeDirectories, "", ".toml") {
            if let problem = addDeclared(path) { declared.append(problem) }
        }
        typeProblem = TOMLReader.summary(declared) ?? unreadableTypeFolder
        for name in unusedDisabled.sorted() {
            notes.append("modules.disabled names \(name.shortened()), which no file has")
        }
    }

    /// Types must not vanish because a folder was moved or is not mounted.
    private var unreadableTypeFolder: DirectoryError? {
        guard let folder = unreadableFolders.first(where: { settings.typeDirectories.contains($0.path) })
        else { return nil }
        return DirectoryError(
            .configurationInvalid, "the folder of declared types cannot be read",
            advice: "bring it back, or take it out of modules.type_directories", location: folder.path,
            cause: folder.reason)
    }

    /// Files of the folders by their names' two ends: folders as given, names in the order of their bytes.
    private mutating func list(_ folders: [String], _ prefix: String, _ suffix: String) -> [String] {
        var paths: [String] = []
        for folder in folders {
            guard let directory = opendir(folder) else {
                let reason = String(cString: strerror(errno))
                notes.append("the folder \(folder) cannot be read: \(reason)")
                unreadableFolders.append((folder, reason))
                continue
            }
            defer { closedir(directory) }
            var names: [String] = []
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                    String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
                }
                // Dot files are an editor's.
                if name.hasPrefix(prefix), name.hasSuffix(suffix), !name.hasPrefix(".") { names.append(name) }
            }
            paths += names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { folder + "/" + $0 }
        }
        return paths
    }

    // MARK: libraries

    private mutating func addLibrary(_ path: String) {
        var file = HostedFile(file: path, isDeclared: false, state: .skipped)
        defer { files.append(file) }
        if isDisabled(Self.plain(fileName(path).dropFirst(3).dropLast("Module.so".count))) { return }
        if let quarantine = runtime.quarantine(ofFile: fileName(path)) {
            file.id = quarantine.id
            file.state = .quarantined(reason: quarantine.reason, since: quarantine.since)
            return
        }
        do throws(DirectoryError) {
            let open = try runtime.library(at: path) { () throws(DirectoryError) in
                try Self.open(path, runtime.marker)
            }
            file.manifest = open.manifest
            file.guarded = open.guarded
            file.identity = open.library.identity
            if isDisabled(Self.plain(open.manifest.id.rawValue[...])) { return }
            try admit(open.manifest, path)
            for type in open.manifest.types { hosted[type.id] = kept(type, open.guarded) }
            file.state = .loaded
        } catch {
            problems.append(error)
            file.state = .broken(error)
        }
    }

    /// Checks the stamp, opens the library, and reads its manifest.
    private static func open(
        _ path: String, _ marker: CrashMarker
    ) throws(DirectoryError) -> ModuleRuntime.OpenLibrary {
        if let objection = ModuleStamp.objection(to: path) { throw ModuleLibrary.broken(path, objection) }
        let slot = marker.slot()
        slot[1] = monotonicNanoseconds()
        slot[0] = marker.number(ofFile: fileName(path), id: nil) | ModuleCall.open.rawValue << 32
        defer { slot[0] = 0 }
        let library = try ModuleLibrary.open(path)
        let manifest = library.module.manifest
        let faults = manifest.problems()
        if let fault = faults.first {
            let rest = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
            throw ModuleLibrary.broken(
                path, "has a bad manifest: \(fault)\(rest)",
                advice: "mend the module's manifest and rebuild it")
        }
        return ModuleRuntime.OpenLibrary(
            library: library, manifest: manifest,
            guarded: GuardedModule(library.module, file: fileName(path), id: manifest.id, marker: marker))
    }

    /// Refuses ids that another file has; the first file keeps them.
    private mutating func admit(_ manifest: ModuleManifest, _ path: String) throws(DirectoryError) {
        if let other = moduleFiles[manifest.id] {
            throw ModuleLibrary.broken(
                path, "has the id \(manifest.id), which \(other) has, too",
                advice: "take one of the two files away")
        }
        for type in manifest.types {
            guard let other = typeFiles[type.id] else { continue }
            throw ModuleLibrary.broken(
                path, "describes the type \(type.id), which \(other) describes, too",
                advice: "take one of the two files away")
        }
        moduleFiles[manifest.id] = path
        for type in manifest.types { typeFiles[type.id] = path }
    }

    // MARK: declared types

    /// Returns what is wrong with the file, or nil.
    private mutating func addDeclared(_ path: String) -> DirectoryError? {
        var file = HostedFile(file: path, isDeclared: true, state: .skipped)
        defer { files.append(file) }
        do throws(DirectoryError) {
            let type = try DeclaredType(contentsOf: path)
            let module = DeclaredModule(type)
            file.manifest = module.manifest
            if isDisabled(Self.plain(type.description.id.rawValue[...])) { return nil }
            if let quarantine = runtime.quarantine(ofFile: fileName(path)) {
                file.state = .quarantined(reason: quarantine.reason, since: quarantine.since)
                return nil
            }
            if let other = typeFiles[type.description.id] {
                throw DirectoryError(
                    .configurationInvalid, "the type \(type.description.id) is described by \(other), too",
                    advice: "take one of the two files away", location: type.location)
            }
            typeFiles[type.description.id] = path
            let same = before[type.description.id].flatMap { old in
                (old.guarded.module as? DeclaredModule)?.rules == type.rules ? old : nil
            }
            let guarded: GuardedModule
            if let same, same.description == type.description {
                guarded = same.guarded
            } else {
                guarded = GuardedModule(
                    module, file: fileName(path), id: module.manifest.id, marker: runtime.marker)
            }
            hosted[type.description.id] = kept(type.description, guarded)
            file.guarded = guarded
            file.state = .loaded
            return nil
        } catch {
            problems.append(error)
            file.state = .broken(error)
            return error
        }
    }

    /// The same object as before where nothing changed.
    private func kept(_ type: ServiceTypeDescription, _ guarded: GuardedModule) -> HostedType {
        if let old = before[type.id], old.guarded === guarded, old.description == type { return old }
        return HostedType(type, guarded)
    }

    /// Whether the configuration disables the module or type of this name, as `plain` writes it.
    private mutating func isDisabled(_ name: String) -> Bool {
        guard let entry = settings.disabled.first(where: { Self.plain($0[...]) == name }) else {
            return false
        }
        unusedDisabled.remove(entry)
        return true
    }

    /// `elder_care` and the `ElderCare` of libElderCareModule.so are one name: that file is not even opened.
    private static func plain(_ name: Substring) -> String {
        String(
            decoding: name.utf8.filter { $0 != 0x5F && $0 != 0x2D }.map {
                0x41...0x5A ~= $0 ? $0 | 0x20 : $0
            }, as: UTF8.self)
    }
}
