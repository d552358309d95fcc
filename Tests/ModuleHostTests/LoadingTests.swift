import DirectoryModel
import Foundation
import ModuleHost
import ServiceTypeKit
import Testing

@Suite("Modules: finding, checking, loading")
struct LoadingTests {
    @Test("Each kind of bad file gets its own reason, and the others go on")
    func badFiles() throws {
        let scratch = try Scratch()
        let sound = try Built.bytes("Trapping")
        let interface = try #require(ModuleStamp.own?.interface)
        let changes: [(name: String, old: String, new: String, reason: String)] = [
            ("AEpoch", "quarter-abi epoch=2", "quarter-abi epoch=9", "epoch 9 of ServiceTypeKit"),
            ("BCompiler", " compiler=2", " compiler=X", "built with the toolchain"),
            ("CMinor", "epoch=2 minor=3", "epoch=2 minor=9", "needs ServiceTypeKit 2.9"),
            ("DStamp", "quarter-abi epoch", "quarter-xyz epoch", "stamp that cannot be read"),
            ("ESection", "\0quarter_abi\0", "\0quarter_xyz\0", "has no ABI stamp"),
            ("EInterface", " interface=", " interfacf=", "stamp that cannot be read"),
            (
                "EOther", "interface=" + interface, "interface=" + String(repeating: "0", count: 16),
                "against another ServiceTypeKit 2.3"
            ),
            ("FSymbol", "quarter_module_make", "quarter_module_fake", "has no symbol quarter_module_make"),
        ]
        for change in changes {
            let patched = sound.replacing(text: change.old, with: change.new)
            try #require(patched.count > 0, "\(change.old) is not in the fixture")
            try scratch.write(patched.bytes, to: "lib\(change.name)Module.so")
        }
        try scratch.write(sound[..<(sound.count / 2)], to: "libGTruncatedModule.so")
        try scratch.write(
            Array("#!/bin/sh\n".utf8) + [UInt8](repeating: 10, count: 200), to: "libHScriptModule.so")
        try scratch.write([], to: "libIEmptyModule.so")
        try scratch.write(sound[..<20], to: "libJShortModule.so")
        try scratch.install("BadManifest", as: "KManifest", in: scratch.path)
        try scratch.install("Trapping", as: "LSound", in: scratch.path)
        try scratch.install("Trapping", as: "MTwice", in: scratch.path)

        let host = try ModuleHost.open(ModuleHostSettings(directories: [scratch.path]))
        var expected = changes.map { ("lib\($0.name)Module.so", $0.reason) }
        expected += [
            ("libGTruncatedModule.so", "ends too early"), ("libHScriptModule.so", "no ELF file"),
            ("libIEmptyModule.so", "is empty"), ("libJShortModule.so", "too short"),
            ("libKManifestModule.so", "has a bad manifest"),
            ("libMTwiceModule.so", "has the id trapping, which"),
        ]
        for (name, reason) in expected {
            let report = try #require(host.report(name))
            #expect(report.reason?.contains(reason) == true, "\(name): \(report.reason ?? "not broken")")
            #expect(report.reason?.contains(name) == true)
            #expect(report.types.isEmpty)
            guard case .broken(let error) = report.state else { continue }
            #expect(error.code == .moduleFailed)
        }
        #expect(host.report("libMTwiceModule.so")?.reason?.contains("libLSoundModule.so") == true)
        let loaded = try #require(host.report("libLSoundModule.so"))
        #expect(loaded.state == .loaded)
        #expect(loaded.id?.rawValue == "trapping")
        #expect(loaded.version == "1.2.3")
        #expect(loaded.types.map(\.rawValue) == ["trap_shop"])
        #expect(host.reports.count == expected.count + 1)
        #expect(host.problems.count == expected.count)
        #expect(host.reports.map(\.file) == host.reports.map(\.file).sorted())
        #expect(host.types.map(\.id.rawValue) == ["trap_shop"])
    }

    @Test(
        "The modules of the project load", .enabled(if: !Built.modules.isEmpty, "no module is built beside"))
    func projectModules() throws {
        let host = try ModuleHost.open(ModuleHostSettings(directories: [Built.folder]))
        #expect(host.reports.count == Built.modules.count)
        for report in host.reports {
            #expect(report.state == .loaded, "\(report.reason ?? report.state.word)")
        }
        #expect(host.problems.isEmpty)
    }

    @Test("Disabled modules are skipped, by id or by the file's name, and not opened")
    func disabled() throws {
        let scratch = try Scratch()
        try scratch.install("Trapping", as: "TrapDoor", in: scratch.path)
        try scratch.install("Hostile", as: "Guest", in: scratch.path)
        try scratch.write(Array("broken".utf8), to: "libBrokenModule.so")
        let host = try ModuleHost.open(
            ModuleHostSettings(
                directories: [scratch.path], disabled: ["trap_door", "hostile", "broken", "nobody"]))
        #expect(host.reports.map(\.state) == [.skipped, .skipped, .skipped])
        #expect(host.types.isEmpty)
        #expect(host.problems.isEmpty)
        #expect(host.notes.count == 1)
        #expect(host.notes.first?.contains("nobody") == true)
    }

    @Test("A folder that is not there is a note; files of other names are left alone")
    func folders() throws {
        let scratch = try Scratch()
        try scratch.write([1, 2, 3], to: "libother.so")
        try scratch.write([1, 2, 3], to: "README")
        let host = try ModuleHost.open(
            ModuleHostSettings(directories: [scratch.path, scratch.path + "/none"]))
        #expect(host.reports.isEmpty)
        #expect(host.notes.count == 1)
    }

    @Test("A reload brings new modules in, keeps open ones with their counters, and tells of changed files")
    func reload() throws {
        let scratch = try Scratch()
        try scratch.install("Trapping", as: "A", in: scratch.path)
        let settings = ModuleHostSettings(directories: [scratch.path])
        let host = try ModuleHost.open(settings)
        let place = Place(id: PlaceID(unchecked: "p"), type: ServiceTypeID(unchecked: "trap_shop"), name: "好")
        _ = host.normalise(PlaceDraft(place: place))
        try scratch.install("Hostile", as: "B", in: scratch.path)
        let second = try host.reloaded(settings)
        #expect(host.types.count == 1)
        #expect(second.types.map(\.id.rawValue) == ["trap_shop", "hostile_shop"])
        #expect(second.report("libAModule.so")?.usage.calls == 1)
        #expect(second.report("libAModule.so")?.needsRestart == false)

        let file = scratch.path + "/libAModule.so"
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        try FileManager.default.removeItem(atPath: file)
        // As a package manager does it, by a rename: writing into a library that is open would pull its pages
        // away from under the process.
        try (data + Data([0])).write(to: URL(fileURLWithPath: file), options: .atomic)
        #expect(second.report("libAModule.so")?.needsRestart == true)
        try FileManager.default.removeItem(atPath: file)
        let third = try second.reloaded(settings)
        #expect(third.types.map(\.id.rawValue) == ["hostile_shop"])
        #expect(second.types.count == 2)
    }

    @Test(
        "No change of any byte of a module's file makes the reader of its stamp trap", arguments: [1, 2, 3])
    func mutatedFiles(seed: UInt64) throws {
        let scratch = try Scratch()
        let sound = try Built.bytes("Trapping")
        // The header, the table of sections at the file's end and their names are what the reader looks at.
        let table = (0..<8).reduce(0) { $0 | Int(sound[0x28 + $1]) << (8 * $1) }
        var random = SplitMix(state: seed)
        var objections = 0
        for round in 0..<400 {
            var bytes = sound
            for _ in 0..<(1 + random.next(below: 4)) {
                let at =
                    random.next(below: 2) == 0
                    ? random.next(below: 64) : table + random.next(below: bytes.count - table)
                bytes[at] = random.next(below: 3) == 0 ? 0xFF : UInt8(random.next(below: 256))
            }
            if random.next(below: 5) == 0 { bytes.removeLast(random.next(below: bytes.count)) }
            let file = try scratch.write(bytes, to: "m\(round % 2).so")
            if ModuleStamp.objection(to: file) != nil { objections += 1 }
        }
        #expect(objections > 40)
        #expect(ModuleStamp.objection(to: Built.folder + "/libTrappingFixture.so") == nil)
    }
}

/// A small generator with a seed.
///
/// Source: Steele, Lea, Flood, SplitMix64.
struct SplitMix {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
