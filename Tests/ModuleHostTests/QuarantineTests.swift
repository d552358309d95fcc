import DirectoryModel
import Foundation
import ModuleHost
import ServiceTypeKit
import Testing

@Suite("Modules: ends of the process and quarantine")
struct QuarantineTests {
    let scratch: Scratch
    let modules: String
    let state: String
    let settings: ModuleHostSettings

    init() throws {
        scratch = try Scratch()
        modules = try scratch.folder("modules")
        state = try scratch.folder("state")
        try scratch.install("Trapping", as: "Trap", in: modules)
        try scratch.install("Hostile", as: "Guest", in: modules)
        settings = ModuleHostSettings(directories: [modules], stateFolder: state)
    }

    /// Runs a process that normalises a place called `name`; ends it with `signal` once it has been at it for a time.
    private func crash(
        _ name: String, ending signal: Int32? = nil, after: TimeInterval = 0, beside: Bool = false
    ) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Built.folder + "/ModuleCrasher")
        process.arguments = [modules, state, name] + (beside ? ["beside"] : [])
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let ready = output.fileHandleForReading.readData(ofLength: 6)
        try #require(
            String(decoding: ready, as: UTF8.self) == "ready\n", "the process did not start its call")
        if let signal {
            Thread.sleep(forTimeInterval: after)
            kill(process.processIdentifier, signal)
        }
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal || name == "fine")
        return process.terminationStatus
    }

    @Test("Two traps within ten minutes quarantine a module until it is released; the others go on")
    func twoTraps() throws {
        #expect(try crash("trap") == SIGILL)
        let afterOne = try ModuleHost.open(settings)
        #expect(afterOne.report("libTrapModule.so")?.state == .loaded)
        let end = try #require(afterOne.recordedEnds.first)
        #expect(afterOne.recordedEnds.count == 1)
        #expect(end.id?.rawValue == "trapping")
        #expect(end.call == .normalise)
        #expect(end.cause == .signal(SIGILL))
        #expect(abs(end.time.secondsSince1970 - Int64(Date().timeIntervalSince1970)) < 60)
        #expect(afterOne.newEnds == [end])
        #expect(try ModuleHost.open(settings).newEnds.isEmpty, "told once")

        #expect(try crash("trap") == SIGILL)
        let host = try ModuleHost.open(settings)
        let report = try #require(host.report("libTrapModule.so"))
        guard case .quarantined(let reason, let since) = report.state else {
            Issue.record("not quarantined: \(report.state)")
            return
        }
        #expect(reason.contains("2 times within ten minutes: SIGILL in normalise, SIGILL in normalise"))
        #expect(since == host.recordedEnds.last?.time)
        #expect(report.id?.rawValue == "trapping")
        #expect(host.types.map(\.id.rawValue) == ["hostile_shop"])

        // Quarantine outlives a start without an end, and ends by release alone.
        let later = try ModuleHost.open(settings)
        #expect(later.type(ServiceTypeID(unchecked: "trap_shop")) == nil)
        #expect(throws: DirectoryError.self) { try later.release("hostile") }
        try later.release("trapping")
        let released = try later.reloaded(settings)
        #expect(released.report("libTrapModule.so")?.state == .loaded)
        #expect(try ModuleHost.open(settings).report("libTrapModule.so")?.state == .loaded)
    }

    @Test("A stack that overflows in a module is that module's end")
    func overflow() throws {
        #expect(try crash("overflow") == SIGSEGV)
        let ends = try ModuleHost.open(settings).recordedEnds
        #expect(ends.map(\.cause) == [.signal(SIGSEGV)])
        #expect(ends.first?.file == "libTrapModule.so")
    }

    @Test("The watchdog's signal is blamed on a call that has been going on for over a second")
    func hang() throws {
        #expect(try crash("loop", ending: SIGABRT, after: 1.3) == SIGABRT)
        #expect(try ModuleHost.open(settings).recordedEnds.map(\.cause) == [.hung])
    }

    @Test("A signal from outside is not blamed on a call that has just begun")
    func signalFromOutside() throws {
        #expect(try crash("loop", ending: SIGABRT, after: 0.1) == SIGABRT)
        #expect(try ModuleHost.open(settings).recordedEnds.isEmpty)
    }

    @Test("kill -9 in a module's call is recorded, and never counts")
    func killed() throws {
        for _ in 0..<3 { #expect(try crash("loop", ending: SIGKILL, after: 0.1) == SIGKILL) }
        let host = try ModuleHost.open(settings)
        #expect(host.recordedEnds.map(\.cause) == [.unexplained, .unexplained, .unexplained])
        #expect(host.report("libTrapModule.so")?.state == .loaded)
    }

    @Test("A trap elsewhere is not blamed on a module that is being called meanwhile")
    func beside() throws {
        #expect(try crash("loop", beside: true) == SIGILL)
        #expect(try ModuleHost.open(settings).recordedEnds.isEmpty)
    }

    @Test("A process that ends well leaves nothing")
    func fine() throws {
        #expect(try crash("fine") == 0)
        #expect(try ModuleHost.open(settings).recordedEnds.isEmpty)
    }

    @Test("Damaged records in the state folder are read as far as they go", arguments: 0..<20)
    func damagedRecords(round: Int) throws {
        var random = SplitMix(state: UInt64(round))
        let noise = (0..<(1 << 15)).map { _ in UInt8(random.next(below: 256)) }
        var marker = noise
        marker.replaceSubrange(0..<8, with: Array("QRTRMKR1".utf8))
        try scratch.write(
            round % 2 == 0 ? marker : Array(marker.prefix(random.next(below: 9000))),
            to: "state/module-marker")
        let lines =
            "quarter-module-ends\t1\nend\t99999999999999999999\tx\ty\tz\tw\nend\t5\tlibTrapModule.so\t\topen\tSIGILL\n"
        try scratch.write(Array(lines.utf8) + noise, to: "state/module-ends")
        let host = try ModuleHost.open(settings)
        #expect(host.types.count == 2)
        #expect(host.recordedEnds.contains { $0.time.secondsSince1970 == 5 && $0.file == "libTrapModule.so" })
    }

    @Test("A state folder that cannot be written is an error")
    func unwritable() throws {
        let error = #expect(throws: DirectoryError.self) {
            try ModuleHost.open(ModuleHostSettings(stateFolder: scratch.path + "/none"))
        }
        #expect(error?.code == .storeUnwritable)
    }
}
