// ModuleHost: finds, checks, loads and guards service-type modules, and reads declared types.
// May import: ServiceTypeKit, DirectoryModel, TOMLDocument, CQuarterABI.

package import DirectoryModel
package import ServiceTypeKit

/// What a host loads.
package struct ModuleHostSettings: Hashable, Sendable {
    /// Folders in which every `lib*Module.so` is opened, in this order.
    package var directories: [String]
    /// Folders in which every `*.toml` declares a type, in this order.
    package var typeDirectories: [String]
    /// Ids of modules and of declared types that are not loaded.
    package var disabled: [String]
    /// Where the crash marker and the record of ends are kept; nil: nowhere, so nothing is quarantined.
    package var stateFolder: String?

    /// Settings; see the fields.
    package init(
        directories: [String] = [], typeDirectories: [String] = [], disabled: [String] = [],
        stateFolder: String? = nil
    ) {
        self.directories = directories
        self.typeDirectories = typeDirectories
        self.disabled = disabled
        self.stateFolder = stateFolder
    }
}

/// The service types of a moment, and the modules behind them.
///
/// Immutable: a reload makes a new host, which shares libraries, counters and crash marker with the old one.
/// Thread-safe. One host and its reloads in a process for one state folder.
package final class ModuleHost: Sendable {
    /// Every type, in the catalogue's order, ties by id.
    package let types: [ServiceTypeDescription]
    /// Why files were left out: broken modules and wrong type files, in the order in which they were read.
    package let problems: [DirectoryError]
    /// What is wrong with the declared types: the first fault, with the next ones in its cause, or that a folder
    /// of them cannot be read.
    package let typeProblem: DirectoryError?
    /// What is worth a line in the journal and no error, such as a folder that is not there.
    package let notes: [String]

    private let hosted: [ServiceTypeID: HostedType]
    private let files: [HostedFile]
    private let runtime: ModuleRuntime

    /// Opens modules and declared types.
    ///
    /// What is broken is reported; the others go on.
    ///
    /// - Throws: `store_unwritable` when the state folder cannot be written.
    package static func open(_ settings: ModuleHostSettings) throws(DirectoryError) -> ModuleHost {
        ModuleHost(ModuleCatalogue(settings, try ModuleRuntime(stateFolder: settings.stateFolder)))
    }

    /// Reads modules and declared types again: new files, changed TOML and released modules come in.
    ///
    /// A library that is open stays as it is. The state folder is that of the first opening.
    ///
    /// - Throws: the first problem of a type file, with the next ones in its cause, or that a folder of types
    ///   cannot be read; then nothing has changed.
    package func reloaded(_ settings: ModuleHostSettings) throws(DirectoryError) -> ModuleHost {
        let catalogue = ModuleCatalogue(settings, runtime, before: hosted)
        if let problem = catalogue.typeProblem { throw problem }
        return ModuleHost(catalogue)
    }

    private init(_ catalogue: ModuleCatalogue) {
        typeProblem = catalogue.typeProblem
        hosted = catalogue.hosted
        files = catalogue.files
        problems = catalogue.problems
        notes = catalogue.notes
        runtime = catalogue.runtime
        let kit = Self.digest(ModuleStamp.own.map { "\($0)" } ?? "")
        fingerprints = catalogue.typeFiles.compactMapValues { path in
            FileIdentity(path).map { kit + "." + $0.word }
        }
        types = catalogue.hosted.values.map(\.description).sorted { ($0.order, $0.id) < ($1.order, $1.id) }
    }

    /// 64 bits of a text in hexadecimal digits, the same everywhere and always (FNV-1a).
    private static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return String(hash, radix: 16)
    }

    /// A word for each type that changes with its file, or with this kit: as long as it is the same, what the type made
    /// of a record it would make again.
    package let fingerprints: [ServiceTypeID: String]

    /// The type of `id`, or nil.
    package func type(_ id: ServiceTypeID) -> ServiceTypeDescription? { hosted[id]?.description }

    /// Whether there is a type of `id`.
    package func knows(_ id: ServiceTypeID) -> Bool { hosted[id] != nil }

    /// Whether a type is served by the very same module, schema and rules as by `other`, an earlier host of this one.
    package func serves(_ id: ServiceTypeID, as other: ModuleHost) -> Bool { hosted[id] === other.hosted[id] }

    /// Every file that was looked at: modules in the order of loading, then declared types.
    package var reports: [ModuleReport] { files.map(\.report) }

    /// Ends of earlier processes in a module's call, the oldest first.
    package var recordedEnds: [ModuleEnd] { runtime.recordedEnds }

    /// The calls of modules in which the process before this one ended.
    package var newEnds: [ModuleEnd] { runtime.newEnds }

    /// The call of a module that has been going on longest, or nil when none is under way.
    ///
    /// It needs nothing that a call could hold, and is the same for a host and its reloads.
    package var longestCall: RunningModuleCall? { runtime.marker.longestCall() }

    /// Forgets why a module is quarantined; the next reload opens it.
    ///
    /// - Parameter name: the module's id, or its file's name where it never told its id.
    /// - Throws: `not_found` when no such module is quarantined, `store_unwritable`.
    package func release(_ name: String) throws(DirectoryError) { try runtime.release(name) }

    // MARK: guarded calls

    /// Normalises a draft by its type's module; a draft of an unknown type comes back with an error finding.
    package func normalise(_ draft: PlaceDraft) -> NormalisedPlace {
        guard let hosted = hosted[draft.place.type] else {
            let type = draft.place.type.rawValue
            return NormalisedPlace(
                place: draft.place,
                findings: [
                    Finding(
                        .error, code: "unknown_type", field: "type", value: type,
                        message: LocalizedText(
                            zh: "没有“\(type)”这种业态，请改为已有的业态",
                            en: "There is no service type \(type); use one that exists"))
                ])
        }
        return hosted.normalise(draft)
    }

    /// Which days of the calendar places of a type follow, unless they say otherwise; nil for an unknown type.
    package func calendarPolicy(of type: ServiceTypeID) -> CalendarPolicy? { hosted[type]?.calendarPolicy }

    /// What a place can be asked for by; nothing for a place of an unknown type.
    package func facets(of place: Place) -> [String: AttributeValue] {
        hosted[place.type]?.facets(of: place) ?? [:]
    }

    /// The same, and words by which it can be found besides its type's.
    package func indexEntry(for place: Place) -> IndexEntry {
        hosted[place.type]?.indexEntry(for: place) ?? IndexEntry()
    }

    /// The lines of a place of a declared type where they depend on the record alone; nil for others, and for a
    /// module's type.
    package func fixedHighlights(for place: Place) -> [Highlight]? {
        guard let hosted = hosted[place.type] else { return [] }
        guard hosted.isDeclared, !hosted.isTimed else { return nil }
        return hosted.hasNoLines(for: place)
            ? []
            : hosted.highlights(
                for: place, in: HighlightContext(now: Timestamp(secondsSince1970: 0), utcOffset: 0))
    }

    /// Lines for a kiosk, at most four; none for a place of an unknown type.
    package func highlights(for place: Place, in context: HighlightContext) -> [Highlight] {
        hosted[place.type]?.highlights(for: place, in: context) ?? []
    }
}
