import DirectoryModel
import Foundation
import ModuleHost
import ServiceTypeKit
import Testing

@Suite("Modules: guarded calls")
struct GuardTests {
    private static let context = HighlightContext(
        now: Timestamp(secondsSince1970: 1_800_000_000), utcOffset: 28800)

    private func host(_ scratch: Scratch) throws -> ModuleHost {
        try scratch.install("Hostile", as: "Guest", in: scratch.path)
        return try ModuleHost.open(ModuleHostSettings(directories: [scratch.path]))
    }

    private func place(_ name: String, _ type: String = "hostile_shop") -> Place {
        Place(
            id: PlaceID(unchecked: "p1"), type: ServiceTypeID(unchecked: type), name: name,
            hours: "Mo-Fr 08:00-18:00")
    }

    @Test("What a module may not change, or not return, is left out and counted")
    func hostileNormalise() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        let result = host.normalise(PlaceDraft(place: place("店")))
        #expect(result.place.id.rawValue == "p1")
        #expect(result.place.type.rawValue == "hostile_shop")
        #expect(result.place.name == "店")
        #expect(result.place.hours == nil)
        #expect(result.place.attributes == ["open": .bool(true)])
        #expect(result.findings.count == 200)
        #expect(result.findings.allSatisfy { $0.message.zh.count <= 500 && $0.code.count <= 64 })
        let usage = try #require(host.report("libGuestModule.so")).usage
        #expect(usage.calls == 1)
        #expect(usage.failures == 1)
        #expect(usage.lastFailure?.hasPrefix("normalise: ") == true)
    }

    @Test("Search words and facets are held against the manifest")
    func hostileIndexEntry() throws {
        let scratch = try Scratch()
        let entry = try host(scratch).indexEntry(for: place("店"))
        #expect(entry.facets.isEmpty)
        #expect(entry.searchWords == ["好词"])
    }

    @Test("At most four lines, each short and on one line")
    func hostileHighlights() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        let lines = host.highlights(for: place("店"), in: Self.context)
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.text.zh.count == 20 && $0.text.en == "two lines" })
        #expect(host.report("libGuestModule.so")?.usage.lastFailure == "highlights: 100 lines")
    }

    @Test(
        "A table that is too large, not of its schema, or holds what is no number is left out and named",
        arguments: ["huge cell", "many rows", "not a number", "infinite", "unknown column", "wrong kind"])
    func hostileRows(name: String) throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        let result = host.normalise(PlaceDraft(place: place(name)))
        #expect(result.place.attributes.isEmpty)
        #expect(result.place.name == name)
        let usage = try #require(host.report("libGuestModule.so")).usage
        #expect(usage.failures == 1)
        #expect(
            usage.lastFailure == "normalise: a value that its schema does not allow in “shelves”")
    }

    @Test("Bytes that are no UTF-8 are mended by Swift's own texts, so that an answer stays JSON")
    func brokenText() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        let result = host.normalise(PlaceDraft(place: place("bytes")))
        #expect(result.place.name.unicodeScalars.contains("\u{FFFD}") && result.place.name.hasSuffix("A"))
        let lines = host.highlights(for: place("bytes"), in: Self.context)
        #expect(lines.count == 1)
        for text in [result.place.name, lines[0].text.zh, lines[0].text.en] {
            #expect(String(validating: Array(text.utf8), as: UTF8.self) == text)
        }
    }

    @Test("Ten megabytes of highlights become a short line, and are named")
    func hugeHighlights() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        let lines = host.highlights(for: place("ten megabytes"), in: Self.context)
        #expect(lines.map(\.text.zh.count) == [20])
        #expect(lines.map(\.text.en.count) == [40])
        #expect(
            host.report("libGuestModule.so")?.usage.lastFailure
                == "highlights: a line that is empty, too long or not plain")
    }

    @Test("Slow highlights are counted and reported like any slow call")
    func slowHighlights() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        #expect(host.highlights(for: place("slow"), in: Self.context).count == 4)
        let usage = try #require(host.report("libGuestModule.so")).usage
        #expect(usage.slowCalls == 1)
        #expect(usage.longest.value > 0.05)
    }

    @Test("A call that is under way can be seen from outside, with its time, until it returns")
    func running() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        #expect(host.longestCall == nil)
        let slow = place("slow")
        let thread = Thread { _ = host.normalise(PlaceDraft(place: slow)) }
        thread.start()
        var seen: [RunningModuleCall] = []
        while !thread.isFinished {
            if let call = host.longestCall { seen.append(call) }
            usleep(1000)
        }
        let last = try #require(seen.last)
        #expect(last.id?.rawValue == "hostile")
        #expect(last.file == "libGuestModule.so")
        #expect(last.call == .normalise)
        // It sleeps for 60 ms; the clock has steps of some milliseconds.
        #expect(last.time.value > 0.02 && last.time.value < 10)
        #expect(seen.map(\.time.value) == seen.map(\.time.value).sorted())
        #expect(host.longestCall == nil)
    }

    @Test("A call of over 50 ms is counted as slow, quick ones are not")
    func slow() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        _ = host.normalise(PlaceDraft(place: place("slow")))
        let usage = try #require(host.report("libGuestModule.so")).usage
        #expect(usage.slowCalls == 1)
        #expect(usage.time.value > 0.05)
        #expect(usage.longest.value > 0.05 && usage.longest <= usage.time)

        try scratch.install("Trapping", as: "Quick", in: scratch.path)
        let second = try ModuleHost.open(ModuleHostSettings(directories: [scratch.path]))
        for _ in 0..<20 { _ = second.normalise(PlaceDraft(place: place("好", "trap_shop"))) }
        // A busy machine may stop a thread for 50 ms once or twice.
        let quick = try #require(second.report("libQuickModule.so")).usage
        #expect(quick.calls == 20)
        #expect(quick.slowCalls < 10)
    }

    @Test("A place of an unknown type is refused with a finding, and has no lines")
    func unknownType() throws {
        let scratch = try Scratch()
        let host = try host(scratch)
        let result = host.normalise(PlaceDraft(place: place("店", "nothing")))
        #expect(result.findings.map(\.code) == ["unknown_type"])
        #expect(result.findings.map(\.severity) == [.error])
        #expect(host.highlights(for: place("店", "nothing"), in: Self.context).isEmpty)
        #expect(host.indexEntry(for: place("店", "nothing")) == IndexEntry())
    }

    @Test("Calls from many threads at once are all counted")
    func threads() async throws {
        let scratch = try Scratch()
        try scratch.install("Trapping", as: "Trap", in: scratch.path)
        let host = try ModuleHost.open(
            ModuleHostSettings(directories: [scratch.path], stateFolder: scratch.path))
        let place = place("好", "trap_shop")
        // More threads than the marker has slots.
        let threads = (0..<80).map { _ in
            Thread { for _ in 0..<200 { _ = host.highlights(for: place, in: Self.context) } }
        }
        for thread in threads { thread.start() }
        let deadline = Date().addingTimeInterval(60)
        while host.report("libTrapModule.so")?.usage.calls != 16_000, Date() < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(host.report("libTrapModule.so")?.usage.calls == 16_000)
        #expect(host.report("libTrapModule.so")?.usage.failures == 0)
    }

    @Test("Fifty places of a declared type get their lines in well under a millisecond")
    func declaredHighlightsAreQuick() throws {
        let host = try ModuleHost.open(
            ModuleHostSettings(typeDirectories: [Built.configuration + "/types.d"]))
        let places = (0..<50).map { index in
            Place(
                id: PlaceID(unchecked: "p\(index)"), type: ServiceTypeID(unchecked: "pharmacy"), name: "药店",
                attributes: [
                    "wheelchair": .text("yes"), "delivery": .bool(true), "medical_insurance": .bool(true),
                ])
        }
        var best = Double.infinity
        for _ in 0..<20 {
            let start = DispatchTime.now().uptimeNanoseconds
            for place in places {
                #expect(host.highlights(for: place, in: Self.context).count == 3)
            }
            best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) / 1000)
        }
        // The budget of 20 µs is that of a release build (make bench); a debug build only shows the order.
        #expect(best < 5000, "\(best) µs")
    }
}
